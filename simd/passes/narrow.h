/* Products of few columns whose rows of a lie next to each other, as a gradient's do: the lanes are rows of the product, not columns, which
 * would fill a part of a vector. The transposed product out^T = b^T a^T adds the same terms in the same order. */
#ifndef LYAP_SIMD_PASSES_NARROW_H
#define LYAP_SIMD_PASSES_NARROW_H

#include "simd/passes/blocks.h"
#include "simd/passes/transpose.h"

/* Columns at most, and rows that are taken together. The sums, [columns][NARROW_ROWS], lie in the scratch behind that of the blocks. */
enum { NARROW_COLUMNS = 32, NARROW_ROWS = 256 };
enum { NARROW_AT = (BLOCKS_SCRATCH + 15) / 16 * 16, NARROW_SCRATCH = NARROW_AT + NARROW_COLUMNS * NARROW_ROWS };

/* Whether the multiply-adds saved are more than what it takes to transpose the sums, there and back, about eight operations a vector. */
static inline bool is_narrow(const struct lyap_array_product *p) {
    if (p->columns > NARROW_COLUMNS || p->a_row != 1 || p->start == LYAP_START_BIAS) return false;
    const size_t high = (p->rows + VEC_LANES - 1) / VEC_LANES, wide = (p->columns + VEC_LANES - 1) / VEC_LANES;
    const size_t by_columns = p->rows * wide, by_rows = p->columns * high;
    return by_rows < by_columns && (by_columns - by_rows) * p->length > 16 * VEC_LANES * high * wide;
}

static void narrow_product(const struct lyap_array_product *p) {
    real *sums = (real *)p->scratch + NARROW_AT;
    struct lyap_array_product turned = {.a = p->b,
                                        .a_row = 1,
                                        .a_step = p->b_row,
                                        .b_row = p->a_step,
                                        .out = sums,
                                        .out_row = NARROW_ROWS,
                                        .rows = p->columns,
                                        .length = p->length,
                                        .start = p->start,
                                        .scratch = p->scratch};
    for (size_t r = 0; r < p->rows; r += NARROW_ROWS) {
        real *out = (real *)p->out + r * p->out_row;
        turned.b = (const real *)p->a + r;
        turned.columns = p->rows - r < NARROW_ROWS ? p->rows - r : NARROW_ROWS;
        if (p->start == LYAP_START_OUT)
            transpose_rows(out, p->out_row, turned.columns, p->columns, sums, NARROW_ROWS, NARROW_ROWS);
        add_blocks(&turned);
        transpose_rows(sums, NARROW_ROWS, p->columns, turned.columns, out, p->out_row, p->columns);
    }
}

#endif
