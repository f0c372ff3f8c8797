/* Products of matrices that lie in contiguous arrays: struct lyap_array_product says what they are.
 *
 * Terms are added a block at a time, so that the rows of a that a tile reads stay in the first-level cache and the block's part of b in the
 * second. The sums are stored between blocks and taken up again, so their order does not depend on the blocks. */
#ifndef LYAP_SIMD_PASSES_PRODUCT_H
#define LYAP_SIMD_PASSES_PRODUCT_H

#include "simd/passes/pack.h"
#include "simd/passes/tile.h"

/* Terms of a block: as many as make PANEL_BYTES of a panel's rows of a, and no more than MOST_LENGTH. Columns are taken together as far as
 * their part of b has PART_BYTES. */
enum { PANEL_BYTES = 24 * 1024, MOST_LENGTH = 512, PART_BYTES = 256 * 1024 };
enum {
    FULL_LENGTH = PANEL_BYTES / (PANEL_ROWS * sizeof(real)),
    LONGEST = FULL_LENGTH < MOST_LENGTH ? FULL_LENGTH : MOST_LENGTH,
    PRODUCT_SCRATCH = PART_BYTES
};
_Static_assert(LONGEST *TILE_COLUMNS * sizeof(real) <= PART_BYTES, "a part is wide enough for a tile");

/* b is copied where its rows are farther apart than NEAR_BYTES, if at least PACKING_ROWS rows of a use the copy. */
enum { NEAR_BYTES = 512, PACKING_ROWS = 4 * PANEL_ROWS };

/* Terms from .. from+length-1 of columns first .. end-1. The columns from `packed` on are those of the scratch, each tile's one after the
 * other, [length][a tile's full vectors]. */
struct part {
    size_t from, length, first, end, packed;
};

/* Copies b's columns of a part: all, or a last tile whose vectors are not full. */
static inline void pack_part(const struct lyap_array_product *p, struct part *part) {
    const size_t width = part->end - part->first;
    const real *b = (const real *)p->b + part->from * p->b_row;
    real *to = p->scratch;
    part->packed = part->end;
    if (p->rows >= PACKING_ROWS && p->b_row * sizeof(real) > NEAR_BYTES)
        part->packed = part->first;
    else if (width % VEC_LANES)
        part->packed = part->first + width / TILE_COLUMNS * TILE_COLUMNS;
    for (size_t c = part->packed; c < part->end; c += TILE_COLUMNS)
        to = pack_columns(b + c, p->b_row, part->length, part->end - c, to);
}

static inline void add_part(const struct lyap_array_product *p, const struct part *part) {
    const real *a = (const real *)p->a + part->from * p->a_step, *b = (const real *)p->b + part->from * p->b_row;
    const real *bias = p->bias, *copy = p->scratch;
    struct tile t = {.a_row = p->a_row,
                     .a_step = p->a_step,
                     .out_row = p->out_row,
                     .length = part->length,
                     .start = part->from ? LYAP_START_OUT : p->start};
    const struct tile_size *size;
    for (size_t r = 0; r < p->rows; r += size->rows) {
        size = tallest_tile(p->rows - r);
        t.a = a + r / PANEL_ROWS * p->a_panel + r % PANEL_ROWS * p->a_row;
        real *out = (real *)p->out + r * p->out_row;
        for (size_t c = part->first; c < part->end; c += TILE_COLUMNS) {
            const size_t left = part->end - c, vectors = left > VEC_LANES ? TILE_VECTORS : 1;
            const bool packed = c >= part->packed;
            t.b = packed ? copy + (c - part->packed) * part->length : b + c;
            t.b_row = packed ? vectors * VEC_LANES : p->b_row;
            t.bias = bias ? bias + c : NULL;
            t.out = out + c;
            t.last = left >= vectors * VEC_LANES ? VEC_LANES : left - (vectors - 1) * VEC_LANES;
            (p->a_row == 1 ? size->beside : size->apart)[vectors - 1](&t);
        }
    }
}

static void product(const struct lyap_array_product *p) {
    const size_t blocks = (p->length + LONGEST - 1) / LONGEST, length = (p->length + blocks - 1) / blocks;
    const size_t widest = PART_BYTES / (length * TILE_COLUMNS * sizeof(real)) * TILE_COLUMNS;
    for (size_t from = 0; from < p->length; from += length)
        for (size_t first = 0; first < p->columns; first += widest) {
            struct part part = {.from = from,
                                .length = p->length - from < length ? p->length - from : length,
                                .first = first,
                                .end = p->columns - first < widest ? p->columns : first + widest};
            pack_part(p, &part);
            add_part(p, &part);
        }
}

#endif
