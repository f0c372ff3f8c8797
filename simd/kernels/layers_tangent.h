/* Hessian-vector products in memory, of a block's width. Both widths offer
 *
 *   layers_tangent_scratch(shape, threads)          vectors of workspace that layers_tangent_tile hands out
 *   layers_tangent_tile(shape, block, w, room, tangent)
 *   layers_factors(shape, tile)                     what of the parent all tangents need
 *   layers_tangent_pass(shape, tile, tangent, v, first)   one direction through the chunk
 *   layers_tangent_sums(shape, tangent)             the sums of H v after the last chunk */
#ifndef LYAP_SIMD_KERNELS_LAYERS_TANGENT_H
#define LYAP_SIMD_KERNELS_LAYERS_TANGENT_H

#include "simd/isa/vec.h"

#if LYAP_WIDTH == 1
#include "simd/one/layers_tangent.h"
#else
#include "simd/block/layers_tangent.h"
#endif

#endif
