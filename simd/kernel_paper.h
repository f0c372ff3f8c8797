/* One gradient-descent step of the paper's network, 2-2-1 on four samples under the mean squared error, one activation for
 * both layers. The operations are those of kernel_network.h, in an order in which sixteen registers hold what lives:
 *
 *   hidden units      six weights, and eight activations that take their places
 *   outputs           eight activations, three weights, four errors
 *   second gradient   three sums beside the twelve
 *   first gradient    eight derivatives in place of the activations, two sums at a time
 *
 * The data are broadcast anew where they are used, and the weights loaded anew: a load is cheaper than a register here, but
 * compilers would keep both over the whole step, and spill. */
#ifndef LYAP_KERNEL_PAPER_H
#define LYAP_KERNEL_PAPER_H

#include "kernel_network.h"

enum { PAPER_SAMPLES = 4, PAPER_HIDDEN = 2, PAPER_UNITS = PAPER_SAMPLES * (PAPER_HIDDEN + 1), PAPER_PARAMETERS = 9 };

/* Where there are sixteen registers, a step is short against its latency: the chain of squared differences, which would
 * end it, goes into the next network's step, in front of its gradients. */
#if defined(LYAP_AVX512) || defined(__aarch64__)
enum { LATE_DISTANCE = 0 };
#else
enum { LATE_DISTANCE = 1 };
#endif

/* The same pointer, of whose values in memory the compiler has no copies. */
ALWAYS_INLINE const real *forget(const real *p) {
#if defined(__GNUC__)
    __asm__ volatile("" : "+r"(p));
#endif
    return p;
}

/* Pre-activations z[sample][unit] of the hidden units. */
ALWAYS_INLINE void paper_hidden(const real *w, const real *x, vec *z) {
    const vec w00 = v_load(w), w01 = v_load(w + BLOCK), w10 = v_load(w + 2 * BLOCK), w11 = v_load(w + 3 * BLOCK);
    const vec b0 = v_load(w + 4 * BLOCK), b1 = v_load(w + 5 * BLOCK);
    for (int s = 0; s < PAPER_SAMPLES; s++) {
        vec x0 = v_set1(x[2 * s]), x1 = v_set1(x[2 * s + 1]);
        z[2 * s] = v_fma(x1, w10, v_fma(x0, w00, b0));
        z[2 * s + 1] = v_fma(x1, w11, v_fma(x0, w01, b1));
    }
}

/* Pre-activations z[sample] of the output from the hidden activations. */
ALWAYS_INLINE void paper_output(const real *w, const vec *hidden, vec *z) {
    const vec v0 = v_load(w + 6 * BLOCK), v1 = v_load(w + 7 * BLOCK), bias = v_load(w + 8 * BLOCK);
    for (int s = 0; s < PAPER_SAMPLES; s++) z[s] = v_fma(hidden[2 * s + 1], v1, v_fma(hidden[2 * s], v0, bias));
}

/* Distance of a network's weights from its parent's, as finish_parameter sums it up. */
ALWAYS_INLINE vec paper_distance(const real *w, const real *parent) {
    vec squares = v_set1(0);
    for (int p = 0; p < PAPER_PARAMETERS; p++) {
        vec difference = v_sub(v_load(w + p * BLOCK), v_load(parent + p * BLOCK));
        squares = v_fma(difference, difference, squares);
    }
    return v_sqrt(squares);
}

/* What a step needs beside its network. */
struct paper_step {
    enum lyap_activation activation;
    const real *x, *y;
    const real *before; /* with LATE_DISTANCE: the neighbour whose distance is due, or NULL */
    const real *parent; /* of `before` */
    vec distance;       /* out: of `before` */
    bool with_loss;
    vec loss; /* the sum so far; the step adds to it */
};

/* Back-propagation and update from the activations of hidden units and output; `a` is changed. */
ALWAYS_INLINE void paper_descend(struct paper_step *step, real *w, vec *a, const vec *out, struct update *u) {
    const real *weights = forget(w), *x = forget(step->x);
    vec d[PAPER_SAMPLES];
    for (int s = 0; s < PAPER_SAMPLES; s++) {
        vec error = v_sub(out[s], v_set1(step->y[s]));
        if (step->with_loss) step->loss = v_fma(error, error, step->loss);
        d[s] = times_derivative(step->activation, out[s], error);
    }
    if (step->before) step->distance = paper_distance(step->before, forget(step->parent));
    vec g0 = v_mul(a[0], d[0]), g1 = v_mul(a[1], d[0]), bias = d[0];
    for (int s = 1; s < PAPER_SAMPLES; s++) {
        g0 = v_fma(a[2 * s], d[s], g0);
        g1 = v_fma(a[2 * s + 1], d[s], g1);
        bias = v_add(bias, d[s]);
    }
    const vec v0 = v_load(weights + 6 * BLOCK), v1 = v_load(weights + 7 * BLOCK);
    for (int s = 0; s < PAPER_SAMPLES; s++) {
        a[2 * s] = times_derivative(step->activation, a[2 * s], v_mul(d[s], v0));
        a[2 * s + 1] = times_derivative(step->activation, a[2 * s + 1], v_mul(d[s], v1));
    }
    for (size_t k = 0; k < 2; k++) {
        vec in = v_set1(x[k]), left = v_mul(in, a[0]), right = v_mul(in, a[1]);
        for (size_t s = 1; s < PAPER_SAMPLES; s++) {
            in = v_set1(x[2 * s + k]);
            left = v_fma(in, a[2 * s], left);
            right = v_fma(in, a[2 * s + 1], right);
        }
        finish_parameter(u, w, 2 * k, left);
        finish_parameter(u, w, 2 * k + 1, right);
    }
    for (size_t o = 0; o < PAPER_HIDDEN; o++) {
        vec sum = a[o];
        for (size_t s = 1; s < PAPER_SAMPLES; s++) sum = v_add(sum, a[2 * s + o]);
        finish_parameter(u, w, 4 + o, sum);
    }
    finish_parameter(u, w, 6, g0);
    finish_parameter(u, w, 7, g1);
    finish_parameter(u, w, 8, bias);
}

#endif
