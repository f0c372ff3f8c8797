/* The matrix products of a dense layer, for one vector of cells: every lane multiplies by weights of its own.
 *
 * Shapes: weights and biases are real [index][BLOCK] at the vector's lanes, activations and their derivatives are vectors
 * [samples][units]. An input is either shared by all lanes (the data) or one of those.
 *
 * Order of operations, part of the result: each sum runs in ascending index into one accumulator, one fused multiply-add
 * a term. Blocking stores the accumulators and takes them up again, so the order does not depend on it.
 *
 * All three products are one: out[r][c] = sum_i a[r][i] * b[i][c] with strides. It is done in tiles whose sums stay in
 * registers; four columns of b over a block of i (a panel) are copied to lie one after the other, and then meet all rows
 * from a near cache (Goto and van de Geijn, ACM Trans. Math. Softw. 34(3), 2008). */
#ifndef LYAP_SIMD_KERNELS_MATRIX_H
#define LYAP_SIMD_KERNELS_MATRIX_H

#include <stdbool.h>
#include <stddef.h>

#include "simd/kernels/inline.h"
#include "simd/isa/vec.h"

/* Sums of a full tile: 24 where there are 32 registers, 12 where there are 16; and the rows of tiles at the right edge,
 * two columns and one column wide. */
enum { TILE_ROWS = VEC_REGISTERS == 32 ? 6 : 3 };
enum { TILE_COLUMNS = 4, PAIR_ROWS = 6, SINGLE_ROWS = 8, MOST_ROWS = 8 };

/* Terms of a sum that are added before the next columns' turn: with a shared operand as many as make a panel of
 * PANEL_BYTES, which streams from the second-level cache at a quarter of a vector a multiply-add or less; with one of
 * vectors, whose rows want their place in the first-level cache too, no more than LANES_LENGTH; with a shared one that is
 * read across its rows, and so takes a cache line a term, no more than ACROSS_LENGTH. */
enum { PANEL_BYTES = 112 * 1024, LANES_LENGTH = 112, ACROSS_LENGTH = 224 };

/* b is read where it lies if fewer than PACKED_ROWS rows would use a panel's copy, or if what a block takes of it stays in
 * the first-level cache anyway. Products of at most SMALL_PRODUCT multiply-adds are summed row by row on the spot: calls would
 * take as long as they do. */
enum { PACKED_ROWS = 16, PACKED_BYTES = 16 * 1024, SMALL_PRODUCT = 256 };

/* Vectors of scratch that the products need, for any shape. */
enum { MATRIX_SCRATCH = PANEL_BYTES / sizeof(vec) };

/* A layer's input [samples][inputs]; exactly one of the first two is set. */
struct operand {
    const real *x;       /* the same for all lanes */
    const vec *a;        /* lane by lane */
    const real *columns; /* x again, input k of sample s at k * stride + s, or NULL */
    size_t stride;
};

/* What a sum begins with: out, the first term as a plain product, or bias[c]. */
enum start { START_OUT, START_PRODUCT, START_BIAS };

/* out[r][c] = start + sum_i a[r * a_row + i * a_step] * b[c * b_column + i * b_step], i < length. */
struct product {
    struct operand a;
    size_t a_row, a_step;
    const real *b;
    size_t b_column, b_step; /* in reals */
    const real *bias;        /* [columns][BLOCK] */
    vec *out;
    size_t out_row;
    size_t length;
    enum start start;
};

/* Some columns of b over a block of i, where they lie or copied. */
struct panel {
    const real *b;
    size_t column, step;
    size_t from, length; /* the block */
    enum start start;
};

/* The sums of `rows` rows from `row` on and `columns` columns from `column` on over the panel's block. */
ALWAYS_INLINE void add_tile(const struct product *p, const struct panel *panel, size_t row, size_t column, bool shared,
                            size_t rows, size_t columns) {
    vec sum[MOST_ROWS][TILE_COLUMNS], term[TILE_COLUMNS];
    size_t a_row = p->a_row, a_step = p->a_step, b_column = panel->column, b_step = panel->step, out_row = p->out_row;
    size_t first = row * a_row + panel->from * a_step, length = panel->length, i = 0;
    const real *x = shared ? p->a.x + first : NULL, *b = panel->b;
    const vec *a = shared ? NULL : p->a.a + first;
    vec *out = p->out + row * out_row + column;
    if (panel->start == START_OUT) {
        for (size_t r = 0; r < rows; r++)
            for (size_t c = 0; c < columns; c++) sum[r][c] = out[r * out_row + c];
    } else if (panel->start == START_BIAS) {
        for (size_t c = 0; c < columns; c++) term[c] = v_load(p->bias + (column + c) * BLOCK);
        for (size_t r = 0; r < rows; r++)
            for (size_t c = 0; c < columns; c++) sum[r][c] = term[c];
    } else {
        for (size_t c = 0; c < columns; c++) term[c] = v_load(b + c * b_column);
        for (size_t r = 0; r < rows; r++) {
            vec factor = shared ? v_set1(x[r * a_row]) : a[r * a_row];
            for (size_t c = 0; c < columns; c++) sum[r][c] = v_mul(factor, term[c]);
        }
        i = 1;
        b += b_step;
        if (shared)
            x += a_step;
        else
            a += a_step;
    }
    for (; i < length; i++) {
        for (size_t c = 0; c < columns; c++) term[c] = v_load(b + c * b_column);
        for (size_t r = 0; r < rows; r++) {
            vec factor = shared ? v_set1(x[r * a_row]) : a[r * a_row];
            for (size_t c = 0; c < columns; c++) sum[r][c] = v_fma(factor, term[c], sum[r][c]);
        }
        b += b_step;
        if (shared)
            x += a_step;
        else
            a += a_step;
    }
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++) out[r * out_row + c] = sum[r][c];
}

/* All rows of a panel: tiles `tall`, and what is left in fours, twos and ones. Four rows are two twos where a tile has
 * three, since one row alone has too few sums to hide the latency. */
ALWAYS_INLINE void add_rows(const struct product *p, const struct panel *panel, size_t rows, size_t column, bool shared,
                            size_t columns, size_t tall) {
    size_t row = 0;
    for (; rows - row >= tall && !(tall == 3 && rows - row == 4); row += tall)
        add_tile(p, panel, row, column, shared, tall, columns);
    if (tall > 4 && rows - row >= 4) {
        add_tile(p, panel, row, column, shared, 4, columns);
        row += 4;
    }
    for (; rows - row >= 2; row += 2) add_tile(p, panel, row, column, shared, 2, columns);
    if (row < rows) add_tile(p, panel, row, column, shared, 1, columns);
}

/* One function an instance, so that the compiler allocates registers for each alone. */
typedef void strip_function(const struct product *p, const struct panel *panel, size_t rows, size_t column);
static void shared_four(const struct product *p, const struct panel *panel, size_t rows, size_t column) {
    add_rows(p, panel, rows, column, true, TILE_COLUMNS, TILE_ROWS);
}
static void shared_two(const struct product *p, const struct panel *panel, size_t rows, size_t column) {
    add_rows(p, panel, rows, column, true, 2, PAIR_ROWS);
}
static void shared_one(const struct product *p, const struct panel *panel, size_t rows, size_t column) {
    add_rows(p, panel, rows, column, true, 1, SINGLE_ROWS);
}
static void lanes_four(const struct product *p, const struct panel *panel, size_t rows, size_t column) {
    add_rows(p, panel, rows, column, false, TILE_COLUMNS, TILE_ROWS);
}
static void lanes_two(const struct product *p, const struct panel *panel, size_t rows, size_t column) {
    add_rows(p, panel, rows, column, false, 2, PAIR_ROWS);
}
static void lanes_one(const struct product *p, const struct panel *panel, size_t rows, size_t column) {
    add_rows(p, panel, rows, column, false, 1, SINGLE_ROWS);
}

/* Copies `columns` columns of the panel next to each other. */
static inline void pack_panel(struct panel *panel, size_t columns, vec *to) {
    const real *b = panel->b;
    panel->b = (const real *)to;
    if (columns == TILE_COLUMNS) {
        for (size_t i = 0; i < panel->length; i++, b += panel->step, to += TILE_COLUMNS)
            for (size_t c = 0; c < TILE_COLUMNS; c++) to[c] = v_load(b + c * panel->column);
    } else {
        for (size_t i = 0; i < panel->length; i++, b += panel->step)
            for (size_t c = 0; c < columns; c++) *to++ = v_load(b + c * panel->column);
    }
    panel->column = VEC_LANES;
    panel->step = columns * VEC_LANES;
}

/* A product by tiles and panels, with MATRIX_SCRATCH vectors of scratch. */
static inline void multiply_large(const struct product *p, size_t rows, size_t columns, vec *scratch) {
    static strip_function *const strips[2][TILE_COLUMNS + 1] = {
        {[1] = lanes_one, [2] = lanes_two, [TILE_COLUMNS] = lanes_four},
        {[1] = shared_one, [2] = shared_two, [TILE_COLUMNS] = shared_four}};
    bool shared = p->a.x != NULL;
    size_t longest = MATRIX_SCRATCH / TILE_COLUMNS;
    size_t near = !shared ? LANES_LENGTH : p->a_step > 1 ? ACROSS_LENGTH : longest;
    if (longest > near) longest = near;
    size_t blocks = (p->length + longest - 1) / longest,
           most = blocks > 1 ? (p->length + blocks - 1) / blocks : longest;
    size_t span = p->b_step > p->b_column ? p->b_step * p->length : p->b_column * columns;
    bool packed = rows >= PACKED_ROWS && span * sizeof(real) > PACKED_BYTES;
    for (size_t from = 0; from < p->length; from += most) {
        size_t left = p->length - from;
        for (size_t c = 0, width; c < columns; c += width) {
            width = columns - c >= TILE_COLUMNS ? TILE_COLUMNS : columns - c >= 2 ? 2 : 1;
            struct panel panel = {.b = p->b + c * p->b_column + from * p->b_step,
                                  .column = p->b_column,
                                  .step = p->b_step,
                                  .from = from,
                                  .length = left < most ? left : most,
                                  .start = from ? START_OUT : p->start};
            if (packed) pack_panel(&panel, width, scratch);
            strips[shared][width](p, &panel, rows, c);
        }
    }
}

/* A product row by row. */
ALWAYS_INLINE void multiply_small(const struct product *p, size_t rows, size_t columns, bool shared) {
    struct panel panel = {.column = p->b_column, .step = p->b_step, .length = p->length, .start = p->start};
    size_t c = 0;
    for (; columns - c >= TILE_COLUMNS; c += TILE_COLUMNS) {
        panel.b = p->b + c * p->b_column;
        for (size_t r = 0; r < rows; r++) add_tile(p, &panel, r, c, shared, 1, TILE_COLUMNS);
    }
    for (; c < columns; c++) {
        panel.b = p->b + c * p->b_column;
        for (size_t r = 0; r < rows; r++) add_tile(p, &panel, r, c, shared, 1, 1);
    }
}

ALWAYS_INLINE void multiply(const struct product *p, size_t rows, size_t columns, vec *scratch) {
    if (rows * columns * p->length > SMALL_PRODUCT)
        multiply_large(p, rows, columns, scratch);
    else if (p->a.x)
        multiply_small(p, rows, columns, true);
    else
        multiply_small(p, rows, columns, false);
}

/* The sizes of a layer's product. */
struct matrix_size {
    size_t samples, inputs, outputs;
};

/* z[s][o] = bias[o] + sum_k in[s][k] * w[k][o]; with bias == NULL the sums go on from what z holds. w is real
 * [inputs][outputs][BLOCK], bias real [outputs][BLOCK], z [samples][outputs]; scratch: MATRIX_SCRATCH vectors. */
static inline void matrix_forward(struct operand in, const real *w, const real *bias, vec *z,
                                  const struct matrix_size *size, vec *scratch) {
    const size_t inputs = size->inputs, outputs = size->outputs;
    struct product p = {.a = in,
                        .a_row = inputs,
                        .a_step = 1,
                        .b = w,
                        .b_column = BLOCK,
                        .b_step = outputs * BLOCK,
                        .bias = bias,
                        .out = z,
                        .out_row = outputs,
                        .length = inputs,
                        .start = bias ? START_BIAS : START_OUT};
    multiply(&p, size->samples, outputs, scratch);
}

/* back[s][k] = sum_o d[s][o] * w[k][o], the first term a plain product; with `accumulate` the sums go on from what back
 * holds. d is [samples][outputs], back [samples][inputs]. */
static inline void matrix_backward(const vec *d, const real *w, vec *back, const struct matrix_size *size,
                                   bool accumulate, vec *scratch) {
    const size_t samples = size->samples, inputs = size->inputs, outputs = size->outputs;
    if (outputs == 1 && !accumulate) {
        for (size_t s = 0; s < samples; s++)
            for (size_t k = 0; k < inputs; k++) back[s * inputs + k] = v_mul(d[s], v_load(w + k * BLOCK));
        return;
    }
    struct product p = {.a = {.a = d},
                        .a_row = outputs,
                        .a_step = 1,
                        .b = w,
                        .b_column = outputs * BLOCK,
                        .b_step = BLOCK,
                        .out = back,
                        .out_row = inputs,
                        .length = outputs,
                        .start = accumulate ? START_OUT : START_PRODUCT};
    multiply(&p, samples, inputs, scratch);
}

/* g[k][o] = sum_s in[s][k] * d[s][o], the first term a plain product; with `accumulate` the sums go on from what g holds.
 * g is [inputs][outputs]. */
static inline void matrix_gradient(struct operand in, const vec *d, vec *g, const struct matrix_size *size,
                                   bool accumulate, vec *scratch) {
    const size_t inputs = size->inputs, outputs = size->outputs;
    bool down = in.columns != NULL;
    struct product p = {.a = {.x = down ? in.columns : in.x, .a = in.a},
                        .a_row = down ? in.stride : 1,
                        .a_step = down ? 1 : inputs,
                        .b = (const real *)d,
                        .b_column = VEC_LANES,
                        .b_step = outputs * VEC_LANES,
                        .out = g,
                        .out_row = outputs,
                        .length = size->samples,
                        .start = accumulate ? START_OUT : START_PRODUCT};
    multiply(&p, inputs, outputs, scratch);
}

/* Bias gradients o .. o+width. */
ALWAYS_INLINE void add_biases(const vec *d, vec *g, size_t samples, size_t outputs, bool accumulate, size_t width) {
    vec sum[TILE_COLUMNS];
    for (size_t j = 0; j < width; j++) sum[j] = accumulate ? v_add(g[j], d[j]) : d[j];
    for (size_t s = 1; s < samples; s++)
        for (size_t j = 0; j < width; j++) sum[j] = v_add(sum[j], d[s * outputs + j]);
    for (size_t j = 0; j < width; j++) g[j] = sum[j];
}

/* g[o] = sum_s d[s][o]; with `accumulate` the sums go on from what g holds. */
static inline void matrix_bias(const vec *d, vec *g, size_t samples, size_t outputs, bool accumulate) {
    size_t o = 0;
    for (; outputs - o >= TILE_COLUMNS; o += TILE_COLUMNS)
        add_biases(d + o, g + o, samples, outputs, accumulate, TILE_COLUMNS);
    for (; o < outputs; o++) add_biases(d + o, g + o, samples, outputs, accumulate, 1);
}

#endif
