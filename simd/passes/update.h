/* Updates of one network's state and of its tangents: the rules of kernels/optimise.h over parameters that lie next to each other. */
#ifndef LYAP_SIMD_PASSES_UPDATE_H
#define LYAP_SIMD_PASSES_UPDATE_H

#include "simd/kernels/optimise.h"
#include "simd/passes.h"
#include "simd/passes/part.h"

/* The numbers of one lane, for all. */
static inline struct optimise_numbers numbers_of_lane(const real *n) {
    return (struct optimise_numbers){v_set1(n[0]), v_set1(n[1]), v_set1(n[2]),  v_set1(n[3]),
                                     v_set1(n[4]), v_set1(n[5]), v_set1(n[6]),  v_set1(n[7]),
                                     v_set1(n[8]), v_set1(n[9]), v_set1(n[10]), v_set1(n[11])};
}

/* One vector of parameters, `left` of which exist. */
ALWAYS_INLINE vmask update_vector(enum lyap_optimiser_kind kind, bool decays, const struct lyap_array_update *u,
                                  const struct optimise_numbers *n, size_t p, size_t left) {
    const bool has_m = rule_momentum(kind), has_s = rule_squares(kind);
    real *w = (real *)u->state + p, *at_m = w + u->parameters, *at_s = has_m ? at_m + u->parameters : at_m;
    vec m = has_m ? load_part(at_m, left) : v_set1(0), s = has_s ? load_part(at_s, left) : v_set1(0);
    vec sum = load_part((const real *)u->sums + p, left);
    vec new = rule_step(kind, decays, n, sum, load_part(w, left), &m, &s);
    if (!u->still) {
        store_part(w, new, left);
        if (has_m) store_part(at_m, m, left);
        if (has_s) store_part(at_s, s, left);
    }
    return v_ne(sum, v_set1(0));
}

ALWAYS_INLINE bool update_kind(enum lyap_optimiser_kind kind, bool decays, const struct lyap_array_update *u) {
    const struct optimise_numbers n = numbers_of_lane(u->numbers);
    vmask alive = m_none();
    size_t p = u->from;
    for (; p + VEC_LANES <= u->to; p += VEC_LANES)
        alive = m_or(alive, update_vector(kind, decays, u, &n, p, VEC_LANES));
    if (p < u->to) alive = m_or(alive, update_vector(kind, decays, u, &n, p, u->to - p));
    return m_bits(alive) != 0;
}

static bool update_array(const struct lyap_array_update *u) {
    if (u->kind == LYAP_GD && !u->decays) return update_kind(LYAP_GD, false, u);
#define CASE(constant, name, ...)                                                                                      \
    case LYAP_##constant:                                                                                              \
        return update_kind(LYAP_##constant, u->decays, u);
    switch ((int)u->kind) { LYAP_OPTIMISER_LIST(CASE) }
#undef CASE
    return false;
}

/* As optimise_tangent in simd/block/update.h. */
ALWAYS_INLINE vmask tangent_vector(enum lyap_optimiser_kind kind, bool decays, const struct lyap_array_update *u,
                                   const struct optimise_numbers *n, size_t p, size_t left) {
    const bool has_m = rule_momentum(kind), has_s = rule_squares(kind), penalty = decays && !rule_decoupled(kind);
    const real *w = (const real *)u->state + p, *at_m = w + u->parameters, *at_s = has_m ? at_m + u->parameters : at_m;
    real *t = (real *)u->tangent + p, *t_m = t + u->parameters, *t_s = has_m ? t_m + u->parameters : t_m;
    vec dw = load_part(t, left), product = load_part((const real *)u->products + p, left), new;
    vec dm = has_m ? load_part(t_m, left) : v_set1(0), ds = has_s ? load_part(t_s, left) : v_set1(0);
    if (kind == LYAP_GD && !decays) {
        new = v_fnma(n->step, product, dw);
    } else {
        const vec m = has_m ? load_part(at_m, left) : v_set1(0), s = has_s ? load_part(at_s, left) : v_set1(0);
        vec dg = v_mul(n->scale, product);
        if (penalty) dg = v_fma(n->weight_decay, dw, dg);
        vec g = whole_gradient(kind, decays, n, load_part((const real *)u->sums + p, left), load_part(w, left));
        new = rule_tangent(kind, n, (struct optimise_change){dg, g, m, s}, dw, &dm, &ds);
    }
    if (!u->still) {
        store_part(t, new, left);
        if (has_m) store_part(t_m, dm, left);
        if (has_s) store_part(t_s, ds, left);
    }
    return v_ne(product, v_set1(0));
}

ALWAYS_INLINE bool tangent_kind(enum lyap_optimiser_kind kind, bool decays, const struct lyap_array_update *u) {
    const struct optimise_numbers n = numbers_of_lane(u->numbers);
    vmask alive = m_none();
    size_t p = u->from;
    for (; p + VEC_LANES <= u->to; p += VEC_LANES)
        alive = m_or(alive, tangent_vector(kind, decays, u, &n, p, VEC_LANES));
    if (p < u->to) alive = m_or(alive, tangent_vector(kind, decays, u, &n, p, u->to - p));
    return m_bits(alive) != 0;
}

static bool update_tangent_array(const struct lyap_array_update *u) {
    if (u->kind == LYAP_GD && !u->decays) return tangent_kind(LYAP_GD, false, u);
#define CASE(constant, name, ...)                                                                                      \
    case LYAP_##constant:                                                                                              \
        return tangent_kind(LYAP_##constant, u->decays, u);
    switch ((int)u->kind) { LYAP_OPTIMISER_LIST(CASE) }
#undef CASE
    return false;
}

#endif
