/* One step of a known system and its tangents; a function each, so that its formulas and dimension are constants. */
#ifndef LYAP_SIMD_KERNELS_KNOWN_STEP_H
#define LYAP_SIMD_KERNELS_KNOWN_STEP_H

#include "simd/kernels/system.h"
#include "simd/kernels/tangent_group.h"

ALWAYS_INLINE void known_step(enum lyap_system system, size_t n, struct tangent_group *g, uint32_t epoch) {
    struct system_points points;
    vec v[LYAP_SYSTEM_MOST], next[LYAP_SYSTEM_MOST];
    for (size_t i = 0; i < LYAP_SYSTEM_MOST; i++) {
        points.x[0][i] = i < n ? v_load(g->w + i * BLOCK) : v_set1(0);
        points.next[i] = next[i] = v_set1(0);
    }
    g->measure = v_mul(points.x[0][0], points.x[0][0]);
    for (size_t i = 1; i < n; i++) g->measure = v_fma(points.x[0][i], points.x[0][i], g->measure);
    bool careful = check_measure(g, epoch, false);
    vmask active = m_from_bits(g->moving);
    system_state(system, g->constants, g->lr, n, &points);
    for (size_t k = 0; k < g->tangents->vectors; k++) {
        real *vk = g->v + k * n * BLOCK;
        for (size_t i = 0; i < LYAP_SYSTEM_MOST; i++) v[i] = i < n ? v_load(vk + i * BLOCK) : v_set1(0);
        system_tangent(system, g->constants, g->lr, n, &points, v, next);
        put(next, vk, n, careful, active);
    }
    put(points.next, g->w, n, careful, active);
    g->alive = m_from_bits((1u << VEC_LANES) - 1u);
}

typedef void known_function(struct tangent_group *g, uint32_t epoch);

/* Constant, name, dimension; 0 for that of the call. */
#define KNOWN_SYSTEMS(X)                                                                                               \
    X(LOGISTIC, logistic, 1)                                                                                           \
    X(TENT, tent, 1)                                                                                                   \
    X(HENON, henon, 2)                                                                                                 \
    X(STANDARD, standard, 2)                                                                                           \
    X(LORENZ, lorenz, 3)                                                                                               \
    X(QUADRATIC, quadratic, 0)                                                                                         \
    X(DOUBLE_WELL, double_well, 1)

#define KNOWN_STEP(constant, name, n)                                                                                  \
    NEVER_INLINE void known_##name(struct tangent_group *g, uint32_t epoch) {                                          \
        known_step(LYAP_SYSTEM_##constant, n ? n : g->tangents->dimension, g, epoch);                                  \
    }
KNOWN_SYSTEMS(KNOWN_STEP)

#define KNOWN_ENTRY(constant, name, n) [LYAP_SYSTEM_##constant] = known_##name,
static known_function *const known_steps[LYAP_SYSTEM_COUNT] = {KNOWN_SYSTEMS(KNOWN_ENTRY)};

#endif
