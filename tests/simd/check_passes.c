/* Passes over the arrays of one network: the bits of plain loops in the documented order for products, and those of the scalar table for
 * everything else, on every instruction set, for lengths around the edges of vectors, tiles and blocks; and nothing outside their arrays. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "simd/passes.h"
#include "tests/check.h"
#include "tests/work.h"

/* An array that begins `shift` numbers after an aligned address, between two zones that are looked at afterwards. Under the address sanitizer the
 * allocation ends with the array, so that a step beyond it is seen. */
#if defined(__SANITIZE_ADDRESS__)
enum { ZONE = 64, ZONE_AFTER = 0 };
#else
enum { ZONE = 64, ZONE_AFTER = 64 };
#endif
struct guarded {
    unsigned char *base, *data;
    size_t before, bytes, room;
};

static struct guarded guarded(size_t count, size_t real, size_t shift) {
    struct guarded g = {.before = ZONE + shift * real, .bytes = count * real};
    g.room = g.before + g.bytes + ZONE_AFTER;
    void *base = NULL;
    ck_assert_int_eq(posix_memalign(&base, LYAP_ALIGNMENT, g.room), 0);
    g.base = base;
    g.data = g.base + g.before;
    memset(g.base, 0xca, g.room);
    return g;
}

static void expect_untouched(const struct guarded *g, size_t from, size_t to, const char *name) {
    for (size_t i = from; i < to; i++)
        if (g->base[i] != 0xca)
            ck_abort_msg("%s: byte %td of %zu was written", name, (ptrdiff_t)i - (ptrdiff_t)g->before, g->bytes);
}
static void expect_zones(const struct guarded *g, const char *name) {
    expect_untouched(g, 0, g->before, name);
    expect_untouched(g, g->before + g->bytes, g->room, name);
}
static void release(struct guarded *g, const char *name) {
    expect_zones(g, name);
    free(g->base);
}

/* Numbers of mixed sign and size, among them zeros of both signs. */
static double value(size_t i, unsigned kind) {
    uint64_t h = (i + 1) * 0x9E3779B97F4A7C15u + kind * 0xD1B54A32D192ED03u;
    h = (h ^ h >> 29) * 0xBF58476D1CE4E5B9u;
    h ^= h >> 32;
    if (h % 61 == 0) return 0;
    if (h % 61 == 1) return -0.0;
    static const double scales[] = {0.125, 0.25, 0.5, 1, 2, 4, 8};
    return ((double)(h >> 11) * 0x1p-53 - 0.5) * scales[h % 7];
}

static bool is_double(const struct lyap_passes *p) {
    return p->precision == LYAP_FLOAT64;
}
static size_t real_size(const struct lyap_passes *p) {
    return is_double(p) ? sizeof(double) : sizeof(float);
}
static void put(const struct lyap_passes *p, void *array, size_t i, double x) {
    if (is_double(p))
        ((double *)array)[i] = x;
    else
        ((float *)array)[i] = (float)x;
}
static double get(const struct lyap_passes *p, const void *array, size_t i) {
    return is_double(p) ? ((const double *)array)[i] : (double)((const float *)array)[i];
}
static struct guarded filled(const struct lyap_passes *p, size_t n, size_t shift, unsigned kind) {
    struct guarded g = guarded(n, real_size(p), shift);
    for (size_t i = 0; i < n; i++) put(p, g.data, i, value(i, kind));
    return g;
}

/* The table of test number i, or NULL where this CPU has none; and the scalar one of the same precision. */
#define TABLES(constant, name, has, flags) {&lyap_passes_##name##_f32, &lyap_passes_##name##_f64},
static const struct lyap_passes *const tables[][2] = {LYAP_BUILT_ISAS(TABLES)};
static const struct lyap_passes *table(int i) {
    return lyap_isa_available(built_isas[i / 2]) ? tables[i / 2][i % 2] : NULL;
}
static const struct lyap_passes *plain_table(int i) {
    return i % 2 ? &lyap_passes_scalar_f64 : &lyap_passes_scalar_f32;
}

/* ---- products ---- */

/* How a lies: row by row, or column by column. Rows may have a gap after them. */
enum layout { BY_ROWS, BY_COLUMNS, LAYOUTS };
struct shape {
    size_t rows, columns, length;
    enum layout layout;
    enum lyap_product_start start;
    size_t gap;
};

/* The columns of one row of the product by the loops of simd/passes.h, in place of what it held. */
#define DEFINE_PLAIN_ROW(NAME, REAL, FUSED)                                                                            \
    static void NAME(const struct lyap_array_product *p, size_t r, REAL *row) {                                        \
        const REAL *a = p->a, *b = p->b, *bias = p->bias;                                                              \
        for (size_t c = 0; c < p->columns; c++) {                                                                      \
            REAL sum = p->start == LYAP_START_BIAS ? bias[c] : row[c];                                                 \
            for (size_t i = 0; i < p->length; i++) {                                                                   \
                const REAL x = a[r * p->a_row + i * p->a_step], y = b[i * p->b_row + c];                               \
                sum = i == 0 && p->start == LYAP_START_PRODUCT ? x * y : FUSED(x, y, sum);                             \
            }                                                                                                          \
            row[c] = sum;                                                                                              \
        }                                                                                                              \
    }
DEFINE_PLAIN_ROW(plain_row_f32, float, fmaf)
DEFINE_PLAIN_ROW(plain_row_f64, double, fma)

static void check_rows(const struct lyap_passes *t, const struct lyap_array_product *p, const struct shape *s,
                       unsigned char *want, size_t size) {
    const size_t real = real_size(t);
    for (size_t r = 0; r < s->rows; r++) {
        if (is_double(t))
            plain_row_f64(p, r, (double *)(void *)want + r * p->out_row);
        else
            plain_row_f32(p, r, (float *)(void *)want + r * p->out_row);
    }
    const unsigned char *got = p->out;
    if (memcmp(got, want, size * real) == 0) return;
    for (size_t i = 0; i < size; i++)
        if (memcmp(got + i * real, want + i * real, real) != 0)
            ck_abort_msg("isa %s precision %d, %zu rows %zu columns %zu terms, layout %d start %d gap %zu, row %zu "
                         "column %zu: %a, plain loops %a",
                         t->isa, (int)t->precision, s->rows, s->columns, s->length, (int)s->layout, (int)s->start,
                         s->gap, i / p->out_row, i % p->out_row, get(t, got, i), get(t, want, i));
}

static void check_product(const struct lyap_passes *t, const struct shape *s) {
    const size_t R = s->rows, C = s->columns, L = s->length, real = real_size(t);
    static struct guarded scratch; /* of all products of a table */
    if (scratch.bytes != t->product_scratch) {
        free(scratch.base);
        scratch = guarded(t->product_scratch, 1, 0);
    }
    struct lyap_array_product p = {.rows = R, .columns = C, .length = L, .start = s->start, .scratch = scratch.data};
    size_t a_size;
    if (s->layout == BY_ROWS) {
        p.a_row = L + s->gap, p.a_step = 1;
        a_size = (R - 1) * p.a_row + L;
    } else {
        p.a_row = 1, p.a_step = R + s->gap;
        a_size = (L - 1) * p.a_step + R;
    }
    p.b_row = p.out_row = C + s->gap;
    const size_t b_size = (L - 1) * p.b_row + C, out_size = (R - 1) * p.out_row + C;
    struct guarded a = filled(t, a_size, R % 3, 1), b = filled(t, b_size, C % 5, 2), bias = filled(t, C, L % 3, 3),
                   out = filled(t, out_size, L % 5, 4);
    p.a = a.data, p.b = b.data, p.bias = s->start == LYAP_START_BIAS ? bias.data : NULL, p.out = out.data;
    unsigned char *want = malloc(out_size * real);
    ck_assert_ptr_nonnull(want);
    memcpy(want, out.data, out_size * real);
    t->product(&p);
    check_rows(t, &p, s, want, out_size);
    free(want);
    release(&a, "a");
    release(&b, "b");
    release(&bias, "bias");
    release(&out, "out");
    expect_zones(&scratch, "scratch");
}

/* All layouts of a, starts, and rows with and without a gap. */
static void check_shape(const struct lyap_passes *t, size_t rows, size_t columns, size_t length) {
    for (int layout = 0; layout < LAYOUTS; layout++)
        for (int start = LYAP_START_OUT; start <= LYAP_START_BIAS; start++) {
            const size_t gap = (rows + columns + length + (size_t)start) % 2 * 3;
            check_product(
                t, &(struct shape){rows, columns, length, (enum layout)layout, (enum lyap_product_start)start, gap});
        }
}

#define TABLE_OR_SKIP(name)                                                                                            \
    const struct lyap_passes *name = table(_i);                                                                        \
    if (!name) SKIP("this CPU has no %s", lyap_isa_name(built_isas[_i / 2]))

/* Vectors have 1 to 16 lanes, tiles two of them and at most 14 rows. */
START_TEST(small_products_have_the_bits_of_plain_loops) {
    TABLE_OR_SKIP(t);
    static const size_t lengths[] = {1, 2, 3, 9};
    for (size_t rows = 1; rows <= 30; rows += rows < 6 ? 1 : work(1, 5))
        for (size_t columns = 1; columns <= 37; columns += columns < 6 ? 1 : work(1, 7))
            check_shape(t, rows, columns, lengths[(rows + columns) % 4]);
}
END_TEST

START_TEST(products_at_the_edges_of_tiles_have_the_bits_of_plain_loops) {
    TABLE_OR_SKIP(t);
    static const size_t rows[] = {27, 28, 29, 41, 42, 55, 56, 57, 64},
                        columns[] = {31, 32, 33, 47, 48, 63, 64, 65, 100};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r += work(1, 2))
        for (size_t c = r % work(1, 3); c < sizeof columns / sizeof *columns; c += work(1, 3))
            check_shape(t, rows[r], columns[c], 5 + (r + c) % 3);
}
END_TEST

/* Sums longer than a block, and rows so wide that b's are copied and taken in several parts. */
START_TEST(products_of_several_blocks_have_the_bits_of_plain_loops) {
    TABLE_OR_SKIP(t);
    static const size_t lengths[] = {200, 255, 256, 257, 438, 439, 511, 512, 513, 784, 1025, 1537};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i += work(1, 3)) {
        check_shape(t, 15, 10, lengths[i]);
        check_shape(t, 3, 33, lengths[i]);
    }
    check_shape(t, 57, 300, 517);
    if (!brief_tests()) check_shape(t, 59, 1030, 300);
}
END_TEST

/* Rows or terms 4 KiB apart, which share a set of the first-level cache, over few and many tiles' columns: panels of a are copied. */
START_TEST(products_of_far_rows_have_the_bits_of_plain_loops) {
    TABLE_OR_SKIP(t);
    const size_t far = 4096 / real_size(t);
    static const size_t columns[] = {33, 67, 131, 300};
    for (size_t c = 0; c < sizeof columns / sizeof *columns; c++)
        for (int start = LYAP_START_OUT; start <= LYAP_START_BIAS; start++) {
            const enum lyap_product_start begun = (enum lyap_product_start)start;
            check_product(t, &(struct shape){29, columns[c], 21, BY_ROWS, begun, far - 21});
            check_product(t, &(struct shape){29, columns[c], 19, BY_COLUMNS, begun, far - 29});
        }
}
END_TEST

/* -1 * 0 = -0; added to a zero it would be +0. */
START_TEST(a_sum_begins_with_its_first_product_and_not_with_zero) {
    TABLE_OR_SKIP(t);
    if (!fma_keeps_the_sign_of_zero()) SKIP("this valgrind gets the sign of a zero wrong");
    for (size_t columns = 1; columns < 40; columns += 19) {
        struct guarded a = guarded(20 * 20, real_size(t), 0), b = guarded(20 * columns, real_size(t), 0),
                       out = guarded(20 * columns, real_size(t), 0), scratch = guarded(t->product_scratch, 1, 0);
        for (size_t i = 0; i < 20 * 20; i++) put(t, a.data, i, -1);
        for (size_t i = 0; i < 20 * columns; i++) put(t, b.data, i, 0);
        t->product(&(struct lyap_array_product){.a = a.data,
                                                .a_row = 20,
                                                .a_step = 1,
                                                .b = b.data,
                                                .b_row = columns,
                                                .out = out.data,
                                                .out_row = columns,
                                                .rows = 20,
                                                .columns = columns,
                                                .length = 20,
                                                .start = LYAP_START_PRODUCT,
                                                .scratch = scratch.data});
        for (size_t i = 0; i < 20 * columns; i++) ck_assert_msg(signbit(get(t, out.data, i)), "entry %zu", i);
        release(&a, "a");
        release(&b, "b");
        release(&out, "out");
        release(&scratch, "scratch");
    }
}
END_TEST

/* ---- everything else, against the scalar table ---- */

/* Lengths up to 3 vectors of 16 lanes and one more, of arrays that are not aligned. */
enum { MOST = 3 * 16 + 1, ARRAYS = 5 };

/* Arrays of n numbers before and after a pass: [0] of the table, [1] of the scalar one. */
struct arrays {
    const struct lyap_passes *passes[2];
    struct guarded of[2][ARRAYS];
    size_t n[ARRAYS];
};
static struct arrays arrays(int test, const size_t n[ARRAYS]) {
    struct arrays a = {.passes = {table(test), plain_table(test)}};
    for (unsigned k = 0; k < ARRAYS; k++) {
        a.n[k] = n[k];
        for (int which = 0; which < 2; which++) a.of[which][k] = filled(a.passes[0], n[k], k % 3, k + 10);
    }
    return a;
}
static struct arrays same_lengths(int test, size_t n) {
    return arrays(test, (const size_t[ARRAYS]){n, n, n, n, n});
}
/* NaN is NaN, whatever its sign. */
static bool same_number(const struct arrays *a, int k, size_t i) {
    const size_t real = real_size(a->passes[0]);
    const unsigned char *x = a->of[0][k].data, *y = a->of[1][k].data;
    return memcmp(x + i * real, y + i * real, real) == 0 ||
           (isnan(get(a->passes[0], x, i)) && isnan(get(a->passes[0], y, i)));
}
static void expect_the_same(struct arrays *a, const char *what, int detail) {
    const struct lyap_passes *p = a->passes[0];
    for (int k = 0; k < ARRAYS; k++) {
        for (size_t i = 0; i < a->n[k]; i++)
            if (!same_number(a, k, i))
                ck_abort_msg("isa %s precision %d %s %d, array %d of %zu, number %zu: %a, scalar %a", p->isa,
                             (int)p->precision, what, detail, k, a->n[k], i, get(p, a->of[0][k].data, i),
                             get(p, a->of[1][k].data, i));
        release(&a->of[0][k], what);
        release(&a->of[1][k], what);
    }
}

static bool is_stored(int f) {
    return f == LYAP_SOFTPLUS || f == LYAP_GELU || f == LYAP_SILU || f == LYAP_SIN;
}
static bool is_curved(int f) {
    return f != LYAP_LINEAR && f != LYAP_RELU && f != LYAP_LEAKY_RELU;
}

START_TEST(passes_over_units_have_the_bits_of_the_scalar_table) {
    TABLE_OR_SKIP(t);
    for (int f = 0; f < LYAP_ACTIVATION_COUNT; f++)
        for (size_t n = 1; n <= MOST; n += work(1, 4))
            for (int curve = 0; curve < 2; curve++) {
                struct arrays x = same_lengths(_i, n);
                for (int which = 0; which < 2; which++) {
                    const struct lyap_passes *p = x.passes[which];
                    struct guarded *a = x.of[which];
                    const struct lyap_units u = {(enum lyap_activation)f, n, a[0].data, is_stored(f) ? a[1].data : NULL,
                                                 is_stored(f) && curve ? a[2].data : NULL};
                    p->activate(&u);
                    p->through(&u, a[3].data, is_stored(f) && curve ? a[4].data : NULL);
                }
                expect_the_same(&x, "activate and through", f);
            }
}
END_TEST

START_TEST(passes_of_tangents_over_units_have_the_bits_of_the_scalar_table) {
    TABLE_OR_SKIP(t);
    for (int f = 0; f < LYAP_ACTIVATION_COUNT; f++)
        for (size_t n = 1; n <= MOST; n += work(1, 4))
            for (int in_place = 0; in_place < 2; in_place++) {
                struct arrays x = same_lengths(_i, n);
                for (int which = 0; which < 2; which++) {
                    const struct lyap_passes *p = x.passes[which];
                    struct guarded *a = x.of[which];
                    const struct lyap_units u = {(enum lyap_activation)f, n, a[0].data, is_curved(f) ? a[1].data : NULL,
                                                 NULL};
                    p->activate(&u);
                    if (is_curved(f) && !is_stored(f)) p->slope_and_bend(&u, a[2].data, a[3].data);
                    p->along_slope(&u, a[2].data, in_place ? a[2].data : a[4].data);
                }
                expect_the_same(&x, "slope_and_bend and along_slope", f);
            }
}
END_TEST

START_TEST(operations_over_arrays_have_the_bits_of_the_scalar_table) {
    TABLE_OR_SKIP(t);
    for (int op = 0; op < LYAP_OP_COUNT; op++)
        for (size_t n = 1; n <= MOST; n += work(1, 4)) {
            struct arrays x = same_lengths(_i, n);
            for (int which = 0; which < 2; which++) {
                struct guarded *a = x.of[which];
                x.passes[which]->elementwise((enum lyap_operation)op, a[0].data, a[1].data, a[2].data, a[3].data, n);
                if (op == LYAP_OP_EXP)
                    x.passes[which]->elementwise((enum lyap_operation)op, a[0].data, NULL, NULL, a[0].data, n);
            }
            expect_the_same(&x, "operation", op);
        }
}
END_TEST

START_TEST(a_transposed_matrix_has_each_number_at_its_place) {
    TABLE_OR_SKIP(t);
    for (size_t rows = 1; rows <= MOST; rows += work(1, 3))
        for (size_t columns = 1; columns <= MOST; columns += work(1, 3)) {
            struct guarded in = filled(t, rows * columns, rows % 3, 1), out = filled(t, rows * columns, columns % 3, 2);
            t->transpose(in.data, rows, columns, out.data);
            for (size_t r = 0; r < rows; r++)
                for (size_t c = 0; c < columns; c++)
                    if (get(t, out.data, c * rows + r) != get(t, in.data, r * columns + c))
                        ck_abort_msg("isa %s precision %d, %zu x %zu, row %zu column %zu", t->isa, (int)t->precision,
                                     rows, columns, r, c);
            release(&in, "in");
            release(&out, "out");
        }
}
END_TEST

/* A sum of two floats that is rounded from the double is the float sum (S. A. Figueroa, SIGNUM Newsl. 30(3), 1995). */
START_TEST(sums_of_columns_have_the_bits_of_plain_loops) {
    TABLE_OR_SKIP(t);
    for (size_t outputs = 1; outputs <= 150; outputs += outputs < MOST ? work(1, 4) : work(7, 25))
        for (size_t samples = 1; samples < 40; samples = samples * 3 + 1)
            for (int accumulate = 0; accumulate < 2; accumulate++) {
                const size_t real = real_size(t);
                struct guarded d = filled(t, samples * outputs, samples % 3, 1), g = filled(t, outputs, outputs % 3, 2),
                               want = filled(t, outputs, 0, 2);
                t->column_sums(d.data, samples, outputs, accumulate, g.data);
                for (size_t o = 0; o < outputs; o++) {
                    if (!accumulate) put(t, want.data, o, get(t, d.data, o));
                    for (size_t s = accumulate ? 0 : 1; s < samples; s++)
                        put(t, want.data, o, get(t, want.data, o) + get(t, d.data, s * outputs + o));
                }
                for (size_t o = 0; o < outputs; o++)
                    if (memcmp(g.data + o * real, want.data + o * real, real) != 0)
                        ck_abort_msg("isa %s precision %d, %zu samples, output %zu of %zu: %a, plain loops %a", t->isa,
                                     (int)t->precision, samples, o, outputs, get(t, g.data, o), get(t, want.data, o));
                release(&d, "d");
                release(&g, "g");
                release(&want, "want");
            }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("passes");
    TCase *tc = tcase_create("passes");
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, small_products_have_the_bits_of_plain_loops, 0, 2 * BUILT_ISAS);
    tcase_add_loop_test(tc, products_at_the_edges_of_tiles_have_the_bits_of_plain_loops, 0, 2 * BUILT_ISAS);
    tcase_add_loop_test(tc, products_of_several_blocks_have_the_bits_of_plain_loops, 0, 2 * BUILT_ISAS);
    tcase_add_loop_test(tc, products_of_far_rows_have_the_bits_of_plain_loops, 0, 2 * BUILT_ISAS);
    tcase_add_loop_test(tc, a_sum_begins_with_its_first_product_and_not_with_zero, 0, 2 * BUILT_ISAS);
    tcase_add_loop_test(tc, passes_over_units_have_the_bits_of_the_scalar_table, 0, 2 * BUILT_ISAS);
    tcase_add_loop_test(tc, passes_of_tangents_over_units_have_the_bits_of_the_scalar_table, 0, 2 * BUILT_ISAS);
    tcase_add_loop_test(tc, operations_over_arrays_have_the_bits_of_the_scalar_table, 0, 2 * BUILT_ISAS);
    tcase_add_loop_test(tc, a_transposed_matrix_has_each_number_at_its_place, 0, 2 * BUILT_ISAS);
    tcase_add_loop_test(tc, sums_of_columns_have_the_bits_of_plain_loops, 0, 2 * BUILT_ISAS);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
