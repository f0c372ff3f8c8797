/* A step of a small network under plain gradient descent: the loops of kernels/network.h over a layer's units, in memory, with
 * the update in the loop that makes the gradient's sums. simd/README.md has the three forms of a step. */
#ifndef LYAP_SIMD_KERNELS_LOOPS_H
#define LYAP_SIMD_KERNELS_LOOPS_H

#include "simd/kernels/group.h"
#include "simd/kernels/network.h"

/* Back-propagation and update of trajectory t of the tile. */
ALWAYS_INLINE void loops_descend(const struct lyap_shape *shape, const struct tile *tile, size_t t, struct update *u) {
    backward_output(shape, tile, t);
    for (int l = shape->layers - 1; l > 0; l--) backward_at(shape, tile, t, l);
    for (int l = 0; l < shape->layers; l++) update_at(shape, tile, t, l, u);
}

/* The samples of one chunk of a tile: forward, back, gradient, and with the last of them the update. */
ALWAYS_INLINE void loops_chunk(const struct lyap_shape *shape, const struct group *group, const struct span *span,
                               struct tile *tile, size_t from, struct epoch_result *result) {
    tile_chunk(shape, tile, group->x, group->y, from);
    vec sum = result->loss_sum;
    for (int l = 0; l < shape->layers; l++) sum = forward_at(shape, tile, l, span->is_parent, sum);
    result->loss_sum = sum;
    const bool last_chunk = from + tile->samples == shape->samples;
    for (size_t t = 0; t < tile->count; t++) {
        struct update u = {.parent = span->is_parent ? NULL : group->w,
                           .step = group->step,
                           .gradient = group->gradient,
                           .first_chunk = from == 0,
                           .last_chunk = last_chunk,
                           .careful = span->careful,
                           .active = group->active,
                           .alive = result->alive,
                           .squares = v_set1(0)};
        loops_descend(shape, tile, t, &u);
        result->alive = u.alive;
        if (last_chunk && !span->is_parent) result->distance_sum = v_add(result->distance_sum, v_sqrt(u.squares));
    }
}

NEVER_INLINE void step_loops(const struct lyap_shape *shape, const struct group *group, const struct span *span,
                             struct epoch_result *result) {
    struct tile tile = {
        .w = group->w + span->first * shape->dimension * BLOCK, .count = span->count, .a = group->a, .d = group->d};
    for (size_t from = 0; from < shape->samples; from += shape->chunk)
        loops_chunk(shape, group, span, &tile, from, result);
}

#endif
