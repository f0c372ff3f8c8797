/* Vectors at any place of an array, and what is left of it at its end: lanes beyond are zero, and are not written. */
#ifndef LYAP_SIMD_PASSES_PART_H
#define LYAP_SIMD_PASSES_PART_H

#include <stddef.h>
#include <string.h>

#include "simd/isa/vec.h"
#include "simd/kernels/inline.h"

/* The first `n` lanes, n < VEC_LANES: loads and stores of an array's end. */
static inline vec load_end(const real *p, size_t n) {
    _Alignas(64) real lanes[VEC_LANES] = {0};
    memcpy(lanes, p, n * sizeof *p);
    return v_load(lanes);
}
static inline void store_end(real *p, vec a, size_t n) {
    _Alignas(64) real lanes[VEC_LANES];
    v_store(lanes, a);
    memcpy(p, lanes, n * sizeof *p);
}

/* The vector that begins at p where `left` reals remain. */
ALWAYS_INLINE vec load_part(const real *p, size_t left) {
    return left >= VEC_LANES ? v_load_any(p) : load_end(p, left);
}
ALWAYS_INLINE void store_part(real *p, vec a, size_t left) {
    if (left >= VEC_LANES)
        v_store_any(p, a);
    else
        store_end(p, a, left);
}

#endif
