/* Transposed matrices, and sums over their columns. */
#ifndef LYAP_SIMD_PASSES_TRANSPOSE_H
#define LYAP_SIMD_PASSES_TRANSPOSE_H

#include <stdbool.h>

#include "simd/passes/part.h"

/* A block of as many rows and columns as a vector has lanes, or of fewer, in registers: to zip vector i with vector i + VEC_LANES / 2 for all i moves
 * the lanes' number by one bit, and after all its bits the vectors are the columns. */
ALWAYS_INLINE void transpose_block(const real *in, size_t in_row, size_t rows, size_t columns, real *out,
                                   size_t out_row) {
    vec x[VEC_LANES], zipped[VEC_LANES];
    const size_t half = VEC_LANES / 2;
    for (size_t r = 0; r < VEC_LANES; r++) x[r] = r < rows ? load_part(in + r * in_row, columns) : v_set1(0);
    for (size_t width = 1; width < VEC_LANES; width *= 2) {
        for (size_t i = 0; i < half; i++) {
            zipped[2 * i] = v_zip_low(x[i], x[i + half]);
            zipped[2 * i + 1] = v_zip_high(x[i], x[i + half]);
        }
        for (size_t i = 0; i < VEC_LANES; i++) x[i] = zipped[i];
    }
    for (size_t c = 0; c < VEC_LANES; c++)
        if (c < columns) store_part(out + c * out_row, x[c], rows);
}
NEVER_INLINE void transpose_full(const real *in, size_t in_row, real *out, size_t out_row) {
    transpose_block(in, in_row, VEC_LANES, VEC_LANES, out, out_row);
}
NEVER_INLINE void transpose_edge(const real *in, size_t in_row, size_t rows, size_t columns, real *out,
                                 size_t out_row) {
    transpose_block(in, in_row, rows, columns, out, out_row);
}

static inline void transpose_rows(const real *in, size_t in_row, size_t rows, size_t columns, real *out,
                                  size_t out_row) {
    for (size_t r = 0; r < rows; r += VEC_LANES)
        for (size_t c = 0; c < columns; c += VEC_LANES) {
            const size_t high = rows - r, wide = columns - c;
            const real *from = in + r * in_row + c;
            real *to = out + c * out_row + r;
            if (high >= VEC_LANES && wide >= VEC_LANES)
                transpose_full(from, in_row, to, out_row);
            else
                transpose_edge(from, in_row, high, wide, to, out_row);
        }
}

static void transpose(const void *in, size_t rows, size_t columns, void *out) {
    transpose_rows(in, columns, rows, columns, out, rows);
}

/* The sums of `vectors` vectors of columns, of whose last one `left` exist. */
ALWAYS_INLINE void add_columns(const real *d, size_t samples, size_t outputs, bool accumulate, real *g, size_t vectors,
                               size_t left) {
    enum { MOST = 4 };
    vec sum[MOST];
    for (size_t v = 0; v < vectors; v++) {
        sum[v] = load_part(d + v * VEC_LANES, left);
        if (accumulate) sum[v] = v_add(load_part(g + v * VEC_LANES, left), sum[v]);
    }
    for (size_t s = 1; s < samples; s++)
        for (size_t v = 0; v < vectors; v++) sum[v] = v_add(sum[v], load_part(d + s * outputs + v * VEC_LANES, left));
    for (size_t v = 0; v < vectors; v++) store_part(g + v * VEC_LANES, sum[v], left);
}

static void column_sums(const void *from, size_t samples, size_t outputs, bool accumulate, void *to) {
    const real *d = from;
    real *g = to;
    size_t o = 0;
    for (; outputs - o >= 4 * VEC_LANES; o += 4 * VEC_LANES)
        add_columns(d + o, samples, outputs, accumulate, g + o, 4, VEC_LANES);
    for (; outputs - o >= VEC_LANES; o += VEC_LANES)
        add_columns(d + o, samples, outputs, accumulate, g + o, 1, VEC_LANES);
    if (o < outputs) add_columns(d + o, samples, outputs, accumulate, g + o, 1, outputs - o);
}

#endif
