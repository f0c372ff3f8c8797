/* One step of a known system (lyapgrad/system.h) and of a tangent vector along it, lane by lane. */
#ifndef LYAP_SIMD_KERNELS_SYSTEM_H
#define LYAP_SIMD_KERNELS_SYSTEM_H

#include "simd/kernels/network.h"

/* The points at which a step looks at the system: the state, and for a flow the inner points of Runge and Kutta. */
struct system_points {
    vec x[4][LYAP_SYSTEM_MOST];
    vec next[LYAP_SYSTEM_MOST];
};

/* x less the nearest even integer. Adding 1.5 * 2^(mantissa bits) rounds to an integer. */
ALWAYS_INLINE vec wrap(vec x) {
    const vec shift = v_set1(LYAP_REAL_BITS == 32 ? (real)0x1.8p23 : (real)0x1.8p52);
    vec turns = v_sub(v_add(v_mul(x, v_set1((real)0.5)), shift), shift);
    return v_fnma(v_set1(2), turns, x);
}

ALWAYS_INLINE void lorenz_field(const real *c, const vec *x, vec *f) {
    f[0] = v_mul(v_set1(c[0]), v_sub(x[1], x[0]));
    f[1] = v_sub(v_mul(x[0], v_sub(v_set1(c[1]), x[2])), x[1]);
    f[2] = v_fnma(v_set1(c[2]), x[2], v_mul(x[0], x[1]));
}

/* The field's Jacobian at x applied to v. */
ALWAYS_INLINE void lorenz_jacobian(const real *c, const vec *x, const vec *v, vec *f) {
    f[0] = v_mul(v_set1(c[0]), v_sub(v[1], v[0]));
    f[1] = v_sub(v_fnma(x[0], v[2], v_mul(v_sub(v_set1(c[1]), x[2]), v[0])), v[1]);
    f[2] = v_fnma(v_set1(c[2]), v[2], v_fma(x[0], v[1], v_mul(x[1], v[0])));
}

/* Classical fourth-order Runge-Kutta of the field or, with `points`, of its linearisation along them. */
ALWAYS_INLINE void runge_kutta(const real *c, vec step, const vec *x, const struct system_points *points,
                               struct system_points *inner, vec *next) {
    const vec half = v_mul(step, v_set1((real)0.5)), two = v_set1(2);
    vec at[3] = {x[0], x[1], x[2]}, sum[3], f[3];
    for (int stage = 0; stage < 4; stage++) {
        if (points)
            lorenz_jacobian(c, points->x[stage], at, f);
        else
            lorenz_field(c, at, f);
        vec ahead = stage == 2 ? step : half;
        for (int i = 0; i < 3; i++) {
            if (inner) inner->x[stage][i] = at[i];
            at[i] = v_fma(ahead, f[i], x[i]);
            sum[i] = stage == 0 ? f[i] : stage == 3 ? v_add(sum[i], f[i]) : v_fma(two, f[i], sum[i]);
        }
    }
    const vec sixth = v_div(step, v_set1(6));
    for (int i = 0; i < 3; i++) next[i] = v_fma(sixth, sum[i], x[i]);
}

/* x - (2/n) (sum of x) 1: the reflection Q. Components beyond n are scratch. */
ALWAYS_INLINE void reflect(const vec *x, size_t n, vec *out) {
    vec sum = x[0];
    for (size_t i = 1; i < LYAP_SYSTEM_MOST; i++)
        if (i < n) sum = v_add(sum, x[i]);
    sum = v_mul(sum, v_set1((real)2 / (real)n));
    for (size_t i = 0; i < LYAP_SYSTEM_MOST; i++) out[i] = v_sub(x[i], sum);
}

/* w - lr Q diag(h) Q w, a linear map: of the state and of a tangent alike. */
ALWAYS_INLINE void quadratic_step(const real *h, vec lr, const vec *w, size_t n, vec *next) {
    vec y[LYAP_SYSTEM_MOST], z[LYAP_SYSTEM_MOST];
    reflect(w, n, y);
    for (size_t i = 0; i < LYAP_SYSTEM_MOST; i++) y[i] = v_mul(v_set1(h[i]), y[i]);
    reflect(y, n, z);
    for (size_t i = 0; i < n && i < LYAP_SYSTEM_MOST; i++) next[i] = v_fnma(lr, z[i], w[i]);
}

/* The state points->x[0] one step on, to points->next; fills the inner points. */
ALWAYS_INLINE void system_state(enum lyap_system system, const real *c, vec parameter, size_t n,
                                struct system_points *points) {
    const vec one = v_set1(1);
    const vec *x = points->x[0];
    vec *next = points->next, sine, cosine;
    switch (system) {
    case LYAP_SYSTEM_LOGISTIC:
        next[0] = v_mul(v_mul(parameter, x[0]), v_sub(one, x[0]));
        break;
    case LYAP_SYSTEM_TENT:
        next[0] = v_mul(parameter, v_select(v_le(x[0], v_set1((real)0.5)), x[0], v_sub(one, x[0])));
        break;
    case LYAP_SYSTEM_HENON:
        next[0] = v_add(v_fnma(v_mul(parameter, x[0]), x[0], one), x[1]);
        next[1] = v_mul(v_set1(c[0]), x[0]);
        break;
    case LYAP_SYSTEM_STANDARD:
        v_sincospi(x[1], &sine, &cosine);
        next[0] = wrap(v_fma(v_mul(parameter, v_set1((real)0.31830988618379067154)), sine, x[0]));
        next[1] = wrap(v_add(x[1], next[0]));
        break;
    case LYAP_SYSTEM_LORENZ:
        runge_kutta(c, parameter, x, NULL, points, next);
        break;
    case LYAP_SYSTEM_QUADRATIC:
        quadratic_step(c, parameter, x, n, next);
        break;
    case LYAP_SYSTEM_DOUBLE_WELL:
        next[0] = v_fma(v_mul(parameter, x[0]), v_fnma(x[0], x[0], one), x[0]);
        break;
    default:
        break;
    }
}

/* A tangent vector along the step that `points` holds. */
ALWAYS_INLINE void system_tangent(enum lyap_system system, const real *c, vec parameter, size_t n,
                                  const struct system_points *points, const vec *v, vec *next) {
    const vec one = v_set1(1), two = v_set1(2);
    const vec *x = points->x[0];
    vec sine, cosine;
    switch (system) {
    case LYAP_SYSTEM_LOGISTIC:
        next[0] = v_mul(v_mul(parameter, v_fnma(two, x[0], one)), v[0]);
        break;
    case LYAP_SYSTEM_TENT:
        next[0] = v_mul(v_select(v_le(x[0], v_set1((real)0.5)), parameter, v_sub(v_set1(0), parameter)), v[0]);
        break;
    case LYAP_SYSTEM_HENON:
        next[0] = v_fnma(v_mul(v_mul(two, parameter), x[0]), v[0], v[1]);
        next[1] = v_mul(v_set1(c[0]), v[0]);
        break;
    case LYAP_SYSTEM_STANDARD:
        v_sincospi(x[1], &sine, &cosine);
        next[0] = v_fma(v_mul(parameter, cosine), v[1], v[0]);
        next[1] = v_add(v[1], next[0]);
        break;
    case LYAP_SYSTEM_LORENZ:
        runge_kutta(c, parameter, v, points, NULL, next);
        break;
    case LYAP_SYSTEM_QUADRATIC:
        quadratic_step(c, parameter, v, n, next);
        break;
    case LYAP_SYSTEM_DOUBLE_WELL:
        next[0] = v_mul(v_fma(parameter, v_fnma(v_set1(3), v_mul(x[0], x[0]), one), one), v[0]);
        break;
    default:
        break;
    }
}

#endif
