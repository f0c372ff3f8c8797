/* Columns of a matrix copied to lie next to each other, so that a tile reads full vectors one after the other. */
#ifndef LYAP_SIMD_PASSES_PACK_H
#define LYAP_SIMD_PASSES_PACK_H

#include "simd/passes/tile.h"

/* Copies a tile's columns, or as many as there are `left`, in one vector or two; the lanes beyond are zero. The place after the copy. */
static inline real *pack_columns(const real *b, size_t b_row, size_t length, size_t left, real *to) {
    if (left >= TILE_COLUMNS) {
        for (size_t i = 0; i < length; i++, b += b_row, to += TILE_COLUMNS)
            for (size_t v = 0; v < TILE_VECTORS; v++) v_store(to + v * VEC_LANES, v_load_any(b + v * VEC_LANES));
    } else if (left > VEC_LANES) {
        for (size_t i = 0; i < length; i++, b += b_row, to += TILE_COLUMNS) {
            v_store(to, v_load_any(b));
            v_store(to + VEC_LANES, v_load_some(b + VEC_LANES, left - VEC_LANES));
        }
    } else {
        for (size_t i = 0; i < length; i++, b += b_row, to += VEC_LANES) v_store(to, v_load_some(b, left));
    }
    return to;
}

#endif
