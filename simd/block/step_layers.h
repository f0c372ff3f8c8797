/* One update of some trajectories by matrix products: every shape, activation, loss and optimiser. */
#ifndef LYAP_SIMD_BLOCK_STEP_LAYERS_H
#define LYAP_SIMD_BLOCK_STEP_LAYERS_H

#include "simd/kernels/group.h"
#include "simd/kernels/update.h"

/* Every shape and optimiser, by matrix products. */
static void step_layers(const struct lyap_shape *shape, const struct group *group, const struct span *span,
                        struct epoch_result *result) {
    struct tile tile = layers_tile(shape, group->block, group->w + span->first * shape->dimension * BLOCK,
                                   group->workspace, shape->tile);
    tile.count = span->count;
    for (size_t from = 0; from < shape->samples; from += shape->chunk) {
        tile_chunk(shape, &tile, group->x, group->y, from);
        layers_columns(&tile, group->block, from);
        result->loss_sum = layers_forward(shape, &tile, span->is_parent, result->loss_sum);
        for (size_t t = 0; t < span->count; t++) {
            layers_backward(shape, &tile, t);
            layers_gradient(shape, &tile, t, group->gradient, from == 0);
            if (from + tile.samples < shape->samples) continue;
            struct optimise u = {.rule = &shape->rule,
                                 .lanes = group->block->lanes,
                                 .lane = group->lane,
                                 .lr = group->lr,
                                 .scale = batch_scale(shape),
                                 .correction = {group->correction[0], group->correction[1]},
                                 .sums = group->gradient,
                                 .parent = span->is_parent ? NULL : group->w,
                                 .full_state = shape->rule.full_state,
                                 .careful = span->careful,
                                 .active = group->active,
                                 .alive = result->alive};
            optimise(shape, &u, tile.w + t * shape->dimension * BLOCK);
            result->alive = u.alive;
            if (!span->is_parent) result->distance_sum = v_add(result->distance_sum, v_sqrt(u.squares));
        }
    }
}

#endif
