/* Register tiles: the sums of a few rows of a product over one or two vectors of columns stay in registers while the terms of a block
 * are added to them, in ascending order, one fused multiply-add a term.
 *
 * There is one function a size, unrolled by constants, and the sizes make up any number of rows. */
#ifndef LYAP_SIMD_PASSES_TILE_H
#define LYAP_SIMD_PASSES_TILE_H

#include <stdbool.h>

#include "simd/passes.h"
#include "simd/passes/part.h"
#include "simd/passes/unrolled.h"

/* Rows of the tallest tile and of a panel of a, and vectors of the widest: 12 sums where there are 16 registers, and where there are 32, 28 of
 * the longest vectors and 20 of others, whose factors want registers too. Tiles of one vector have up to SINGLE_ROWS rows, so that their sums hide
 * the latency of a multiply-add. */
enum {
    PANEL_ROWS = VEC_REGISTERS == 16              ? 6
                 : VEC_LANES * sizeof(real) == 64 ? 14
                                                  : 10,
    SINGLE_ROWS = VEC_REGISTERS == 16              ? 12
                  : VEC_LANES * sizeof(real) == 64 ? 14
                                                   : 16,
    TILE_VECTORS = 2,
    TILE_COLUMNS = TILE_VECTORS * VEC_LANES
};

/* out[r][c] of a tile goes on by the sum over i < length of a[r * a_row + i * a_step] * b[i * b_row + c]. b has full vectors; of the last
 * vector of bias and out, `last` columns exist. */
struct tile {
    const real *a;
    size_t a_row, a_step;
    const real *b;
    size_t b_row;
    const real *bias;
    real *out;
    size_t out_row, length, last;
    enum lyap_product_start start;
};

/* Vector v of the `vectors` from p on, the last of which has `last` lanes. */
ALWAYS_INLINE vec tile_load(const real *p, size_t v, size_t vectors, size_t last) {
    return v + 1 < vectors ? v_load_any(p + v * VEC_LANES) : load_part(p + v * VEC_LANES, last);
}

ALWAYS_INLINE void tile_store(real *p, vec a, size_t v, size_t vectors, size_t last) {
    if (v + 1 < vectors)
        v_store_any(p + v * VEC_LANES, a);
    else
        store_part(p + v * VEC_LANES, a, last);
}

/* `beside`: the rows of a are next to each other, a_row = 1. */
ALWAYS_INLINE void add_tile(const struct tile *t, size_t rows, size_t vectors, bool beside) {
    vec sum[SINGLE_ROWS][TILE_VECTORS], term[TILE_VECTORS];
    const size_t a_row = beside ? 1 : t->a_row, a_step = t->a_step, b_row = t->b_row, out_row = t->out_row,
                 last = t->last;
    const real *a = t->a, *b = t->b;
    real *out = t->out;
    size_t left = t->length;
    if (t->start == LYAP_START_PRODUCT) {
        for (size_t v = 0; v < vectors; v++) term[v] = v_load_any(b + v * VEC_LANES);
        UNROLLED
        for (size_t r = 0; r < rows; r++)
            for (size_t v = 0; v < vectors; v++) sum[r][v] = v_mul(v_set1(a[r * a_row]), term[v]);
        a += a_step;
        b += b_row;
        left--;
    } else {
        const real *from = t->start == LYAP_START_BIAS ? t->bias : out;
        const size_t from_row = t->start == LYAP_START_BIAS ? 0 : out_row;
        UNROLLED
        for (size_t r = 0; r < rows; r++)
            for (size_t v = 0; v < vectors; v++) sum[r][v] = tile_load(from + r * from_row, v, vectors, last);
    }
    for (; left; left--) {
        const real *x = a; /* walks down the rows: offsets of all of them would not fit the registers */
        for (size_t v = 0; v < vectors; v++) term[v] = v_load_any(b + v * VEC_LANES);
        UNROLLED
        for (size_t r = 0; r < rows; r++) {
            const vec factor = v_set1(*x);
            x += a_row;
            for (size_t v = 0; v < vectors; v++) sum[r][v] = v_fma(factor, term[v], sum[r][v]);
        }
        a += a_step;
        b += b_row;
    }
    UNROLLED
    for (size_t r = 0; r < rows; r++)
        for (size_t v = 0; v < vectors; v++) tile_store(out + r * out_row, sum[r][v], v, vectors, last);
}

#define TILE(rows, vectors)                                                                                            \
    NEVER_INLINE void tile_##rows##_##vectors##_beside(const struct tile *t) {                                         \
        add_tile(t, rows, vectors, true);                                                                              \
    }                                                                                                                  \
    NEVER_INLINE void tile_##rows##_##vectors##_apart(const struct tile *t) {                                          \
        add_tile(t, rows, vectors, false);                                                                             \
    }
TILE(SINGLE_ROWS, 1)
#define TILES(rows) TILE(rows, 1) TILE(rows, 2)
TILES(PANEL_ROWS)
TILES(4)
TILES(2)
TILES(1)

/* A height of tiles and its functions, by the vectors. */
struct tile_size {
    size_t rows;
    void (*apart[TILE_VECTORS])(const struct tile *), (*beside[TILE_VECTORS])(const struct tile *);
};

/* The tallest tile that fits into `rows`; `single`: of one vector, in a panel of any height. */
static inline const struct tile_size *tallest_tile(size_t rows, bool single) {
#define ONE(rows, kind) tile_##rows##_1_##kind
#define BOTH(rows, kind) tile_##rows##_1_##kind, tile_##rows##_2_##kind
#define SIZE(rows, vectors)                                                                                            \
    {                                                                                                                  \
        rows, {vectors(rows, apart)}, {                                                                                \
            vectors(rows, beside)                                                                                      \
        }                                                                                                              \
    }
    static const struct tile_size sizes[] = {SIZE(SINGLE_ROWS, ONE), SIZE(PANEL_ROWS, BOTH), SIZE(4, BOTH),
                                             SIZE(2, BOTH), SIZE(1, BOTH)};
#undef SIZE
#undef BOTH
#undef ONE
    const struct tile_size *size = single ? sizes : sizes + 1;
    while (size->rows > rows) size++;
    return size;
}

#endif
