/* Operands copied to where a tile reads them one after the other: columns of b in full vectors, a panel's rows of a next to each other. */
#ifndef LYAP_SIMD_PASSES_PACK_H
#define LYAP_SIMD_PASSES_PACK_H

#include "simd/passes/tile.h"
#include "simd/passes/transpose.h"

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

/* Rows of a copied panel: PANEL_ROWS in full vectors. */
enum { PACKED_ROWS = (PANEL_ROWS + VEC_LANES - 1) / VEC_LANES * VEC_LANES };

/* Copies `length` terms of a panel, row r of term i from a[r * a_row + i * a_step], where a_row or a_step is 1. */
static inline void pack_panel(const real *a, size_t a_row, size_t a_step, size_t length, real *to) {
    if (a_row != 1) {
        transpose_rows(a, a_row, PANEL_ROWS, length, to, PACKED_ROWS, PACKED_ROWS);
        return;
    }
    for (size_t i = 0; i < length; i++, a += a_step, to += PACKED_ROWS)
        for (size_t r = 0; r < PANEL_ROWS; r += VEC_LANES) v_store(to + r, load_part(a + r, PANEL_ROWS - r));
}

#endif
