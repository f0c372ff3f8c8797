/* One update of the parent and its neighbours, in the form that fits the shape. */
#ifndef LYAP_SIMD_BLOCK_STEP_H
#define LYAP_SIMD_BLOCK_STEP_H

#include "simd/kernels/group.h"
#include "simd/kernels/loops.h"
#include "simd/kernels/paper.h"
#include "simd/block/step_layers.h"

/* The paper's network, and the distances of the networks DISTANCE_DELAY before. */
ALWAYS_INLINE void step_paper(const struct lyap_shape *shape, const struct group *group, const struct span *span,
                              enum instance instance, struct epoch_result *result) {
    const enum lyap_activation f = shape->activation[0];
    const size_t first = span->first, count = span->count;
    const size_t stride = PAPER_PARAMETERS * BLOCK, hidden = PAPER_SAMPLES * PAPER_HIDDEN;
    vec local[PAPER_UNITS], *a = instance == FUSED ? local : group->a, *out = a + count * hidden;
    real *w = group->w + first * stride;
    for (size_t t = 0; t < count; t++) paper_hidden(f, w + t * stride, group->x, a + t * hidden);
    if (f != LYAP_RELU) activate(f, a, count * hidden);
    for (size_t t = 0; t < count; t++) paper_output(f, w + t * stride, a + t * hidden, out + t * PAPER_SAMPLES);
    if (f != LYAP_RELU) activate(f, out, count * PAPER_SAMPLES);
    for (size_t t = 0; t < count; t++) {
        struct update u = {.step = group->step,
                           .first_chunk = true,
                           .last_chunk = true,
                           .careful = span->careful,
                           .active = group->active,
                           .alive = result->alive};
        struct paper_step step = {.activation = f,
                                  .x = group->x,
                                  .y = group->y,
                                  .before =
                                      first + t > DISTANCE_DELAY ? w + t * stride - DISTANCE_DELAY * stride : NULL,
                                  .parent = group->w,
                                  .with_loss = span->is_parent,
                                  .loss = result->loss_sum};
        paper_descend(&step, w + t * stride, a + t * hidden, out + t * PAPER_SAMPLES, &u);
        result->loss_sum = step.loss;
        result->alive = u.alive;
        if (step.before) result->distance_sum = v_add(result->distance_sum, v_sqrt(step.squares));
    }
}

/* Steps the trajectories of a span. */
ALWAYS_INLINE void step_span(const struct lyap_shape *shape, const struct group *group, const struct span *span,
                             enum instance instance, struct epoch_result *result) {
    if (instance == FUSED || instance == PASSES)
        step_paper(shape, group, span, instance, result);
    else if (instance == LOOPS)
        step_loops(shape, group, span, result);
    else
        step_layers(shape, group, span, result);
}

/* One update of the parent and all neighbours. */
ALWAYS_INLINE struct epoch_result step_all(const struct lyap_shape *shape, const struct group *group, bool careful,
                                           enum instance instance) {
    struct epoch_result result = {.loss_sum = v_set1(0), .distance_sum = v_set1(0), .alive = m_none()};
    const size_t trajectories = group->block->trajectories;
    const struct span parent = {0, 1, true, careful};
    step_span(shape, group, &parent, instance, &result);
    if (instance == FUSED) {
        /* Two loops, so that the long one need not ask whether a distance is due. */
        for (size_t t = 1; t <= DISTANCE_DELAY && t < trajectories; t++) {
            const struct span one = {t, 1, false, careful};
            step_span(shape, group, &one, instance, &result);
        }
        for (size_t t = DISTANCE_DELAY + 1; t < trajectories; t++) {
            const struct span one = {t, 1, false, careful};
            step_span(shape, group, &one, instance, &result);
        }
    } else {
        for (size_t t = 1; t < trajectories; t += shape->tile) {
            size_t left = trajectories - t;
            const struct span tile = {t, left < shape->tile ? left : shape->tile, false, careful};
            step_span(shape, group, &tile, instance, &result);
        }
    }
    if (instance == FUSED || instance == PASSES) {
        size_t due = trajectories > DISTANCE_DELAY ? trajectories - DISTANCE_DELAY : 1;
        for (; due < trajectories; due++) {
            const real *w = group->w + due * PAPER_PARAMETERS * BLOCK;
            result.distance_sum = v_add(result.distance_sum, paper_distance(w, group->w));
        }
    }
    return result;
}

#endif
