/* Activation functions with their first two derivatives, and losses with theirs, over arrays of one vector of cells.
 *
 * The piecewise linear functions, sigmoid, tanh and ELU give f' and f'' from a = f(z) alone. The others (`slope_is_stored`)
 * write f' and, for tangents, f'' in the pass that makes f, where the transcendentals are at hand:
 *
 *   softplus  ln(1 + e^z) = max(z,0) + ln(1 + e^-|z|)   f' = s(z), the sigmoid         f'' = s (1 - s)
 *   GELU      z Phi(z), Phi(z) = erfc(-z/sqrt 2)/2      f' = Phi + z phi               f'' = phi (2 - z^2)
 *   SiLU      z s(z)                                    f' = s + f (1 - s)             f'' = s (1 - s) (2 + z (1 - 2 s))
 *   sin       sin z                                     f' = cos z                     f'' = -f
 *
 * (C. Dugas et al., NIPS 13 (2000), softplus; D. Hendrycks and K. Gimpel, arXiv 1606.08415, GELU and SiLU; V. Sitzmann et
 * al., arXiv 2006.09661, sin.) */
#ifndef LYAP_KERNEL_ACTIVATION_H
#define LYAP_KERNEL_ACTIVATION_H

#include "simd/kernels.h"
#include "simd/isa/vec.h"

#if defined(__GNUC__)
#define ALWAYS_INLINE static inline __attribute__((always_inline))
#else
#define ALWAYS_INLINE static inline
#endif

#define LEAK ((real)0.01) /* slope of leaky ReLU for z <= 0 */

ALWAYS_INLINE bool slope_is_stored(enum lyap_activation activation) {
    return activation == LYAP_SOFTPLUS || activation == LYAP_GELU || activation == LYAP_SILU || activation == LYAP_SIN;
}

/* True where f'' is not zero almost everywhere. */
ALWAYS_INLINE bool is_curved(enum lyap_activation activation) {
    return activation != LYAP_LINEAR && activation != LYAP_RELU && activation != LYAP_LEAKY_RELU;
}

ALWAYS_INLINE vec logistic(vec z) {
    const vec one = v_set1(1);
    return v_div(one, v_add(one, v_exp(v_sub(v_set1(0), z))));
}

/* f(z) in place over n vectors; of the functions without a stored slope. */
ALWAYS_INLINE void activate(enum lyap_activation activation, vec *z, size_t n) {
    const vec zero = v_set1(0);
    switch (activation) {
    case LYAP_SIGMOID:
        for (size_t i = 0; i < n; i++) z[i] = logistic(z[i]);
        break;
    case LYAP_TANH:
        for (size_t i = 0; i < n; i++) z[i] = v_tanh(z[i]);
        break;
    case LYAP_RELU:
        for (size_t i = 0; i < n; i++) z[i] = v_relu(z[i]);
        break;
    case LYAP_LEAKY_RELU:
        for (size_t i = 0; i < n; i++) z[i] = v_select(v_le(z[i], zero), v_mul(v_set1(LEAK), z[i]), z[i]);
        break;
    case LYAP_ELU:
        for (size_t i = 0; i < n; i++) z[i] = v_select(v_le(z[i], zero), v_expm1(z[i]), z[i]);
        break;
    default:
        break;
    }
}

/* g * f'(z), with the derivative written in terms of a = f(z). */
ALWAYS_INLINE vec times_derivative(enum lyap_activation activation, vec a, vec g) {
    switch (activation) {
    case LYAP_SIGMOID:
        return v_mul(g, v_fnma(a, a, a));
    case LYAP_TANH:
        return v_mul(g, v_fnma(a, a, v_set1(1)));
    case LYAP_RELU:
        return v_gate(a, g);
    case LYAP_LEAKY_RELU:
        return v_select(v_le(a, v_set1(0)), v_mul(v_set1(LEAK), g), g);
    case LYAP_ELU:
        return v_select(v_le(a, v_set1(0)), v_fma(g, a, g), g);
    default:
        return g;
    }
}

static inline void softplus(vec z, vec *f, vec *slope, vec *curve) {
    const vec one = v_set1(1);
    vec e = v_exp(v_sub(v_set1(0), v_abs(z)));
    vec s = v_div(v_select(v_le(v_set1(0), z), one, e), v_add(one, e));
    *f = v_add(v_relu(z), v_log1p(e));
    *slope = s;
    *curve = v_fnma(s, s, s);
}

static inline void gelu(vec z, vec *f, vec *slope, vec *curve) {
    vec area = v_mul(v_set1((real)0.5), v_erfc(v_mul(v_set1((real)-0.70710678118654752440), z)));
    vec half = v_mul(v_mul(v_set1((real)-0.5), z), z);
    vec density = v_mul(v_set1((real)0.39894228040143267794), v_exp(half));
    *f = v_mul(z, area);
    *slope = v_fma(z, density, area);
    *curve = v_mul(density, v_fnma(z, z, v_set1(2)));
}

static inline void silu(vec z, vec *f, vec *slope, vec *curve) {
    vec s = logistic(z), rest = v_sub(v_set1(1), s);
    *f = v_mul(z, s);
    *slope = v_fma(*f, rest, s);
    *curve = v_mul(v_fnma(s, s, s), v_fma(z, v_fnma(v_set1(2), s, v_set1(1)), v_set1(2)));
}

/* f(z) in place, f' to slope and, unless that is NULL, f'' to curve. */
static inline void activate_stored(enum lyap_activation activation, vec *z, vec *slope, vec *curve, size_t n) {
    vec bend = v_set1(0);
    for (size_t i = 0; i < n; i++) {
        if (activation == LYAP_SOFTPLUS) softplus(z[i], &z[i], &slope[i], &bend);
        if (activation == LYAP_GELU) gelu(z[i], &z[i], &slope[i], &bend);
        if (activation == LYAP_SILU) silu(z[i], &z[i], &slope[i], &bend);
        if (activation == LYAP_SIN) {
            v_sincos(z[i], &z[i], &slope[i]);
            bend = v_sub(v_set1(0), z[i]);
        }
        if (curve) curve[i] = bend;
    }
}

/* The slopes of functions without stored ones, from a, and d f''/f' where the function is curved. */
static inline void factors_from_output(enum lyap_activation activation, const vec *a, const vec *d, vec *slope,
                                       vec *bend, size_t n) {
    const vec one = v_set1(1), zero = v_set1(0);
    for (size_t i = 0; i < n; i++) {
        slope[i] = times_derivative(activation, a[i], one);
        if (activation == LYAP_SIGMOID) bend[i] = v_mul(d[i], v_fnma(v_set1(2), a[i], one));
        if (activation == LYAP_TANH) bend[i] = v_mul(d[i], v_mul(v_set1(-2), a[i]));
        if (activation == LYAP_ELU) bend[i] = v_select(v_le(a[i], zero), d[i], zero);
    }
}

/* Binary cross-entropy summed over samples and outputs, from the logits: max(z,0) - z*y + ln(1 + exp(-|z|)). */
ALWAYS_INLINE vec cross_entropy(const vec *z, const real *y, size_t n, vec sum) {
    for (size_t i = 0; i < n; i++) {
        vec tail = v_log1p(v_exp(v_sub(v_set1(0), v_abs(z[i]))));
        sum = v_add(sum, v_add(v_fnma(z[i], v_set1(y[i]), v_relu(z[i])), tail));
    }
    return sum;
}

/* Squared error summed over samples and outputs. */
ALWAYS_INLINE vec squared_error(const vec *a, const real *y, size_t n, vec sum) {
    for (size_t i = 0; i < n; i++) {
        vec error = v_sub(a[i], v_set1(y[i]));
        sum = v_fma(error, error, sum);
    }
    return sum;
}

/* Softmax over each sample's outputs, in place of their logits z[samples][outputs]: e^(z - m) / S with m the largest and S
 * the sum. Given y, returns `sum` plus the samples' cross-entropies ln S - sum_o y_o (z_o - m), which assumes that the
 * targets of a sample sum to one. room[samples][outputs] is scratch. */
static inline vec softmax(vec *z, const real *y, vec *room, size_t samples, size_t outputs, vec sum) {
    for (size_t s = 0; s < samples; s++) {
        vec *row = z + s * outputs, most = row[0];
        for (size_t o = 1; o < outputs; o++) most = v_select(v_le(row[o], most), most, row[o]);
        for (size_t o = 0; o < outputs; o++) row[o] = v_sub(row[o], most);
    }
    for (size_t i = 0; i < samples * outputs; i++) room[i] = v_exp(z[i]);
    for (size_t s = 0; s < samples; s++) {
        vec *row = z + s * outputs, *e = room + s * outputs, total = e[0];
        for (size_t o = 1; o < outputs; o++) total = v_add(total, e[o]);
        if (y) {
            vec entropy = v_log(total);
            for (size_t o = 0; o < outputs; o++) entropy = v_fnma(v_set1(y[s * outputs + o]), row[o], entropy);
            sum = v_add(sum, entropy);
        }
        vec inverse = v_div(v_set1(1), total);
        for (size_t o = 0; o < outputs; o++) row[o] = v_mul(e[o], inverse);
    }
    return sum;
}

#endif
