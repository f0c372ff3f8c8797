/* The matrix products of a dense layer, for one vector of cells: every lane multiplies by weights of its own.
 *
 * Shapes: weights and biases are real [index][BLOCK] at the vector's lanes, activations and their derivatives are vectors
 * [samples][units]. An input is either shared by all lanes (the data) or one of those.
 *
 * Order of operations, part of the result: each sum runs in ascending index into one accumulator, one fused multiply-add
 * a term. Blocking stores the accumulators and takes them up again, so the order does not depend on it. */
#ifndef LYAP_KERNEL_MATRIX_H
#define LYAP_KERNEL_MATRIX_H

#include <stdbool.h>
#include <stddef.h>

#include "vec.h"

/* Vectors of scratch that the products need, for any shape. */
enum { MATRIX_SCRATCH = 1024 };

/* A layer's input [samples][inputs]; exactly one of the two is set. */
struct operand {
    const real *x; /* the same for all lanes */
    const vec *a;  /* lane by lane */
};

static inline vec operand_at(struct operand in, size_t index) {
    return in.x ? v_set1(in.x[index]) : in.a[index];
}

/* z[s][o] = bias[o] + sum_k in[s][k] * w[k][o]; with bias == NULL the sums go on from what z holds. w is real
 * [inputs][outputs][BLOCK], bias real [outputs][BLOCK], z [samples][outputs]. */
static inline void matrix_forward(struct operand in, const real *w, const real *bias, vec *z, size_t samples,
                                  size_t inputs, size_t outputs, vec *scratch) {
    (void)scratch;
    for (size_t s = 0; s < samples; s++)
        for (size_t o = 0; o < outputs; o++) {
            vec sum = bias ? v_load(bias + o * BLOCK) : z[s * outputs + o];
            for (size_t k = 0; k < inputs; k++)
                sum = v_fma(operand_at(in, s * inputs + k), v_load(w + (k * outputs + o) * BLOCK), sum);
            z[s * outputs + o] = sum;
        }
}

/* back[s][k] = sum_o d[s][o] * w[k][o], the first term a plain product; with `accumulate` the sums go on from what back
 * holds. d is [samples][outputs], back [samples][inputs]. */
static inline void matrix_backward(const vec *d, const real *w, vec *back, size_t samples, size_t inputs,
                                   size_t outputs, bool accumulate, vec *scratch) {
    (void)scratch;
    for (size_t s = 0; s < samples; s++)
        for (size_t k = 0; k < inputs; k++) {
            const real *row = w + k * outputs * BLOCK;
            vec sum = accumulate ? v_fma(d[s * outputs], v_load(row), back[s * inputs + k])
                                 : v_mul(d[s * outputs], v_load(row));
            for (size_t o = 1; o < outputs; o++) sum = v_fma(d[s * outputs + o], v_load(row + o * BLOCK), sum);
            back[s * inputs + k] = sum;
        }
}

/* g[k][o] = sum_s in[s][k] * d[s][o], the first term a plain product; with `accumulate` the sums go on from what g holds.
 * g is [inputs][outputs]. */
static inline void matrix_gradient(struct operand in, const vec *d, vec *g, size_t samples, size_t inputs,
                                   size_t outputs, bool accumulate) {
    for (size_t k = 0; k < inputs; k++)
        for (size_t o = 0; o < outputs; o++) {
            vec first = operand_at(in, k);
            vec sum = accumulate ? v_fma(first, d[o], g[k * outputs + o]) : v_mul(first, d[o]);
            for (size_t s = 1; s < samples; s++) sum = v_fma(operand_at(in, s * inputs + k), d[s * outputs + o], sum);
            g[k * outputs + o] = sum;
        }
}

/* g[o] = sum_s d[s][o]; with `accumulate` the sums go on from what g holds. */
static inline void matrix_bias(const vec *d, vec *g, size_t samples, size_t outputs, bool accumulate) {
    for (size_t o = 0; o < outputs; o++) {
        vec sum = accumulate ? v_add(g[o], d[o]) : d[o];
        for (size_t s = 1; s < samples; s++) sum = v_add(sum, d[s * outputs + o]);
        g[o] = sum;
    }
}

#endif
