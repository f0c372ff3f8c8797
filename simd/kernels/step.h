/* One update of the parent and its neighbours, of a block's width: step_layers(shape, group, span, result) takes some trajectories, and
 * step_all(shape, group, careful, instance) all. */
#ifndef LYAP_SIMD_KERNELS_STEP_H
#define LYAP_SIMD_KERNELS_STEP_H

#include "simd/isa/vec.h"

#if LYAP_WIDTH == 1
#include "simd/one/step.h"
#else
#include "simd/block/step.h"
#endif

#endif
