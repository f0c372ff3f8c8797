/* The forms in which a step is run (simd/README.md has the reason for each), and which one a shape takes. */
#ifndef LYAP_SIMD_KERNELS_INSTANCE_H
#define LYAP_SIMD_KERNELS_INSTANCE_H

#include "simd/kernels.h"
#include "simd/kernels/activation.h"

/* FUSED and PASSES: the paper's network, one trajectory at a time in registers, or a tile of them with the activations as
 * passes over memory. LOOPS: other small networks under plain gradient descent. TILES: every shape and optimiser. */
enum instance { FUSED, PASSES, LOOPS, TILES };

/* Most units x samples of a shape known to the compiler. */
enum { REGISTER_UNITS = 16 };

/* Trajectories in a tile of the paper's network. */
enum { PAPER_TILE = 8 };

/* The paper's network with its shape known to the compiler: 2-2-1, four samples, mean squared error, one activation for
 * both layers. */
#define PAPER_SHAPE(f)                                                                                                 \
    {                                                                                                                  \
        .layers = 2, .sizes = {2, 2, 1}, .activation = {f, f}, .loss = LYAP_MSE, .offset = {0, 6}, .unit = {0, 2, 3},  \
        .parameters = 9, .dimension = 9, .measured = 9, .samples = 4, .chunk = 4, .tile = PAPER_TILE                   \
    }

/* Its activations that have instances: constant, name, form. A call clobbers every vector register. */
#define PAPER_INSTANCES(X)                                                                                             \
    X(LINEAR, linear, FUSED) X(SIGMOID, sigmoid, PASSES) X(TANH, tanh, PASSES) X(RELU, relu, FUSED)

#define PAPER_CONSTANT(constant, name, form) static const struct lyap_shape paper_##name = PAPER_SHAPE(LYAP_##constant);
PAPER_INSTANCES(PAPER_CONSTANT)

/* The activation whose compile-time instance fits the shape, or LYAP_ACTIVATION_COUNT for none: under plain gradient descent,
 * or with learning rates of the layers, which instances for tangents know. */
static inline enum lyap_activation instance_of(const struct lyap_shape *s, bool layered) {
    bool fits = s->layers == 2 && s->sizes[0] == 2 && s->sizes[1] == 2 && s->sizes[2] == 1 && s->samples == 4 &&
                s->loss == LYAP_MSE && s->activation[0] == s->activation[1] && s->activation[0] <= LYAP_RELU &&
                s->rule.kind == LYAP_GD && s->rule.weight_decay == 0 && (layered || !s->rule.layered);
    return fits ? s->activation[0] : LYAP_ACTIVATION_COUNT;
}
static inline enum lyap_activation paper_instance(const struct lyap_shape *s) {
    return instance_of(s, false);
}

/* Most weights of a layer of a network that runs as LOOPS: from there on the register tiles of the matrix products pay. */
enum { SMALL_LAYER = 128 };

static inline bool is_small(const struct lyap_shape *shape) {
    bool small = shape->rule.plain && shape->loss != LYAP_SOFTMAX;
    for (int l = 0; l < shape->layers; l++)
        small = small && shape->sizes[l] <= SMALL_LAYER && shape->sizes[l] * shape->sizes[l + 1] <= SMALL_LAYER &&
                !slope_is_stored(shape->activation[l]);
    return small;
}

#endif
