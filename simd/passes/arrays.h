/* Passes over the units of a layer and over parameters, a vector of neighbours at a time. The functions and their derivatives are those of
 * simd/kernels/activation.h. */
#ifndef LYAP_SIMD_PASSES_ARRAYS_H
#define LYAP_SIMD_PASSES_ARRAYS_H

#include "simd/kernels/activation.h"
#include "simd/kernels/elementwise.h"
#include "simd/passes.h"
#include "simd/passes/part.h"

/* The statements for each vector of n numbers, at i: all full ones in a loop of their own, and the end with `left` numbers. */
#define EACH_PART(n, i, left, ...)                                                                                     \
    do {                                                                                                               \
        size_t i = 0;                                                                                                  \
        for (; (n)-i >= VEC_LANES; i += VEC_LANES) {                                                                   \
            enum { left = VEC_LANES };                                                                                 \
            __VA_ARGS__                                                                                                \
        }                                                                                                              \
        if (i < (n)) {                                                                                                 \
            const size_t left = (n)-i;                                                                                 \
            __VA_ARGS__                                                                                                \
        }                                                                                                              \
    } while (0)

/* The sums of `vectors` vectors of columns, of whose last one `left` exist. */
ALWAYS_INLINE void add_columns(const real *d, size_t samples, size_t outputs, bool accumulate, real *g, size_t vectors,
                               size_t left) {
    enum { MOST = 4 };
    vec sum[MOST];
    for (size_t v = 0; v < vectors; v++) {
        sum[v] = load_part(d + v * VEC_LANES, left);
        if (accumulate) sum[v] = v_add(load_part(g + v * VEC_LANES, left), sum[v]);
    }
    for (size_t s = 1; s < samples; s++)
        for (size_t v = 0; v < vectors; v++) sum[v] = v_add(sum[v], load_part(d + s * outputs + v * VEC_LANES, left));
    for (size_t v = 0; v < vectors; v++) store_part(g + v * VEC_LANES, sum[v], left);
}

static void column_sums(const void *from, size_t samples, size_t outputs, bool accumulate, void *to) {
    const real *d = from;
    real *g = to;
    size_t o = 0;
    for (; outputs - o >= 4 * VEC_LANES; o += 4 * VEC_LANES)
        add_columns(d + o, samples, outputs, accumulate, g + o, 4, VEC_LANES);
    for (; outputs - o >= VEC_LANES; o += VEC_LANES)
        add_columns(d + o, samples, outputs, accumulate, g + o, 1, VEC_LANES);
    if (o < outputs) add_columns(d + o, samples, outputs, accumulate, g + o, 1, outputs - o);
}

static void activate_array(const struct lyap_units *u) {
    real *a = u->a, *slope = u->slope, *curve = u->curve;
    const bool stored = slope_is_stored(u->activation);
#define CASE(constant, f, kind)                                                                                        \
    case LYAP_##constant:                                                                                              \
        EACH_PART(u->n, i, left, store_part(a + i, f(load_part(a + i, left)), left););                                 \
        break;
    if (!stored) {
        switch ((int)u->activation) { FROM_OUTPUT(CASE) }
        return;
    }
#undef CASE
    EACH_PART(u->n, i, left, {
        vec z = load_part(a + i, left), first = v_set1(0), second = first;
        activate_stored(u->activation, &z, &first, &second, 1);
        store_part(a + i, z, left);
        store_part(slope + i, first, left);
        if (curve) store_part(curve + i, second, left);
    });
}

static void through(const struct lyap_units *u, void *gradient, void *bends) {
    const real *a = u->a, *slope = u->slope, *curve = u->curve;
    real *g = gradient, *bend = bends;
#define CASE(constant, f, kind)                                                                                        \
    case LYAP_##constant:                                                                                              \
        EACH_PART(u->n, i, left,                                                                                       \
                  store_part(g + i, f##_derivative(load_part(a + i, left), load_part(g + i, left)), left););           \
        break;
    if (!slope_is_stored(u->activation)) {
        switch ((int)u->activation) { FROM_OUTPUT(CASE) }
        return;
    }
#undef CASE
    EACH_PART(u->n, i, left, {
        vec x = load_part(g + i, left);
        if (bend) store_part(bend + i, v_mul(x, load_part(curve + i, left)), left);
        store_part(g + i, v_mul(x, load_part(slope + i, left)), left);
    });
}

static void slope_and_bend_array(const struct lyap_units *u, const void *deltas, void *bends) {
    const real *a = u->a, *d = deltas;
    real *slope = u->slope, *bend = bends;
    EACH_PART(u->n, i, left, {
        vec at = load_part(a + i, left), delta = load_part(d + i, left), first = v_set1(0), second = first;
        slope_and_bend(u->activation, &at, &delta, &first, &second, 1);
        store_part(slope + i, first, left);
        store_part(bend + i, second, left);
    });
}

static void along_slope_array(const struct lyap_units *u, const void *x, void *to) {
    const real *a = u->a, *slope = u->slope, *from = x;
    real *out = to;
    const bool curved = is_curved(u->activation);
    EACH_PART(u->n, i, left, {
        vec at = v_set1(0), first = v_set1(0), given = load_part(from + i, left), result;
        if (curved)
            first = load_part(slope + i, left);
        else
            at = load_part(a + i, left);
        along_slope(u->activation, &at, &first, &given, &result, 1);
        store_part(out + i, result, left);
    });
}

/* The operations that take no call have loops of their own. */
static void elementwise_array(enum lyap_operation op, const void *a, const void *b, const void *c, void *out,
                              size_t n) {
    const real *ra = a, *rb = b ? b : a, *rc = c ? c : a;
    real *r = out;
#define EACH(op)                                                                                                       \
    EACH_PART(n, i, left, {                                                                                            \
        const vec x = load_part(ra + i, left), y = load_part(rb + i, left), z = load_part(rc + i, left);               \
        store_part(r + i, apply(op, x, y, z), left);                                                                   \
    })
#define CASE(op)                                                                                                       \
    case op:                                                                                                           \
        EACH(op);                                                                                                      \
        break;
    switch ((int)op) {
        CASE(LYAP_OP_ADD)
        CASE(LYAP_OP_SUB)
        CASE(LYAP_OP_MUL)
        CASE(LYAP_OP_DIV)
        CASE(LYAP_OP_FMA)
        CASE(LYAP_OP_FNMA)
        CASE(LYAP_OP_SQRT)
    default:
        EACH((int)op);
    }
#undef CASE
#undef EACH
}

#endif
