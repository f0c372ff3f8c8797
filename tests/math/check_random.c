/* Counter-based draws: known answers, purity, and the same numbers from every path. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "simd/kernels.h"
#include "lyapgrad/dataset.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/isa.h"
#include "lyapgrad/network.h"
#include "lyapgrad/precision.h"
#include "lyapgrad/random.h"
#include "lyapgrad/status.h"
#include "tests/check.h"
#include "tests/work.h"

/* Known answers of Philox4x32-10 from the kat_vectors of the Random123 distribution (Salmon et al., SC 2011): zeros, ones,
 * and the digits of pi. */
static const struct {
    uint32_t counter[4], key[2], expected[4];
} vectors[] = {
    {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
    {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
     {0xffffffff, 0xffffffff},
     {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
    {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
     {0xa4093822, 0x299f31d0},
     {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
};

START_TEST(philox_gives_the_published_known_answers) {
    uint32_t out[4];
    memset(out, 0xca, sizeof out);
    lyap_philox4x32(vectors[_i].counter, vectors[_i].key, out);
    for (int w = 0; w < 4; w++) ck_assert_uint_eq(out[w], vectors[_i].expected[w]);
}
END_TEST

enum { COUNT = 133 };
static const uint32_t cell_low[LYAP_BLOCK] = {0,  1,  2,  3,   5,          8,          13,         21,
                                              34, 55, 89, 144, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff};
static const uint32_t cell_high[LYAP_BLOCK] = {0, 0, 0, 0, 0, 1, 0, 0, 2, 0, 0, 0, 0xffff, 0, 0, 0xffff};

static _Alignas(64) double wide[COUNT * LYAP_BLOCK];
static _Alignas(64) float narrow[COUNT * LYAP_BLOCK];

/* Every available instruction set. */
static const struct lyap_kernels *kernels_or_null(int isa, enum lyap_precision precision) {
    return lyap_kernels_get(built_isas[isa], precision);
}

START_TEST(vector_float64_draws_equal_the_plain_ones_on_every_isa) {
    const struct lyap_kernels *k = kernels_or_null(_i, LYAP_FLOAT64);
    if (!k) SKIP("this CPU has no %s", lyap_isa_name(built_isas[_i]));
    const uint64_t firsts[] = {0, 3, 4, (UINT64_C(1) << 32) + 2, (UINT64_C(7) << 34) + 1};
    for (size_t f = 0; f < sizeof firsts / sizeof *firsts; f++)
        for (int normal = 0; normal < 2; normal++) {
            memset(wide, 0xca, sizeof wide);
            const struct lyap_draws draws = {
                normal, UINT64_C(0x123456789abcdef0), LYAP_STREAM_DATA, cell_low, cell_high, firsts[f], COUNT};
            k->draw(&draws, wide);
            for (size_t lane = 0; lane < LYAP_BLOCK; lane++) {
                double plain[COUNT];
                uint64_t cell = cell_low[lane] | (uint64_t)cell_high[lane] << 32;
                (normal ? lyap_random_normal : lyap_random_uniform)(UINT64_C(0x123456789abcdef0), LYAP_STREAM_DATA,
                                                                    cell, firsts[f], COUNT, plain);
                for (size_t i = 0; i < COUNT; i++)
                    ck_assert_msg(memcmp(&wide[i * LYAP_BLOCK + lane], &plain[i], sizeof(double)) == 0,
                                  "isa %d normal %d lane %zu index %zu: %a, plain %a", _i, normal, lane, i,
                                  wide[i * LYAP_BLOCK + lane], plain[i]);
            }
        }
}
END_TEST

START_TEST(a_float32_uniform_is_the_float64_one_cut_to_24_bits) {
    const struct lyap_kernels *k = kernels_or_null(_i, LYAP_FLOAT32);
    if (!k) SKIP("this CPU has no %s", lyap_isa_name(built_isas[_i]));
    const struct lyap_draws draws = {false, 42, LYAP_STREAM_INITIAL, cell_low, cell_high, 5, COUNT};
    k->draw(&draws, narrow);
    for (size_t lane = 0; lane < LYAP_BLOCK; lane++) {
        double plain[COUNT];
        lyap_random_uniform(42, LYAP_STREAM_INITIAL, cell_low[lane] | (uint64_t)cell_high[lane] << 32, 5, COUNT, plain);
        for (size_t i = 0; i < COUNT; i++)
            ck_assert_double_eq((double)narrow[i * LYAP_BLOCK + lane], floor(plain[i] * 0x1p24) * 0x1p-24);
    }
}
END_TEST

START_TEST(a_float32_normal_is_the_float64_one_to_float32_resolution) {
    const struct lyap_kernels *k = kernels_or_null(_i, LYAP_FLOAT32);
    if (!k) SKIP("this CPU has no %s", lyap_isa_name(built_isas[_i]));
    const struct lyap_draws draws = {true, 42, LYAP_STREAM_PERTURBATION, cell_low, cell_high, 0, COUNT};
    k->draw(&draws, narrow);
    for (size_t lane = 0; lane < LYAP_BLOCK; lane++) {
        double plain[COUNT];
        lyap_random_normal(42, LYAP_STREAM_PERTURBATION, cell_low[lane] | (uint64_t)cell_high[lane] << 32, 0, COUNT,
                           plain);
        /* Cutting u1 at 2^-24 shifts the radius r by up to 2^-24/(u1 r): at most 2.5e-4 where r is near 0. */
        for (size_t i = 0; i < COUNT; i++)
            ck_assert_double_eq_tol((double)narrow[i * LYAP_BLOCK + lane], plain[i], 2.5e-4 + 2e-6 * fabs(plain[i]));
    }
}
END_TEST

START_TEST(seed_stream_cell_and_index_all_matter) {
    double base, other;
    lyap_random_uniform(1, LYAP_STREAM_INITIAL, 7, 11, 1, &base);
    lyap_random_uniform(2, LYAP_STREAM_INITIAL, 7, 11, 1, &other);
    ck_assert_double_ne(base, other);
    lyap_random_uniform(UINT64_C(1) << 32 | 1, LYAP_STREAM_INITIAL, 7, 11, 1, &other);
    ck_assert_double_ne(base, other);
    lyap_random_uniform(1, LYAP_STREAM_PERTURBATION, 7, 11, 1, &other);
    ck_assert_double_ne(base, other);
    lyap_random_uniform(1, LYAP_STREAM_INITIAL, 7 + (UINT64_C(1) << 32), 11, 1, &other);
    ck_assert_double_ne(base, other);
    lyap_random_uniform(1, LYAP_STREAM_INITIAL, 7, 11 + (UINT64_C(1) << 34), 1, &other);
    ck_assert_double_ne(base, other);
}
END_TEST

START_TEST(normals_have_mean_zero_and_unit_variance_and_normal_tails) {
    enum { N = 40000 };
    double *x = malloc(N * sizeof *x), mean = 0, square = 0, beyond = 0;
    ck_assert_ptr_nonnull(x);
    lyap_random_normal(3, LYAP_STREAM_DATA, 0, 0, N, x);
    for (size_t i = 0; i < N; i++) {
        mean += x[i] / N;
        square += x[i] * x[i] / N;
        beyond += (fabs(x[i]) > 1.959964) / (double)N;
    }
    free(x);
    /* Four standard errors: 1/sqrt(N), sqrt(2/N), sqrt(0.05*0.95/N). */
    ck_assert_double_eq_tol(mean, 0, 4 / sqrt(N));
    ck_assert_double_eq_tol(square, 1, 4 * sqrt(2.0 / N));
    ck_assert_double_eq_tol(beyond, 0.05, 4 * sqrt(0.05 * 0.95 / N));
}
END_TEST

START_TEST(uniforms_stay_in_the_half_open_unit_interval_and_fill_it) {
    enum { N = 20000 };
    double *u = malloc(N * sizeof *u);
    int bins[10] = {0};
    ck_assert_ptr_nonnull(u);
    lyap_random_uniform(9, LYAP_STREAM_BOOTSTRAP, 1, 0, N, u);
    for (size_t i = 0; i < N; i++) {
        ck_assert(u[i] >= 0 && u[i] < 1);
        bins[(int)(u[i] * 10)]++;
    }
    free(u);
    for (int b = 0; b < 10; b++) ck_assert_double_eq_tol(bins[b], N / 10.0, 4 * sqrt(N * 0.09));
}
END_TEST

/* What lyapgrad/random.h says of the same draws in both precisions: uniforms differ by less than 2^-24, normals mostly by little. */
START_TEST(the_draws_of_both_precisions_are_near_each_other) {
    struct lyap_network net;
    struct lyap_dataset data;
    struct lyap_plan plan;
    ck_assert_int_eq(lyap_network_init(&net, "1000-400-1", LYAP_TANH, LYAP_SIGMOID, LYAP_MSE, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_dataset_linear_teacher(&data, 1, 1000, 1, 0, 1, NULL), LYAP_OK);
    const size_t n = lyap_network_parameters(&net);
    double *coarse = malloc(4 * n * sizeof *coarse), *fine = coarse + 2 * n, sum = 0, most[2] = {0, 0};
    size_t above = 0;
    for (int kind = LYAP_INIT_UNIFORM; kind <= LYAP_INIT_NORMAL; kind++) {
        lyap_plan_defaults(&plan, &net, &data);
        plan.window = false;
        plan.neighbours = 1;
        plan.init = (enum lyap_init_kind)kind;
        plan.init_a = 0;
        plan.init_b = 1;
        ck_assert_int_eq(lyap_ensemble_initial(&plan, 0, 1, coarse, NULL), LYAP_OK);
        plan.precision = LYAP_FLOAT64;
        ck_assert_int_eq(lyap_ensemble_initial(&plan, 0, 1, fine, NULL), LYAP_OK);
        for (size_t i = 0; i < n; i++) {
            double difference = fabs(coarse[i] - fine[i]);
            most[kind] = fmax(most[kind], difference);
            if (kind == LYAP_INIT_UNIFORM) ck_assert_double_ge(fine[i], coarse[i]); /* cut, not rounded */
            if (kind == LYAP_INIT_NORMAL) sum += difference, above += difference > 1e-6;
        }
    }
    ck_assert_double_lt(most[0], 0x1p-24);
    ck_assert_double_gt(most[1], 1e-5);                     /* not the same points */
    ck_assert_double_eq_tol(sum / (double)n, 2.3e-7, 6e-8); /* the few far out make a good part of it */
    ck_assert_double_eq_tol((double)above / (double)n, 0.0086, 0.001);
    free(coarse);
    lyap_dataset_free(&data);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("random");
    TCase *tc = tcase_create("random");
    tcase_add_loop_test(tc, philox_gives_the_published_known_answers, 0, (int)(sizeof vectors / sizeof *vectors));
    tcase_add_loop_test(tc, vector_float64_draws_equal_the_plain_ones_on_every_isa, 0, BUILT_ISAS);
    tcase_add_loop_test(tc, a_float32_uniform_is_the_float64_one_cut_to_24_bits, 0, BUILT_ISAS);
    tcase_add_loop_test(tc, a_float32_normal_is_the_float64_one_to_float32_resolution, 0, BUILT_ISAS);
    tcase_add_test(tc, seed_stream_cell_and_index_all_matter);
    tcase_add_test(tc, normals_have_mean_zero_and_unit_variance_and_normal_tails);
    tcase_add_test(tc, uniforms_stay_in_the_half_open_unit_interval_and_fill_it);
    tcase_add_test(tc, the_draws_of_both_precisions_are_near_each_other);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
