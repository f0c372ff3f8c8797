/* Long vectors under re-orthonormalisation, of a block's width. Both widths offer
 *
 *   vectors_dot(u, v, n, measured, width, dot)           dot[j] = sum over p < measured of u[p] v[j n + p], in ascending p
 *   vectors_subtract(part, u, v, n, where)               v -= part u
 *   vectors_scale(u, factor, n, where, zeroes, usable)   u *= factor, with `zeroes` 0 outside `usable` */
#ifndef LYAP_SIMD_KERNELS_VECTORS_H
#define LYAP_SIMD_KERNELS_VECTORS_H

#include "simd/isa/vec.h"
#include "simd/kernels/inline.h"

/* The lanes that are written: all, or if `careful` those of `active`. */
struct written {
    bool careful;
    vmask active;
};

#if LYAP_WIDTH == 1
#include "simd/one/vectors.h"
#else
#include "simd/block/vectors.h"
#endif

#endif
