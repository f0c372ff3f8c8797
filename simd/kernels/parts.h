/* Parts of a step that the step itself never has alone, for tests and benchmarks: draws, forward pass and gradient, products of a
 * layer, back-propagation from activations in memory, and the distance of trajectories in memory. */
#ifndef LYAP_SIMD_KERNELS_PARTS_H
#define LYAP_SIMD_KERNELS_PARTS_H

#include "simd/kernels/draw.h"
#include "simd/kernels/group.h"
#include "simd/kernels/network.h"
#include "simd/kernels/paper.h"

/* Layer l of one trajectory's chunk between `memory`, [samples][units][BLOCK] over all layers, and `vectors`, laid out like
 * tile.a or tile.d. */
ALWAYS_INLINE void load_layer(const struct lyap_shape *shape, const struct tile *tile, int l, const real *memory,
                              vec *vectors) {
    size_t units = shape->unit[shape->layers], outputs = (size_t)shape->sizes[l + 1];
    vec *layer = vectors + units_at(shape, tile, l, 0);
    for (size_t s = 0; s < tile->samples; s++)
        for (size_t o = 0; o < outputs; o++)
            layer[s * outputs + o] = v_load(memory + (s * units + shape->unit[l] + o) * BLOCK);
}
ALWAYS_INLINE void store_layer(const struct lyap_shape *shape, const struct tile *tile, int l, const vec *vectors,
                               real *memory) {
    size_t units = shape->unit[shape->layers], outputs = (size_t)shape->sizes[l + 1];
    const vec *layer = vectors + deltas_at(shape, tile, l);
    for (size_t s = 0; s < tile->samples; s++)
        for (size_t o = 0; o < outputs; o++)
            v_store(memory + (s * units + shape->unit[l] + o) * BLOCK, layer[s * outputs + o]);
}

/* Back-propagation of all trajectories, from activations that store no slopes. `known` is a constant that says so of a shape known to the compiler, which has two
 * layers. */
ALWAYS_INLINE void backward_group(const struct lyap_shape *shape, const struct lyap_block *block, size_t lane,
                                  bool known, const real *activations, real *deltas) {
    vec local[2][REGISTER_UNITS];
    size_t units = shape->unit[shape->layers];
    for (size_t t = 0; t < block->trajectories; t++)
        for (size_t from = 0; from < shape->samples; from += shape->chunk) {
            size_t at = (t * shape->samples + from) * units * BLOCK + lane;
            real *w = (real *)block->weights + t * shape->dimension * BLOCK + lane;
            struct tile tile = {.w = w, .count = 1, .a = local[0], .d = local[1]};
            if (!known) tile = layers_tile(shape, block, w, block->workspace, 1);
            tile_chunk(shape, &tile, block->x, block->y, from);
            if (known) {
                load_layer(shape, &tile, 0, activations + at, tile.a);
                load_layer(shape, &tile, 1, activations + at, tile.a);
                backward(shape, &tile, 0);
                store_layer(shape, &tile, 0, tile.d, deltas + at);
                store_layer(shape, &tile, 1, tile.d, deltas + at);
                continue;
            }
            for (int l = 0; l < shape->layers; l++) load_layer(shape, &tile, l, activations + at, tile.a);
            layers_backward(shape, &tile, 0);
            for (int l = 0; l < shape->layers; l++) store_layer(shape, &tile, l, tile.d, deltas + at);
        }
}

/* The neighbours' mean distance from the parent, as an epoch gives it. */
ALWAYS_INLINE void distance_group(const struct lyap_block *block, size_t parameters, size_t lane, real *out) {
    const real *parent = (const real *)block->weights + lane;
    vec sum = v_set1(0);
    for (size_t t = 1; t < block->trajectories; t++) {
        const real *w = parent + t * parameters * BLOCK;
        vec squares = v_set1(0);
        for (size_t p = 0; p < parameters; p++) {
            vec difference = v_sub(v_load(w + p * BLOCK), v_load(parent + p * BLOCK));
            squares = v_fma(difference, difference, squares);
        }
        sum = v_add(sum, v_sqrt(squares));
    }
    v_store(out + lane, v_div(sum, v_set1((real)(block->trajectories - 1))));
}

/* Forward pass of all trajectories, and with `gradient` back-propagation: what a step does before it updates. */
ALWAYS_INLINE void pass_group(const struct lyap_shape *shape, struct lyap_block *block, size_t lane, bool any,
                              size_t most, bool gradient, real *out) {
    vec *scratch = block->workspace, *sums = scratch + (any ? layers_room(shape, most, 1) : 0);
    vec local_d[REGISTER_UNITS], local_gradient[PAPER_PARAMETERS];
    size_t outputs = (size_t)shape->sizes[shape->layers];
    size_t row = gradient ? shape->parameters : shape->samples * outputs;
    if (!any) sums = local_gradient;
    for (size_t t = 0; t < block->trajectories; t += most) {
        size_t left = block->trajectories - t;
        real *w = (real *)block->weights + t * shape->dimension * BLOCK + lane;
        struct tile tile = {.w = w, .a = scratch, .d = local_d};
        if (any) tile = layers_tile(shape, block, w, scratch, most);
        tile.count = left < most ? left : most;
        for (size_t from = 0; from < shape->samples; from += shape->chunk) {
            tile_chunk(shape, &tile, block->x, block->y, from);
            if (any)
                layers_forward(shape, &tile, false, v_set1(0));
            else
                forward(shape, &tile, false, v_set1(0));
            for (size_t k = 0; k < tile.count; k++) {
                real *to = out + (t + k) * row * BLOCK + lane;
                if (!gradient) {
                    const vec *a = tile.a + units_at(shape, &tile, shape->layers - 1, k);
                    for (size_t i = 0; i < tile.samples * outputs; i++)
                        v_store(to + (from * outputs + i) * BLOCK, a[i]);
                    continue;
                }
                if (any) {
                    layers_backward(shape, &tile, k);
                    layers_gradient(shape, &tile, k, sums, from == 0);
                } else {
                    backward(shape, &tile, k);
                    /* A chunk that is not the last leaves its sums in `gradient`. */
                    struct update u = {.gradient = sums, .first_chunk = true};
                    update(shape, &tile, k, &u);
                }
                for (size_t p = 0; p < shape->parameters; p++) v_store(to + p * BLOCK, sums[p]);
            }
        }
    }
}

#define PASS(constant, name, form)                                                                                     \
    NEVER_INLINE void pass_##name(struct lyap_block *block, size_t lane, bool gradient, real *out) {                   \
        pass_group(&paper_##name, block, lane, false, form == FUSED ? 1 : PAPER_TILE, gradient, out);                  \
    }
PAPER_INSTANCES(PASS)
static void pass_any(struct lyap_block *block, size_t lane, bool gradient, real *out) {
    pass_group(block->shape, block, lane, true, block->shape->tile, gradient, out);
}

static void pass(struct lyap_block *block, bool gradient, void *out) {
    static void (*const instances[LYAP_ACTIVATION_COUNT + 1])(struct lyap_block *, size_t, bool, real *) = {
#define ENTRY(constant, name, form) [LYAP_##constant] = pass_##name,
        PAPER_INSTANCES(ENTRY)
#undef ENTRY
            [LYAP_ACTIVATION_COUNT] = pass_any};
    for (size_t lane = 0; lane < BLOCK; lane += VEC_LANES)
        instances[paper_instance(block->shape)](block, lane, gradient, out);
}

static void matrix(const struct lyap_product *product, void *out) {
    const enum lyap_matrix what = product->what;
    const struct matrix_size size = {product->samples, product->inputs, product->outputs};
    const size_t samples = size.samples, inputs = size.inputs, outputs = size.outputs;
    const size_t units = what == LYAP_MATRIX_BACKWARD ? outputs : inputs, parameters = (inputs + 1) * outputs;
    const bool accumulate = product->accumulate;
    const void *in = product->in, *w = product->w;
    vec *scratch = product->scratch;
    for (size_t group = 0; group < GROUPS; group++) {
        const real *weights = (const real *)w + group * VEC_LANES;
        const vec *a = (const vec *)in + group * samples * units, *d = (const vec *)w + group * samples * outputs;
        struct operand operand = {.x = product->shared ? in : NULL, .a = product->shared ? NULL : a};
        if (what == LYAP_MATRIX_GRADIENT_BY_COLUMNS) {
            operand.columns = in;
            operand.stride = samples;
        }
        vec *to = out;
        switch (what) {
        case LYAP_MATRIX_FORWARD:
            matrix_forward(operand, weights, accumulate ? NULL : weights + inputs * outputs * BLOCK,
                           to + group * samples * outputs, &size, scratch);
            break;
        case LYAP_MATRIX_BACKWARD:
            matrix_backward(a, weights, to + group * samples * inputs, &size, accumulate, scratch);
            break;
        default:
            matrix_gradient(operand, d, to + group * parameters, &size, accumulate, scratch);
            matrix_bias(d, to + group * parameters + inputs * outputs, samples, outputs, accumulate);
            break;
        }
    }
}

static void backward_all(const struct lyap_block *block, const void *activations, void *deltas) {
    for (size_t lane = 0; lane < BLOCK; lane += VEC_LANES) {
#define CASE(constant, name, form)                                                                                     \
    case LYAP_##constant:                                                                                              \
        backward_group(&paper_##name, block, lane, true, activations, deltas);                                         \
        break;
        switch ((int)paper_instance(block->shape)) {
            PAPER_INSTANCES(CASE)
        default:
            backward_group(block->shape, block, lane, false, activations, deltas);
        }
#undef CASE
    }
}

static void distance_all(const struct lyap_block *block, void *out) {
    bool paper = block->shape->parameters == PAPER_PARAMETERS;
    for (size_t lane = 0; lane < BLOCK; lane += VEC_LANES) {
        if (paper)
            distance_group(block, PAPER_PARAMETERS, lane, out);
        else
            distance_group(block, block->shape->parameters, lane, out);
    }
}

#endif
