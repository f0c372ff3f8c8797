/* Transposed matrices, in blocks of as many rows and columns as a vector has lanes. */
#ifndef LYAP_SIMD_PASSES_TRANSPOSE_H
#define LYAP_SIMD_PASSES_TRANSPOSE_H

#include "simd/passes/part.h"
#include "simd/passes/unrolled.h"

/* A block of at most VEC_LANES rows and columns, in registers: zipping vector i with vector i + VEC_LANES / 2, for all i, moves the lanes' number by
 * one bit, and after all its bits the vectors are the columns. `stored` lanes of them are written, those beyond the rows zero. */
ALWAYS_INLINE void transpose_block(const real *in, size_t in_row, size_t rows, size_t columns, real *out,
                                   size_t out_row, size_t stored) {
    vec x[VEC_LANES], zipped[VEC_LANES];
    const size_t half = VEC_LANES / 2;
    UNROLLED
    for (size_t r = 0; r < VEC_LANES; r++) x[r] = r < rows ? load_part(in + r * in_row, columns) : v_set1(0);
    UNROLLED
    for (size_t width = 1; width < VEC_LANES; width *= 2) {
        UNROLLED
        for (size_t i = 0; i < half; i++) {
            zipped[2 * i] = v_zip_low(x[i], x[i + half]);
            zipped[2 * i + 1] = v_zip_high(x[i], x[i + half]);
        }
        UNROLLED
        for (size_t i = 0; i < VEC_LANES; i++) x[i] = zipped[i];
    }
    UNROLLED
    for (size_t c = 0; c < VEC_LANES; c++)
        if (c < columns) store_part(out + c * out_row, x[c], stored);
}
NEVER_INLINE void transpose_full(const real *in, size_t in_row, real *out, size_t out_row) {
    transpose_block(in, in_row, VEC_LANES, VEC_LANES, out, out_row, VEC_LANES);
}
NEVER_INLINE void transpose_edge(const real *in, size_t in_row, size_t rows, size_t columns, real *out, size_t out_row,
                                 size_t stored) {
    transpose_block(in, in_row, rows, columns, out, out_row, stored);
}

/* out[c * out_row + r] = in[r * in_row + c]. There is room for `room` rows, at least as many as there are: zeros may be written beyond them, as far as
 * the last vector goes. All rows are done for the columns of a cache line before the next ones, so that each line of either side is in use once. */
static inline void transpose_rows(const real *in, size_t in_row, size_t rows, size_t columns, real *out, size_t out_row,
                                  size_t room) {
    enum { LINE = 64 / sizeof(real) };
    for (size_t c0 = 0; c0 < columns; c0 += LINE)
        for (size_t r = 0; r < rows; r += VEC_LANES)
            for (size_t c = c0; c < columns && c < c0 + LINE; c += VEC_LANES) {
                const real *from = in + r * in_row + c;
                real *to = out + c * out_row + r;
                if (rows - r >= VEC_LANES && columns - c >= VEC_LANES)
                    transpose_full(from, in_row, to, out_row);
                else
                    transpose_edge(from, in_row, rows - r, columns - c, to, out_row, room - r);
            }
}

static void transpose(const void *in, size_t rows, size_t columns, void *out) {
    transpose_rows(in, columns, rows, columns, out, rows, rows);
}

#endif
