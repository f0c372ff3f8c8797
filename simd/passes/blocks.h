/* A product block by block in tiles.
 *
 * Terms are added a block at a time, so that the rows of a that a tile reads stay in the first-level cache and the block's part of b in the
 * second. The sums are stored between blocks and taken up again, so their order does not depend on the blocks. */
#ifndef LYAP_SIMD_PASSES_BLOCKS_H
#define LYAP_SIMD_PASSES_BLOCKS_H

#include <stdint.h>

#include "simd/passes/pack.h"
#include "simd/passes/tile.h"

/* Terms of a block: as many as make PANEL_BYTES of a panel's rows, and no more than MOST_LENGTH; where each term of a panel lies in a cache line
 * of its own, no more than ACROSS_LENGTH. Columns are taken together as far as their part of b has PART_BYTES. */
enum { PANEL_BYTES = 24 * 1024, MOST_LENGTH = 512, ACROSS_LENGTH = 224, PART_BYTES = 256 * 1024 };
enum {
    FULL_LENGTH = PANEL_BYTES / (PANEL_ROWS * sizeof(real)),
    LONGEST = FULL_LENGTH < MOST_LENGTH ? FULL_LENGTH : MOST_LENGTH,
    LONGEST_ACROSS = LONGEST < ACROSS_LENGTH ? LONGEST : ACROSS_LENGTH
};
_Static_assert(LONGEST *TILE_COLUMNS * sizeof(real) <= PART_BYTES, "a part is wide enough for a tile");

/* The scratch, in reals: a part of b, and a panel of a. */
enum { PANEL_AT = PART_BYTES / sizeof(real), BLOCKS_SCRATCH = PANEL_AT + LONGEST * PACKED_ROWS };

/* b is copied where its rows are farther apart than NEAR_BYTES, if at least COPIED_FOR rows of a use the copy. */
enum { NEAR_BYTES = 512, COPIED_FOR = 4 * PANEL_ROWS };

/* Addresses WAY_BYTES apart share a set of the first-level cache, which has eight lines or somewhat more. */
enum { WAY_BYTES = 4096, TALLER_THAN_A_SET = PANEL_ROWS > 8 };

/* Terms from .. from+length-1 of columns first .. end-1. The columns from `copied` on are those of the scratch, each tile's one after the other,
 * [length][a tile's full vectors]. */
struct part {
    size_t from, length, first, end, copied;
};

/* Copies b's columns of a part: all, or a last tile whose vectors are not full. */
static inline void copy_columns(const struct lyap_array_product *p, struct part *part) {
    const size_t width = part->end - part->first;
    const real *b = (const real *)p->b + part->from * p->b_row;
    real *to = p->scratch;
    part->copied = part->end;
    if (p->rows >= COPIED_FOR && p->b_row * sizeof(real) > NEAR_BYTES)
        part->copied = part->first;
    else if (width % VEC_LANES)
        part->copied = part->first + width / TILE_COLUMNS * TILE_COLUMNS;
    for (size_t c = part->copied; c < part->end; c += TILE_COLUMNS)
        to = pack_columns(b + c, p->b_row, part->length, part->end - c, to);
}

/* Whether to copy panels of a, for as many tiles as use a copy: where its rows or terms share too few sets of lines, and where terms far apart
 * belong to a low tile, which has few multiply-adds a line. The numbers are measured. */
static inline bool panels_are_copied(const struct lyap_array_product *p, const struct part *part) {
    const size_t tiles = (part->end - part->first) / TILE_COLUMNS, half = WAY_BYTES / 2;
    const size_t row = p->a_row * sizeof(real), step = p->a_step * sizeof(real);
    if (p->a_row == 1) return tiles > 8 && (step % half == 0 || (!TALLER_THAN_A_SET && step >= half));
    if (p->a_step != 1 || !TALLER_THAN_A_SET) return false;
    return (tiles >= 2 && row % WAY_BYTES == 0) || (tiles >= 8 && row % half == 0);
}

static inline void add_part(const struct lyap_array_product *p, const struct part *part) {
    const real *a = (const real *)p->a + part->from * p->a_step, *b = (const real *)p->b + part->from * p->b_row;
    const real *bias = p->bias, *copy = p->scratch;
    real *panel = (real *)p->scratch + PANEL_AT;
    const bool copies = panels_are_copied(p, part);
    const bool single = part->end - part->first <= VEC_LANES;
    struct tile t = {.out_row = p->out_row, .length = part->length, .start = part->from ? LYAP_START_OUT : p->start};
    const struct tile_size *size;
    for (size_t r = 0; r < p->rows; r += size->rows) {
        size = tallest_tile(p->rows - r, single);
        t.a = a + r * p->a_row;
        t.a_row = p->a_row;
        t.a_step = p->a_step;
        if (copies && size->rows == PANEL_ROWS) {
            pack_panel(t.a, t.a_row, t.a_step, part->length, panel);
            t.a = panel;
            t.a_row = 1;
            t.a_step = PACKED_ROWS;
        }
        real *out = (real *)p->out + r * p->out_row;
        for (size_t c = part->first; c < part->end; c += TILE_COLUMNS) {
            const size_t left = part->end - c, vectors = left > VEC_LANES ? TILE_VECTORS : 1;
            const bool copied = c >= part->copied;
            t.b = copied ? copy + (c - part->copied) * part->length : b + c;
            t.b_row = copied ? vectors * VEC_LANES : p->b_row;
            t.bias = bias ? bias + c : NULL;
            t.out = out + c;
            t.last = left >= vectors * VEC_LANES ? VEC_LANES : left - (vectors - 1) * VEC_LANES;
            (t.a_row == 1 ? size->beside : size->apart)[vectors - 1](&t);
        }
    }
}

static void add_blocks(const struct lyap_array_product *p) {
    const size_t longest = p->a_row == 1 && p->a_step > PACKED_ROWS ? LONGEST_ACROSS : LONGEST;
    const size_t blocks = (p->length + longest - 1) / longest, length = (p->length + blocks - 1) / blocks;
    const size_t widest = PART_BYTES / (length * TILE_COLUMNS * sizeof(real)) * TILE_COLUMNS;
    for (size_t from = 0; from < p->length; from += length)
        for (size_t first = 0; first < p->columns; first += widest) {
            struct part part = {.from = from,
                                .length = p->length - from < length ? p->length - from : length,
                                .first = first,
                                .end = p->columns - first < widest ? p->columns : first + widest};
            copy_columns(p, &part);
            add_part(p, &part);
        }
}

#endif
