/* Forward pass and gradient in memory, of a block's width. Both widths offer
 *
 *   layers_room(shape, most, threads)               vectors of workspace of a tile of so many trajectories
 *   layers_tile(shape, block, w, workspace, most)   that tile, its state at w
 *   layers_columns(tile, block, from)               x across its rows, where the block has it so
 *   layers_forward(shape, tile, with_loss, sum)     activations; returns sum plus the chunk's loss
 *   layers_backward(shape, tile, t)                 dL/dz of trajectory t, and for tangents the bends
 *   layers_gradient(shape, tile, t, sums, first)    begins or adds to the sums of its gradient
 *
 * and give the same bits. */
#ifndef LYAP_SIMD_KERNELS_LAYERS_H
#define LYAP_SIMD_KERNELS_LAYERS_H

#include "simd/kernels/activation.h"
#include "simd/kernels.h"

static inline bool stores_slopes(const struct lyap_shape *shape) {
    for (int l = 0; l < shape->layers; l++)
        if (slope_is_stored(shape->activation[l])) return true;
    return shape->loss == LYAP_SOFTMAX; /* whose exponentials use the room */
}

#if LYAP_WIDTH == 1
#include "simd/one/layers.h"
#else
#include "simd/block/layers.h"
#endif

#endif
