/* One gradient-descent step of the paper's network, 2-2-1 on four samples under the mean squared error, one activation for
 * both layers. The operations are those of kernels/network.h, in an order in which sixteen registers hold what lives:
 *
 *   hidden units      six weights, and eight activations that take their places
 *   outputs           eight activations, three weights, four errors
 *   second layer      a unit's gradient beside the twelve, taken to its weight at once; then its activations become deltas
 *   first layer       eight deltas, two sums at a time
 *
 * The data are broadcast anew where they are used, and the weights loaded anew: a load is cheaper than a register here, but
 * compilers would keep both over the whole step, and spill. There are no loops over a unit's samples where arrays change:
 * compilers unroll those too late to hold them in registers. */
#ifndef LYAP_SIMD_KERNELS_PAPER_H
#define LYAP_SIMD_KERNELS_PAPER_H

#include "simd/kernels/network.h"

enum {
    PAPER_SAMPLES = 4,
    PAPER_INPUTS = 2,
    PAPER_HIDDEN = 2,
    PAPER_UNITS = PAPER_SAMPLES * (PAPER_HIDDEN + 1),
    PAPER_PARAMETERS = 9
};

/* A step is long against what a processor has in flight, so that a chain of operations one after the other stops those that
 * follow. The squared differences of a distance are such a chain, and go between the gradients of the network that comes
 * DISTANCE_DELAY later: its weights have long been written, and the parameters of the one in hand separate its terms. */
enum { DISTANCE_DELAY = 2 };

/* Weights and data are loaded anew from here on. */
ALWAYS_INLINE void reload(void) {
#if defined(__GNUC__)
    __asm__ volatile("" : : : "memory");
#endif
}

/* ReLU at once and in a register; the other functions come from SLEEF and are called for all units together. */
ALWAYS_INLINE vec rectify(enum lyap_activation activation, vec z) {
    return activation == LYAP_RELU ? v_relu(z) : z;
}

ALWAYS_INLINE vec paper_unit(enum lyap_activation activation, vec w0, vec x0, vec w1, vec x1, vec bias) {
    return rectify(activation, v_fma(x1, w1, v_fma(x0, w0, bias)));
}

/* Hidden units z[unit][sample]: pre-activations, of ReLU the activations. */
ALWAYS_INLINE void paper_hidden(enum lyap_activation activation, const real *w, const real *x, vec *z) {
    reload();
    const vec w00 = v_load(w), w01 = v_load(w + BLOCK), w10 = v_load(w + 2 * BLOCK), w11 = v_load(w + 3 * BLOCK);
    const vec b0 = v_load(w + 4 * BLOCK), b1 = v_load(w + 5 * BLOCK);
    for (int s = 0; s < PAPER_SAMPLES; s++) {
        vec x0 = v_set1(x[2 * s]), x1 = v_set1(x[2 * s + 1]);
        z[s] = paper_unit(activation, w00, x0, w10, x1, b0);
        z[PAPER_SAMPLES + s] = paper_unit(activation, w01, x0, w11, x1, b1);
    }
}

/* The output z[sample] from the hidden activations, likewise. */
ALWAYS_INLINE void paper_output(enum lyap_activation activation, const real *w, const vec *hidden, vec *z) {
    reload();
    const vec v0 = v_load(w + 6 * BLOCK), v1 = v_load(w + 7 * BLOCK), bias = v_load(w + 8 * BLOCK);
    for (int s = 0; s < PAPER_SAMPLES; s++)
        z[s] = paper_unit(activation, v0, hidden[s], v1, hidden[PAPER_SAMPLES + s], bias);
}

/* What a step needs beside its network. */
struct paper_step {
    enum lyap_activation activation;
    const real *x, *y;
    const real *before; /* the neighbour whose distance is due, or NULL */
    const real *parent; /* of `before` */
    vec squares;        /* of its distance, so far */
    bool with_loss;
    vec loss; /* the sum so far; the step adds to it */
};

/* Squared difference of parameter p, for all p in ascending order. */
ALWAYS_INLINE void distance_term(struct paper_step *step, size_t p) {
    if (!step->before) return;
    vec difference = v_sub(v_load(step->before + p * BLOCK), v_load(step->parent + p * BLOCK));
    step->squares = p == 0 ? v_mul(difference, difference) : v_fma(difference, difference, step->squares);
}

/* Sums over the samples, from the first to the last. */
ALWAYS_INLINE vec sum_of(const vec *a) {
    return v_add(v_add(v_add(a[0], a[1]), a[2]), a[3]);
}
ALWAYS_INLINE vec sum_of_products(const vec *a, const vec *b) {
    return v_fma(a[3], b[3], v_fma(a[2], b[2], v_fma(a[1], b[1], v_mul(a[0], b[0]))));
}

/* The activations of a hidden unit become its deltas, d * v * f'. */
ALWAYS_INLINE void paper_deltas(enum lyap_activation activation, vec *a, const vec *d, vec v) {
    a[0] = times_derivative(activation, a[0], v_mul(d[0], v));
    a[1] = times_derivative(activation, a[1], v_mul(d[1], v));
    a[2] = times_derivative(activation, a[2], v_mul(d[2], v));
    a[3] = times_derivative(activation, a[3], v_mul(d[3], v));
}

/* Error of a sample, times the output's f'. */
ALWAYS_INLINE vec paper_error(struct paper_step *step, vec out, real y) {
    vec error = v_sub(out, v_set1(y));
    if (step->with_loss) step->loss = v_fma(error, error, step->loss);
    return times_derivative(step->activation, out, error);
}

/* Gradients of the weights from input k to both hidden units. */
ALWAYS_INLINE void paper_input_gradient(const real *x, const vec *delta, vec *left, vec *right) {
    const vec *other = delta + PAPER_SAMPLES;
    vec in = v_set1(x[0]);
    *left = v_mul(in, delta[0]);
    *right = v_mul(in, other[0]);
    for (int s = 1; s < PAPER_SAMPLES; s++) {
        in = v_set1(x[2 * s]);
        *left = v_fma(in, delta[s], *left);
        *right = v_fma(in, other[s], *right);
    }
}

/* Back-propagation and update from the activations of hidden units and output; `a` is changed. */
ALWAYS_INLINE void paper_descend(struct paper_step *step, real *w, vec *a, const vec *out, struct update *u) {
    reload();
    vec *a0 = a, *a1 = a + PAPER_SAMPLES, left, right;
    const vec d[PAPER_SAMPLES] = {paper_error(step, out[0], step->y[0]), paper_error(step, out[1], step->y[1]),
                                  paper_error(step, out[2], step->y[2]), paper_error(step, out[3], step->y[3])};

    left = sum_of_products(a0, d);
    const vec v0 = v_load(w + 6 * BLOCK);
    for (size_t p = 0; p < 4; p++) distance_term(step, p);
    finish_parameter(u, w, 6, left);
    paper_deltas(step->activation, a0, d, v0);

    finish_parameter(u, w, 8, sum_of(d));

    right = sum_of_products(a1, d);
    const vec v1 = v_load(w + 7 * BLOCK);
    distance_term(step, 4);
    finish_parameter(u, w, 7, right);
    paper_deltas(step->activation, a1, d, v1);

    for (size_t k = 0; k < PAPER_INPUTS; k++) {
        paper_input_gradient(step->x + k, a, &left, &right);
        distance_term(step, 5 + 2 * k);
        finish_parameter(u, w, 2 * k, left);
        distance_term(step, 6 + 2 * k);
        finish_parameter(u, w, 2 * k + 1, right);
    }
    finish_parameter(u, w, 4, sum_of(a0));
    finish_parameter(u, w, 5, sum_of(a1));
}

/* Distance of a network's weights from its parent's. */
ALWAYS_INLINE vec paper_distance(const real *w, const real *parent) {
    struct paper_step step = {.before = w, .parent = parent};
    for (size_t p = 0; p < PAPER_PARAMETERS; p++) distance_term(&step, p);
    return v_sqrt(step.squares);
}

#endif
