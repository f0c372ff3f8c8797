/* The table of known answers: every row passes, with the same bits on every instruction set. */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "verify/validate.h"
#include "exponents/batch_means.h"
#include "lyapgrad/interval.h"
#include "lyapgrad/isa.h"
#include "lyapgrad/status.h"
#include "lyapgrad/version.h"
#include "tests/check.h"
#include "tests/support.h"
#include "lyapgrad/inference.h"

/* Recorded on x86-64 with SLEEF 3.5.1, row by row: another instruction set or compiler gives the same bits. */
static const uint64_t golden[] = {
    UINT64_C(0x1adc502c3e8902a8), /* logistic r=4, tangent, lambda_1 */
    UINT64_C(0x3be5c6c1c4f8e3d2), /* logistic r=4, rescaled, lambda_1 */
    UINT64_C(0xb961cbe685666397), /* logistic r=3.2, tangent, lambda_1 */
    UINT64_C(0xb1638e1558c68265), /* tent mu=1.9, tangent, lambda_1 */
    UINT64_C(0x65dbbaf091fed101), /* henon a=1.4 b=0.3, tangent, lambda_1 */
    UINT64_C(0xf42b3c6074d7303f), /* henon a=1.4 b=0.3, rescaled, lambda_1 */
    UINT64_C(0x6c636f2c2eb1efdd), /* henon a=1.4 b=0.3, tangent, sum */
    UINT64_C(0x1d9b81afcab30932), /* standard K=10, tangent, lambda_1 */
    UINT64_C(0x1d9b81afcab30932), /* standard K=10, tangent, sum */
    UINT64_C(0xa91d4410173b1c92), /* lorenz 10 28 8/3, tangent, lambda_1 */
    UINT64_C(0xe82f0796e046bc00), /* lorenz 10 28 8/3, tangent, lambda_2 */
    UINT64_C(0x188afef2803620ef), /* lorenz 10 28 8/3, tangent, sum */
    UINT64_C(0x04be4fbd5ae5591d), /* quadratic lr=0.8, tangent, lambda_1 */
    UINT64_C(0x04be4fbd5ae5591d), /* quadratic lr=0.8, tangent, lambda_2 */
    UINT64_C(0x04be4fbd5ae5591d), /* quadratic lr=0.8, tangent, lambda_3 */
    UINT64_C(0x04be4fbd5ae5591d), /* quadratic lr=0.8, tangent, lambda_4 */
    UINT64_C(0xfd7c89cc6cd159b3), /* double-well lr=0.3, tangent, lambda_1 */
    UINT64_C(0x8e7aa72787184a49), /* double-well lr=1.2, tangent, lambda_1 */
    UINT64_C(0x707dc1f608ea1a80), /* double-well lr=2, tangent, lambda_1 */
    UINT64_C(0xcdd883f5f6eeeff0), /* henon, 10,000 x, kantz, lambda_1 */
    UINT64_C(0x607d7c2e640b6694), /* henon, 10,000 x, rosenstein, lambda_1 */
    UINT64_C(0x94a598050b8f9ba6), /* henon, 10,000 x, wolf, lambda_1 */
};

/* The rows of the longest runs, most of the time of all: millions of steps of 64 starts, of systems that other rows have as well. */
enum { LONG_HENON = 4, LONG_LORENZ = 9 };

START_TEST(every_known_answer_is_met) {
    if (brief_tests() && (_i == LONG_HENON || _i == LONG_LORENZ))
        SKIP("row %d, of millions of steps, is left out of brief tests", _i);
    struct lyap_validation row;
    struct lyap_error error = {0};
    enum lyap_isa isa;
    ck_assert_int_eq(lyap_isa_select(NULL, &isa, NULL), LYAP_OK);
    ck_assert_msg(lyap_validate((size_t)_i, isa, 0, &row, &error) == LYAP_OK, "%s", error.message);
    ck_assert_msg(row.pass, "%s %s %s: measured %.12g, expected %.12g within %g", row.system, row.estimator,
                  row.quantity, row.measured, row.expected, row.tolerance);
    ck_assert(row.low <= row.measured && row.measured <= row.high);
    ck_assert_double_eq(row.error, row.measured - row.expected);
    ck_assert_uint_eq(lyap_validation_count(), sizeof golden / sizeof *golden);
    if (sleef_is_recorded())
        ck_assert_uint_eq(row.digest, golden[_i]);
    else
        SKIP_PART("its digests are not known for SLEEF %s", lyap_sleef_version());
}
END_TEST

START_TEST(a_row_beyond_the_table_is_refused) {
    struct lyap_validation row;
    ck_assert_int_eq(lyap_validate(lyap_validation_count(), LYAP_ISA_SCALAR, 1, &row, NULL), LYAP_ERROR_ARGUMENT);
}
END_TEST

START_TEST(the_bootstrap_is_reproducible_and_covers_the_mean) {
    double values[40], mean[2], low[2], high[2];
    uint64_t state = 1;
    for (int i = 0; i < 40; i++) values[i] = 3 + test_random(&state);
    for (int i = 0; i < 2; i++) /* a second call in one process gives the same */
        ck_assert_int_eq(lyap_bootstrap_mean(values, 40, 9, &mean[i], &low[i], &high[i], NULL), LYAP_OK);
    ck_assert_double_eq(low[0], low[1]);
    ck_assert_double_eq(high[0], high[1]);
    ck_assert(low[0] < mean[0] && mean[0] < high[0]);
    /* Uniform on [-1, 1): standard error 1/sqrt(3 * 40), so a width of about 4 * 0.0913. */
    ck_assert_double_eq_tol(high[0] - low[0], 0.358, 0.08);
    ck_assert_int_eq(lyap_bootstrap_mean(values, 1, 9, mean, low, high, NULL), LYAP_OK);
    ck_assert_double_eq(low[0], high[0]);
    ck_assert_int_eq(lyap_bootstrap_mean(values, 0, 9, mean, low, high, NULL), LYAP_ERROR_ARGUMENT);
}
END_TEST

/* P(|T| <= t) for a whole number of degrees of freedom, a finite sum (Abramowitz and Stegun 26.7.3, 26.7.4). */
static long double within(long double t, int df) {
    const long double half_turn = acosl(-1), angle = atanl(t / sqrtl((long double)df)), c = cosl(angle);
    long double term = df % 2 ? c : 1, sum = 0;
    for (int k = df % 2 ? 3 : 2; k <= df; k += 2) {
        sum += term;
        term *= c * c * (long double)(k - 1) / (long double)k;
    }
    if (df % 2) return 2 / half_turn * (angle + sinl(angle) * sum);
    return sinl(angle) * sum;
}

START_TEST(the_quantiles_of_students_t_are_exact) {
    const double least = LDBL_MANT_DIG > DBL_MANT_DIG ? 0.6 : 4; /* units in the last place */
    for (int df = 1; df <= LYAP_MOST_BATCHES; df++) {
        long double low = 1, high = 20;
        for (int i = 0; i < 80; i++) {
            long double middle = (low + high) / 2;
            *(within(middle, df) < 0.95L ? &low : &high) = middle;
        }
        double t = lyap_t975((size_t)df), unit = nextafter(t, 100) - t;
        ck_assert_msg(fabsl((long double)t - low) <= least * unit, "%d degrees of freedom: %.17g, not %.20Lg", df, t,
                      low);
    }
    ck_assert_double_eq(lyap_t975(1000), lyap_t975(LYAP_MOST_BATCHES));
}
END_TEST

START_TEST(batch_means_follow_the_formula) {
    const double batch[] = {1, 2, 3, 4, 5, 6, 7, 8};
    /* s = sqrt(6), t(0.975, 7) */
    ck_assert_double_eq_tol(lyap_batch_half_width(batch, 8), 2.3646242515927849 * sqrt(6.0 / 8), 1e-14);
    for (size_t n = 2; n <= LYAP_MOST_BATCHES + 1; n++) {
        double one[LYAP_MOST_BATCHES + 1] = {1}; /* one value apart from zeros: s / sqrt(n) = 1 / n */
        ck_assert_double_eq_tol(lyap_batch_half_width(one, n) * (double)n, lyap_t975(n - 1), 1e-14);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("validate");
    TCase *tc = tcase_create("validate");
    tcase_set_timeout(tc, 300);
    tcase_add_loop_test(tc, every_known_answer_is_met, 0, (int)lyap_validation_count());
    tcase_add_test(tc, a_row_beyond_the_table_is_refused);
    tcase_add_test(tc, the_bootstrap_is_reproducible_and_covers_the_mean);
    tcase_add_test(tc, the_quantiles_of_students_t_are_exact);
    tcase_add_test(tc, batch_means_follow_the_formula);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
