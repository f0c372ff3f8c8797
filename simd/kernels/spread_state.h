/* Where one cell over all lanes has its trajectories: trajectory t in lane t % 16 of tile t / 16, the parent in lane 0 of tile 0
 * (kernels/spread.h). */
#ifndef LYAP_SIMD_KERNELS_SPREAD_STATE_H
#define LYAP_SIMD_KERNELS_SPREAD_STATE_H

#include "simd/kernels.h"
#include "simd/isa/vec.h"

static inline size_t spread_tiles(const struct lyap_block *block) {
    return (block->trajectories + BLOCK - 1) / BLOCK;
}

/* Component p of trajectory t. */
static inline real *spread_at(const struct lyap_block *block, size_t t, size_t p) {
    return (real *)block->weights + (t / BLOCK * block->shape->dimension + p) * BLOCK + t % BLOCK;
}

/* True if every neighbour's measured state equals the parent's. */
static bool spread_is_merged(const struct lyap_block *block) {
    for (size_t t = 1; t < block->trajectories; t++)
        for (size_t p = 0; p < block->shape->measured; p++)
            if (*spread_at(block, t, p) != *spread_at(block, 0, p)) return false;
    return true;
}

#endif
