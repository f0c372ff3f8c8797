/* Products of the Hessian with a vector at the parents, over all samples. */
#ifndef LYAP_SIMD_KERNELS_HESSIAN_H
#define LYAP_SIMD_KERNELS_HESSIAN_H

#include "simd/kernels/layers_tangent.h"

/* out = H v of the loss, without the penalty of a weight decay, at the vector's parents; v and out at this lane,
 * [parameters][BLOCK]. */
static void hessian_group(struct lyap_block *block, struct lyap_tangents *tangents, size_t lane, const real *v,
                          real *out) {
    const struct lyap_shape *shape = block->whole;
    struct layers_tangent tangent;
    vec *room = tangents->workspace;
    struct tile tile = layers_tangent_tile(shape, block, (real *)block->weights + lane, room, &tangent);
    tangent.sums = room + layers_tangent_scratch(shape, block_threads(block));
    tangent.crossed = tangent.sums + shape->parameters;
    for (size_t from = 0; from < shape->samples; from += shape->chunk) {
        tile_chunk(shape, &tile, block->whole_x, block->whole_y, from);
        layers_columns(&tile, block, from);
        layers_forward(shape, &tile, false, v_set1(0));
        layers_backward(shape, &tile, 0);
        layers_factors(shape, &tile);
        layers_tangent_pass(shape, &tile, &tangent, v, from == 0);
    }
    layers_tangent_sums(shape, &tangent);
    const vec scale = v_set1(batch_scale(shape));
    for (size_t p = 0; p < shape->parameters; p++) v_store(out + p * BLOCK, v_mul(scale, tangent.sums[p]));
}

#endif
