/* The table of known answers: every row passes, with the same bits on every instruction set. */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "lyapgrad/lyapgrad.h"
#include "support.h"

/* Recorded on x86-64 with SLEEF 3.5.1, row by row: another instruction set or compiler gives the same bits. */
static const uint64_t golden[] = {
    UINT64_C(0xebcd1f336d85df72), /* logistic r=4, tangent, lambda_1 */
    UINT64_C(0x42c06415215f4598), /* logistic r=4, rescaled, lambda_1 */
    UINT64_C(0xe2bd9e281f1c9604), /* logistic r=3.2, tangent, lambda_1 */
    UINT64_C(0x8ceac6a6f6325125), /* tent mu=1.9, tangent, lambda_1 */
    UINT64_C(0xa54336c1a6b726c1), /* henon a=1.4 b=0.3, tangent, lambda_1 */
    UINT64_C(0xdbe8aaedff76f3c5), /* henon a=1.4 b=0.3, rescaled, lambda_1 */
    UINT64_C(0xb32e8707f09417ab), /* henon a=1.4 b=0.3, tangent, sum */
    UINT64_C(0x814e36a81648ba24), /* standard K=10, tangent, lambda_1 */
    UINT64_C(0x814e36a81648ba24), /* standard K=10, tangent, sum */
    UINT64_C(0xe7213ed17b19baea), /* lorenz 10 28 8/3, tangent, lambda_1 */
    UINT64_C(0x7436aa4abfe7369e), /* lorenz 10 28 8/3, tangent, lambda_2 */
    UINT64_C(0xb61ea2032e723ba9), /* lorenz 10 28 8/3, tangent, sum */
    UINT64_C(0x2aa199ea66a0531c), /* quadratic lr=0.8, tangent, lambda_1 */
    UINT64_C(0x2aa199ea66a0531c), /* quadratic lr=0.8, tangent, lambda_2 */
    UINT64_C(0x2aa199ea66a0531c), /* quadratic lr=0.8, tangent, lambda_3 */
    UINT64_C(0x2aa199ea66a0531c), /* quadratic lr=0.8, tangent, lambda_4 */
    UINT64_C(0x1075295bcfa44722), /* double-well lr=0.3, tangent, lambda_1 */
    UINT64_C(0x521b0a8c368cacc9), /* double-well lr=1.2, tangent, lambda_1 */
    UINT64_C(0xcc1fde29a0102f9a), /* double-well lr=2, tangent, lambda_1 */
    UINT64_C(0xcdd883f5f6eeeff0), /* henon, 10,000 x, kantz, lambda_1 */
    UINT64_C(0x607d7c2e640b6694), /* henon, 10,000 x, rosenstein, lambda_1 */
    UINT64_C(0x94a598050b8f9ba6), /* henon, 10,000 x, wolf, lambda_1 */
};

START_TEST(every_known_answer_is_met) {
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

START_TEST(batch_means_follow_the_formula) {
    const double batch[] = {1, 2, 3, 4, 5, 6, 7, 8};
    /* s = sqrt(6), t(0.975, 7) = 2.365 */
    ck_assert_double_eq_tol(lyap_batch_half_width(batch, 8), 2.365 * sqrt(6.0 / 8), 1e-12);
    for (double df = 1; df < 64; df++) {
        double two[64] = {0}, n = df + 1; /* one value apart from zeros: s / sqrt(n) = 1 / n */
        two[0] = 1;
        ck_assert_double_eq_tol(lyap_batch_half_width(two, (size_t)n) * n, lyap_student_quantile(0.975, df), 6e-4);
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
    tcase_add_test(tc, batch_means_follow_the_formula);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
