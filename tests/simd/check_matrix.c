/* Matrix products of a layer: the bits of plain loops in the documented order, on every instruction set, for every shape
 * around the edges of tiles and blocks; and nothing outside their arrays. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "simd/kernels.h"
#include "tests/check.h"
#include "tests/work.h"

/* An array whose end lies at the end of its allocation, so that a sanitizer sees a step beyond it, between two zones that
 * are looked at afterwards. */
enum { ZONE = 64 };
struct guarded {
    unsigned char *base;
    void *data;
    size_t bytes;
};

/* The layer: inputs, outputs and samples; the scratch of all products of a test, whose pages are new once. */
struct layer {
    const struct lyap_kernels *kernels;
    size_t samples, inputs, outputs;
    struct guarded *scratch;
};

static struct guarded guarded(size_t count, size_t real) {
    struct guarded g = {.bytes = count * real};
    size_t room = ZONE + (g.bytes + ZONE - 1) / ZONE * ZONE;
    g.base = aligned_alloc(LYAP_ALIGNMENT, room);
    ck_assert_ptr_nonnull(g.base);
    g.data = g.base + ZONE;
    memset(g.base, 0xca, ZONE);
    memset(g.base + ZONE + g.bytes, 0xca, room - ZONE - g.bytes);
    return g;
}

static void expect_untouched(const struct guarded *g, size_t from, size_t to) {
    for (size_t i = from; i < to; i++) ck_assert_msg(g->base[i] == 0xca, "byte %zu of the zone was written", i);
}

static void expect_zones(const struct guarded *g) {
    expect_untouched(g, 0, ZONE);
    expect_untouched(g, ZONE + g->bytes, ZONE + (g->bytes + ZONE - 1) / ZONE * ZONE);
}

static void release(struct guarded *g) {
    expect_zones(g);
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

/* The first n of a kind, which a test works out once. */
static const double *values(size_t n, unsigned kind) {
    static struct {
        double *number;
        size_t n;
    } kept[4];
    if (kept[kind].n < n) {
        kept[kind].number = realloc(kept[kind].number, n * sizeof(double));
        ck_assert_ptr_nonnull(kept[kind].number);
        for (size_t i = kept[kind].n; i < n; i++) kept[kind].number[i] = value(i, kind);
        kept[kind].n = n;
    }
    return kept[kind].number;
}

static void fill(const struct lyap_kernels *k, void *array, size_t n, unsigned kind) {
    const double *number = values(n, kind);
    if (k->precision == LYAP_FLOAT64)
        memcpy(array, number, n * sizeof *number);
    else
        for (size_t i = 0; i < n; i++) ((float *)array)[i] = (float)number[i];
}

static bool is_gradient(enum lyap_matrix what) {
    return what == LYAP_MATRIX_GRADIENT || what == LYAP_MATRIX_GRADIENT_BY_COLUMNS;
}

/* The sums of one number of out, a lane each: terms a[i * a_step] * b[i * b_step], or the b alone. */
struct sums {
    const void *a, *b; /* [index][LYAP_BLOCK] */
    size_t terms, a_step, b_step;
    bool bias, begun; /* begun: the sum goes on from what it holds */
};
#define DEFINE_PLAIN_SUMS(NAME, REAL, FUSED)                                                                           \
    static void NAME(const struct sums *s, REAL *sum) {                                                                \
        const REAL *a = s->a, *b = s->b;                                                                               \
        size_t i = 0;                                                                                                  \
        if (!s->begun) {                                                                                               \
            for (int lane = 0; lane < LYAP_BLOCK; lane++) sum[lane] = s->bias ? b[lane] : a[lane] * b[lane];           \
            i = 1;                                                                                                     \
        }                                                                                                              \
        for (; i < s->terms; i++) {                                                                                    \
            const REAL *x = a + i * s->a_step * LYAP_BLOCK, *y = b + i * s->b_step * LYAP_BLOCK;                       \
            if (s->bias)                                                                                               \
                for (int lane = 0; lane < LYAP_BLOCK; lane++) sum[lane] += y[lane];                                    \
            else                                                                                                       \
                for (int lane = 0; lane < LYAP_BLOCK; lane++) sum[lane] = FUSED(x[lane], y[lane], sum[lane]);          \
        }                                                                                                              \
    }
DEFINE_PLAIN_SUMS(plain_sums_f32, float, fmaf)
DEFINE_PLAIN_SUMS(plain_sums_f64, double, fma)

static size_t real_size(const struct lyap_kernels *k) {
    return k->precision == LYAP_FLOAT64 ? sizeof(double) : sizeof(float);
}

/* `count` numbers a lane as [index][LYAP_BLOCK], from an array vector by vector or shared by all lanes; the caller frees. */
static unsigned char *by_lanes(const struct lyap_kernels *k, const void *array, size_t count, bool shared) {
    const size_t real = real_size(k), vector = k->lanes * real;
    const unsigned char *in = array;
    unsigned char *out = malloc(count * LYAP_BLOCK * real), *to = out;
    ck_assert_ptr_nonnull(out);
    for (size_t i = 0; i < count; i++) {
        for (size_t lane = 0; shared && lane < LYAP_BLOCK; lane++, to += real) {
            if (real == sizeof(double)) /* sizes that the compiler knows are no calls */
                memcpy(to, in + i * sizeof(double), sizeof(double));
            else
                memcpy(to, in + i * sizeof(float), sizeof(float));
        }
        for (size_t v = 0; !shared && v < LYAP_BLOCK / k->lanes; v++, to += vector)
            memcpy(to, in + (v * count + i) * vector, vector);
    }
    return out;
}

/* One product: its operands as [index][LYAP_BLOCK], and what out held before. */
struct product {
    const struct layer *layer;
    enum lyap_matrix what;
    bool accumulate;
    const unsigned char *in, *w;
};

/* The lanes of entry (row, column) of the product by the loops of simd/kernels/matrix.h's head; sum holds what was before. */
static void expected(const struct product *p, size_t row, size_t column, void *sum) {
    const struct lyap_kernels *k = p->layer->kernels;
    size_t I = p->layer->inputs, O = p->layer->outputs, S = p->layer->samples, lanes = LYAP_BLOCK * real_size(k);
    const bool forward = p->what == LYAP_MATRIX_FORWARD, backward = p->what == LYAP_MATRIX_BACKWARD;
    const bool by_rows = p->what == LYAP_MATRIX_GRADIENT;
    size_t units = backward ? O : I, terms = forward ? I : backward ? O : S;
    size_t in_at = by_rows ? row : row * (is_gradient(p->what) ? S : units);
    struct sums s = {.terms = terms,
                     .a_step = by_rows ? I : 1,
                     .b_step = backward ? 1 : O,
                     .bias = is_gradient(p->what) && row == I,
                     .begun = p->accumulate || forward};
    s.b = p->w + (backward ? column * O : column) * lanes;
    s.a = s.bias ? s.b : p->in + in_at * lanes;
    if (forward && !p->accumulate) memcpy(sum, p->w + (I * O + column) * lanes, lanes);
    if (k->precision == LYAP_FLOAT64)
        plain_sums_f64(&s, sum);
    else
        plain_sums_f32(&s, sum);
}

static double number(const struct lyap_kernels *k, const unsigned char *lanes, size_t lane) {
    return k->precision == LYAP_FLOAT64 ? ((const double *)lanes)[lane] : (double)((const float *)lanes)[lane];
}

/* Runs one product and compares every number. */
static void check_product(const struct layer *l, enum lyap_matrix what, bool shared, bool accumulate) {
    const struct lyap_kernels *k = l->kernels;
    size_t real = real_size(k), lanes = LYAP_BLOCK * real;
    size_t I = l->inputs, O = l->outputs, S = l->samples, parameters = (I + 1) * O;
    bool gradient = is_gradient(what), backward = what == LYAP_MATRIX_BACKWARD;
    size_t rows = gradient ? I + 1 : S, columns = backward ? I : O, units = backward ? O : I;
    size_t in_count = S * units, w_count = gradient ? S * O : parameters, out_count = rows * columns;
    struct guarded in = guarded(in_count * (shared ? 1 : LYAP_BLOCK), real), w = guarded(w_count * LYAP_BLOCK, real);
    struct guarded out = guarded(out_count * LYAP_BLOCK, real);
    fill(k, in.data, in_count * (shared ? 1 : LYAP_BLOCK), 1);
    fill(k, w.data, w_count * LYAP_BLOCK, 2);
    fill(k, out.data, out_count * LYAP_BLOCK, 3);
    unsigned char *in_lanes = by_lanes(k, in.data, in_count, shared), *w_lanes = w.data;
    if (gradient) w_lanes = by_lanes(k, w.data, w_count, false); /* the weights lie so */
    unsigned char *want = by_lanes(k, out.data, out_count, false);
    memset(l->scratch->data, 0xca, l->scratch->bytes);
    const struct lyap_product asked = {what, shared, accumulate, in.data, w.data, S, I, O, l->scratch->data};
    k->matrix(&asked, out.data);
    const struct product p = {l, what, accumulate, in_lanes, w_lanes};
    unsigned char *got = by_lanes(k, out.data, out_count, false);
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++) expected(&p, r, c, want + (r * columns + c) * lanes);
    const bool same = memcmp(got, want, out_count * lanes) == 0;
    for (size_t i = 0; !same && i < out_count * LYAP_BLOCK; i++)
        if (memcmp(got + i * real, want + i * real, real) != 0)
            ck_abort_msg("isa %s precision %d product %d shared %d accumulate %d, %zu samples %zu-%zu, lane %zu, "
                         "number %zu: %a, plain loops %a",
                         k->isa, (int)k->precision, (int)what, shared, accumulate, S, I, O, i % LYAP_BLOCK,
                         i / LYAP_BLOCK, number(k, got, i), number(k, want, i));
    free(in_lanes);
    if (gradient) free(w_lanes);
    free(want);
    free(got);
    release(&in);
    release(&w);
    release(&out);
    expect_zones(l->scratch);
}

static void check_layer(const struct lyap_kernels *k, size_t samples, size_t inputs, size_t outputs) {
    static struct guarded scratch;
    if (scratch.bytes != k->matrix_scratch) {
        free(scratch.base);
        scratch = guarded(k->matrix_scratch, 1);
    }
    struct layer l = {k, samples, inputs, outputs, &scratch};
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
