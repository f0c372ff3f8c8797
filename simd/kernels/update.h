/* The update of a trajectory's state and of its tangents, of a block's width: optimise(shape, update, state) and
 * optimise_tangent(shape, update, state, products, tangent). */
#ifndef LYAP_SIMD_KERNELS_UPDATE_H
#define LYAP_SIMD_KERNELS_UPDATE_H

#include "simd/isa/vec.h"

#if LYAP_WIDTH == 1
#include "simd/one/update.h"
#else
#include "simd/block/update.h"
#endif

#endif
