/* Passes over the units of a layer and over parameters, a vector of neighbours at a time. The functions and their derivatives are those of
 * simd/kernels/activation.h. */
#ifndef LYAP_SIMD_PASSES_ARRAYS_H
#define LYAP_SIMD_PASSES_ARRAYS_H

#include "simd/kernels/activation.h"
#include "simd/kernels/elementwise.h"
#include "simd/passes.h"
#include "simd/passes/part.h"

enum { TRANSPOSE_TILE = 16 };

/* In tiles, so that lines of both sides stay in the first-level cache. */
static void transpose(const void *from, size_t rows, size_t columns, void *to) {
    const real *in = from;
    real *out = to;
    for (size_t r0 = 0; r0 < rows; r0 += TRANSPOSE_TILE)
        for (size_t c0 = 0; c0 < columns; c0 += TRANSPOSE_TILE) {
            const size_t r1 = r0 + TRANSPOSE_TILE < rows ? r0 + TRANSPOSE_TILE : rows;
            const size_t c1 = c0 + TRANSPOSE_TILE < columns ? c0 + TRANSPOSE_TILE : columns;
            for (size_t c = c0; c < c1; c++)
                for (size_t r = r0; r < r1; r++) out[c * rows + r] = in[r * columns + c];
        }
}

static void column_sums(const void *from, size_t samples, size_t outputs, bool accumulate, void *to) {
    const real *d = from;
    real *g = to;
    for (size_t o = 0; o < outputs; o += VEC_LANES) {
        const size_t left = outputs - o;
        vec sum = load_part(d + o, left);
        if (accumulate) sum = v_add(load_part(g + o, left), sum);
        for (size_t s = 1; s < samples; s++) sum = v_add(sum, load_part(d + s * outputs + o, left));
        store_part(g + o, sum, left);
    }
}

static void activate_array(const struct lyap_units *u) {
    real *a = u->a, *slope = u->slope, *curve = u->curve;
    const bool stored = slope_is_stored(u->activation);
#define CASE(constant, f, kind)                                                                                        \
    case LYAP_##constant:                                                                                              \
        for (size_t i = 0; i < u->n; i += VEC_LANES) store_part(a + i, f(load_part(a + i, u->n - i)), u->n - i);       \
        break;
    if (!stored) {
        switch ((int)u->activation) { FROM_OUTPUT(CASE) }
        return;
    }
#undef CASE
    for (size_t i = 0; i < u->n; i += VEC_LANES) {
        const size_t left = u->n - i;
        vec z = load_part(a + i, left), first = v_set1(0), second = first;
        activate_stored(u->activation, &z, &first, &second, 1);
        store_part(a + i, z, left);
        store_part(slope + i, first, left);
        if (curve) store_part(curve + i, second, left);
    }
}

static void through(const struct lyap_units *u, void *gradient, void *bends) {
    const real *a = u->a, *slope = u->slope, *curve = u->curve;
    real *g = gradient, *bend = bends;
#define CASE(constant, f, kind)                                                                                        \
    case LYAP_##constant:                                                                                              \
        for (size_t i = 0; i < u->n; i += VEC_LANES) {                                                                 \
            const size_t left = u->n - i;                                                                              \
            store_part(g + i, f##_derivative(load_part(a + i, left), load_part(g + i, left)), left);                   \
        }                                                                                                              \
        break;
    if (!slope_is_stored(u->activation)) {
        switch ((int)u->activation) { FROM_OUTPUT(CASE) }
        return;
    }
#undef CASE
    for (size_t i = 0; i < u->n; i += VEC_LANES) {
        const size_t left = u->n - i;
        vec x = load_part(g + i, left);
        if (bend) store_part(bend + i, v_mul(x, load_part(curve + i, left)), left);
        store_part(g + i, v_mul(x, load_part(slope + i, left)), left);
    }
}

static void slope_and_bend_array(const struct lyap_units *u, const void *deltas, void *bends) {
    const real *a = u->a, *d = deltas;
    real *slope = u->slope, *bend = bends;
    for (size_t i = 0; i < u->n; i += VEC_LANES) {
        const size_t left = u->n - i;
        vec at = load_part(a + i, left), delta = load_part(d + i, left), first = v_set1(0), second = first;
        slope_and_bend(u->activation, &at, &delta, &first, &second, 1);
        store_part(slope + i, first, left);
        store_part(bend + i, second, left);
    }
}

static void along_slope_array(const struct lyap_units *u, const void *x, void *to) {
    const real *a = u->a, *slope = u->slope, *from = x;
    real *out = to;
    const bool curved = is_curved(u->activation);
    for (size_t i = 0; i < u->n; i += VEC_LANES) {
        const size_t left = u->n - i;
        vec at = v_set1(0), first = v_set1(0), given = load_part(from + i, left), result;
        if (curved)
            first = load_part(slope + i, left);
        else
            at = load_part(a + i, left);
        along_slope(u->activation, &at, &first, &given, &result, 1);
        store_part(out + i, result, left);
    }
}

static void elementwise_array(enum lyap_operation op, const void *a, const void *b, const void *c, void *out,
                              size_t n) {
    const real *ra = a, *rb = b, *rc = c;
    real *r = out;
    for (size_t i = 0; i < n; i += VEC_LANES) {
        const size_t left = n - i;
        vec x = load_part(ra + i, left), y = rb ? load_part(rb + i, left) : x, z = rc ? load_part(rc + i, left) : x;
        store_part(r + i, apply(op, x, y, z), left);
    }
}

#endif
