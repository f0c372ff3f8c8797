/* One vector of cells through its steps in tangent space, and the re-orthonormalisation of its tangents. The networks' steps and
 * the known systems' differ in one function; everything after it is common. */
#ifndef LYAP_SIMD_KERNELS_LYAPUNOV_H
#define LYAP_SIMD_KERNELS_LYAPUNOV_H

#if LYAP_WIDTH != 1 /* a known system is no network */
#include "simd/kernels/known_step.h"
#endif
#include "simd/kernels/orthogonal.h"
#include "simd/kernels/tangent_step.h"

/* What a vector of cells is taken through, a constant of each instance. */
struct followed {
    const struct lyap_shape *shape; /* NULL for a known system */
    enum instance instance;
    size_t n;       /* dimension of state and tangents */
    size_t vectors; /* number of tangents where it is a constant, otherwise 0 */
};

/* The instance of the orthonormalisation. */
ALWAYS_INLINE struct orthogonal_events orthonormalise_group(const struct followed *what, const struct orthonormal *o) {
    if (what->instance == TILES) {
        if (o->careful) return orthonormalise_any_careful(o);
        if (!what->shape && o->n == 1) return orthonormalise_1(o);
        if (!what->shape && o->n == 2) return orthonormalise_2(o);
        if (!what->shape && o->n == 3) return orthonormalise_3(o);
        return orthonormalise_any(o);
    }
    if (o->vectors == 1) return o->careful ? normalise_9(*o, true) : normalise_9(*o, false);
    return o->careful ? orthonormalise_9_careful(o) : orthonormalise_9(o);
}

/* Re-orthonormalises and records the stretching of `steps` steps up to and with `epoch` as event number `event`. */
ALWAYS_INLINE void stretch(const struct followed *what, struct tangent_group *g, uint32_t epoch, uint32_t event,
                           uint32_t steps) {
    struct lyap_tangents *t = g->tangents;
    real *norms = (real *)t->norms + (size_t)event * t->vectors * BLOCK + g->lane;
    const unsigned all = (1u << VEC_LANES) - 1u;
    const struct orthonormal o = {.v = g->v,
                                  .vectors = g->vectors,
                                  .n = what->n,
                                  .measured = t->measured,
                                  .steps = steps,
                                  .careful = g->moving != all,
                                  .active = m_from_bits(g->moving),
                                  .norms = norms,
                                  .spread = g->spread,
                                  .resolved = t->resolved + g->lane};
    const struct orthogonal_events events = orthonormalise_group(what, &o);
    if (events.infinite) {
        vmask wrong = m_from_bits(events.infinite);
        for (size_t k = 0; k < t->vectors; k++)
            v_store(norms + k * BLOCK, v_select(wrong, v_set1(1), v_load(norms + k * BLOCK)));
        for (size_t i = 0; i < VEC_LANES; i++) {
            if (!(events.infinite >> i & 1)) continue;
            g->block->frozen |= 1u << (g->lane + i);
            g->block->outcome[g->lane + i] = LYAP_OVERFLOW;
            g->block->event_epoch[g->lane + i] = epoch;
            g->block->losses[g->lane + i] = epoch + 1;
        }
        g->moving &= ~events.infinite;
    }
    for (size_t i = 0; i < VEC_LANES; i++)
        if (g->moving >> i & 1) t->steps[g->lane + i] = epoch + 1;
}

/* Steps first .. first+count-1. */
ALWAYS_INLINE void follow_group(const struct followed *what, struct lyap_block *block, struct lyap_tangents *tangents,
                                size_t lane, uint32_t first, uint32_t count) {
    const struct lyap_shape *shape = what->shape;
    const size_t components = shape ? shape->parameters : what->n;
#if LYAP_WIDTH != 1
    known_function *known = shape ? NULL : known_steps[tangents->system];
#endif
    struct tangent_group g = tangent_group_of(block, tangents, lane);
    const vec lr = g.lr;
    if (what->vectors) g.vectors = what->vectors;
    uint32_t since = tangents->since, event = 0, i = 0, until = steps_to_extent(tangents, first);
    for (; i < count && g.moving; i++) {
        uint32_t epoch = first + i;
        bool last = tangents->look && i + 1 == count;
        if (shape) {
            set_step_inputs(shape, &g.group, lr, i);
            if (what->instance != TILES) set_steps(&g);
        }
        if (shape && what->instance == TILES)
            layers_step(shape, &g, epoch, last);
        else if (shape)
            network_step(shape, &g, epoch, last, what->instance);
#if LYAP_WIDTH != 1
        else
            known(&g, epoch);
#endif
        store_measure(&g, i);
        if (--until == 0) {
            note_extent(tangents, lane, g.w, components);
            until = tangents->extent_every;
        }
        if (tangents->reference) note_recurrence(tangents, lane, g.w, components, i);
        if (last) note_alive(block, lane, g.moving, m_bits(g.alive));
        if (++since < tangents->qr_every && (i + 1 < count || tangents->unfinished)) continue;
        stretch(what, &g, epoch, event++, since);
        since = 0;
    }
    for (size_t j = 0; j < VEC_LANES; j++)
        if (g.moving >> j & 1) block->losses[lane + j] = first + count;
    /* No lane moves any more: nothing stretches in the events to come. */
    const uint32_t steps = tangents->since + count, left = steps % tangents->qr_every;
    const uint32_t events = steps / tangents->qr_every + (left && !tangents->unfinished);
    for (; event < events; event++)
        for (size_t k = 0; k < tangents->vectors; k++)
            v_store((real *)tangents->norms + ((size_t)event * tangents->vectors + k) * BLOCK + lane, v_set1(1));
}

#endif
