/* One update of one network's trajectories (simd/kernels/step.h), one after another, and then their distances. */
#ifndef LYAP_SIMD_ONE_STEP_H
#define LYAP_SIMD_ONE_STEP_H

#include "simd/kernels/group.h"
#include "simd/kernels/update.h"

/* Distances that are summed side by side: each sum is a chain. */
enum { SIDE_BY_SIDE = 8 };

/* Squared distances of `count` trajectories from the parent over n components of all states from `at` on, in ascending order. */
ALWAYS_INLINE void squared_distances(const real *parent, const real *first, size_t dimension, size_t n, size_t count,
                                     real *squares) {
    real sum[SIDE_BY_SIDE] = {0};
    for (size_t p = 0; p < n; p++)
        for (size_t t = 0; t < count; t++) {
            const real difference = first[t * dimension + p] - parent[p];
            sum[t] = v_fma(difference, difference, sum[t]);
        }
    for (size_t t = 0; t < count; t++) squares[t] = sum[t];
}

/* The sums over w, m and s are separate, and added in this order. */
static void distances(const struct lyap_shape *shape, const real *parent, const real *first, size_t count,
                      real *squares) {
    const size_t dimension = shape->dimension, parameters = shape->parameters;
    const enum lyap_optimiser_kind kind = shape->rule.kind;
    real part[SIDE_BY_SIDE], all[3][SIDE_BY_SIDE] = {{0}};
    for (size_t buffer = 0; buffer * parameters < shape->measured; buffer++) {
        const size_t at = buffer * parameters, which = buffer == 0 || rule_momentum(kind) ? buffer : 2;
        if (count == SIDE_BY_SIDE)
            squared_distances(parent + at, first + at, dimension, parameters, SIDE_BY_SIDE, part);
        else if (count == 1)
            squared_distances(parent + at, first + at, dimension, parameters, 1, part);
        else
            squared_distances(parent + at, first + at, dimension, parameters, count, part);
        for (size_t t = 0; t < count; t++) all[which][t] = part[t];
    }
    for (size_t t = 0; t < count; t++)
        squares[t] = shape->rule.full_state ? all[0][t] + all[1][t] + all[2][t] : all[0][t];
}

static void step_one(const struct lyap_shape *shape, const struct group *group, const struct span *span, size_t t,
                     struct epoch_result *result) {
    const struct lyap_block *block = group->block;
    real *w = group->w + t * shape->dimension;
    struct tile tile = layers_tile(shape, block, w, group->workspace, 1);
    for (size_t from = 0; from < shape->samples; from += shape->chunk) {
        tile_chunk(shape, &tile, group->x, group->y, from);
        layers_columns(&tile, block, from);
        result->loss_sum = layers_forward(shape, &tile, span->is_parent, result->loss_sum);
        layers_backward(shape, &tile, 0);
        layers_gradient(shape, &tile, 0, group->gradient, from == 0);
    }
    struct optimise u = {.rule = &shape->rule,
                         .lanes = block->lanes,
                         .lr = group->lr,
                         .scale = batch_scale(shape),
                         .correction = {group->correction[0], group->correction[1]},
                         .sums = group->gradient,
                         .careful = span->careful,
                         .active = group->active,
                         .alive = result->alive,
                         .block = block};
    optimise(shape, &u, w);
    result->alive = u.alive;
}

/* Multiply-adds of a trajectory's passes from which on the caller may end a step between trajectories. */
static const double long_step = 1e7;

/* False if the caller wants no more of the step. */
static bool step_goes_on(const struct lyap_shape *shape, const struct lyap_block *block) {
    return !block->goes_on || (double)shape->parameters * (double)shape->samples < long_step ||
           block->goes_on(block->context);
}

static void step_layers(const struct lyap_shape *shape, const struct group *group, const struct span *span,
                        struct epoch_result *result) {
    for (size_t t = span->first; t < span->first + span->count && step_goes_on(shape, group->block); t++)
        step_one(shape, group, span, t, result);
    for (size_t t = 0; t < span->count && !span->is_parent; t += SIDE_BY_SIDE) {
        const size_t left = span->count - t, count = left < SIDE_BY_SIDE ? left : SIDE_BY_SIDE;
        real squares[SIDE_BY_SIDE];
        distances(shape, group->w, group->w + (span->first + t) * shape->dimension, count, squares);
        for (size_t i = 0; i < count; i++) result->distance_sum = result->distance_sum + v_sqrt(squares[i]);
    }
}

/* One update of the parent and all neighbours; they have one form. */
static struct epoch_result step_all(const struct lyap_shape *shape, const struct group *group, bool careful,
                                    enum instance instance) {
    struct epoch_result result = {.loss_sum = 0, .distance_sum = 0, .alive = m_none()};
    const struct span parent = {0, 1, true, careful}, neighbours = {1, group->block->trajectories - 1, false, careful};
    (void)instance;
    step_layers(shape, group, &parent, &result);
    step_layers(shape, group, &neighbours, &result);
    return result;
}

#endif
