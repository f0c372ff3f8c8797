/* Vectors at any place of an array, and what is left of it at its end: lanes beyond are zero, and are not written. */
#ifndef LYAP_SIMD_PASSES_PART_H
#define LYAP_SIMD_PASSES_PART_H

#include <stddef.h>

#include "simd/isa/vec.h"
#include "simd/kernels/inline.h"

/* The vector that begins at p where `left` reals remain. */
ALWAYS_INLINE vec load_part(const real *p, size_t left) {
    return left >= VEC_LANES ? v_load_any(p) : v_load_some(p, left);
}
ALWAYS_INLINE void store_part(real *p, vec a, size_t left) {
    if (left >= VEC_LANES)
        v_store_any(p, a);
    else
        v_store_some(p, a, left);
}

#endif
