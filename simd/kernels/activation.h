/* Activation functions with their first two derivatives, over arrays of one vector of cells. A block below is all that the
 * kernels know of a function, and a line of one of two lists says of which kind it is:
 *
 *   FROM_OUTPUT   f' and f'' follow from a = f(z) alone
 *                 f_x(z), f_x_derivative(a, g) = g f', and f_x_bend(a, d) = d f''/f' of a curved one, whose f'' is not zero
 *                 almost everywhere
 *   STORED        f' and, for tangents, f'' are written in the pass that makes f, where the transcendentals are at hand
 *                 f_x_all(z, &f, &f', &f'')
 *
 * The operations and their order are part of the result. */
#ifndef LYAP_SIMD_KERNELS_ACTIVATION_H
#define LYAP_SIMD_KERNELS_ACTIVATION_H

#include <stdbool.h>
#include <stddef.h>

#include "lyapgrad/network.h"
#include "simd/kernels/inline.h"
#include "simd/isa/vec.h"

/*        constant    block       f'' */
#define FROM_OUTPUT(X)                                                                                                 \
    X(LINEAR, f_linear, straight)                                                                                      \
    X(SIGMOID, f_sigmoid, curved)                                                                                      \
    X(TANH, f_tanh, curved)                                                                                            \
    X(RELU, f_relu, straight)                                                                                          \
    X(LEAKY_RELU, f_leaky_relu, straight)                                                                              \
    X(ELU, f_elu, curved)
#define STORED(X)                                                                                                      \
    X(SOFTPLUS, f_softplus)                                                                                            \
    X(GELU, f_gelu)                                                                                                    \
    X(SILU, f_silu)                                                                                                    \
    X(SIN, f_sin)

/* ---- linear: z, 1, 0 ---- */
ALWAYS_INLINE vec f_linear(vec z) {
    return z;
}
ALWAYS_INLINE vec f_linear_derivative(vec a, vec g) {
    (void)a;
    return g;
}

/* ---- sigmoid: f = 1/(1 + e^-z), f' = f - f^2, f''/f' = 1 - 2 f ---- */
ALWAYS_INLINE vec f_sigmoid(vec z) {
    const vec one = v_set1(1);
    return v_div(one, v_add(one, v_exp(v_sub(v_set1(0), z))));
}
ALWAYS_INLINE vec f_sigmoid_derivative(vec a, vec g) {
    return v_mul(g, v_fnma(a, a, a));
}
ALWAYS_INLINE vec f_sigmoid_bend(vec a, vec d) {
    return v_mul(d, v_fnma(v_set1(2), a, v_set1(1)));
}

/* ---- tanh: f' = 1 - f^2, f''/f' = -2 f ---- */
ALWAYS_INLINE vec f_tanh(vec z) {
    return v_tanh(z);
}
ALWAYS_INLINE vec f_tanh_derivative(vec a, vec g) {
    return v_mul(g, v_fnma(a, a, v_set1(1)));
}
ALWAYS_INLINE vec f_tanh_bend(vec a, vec d) {
    return v_mul(d, v_mul(v_set1(-2), a));
}

/* ---- ReLU: max(z, 0), 1 where z > 0 and 0 elsewhere, at 0 too; f'' is 0, the derivative almost everywhere ---- */
ALWAYS_INLINE vec f_relu(vec z) {
    return v_relu(z);
}
ALWAYS_INLINE vec f_relu_derivative(vec a, vec g) {
    return v_gate(a, g);
}

/* ---- leaky ReLU: z where z > 0, else 0.01 z ---- */
#define LEAK ((real)0.01)
ALWAYS_INLINE vec f_leaky_relu(vec z) {
    return v_select(v_le(z, v_set1(0)), v_mul(v_set1(LEAK), z), z);
}
ALWAYS_INLINE vec f_leaky_relu_derivative(vec a, vec g) {
    return v_select(v_le(a, v_set1(0)), v_mul(v_set1(LEAK), g), g);
}

/* ---- ELU: z where z > 0, else e^z - 1, f' = f + 1, f''/f' = 1 ---- */
ALWAYS_INLINE vec f_elu(vec z) {
    return v_select(v_le(z, v_set1(0)), v_expm1(z), z);
}
ALWAYS_INLINE vec f_elu_derivative(vec a, vec g) {
    return v_select(v_le(a, v_set1(0)), v_fma(g, a, g), g);
}
ALWAYS_INLINE vec f_elu_bend(vec a, vec d) {
    return v_select(v_le(a, v_set1(0)), d, v_set1(0));
}

/* ---- softplus: ln(1 + e^z) = max(z,0) + ln(1 + e^-|z|), f' = s(z), the sigmoid, f'' = s (1 - s) (C. Dugas et al., NIPS 13
 * (2000)) ---- */
static inline void f_softplus_all(vec z, vec *f, vec *slope, vec *curve) {
    const vec one = v_set1(1);
    vec e = v_exp(v_sub(v_set1(0), v_abs(z)));
    vec s = v_div(v_select(v_le(v_set1(0), z), one, e), v_add(one, e));
    *f = v_add(v_relu(z), v_log1p(e));
    *slope = s;
    *curve = v_fnma(s, s, s);
}

/* ---- GELU: z Phi(z), Phi(z) = erfc(-z/sqrt 2)/2, f' = Phi + z phi, f'' = phi (2 - z^2) (D. Hendrycks and K. Gimpel, arXiv
 * 1606.08415) ---- */
static inline void f_gelu_all(vec z, vec *f, vec *slope, vec *curve) {
    vec area = v_mul(v_set1((real)0.5), v_erfc(v_mul(v_set1((real)-0.70710678118654752440), z)));
    vec half = v_mul(v_mul(v_set1((real)-0.5), z), z);
    vec density = v_mul(v_set1((real)0.39894228040143267794), v_exp(half));
    *f = v_mul(z, area);
    *slope = v_fma(z, density, area);
    *curve = v_mul(density, v_fnma(z, z, v_set1(2)));
}

/* ---- SiLU: z s(z), f' = s + f (1 - s), f'' = s (1 - s) (2 + z (1 - 2 s)) (arXiv 1606.08415) ---- */
static inline void f_silu_all(vec z, vec *f, vec *slope, vec *curve) {
    vec s = f_sigmoid(z), rest = v_sub(v_set1(1), s);
    *f = v_mul(z, s);
    *slope = v_fma(*f, rest, s);
    *curve = v_mul(v_fnma(s, s, s), v_fma(z, v_fnma(v_set1(2), s, v_set1(1)), v_set1(2)));
}

/* ---- sin: f' = cos z, f'' = -f (V. Sitzmann et al., arXiv 2006.09661) ---- */
static inline void f_sin_all(vec z, vec *f, vec *slope, vec *curve) {
    v_sincos(z, f, slope);
    *curve = v_sub(v_set1(0), *f);
}

/* ---- any of them ---- */

ALWAYS_INLINE bool slope_is_stored(enum lyap_activation activation) {
#define CASE(constant, f) case LYAP_##constant:
    switch ((int)activation) {
        STORED(CASE)
        return true;
    default:
        return false;
    }
#undef CASE
}

/* True where f'' is not zero almost everywhere. */
ALWAYS_INLINE bool is_curved(enum lyap_activation activation) {
    enum { straight, curved };
#define CASE(constant, f, kind)                                                                                        \
    case LYAP_##constant:                                                                                              \
        return kind == curved;
    switch ((int)activation) {
        FROM_OUTPUT(CASE)
    default:
        return true;
    }
#undef CASE
}

/* f(z) in place over n vectors; of the functions without a stored slope. */
ALWAYS_INLINE void activate(enum lyap_activation activation, vec *z, size_t n) {
#define CASE(constant, f, kind)                                                                                        \
    case LYAP_##constant:                                                                                              \
        for (size_t i = 0; i < n; i++) z[i] = f(z[i]);                                                                 \
        break;
    switch ((int)activation) { FROM_OUTPUT(CASE) }
#undef CASE
}

/* g * f'(z), with the derivative written in terms of a = f(z). */
ALWAYS_INLINE vec times_derivative(enum lyap_activation activation, vec a, vec g) {
#define CASE(constant, f, kind)                                                                                        \
    case LYAP_##constant:                                                                                              \
        return f##_derivative(a, g);
    switch ((int)activation) {
        FROM_OUTPUT(CASE)
    default:
        return g;
    }
#undef CASE
}

/* d f''/f' from a, of a curved function without a stored slope. */
ALWAYS_INLINE vec bend_of(enum lyap_activation activation, vec a, vec d) {
#define CASE_curved(constant, f)                                                                                       \
    case LYAP_##constant:                                                                                              \
        return f##_bend(a, d);
#define CASE_straight(constant, f)
#define CASE(constant, f, kind) CASE_##kind(constant, f)
    switch ((int)activation) {
        FROM_OUTPUT(CASE)
    default:
        return v_set1(0);
    }
#undef CASE
#undef CASE_curved
#undef CASE_straight
}

/* f(z) in place, f' to slope and, unless that is NULL, f'' to curve; of the functions with a stored slope. */
static inline void activate_stored(enum lyap_activation activation, vec *z, vec *slope, vec *curve, size_t n) {
    vec ignored;
#define CASE(constant, f)                                                                                              \
    case LYAP_##constant:                                                                                              \
        for (size_t i = 0; i < n; i++) f##_all(z[i], &z[i], &slope[i], curve ? &curve[i] : &ignored);                  \
        break;
    switch ((int)activation) { STORED(CASE) }
#undef CASE
}

/* f' and, times d, f''/f' from a over n units; of the curved functions without a stored slope. */
ALWAYS_INLINE void slope_and_bend(enum lyap_activation activation, const vec *a, const vec *d, vec *slope, vec *bend,
                                  size_t n) {
    for (size_t i = 0; i < n; i++) {
        slope[i] = times_derivative(activation, a[i], v_set1(1));
        bend[i] = bend_of(activation, a[i], d[i]);
    }
}

/* out = x f'(z) over n units, from their slope where the function is curved, otherwise from a. */
ALWAYS_INLINE void along_slope(enum lyap_activation activation, const vec *a, const vec *slope, const vec *x, vec *out,
                               size_t n) {
#define CASE_curved(f)
#define CASE_straight(f)                                                                                               \
    for (size_t i = 0; i < n; i++) out[i] = f##_derivative(a[i], x[i]);                                                \
    return;
#define CASE(constant, f, kind)                                                                                        \
    case LYAP_##constant:                                                                                              \
        CASE_##kind(f) break;
    switch ((int)activation) { FROM_OUTPUT(CASE) }
    for (size_t i = 0; i < n; i++) out[i] = v_mul(slope[i], x[i]);
#undef CASE
#undef CASE_curved
#undef CASE_straight
}

#endif
