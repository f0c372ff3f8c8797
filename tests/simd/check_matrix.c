/* Matrix products of a layer: the bits of plain loops in the documented order, on every instruction set, for every shape
 * around the edges of tiles and blocks; and nothing outside their arrays. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "simd/kernels.h"
#include "tests/work.h"

/* The layer: inputs, outputs and samples, and where the numbers of one lane lie. */
struct layer {
    const struct lyap_kernels *kernels;
    size_t samples, inputs, outputs;
};

/* An array whose end lies at the end of its allocation, so that a sanitizer sees a step beyond it, between two zones that
 * are looked at afterwards. */
enum { ZONE = 64 };
struct guarded {
    unsigned char *base;
    void *data;
    size_t bytes;
};

static struct guarded guarded(size_t count, size_t real) {
    struct guarded g = {.bytes = count * real};
    size_t room = ZONE + (g.bytes + ZONE - 1) / ZONE * ZONE;
    g.base = aligned_alloc(LYAP_ALIGNMENT, room);
    ck_assert_ptr_nonnull(g.base);
    memset(g.base, 0xca, room);
    g.data = g.base + ZONE;
    return g;
}

static void release(struct guarded *g) {
    size_t room = ZONE + (g->bytes + ZONE - 1) / ZONE * ZONE;
    for (size_t i = 0; i < room; i++)
        if (i < ZONE || i >= ZONE + g->bytes) ck_assert_msg(g->base[i] == 0xca, "byte %zu of the zone was written", i);
    free(g->base);
}

/* Numbers of mixed sign and size, among them zeros of both signs. */
static double value(size_t i, unsigned kind) {
    uint64_t h = (i + 1) * 0x9E3779B97F4A7C15u + kind * 0xD1B54A32D192ED03u;
    h = (h ^ h >> 29) * 0xBF58476D1CE4E5B9u;
    h ^= h >> 32;
    if (h % 61 == 0) return 0;
    if (h % 61 == 1) return -0.0;
    return ldexp((double)(h >> 11) * 0x1p-53 - 0.5, (int)(h % 7) - 3);
}

static void fill(const struct lyap_kernels *k, void *array, size_t n, unsigned kind) {
    for (size_t i = 0; i < n; i++) {
        if (k->precision == LYAP_FLOAT64)
            ((double *)array)[i] = value(i, kind);
        else
            ((float *)array)[i] = (float)value(i, kind);
    }
}

static double at(const struct lyap_kernels *k, const void *array, size_t i) {
    return k->precision == LYAP_FLOAT64 ? ((const double *)array)[i] : (double)((const float *)array)[i];
}

static double fused(const struct lyap_kernels *k, double a, double b, double c) {
    return k->precision == LYAP_FLOAT64 ? fma(a, b, c) : (double)fmaf((float)a, (float)b, (float)c);
}
static double times(const struct lyap_kernels *k, double a, double b) {
    return k->precision == LYAP_FLOAT64 ? a * b : (double)((float)a * (float)b);
}
static double plus(const struct lyap_kernels *k, double a, double b) {
    return k->precision == LYAP_FLOAT64 ? a + b : (double)((float)a + (float)b);
}

/* Place of number `index` of `count` of a lane in an array vector by vector. */
static size_t place(const struct lyap_kernels *k, size_t count, size_t index, size_t lane) {
    return (lane / k->lanes * count + index) * k->lanes + lane % k->lanes;
}

static bool is_gradient(enum lyap_matrix what) {
    return what == LYAP_MATRIX_GRADIENT || what == LYAP_MATRIX_GRADIENT_BY_COLUMNS;
}

/* One number of out by the loops of simd/kernels/matrix.h's head: entry (row, column) of the product. */
static double expected(const struct layer *l, enum lyap_matrix what, bool shared, bool accumulate, const void *in,
                       const void *w, double before, size_t row, size_t column, size_t lane) {
    const struct lyap_kernels *k = l->kernels;
    size_t I = l->inputs, O = l->outputs, S = l->samples, units = what == LYAP_MATRIX_BACKWARD ? O : I;
    size_t terms = what == LYAP_MATRIX_FORWARD ? I : what == LYAP_MATRIX_BACKWARD ? O : S;
    bool bias = is_gradient(what) && row == I, begun = accumulate;
    double sum = before;
    if (what == LYAP_MATRIX_FORWARD && !accumulate) {
        sum = at(k, w, (I * O + column) * LYAP_BLOCK + lane);
        begun = true;
    }
    for (size_t i = 0; i < terms; i++) {
        size_t a_at = what == LYAP_MATRIX_GRADIENT              ? i * I + row
                      : what == LYAP_MATRIX_GRADIENT_BY_COLUMNS ? row * S + i
                                                                : row * units + i;
        double a = bias ? 1 : shared ? at(k, in, a_at) : at(k, in, place(k, S * units, a_at, lane));
        double b = what == LYAP_MATRIX_FORWARD    ? at(k, w, (i * O + column) * LYAP_BLOCK + lane)
                   : what == LYAP_MATRIX_BACKWARD ? at(k, w, (column * O + i) * LYAP_BLOCK + lane)
                                                  : at(k, w, place(k, S * O, i * O + column, lane));
        if (bias)
            sum = begun ? plus(k, sum, b) : b;
        else
            sum = begun ? fused(k, a, b, sum) : times(k, a, b);
        begun = true;
    }
    return sum;
}

static bool same_bits(double x, double y) {
    return memcmp(&x, &y, sizeof x) == 0;
}

/* Runs one product and compares every number. */
static void check_product(const struct layer *l, enum lyap_matrix what, bool shared, bool accumulate) {
    const struct lyap_kernels *k = l->kernels;
    size_t real = k->precision == LYAP_FLOAT64 ? sizeof(double) : sizeof(float);
    size_t I = l->inputs, O = l->outputs, S = l->samples, parameters = (I + 1) * O;
    bool gradient = is_gradient(what), backward = what == LYAP_MATRIX_BACKWARD;
    size_t rows = gradient ? I + 1 : S, columns = backward ? I : O, units = backward ? O : I;
    size_t in_count = S * units * (shared ? 1 : LYAP_BLOCK);
    size_t w_count = (gradient ? S * O : parameters) * LYAP_BLOCK, out_count = rows * columns * LYAP_BLOCK;
    struct guarded in = guarded(in_count, real), w = guarded(w_count, real), out = guarded(out_count, real);
    struct guarded scratch = guarded(k->matrix_scratch / real, real);
    void *before = malloc(out_count * real);
    ck_assert_ptr_nonnull(before);
    fill(k, in.data, in_count, 1);
    fill(k, w.data, w_count, 2);
    fill(k, out.data, out_count, 3);
    memcpy(before, out.data, out_count * real);
    const struct lyap_product product = {what, shared, accumulate, in.data, w.data, S, I, O, scratch.data};
    k->matrix(&product, out.data);
    for (size_t lane = 0; lane < LYAP_BLOCK; lane++)
        for (size_t r = 0; r < rows; r++)
            for (size_t c = 0; c < columns; c++) {
                size_t here = place(k, rows * columns, r * columns + c, lane);
                double want = expected(l, what, shared, accumulate, in.data, w.data, at(k, before, here), r, c, lane);
                double got = at(k, out.data, here);
                if (!same_bits(got, want))
                    ck_abort_msg(
                        "isa %s precision %d product %d shared %d accumulate %d, %zu samples %zu-%zu, lane %zu "
                        "(%zu, %zu): %a, plain loops %a",
                        k->isa, (int)k->precision, (int)what, shared, accumulate, S, I, O, lane, r, c, got, want);
            }
    free(before);
    release(&in);
    release(&w);
    release(&out);
    release(&scratch);
}

static void check_layer(const struct lyap_kernels *k, size_t samples, size_t inputs, size_t outputs) {
    struct layer l = {k, samples, inputs, outputs};
    for (int accumulate = 0; accumulate < 2; accumulate++) {
        check_product(&l, LYAP_MATRIX_FORWARD, true, accumulate);
        check_product(&l, LYAP_MATRIX_FORWARD, false, accumulate);
        check_product(&l, LYAP_MATRIX_BACKWARD, false, accumulate);
        check_product(&l, LYAP_MATRIX_GRADIENT, true, accumulate);
        check_product(&l, LYAP_MATRIX_GRADIENT_BY_COLUMNS, true, accumulate);
        check_product(&l, LYAP_MATRIX_GRADIENT, false, accumulate);
    }
}

/* The table of test number i, or NULL where this CPU has none. */
static const struct lyap_kernels *table(int i) {
    return lyap_kernels_get(built_isas[i / 2], (enum lyap_precision)(i % 2));
}

START_TEST(small_layers_have_the_bits_of_plain_loops) {
    const struct lyap_kernels *k = table(_i);
    if (!k) SKIP("this CPU has no %s", lyap_isa_name(built_isas[_i / 2]));
    static const size_t sizes[] = {1, 2, 3, 4, 5, 9};
    enum { N = sizeof sizes / sizeof *sizes };
    for (size_t s = 0; s < N; s++)
        for (size_t i = 0; i < N; i++)
            for (size_t o = (s + i) % work(1, 3); o < N; o += work(1, 3)) check_layer(k, sizes[s], sizes[i], sizes[o]);
}
END_TEST

/* Tiles have 1 to 8 rows and 1, 2 or 4 columns; panels are copied from 16 rows on. */
START_TEST(layers_at_the_edges_of_tiles_have_the_bits_of_plain_loops) {
    const struct lyap_kernels *k = table(_i);
    if (!k) SKIP("this CPU has no %s", lyap_isa_name(built_isas[_i / 2]));
    static const size_t rows[] = {6, 11, 12, 13, 15, 16, 17, 20, 23};
    static const size_t columns[] = {11, 12, 13};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
        for (size_t c = r % work(1, 3); c < sizeof columns / sizeof *columns; c += work(1, 3)) {
            check_layer(k, rows[r], 19, columns[c]);
            check_layer(k, 17, rows[r], columns[c]);
        }
}
END_TEST

/* A block has 112 terms in vectors; with shared data as many as make 112 KiB of four columns, across their rows 224. */
START_TEST(sums_over_several_blocks_have_the_bits_of_plain_loops) {
    const struct lyap_kernels *k = table(_i);
    if (!k) SKIP("this CPU has no %s", lyap_isa_name(built_isas[_i / 2]));
    size_t real = k->precision == LYAP_FLOAT64 ? sizeof(double) : sizeof(float);
    size_t panel = (size_t)112 * 1024 / (4 * k->lanes * real);
    size_t blocks[] = {panel / 2 + 1, panel, panel + 1};
    static const size_t lengths[] = {111, 112, 113, 224, 225};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i += work(1, 2)) {
        check_layer(k, 17, lengths[i], 5); /* forward's sums */
        check_layer(k, 2, 17, lengths[i]); /* backward's */
        check_layer(k, lengths[i], 19, 7); /* the gradient's */
    }
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        check_layer(k, 16, blocks[i], 1);
        check_layer(k, blocks[i], 16, 1);
    }
}
END_TEST

START_TEST(a_sum_begins_with_its_first_product_and_not_with_zero) {
    const struct lyap_kernels *k = table(_i);
    if (!k) SKIP("this CPU has no %s", lyap_isa_name(built_isas[_i / 2]));
    if (!fma_keeps_the_sign_of_zero()) SKIP("this valgrind gets the sign of a zero wrong");
    if (k->precision != LYAP_FLOAT64) return; /* float32 has the same code */
    /* -1 * 0 = -0; added to a zero it would be +0. */
    for (size_t outputs = 1; outputs < 40; outputs += 38) {
        _Alignas(64) static double in[20 * 40 * LYAP_BLOCK], w[21 * 40 * LYAP_BLOCK], out[21 * 40 * LYAP_BLOCK];
        void *scratch = aligned_alloc(LYAP_ALIGNMENT, k->matrix_scratch);
        for (size_t i = 0; i < sizeof in / sizeof *in; i++) in[i] = -1;
        memset(w, 0, sizeof w);
        k->matrix(&(struct lyap_product){LYAP_MATRIX_BACKWARD, false, false, in, w, 20, 20, outputs, scratch}, out);
        for (size_t i = 0; i < 20u * 20 * LYAP_BLOCK; i++) ck_assert_msg(signbit(out[i]), "backward, entry %zu", i);
        k->matrix(&(struct lyap_product){LYAP_MATRIX_GRADIENT, false, false, in, w, 20, 20, outputs, scratch}, out);
        for (size_t i = 0; i < 20 * outputs * k->lanes; i++) ck_assert_msg(signbit(out[i]), "gradient, entry %zu", i);
        free(scratch);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("matrix");
    TCase *tc = tcase_create("products");
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, small_layers_have_the_bits_of_plain_loops, 0, 2 * BUILT_ISAS);
    tcase_add_loop_test(tc, layers_at_the_edges_of_tiles_have_the_bits_of_plain_loops, 0, 2 * BUILT_ISAS);
    tcase_add_loop_test(tc, sums_over_several_blocks_have_the_bits_of_plain_loops, 0, 2 * BUILT_ISAS);
    tcase_add_loop_test(tc, a_sum_begins_with_its_first_product_and_not_with_zero, 0, 2 * BUILT_ISAS);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
