/* The summary of many cells: counts by outcome, and quantiles that are exact until a sketch takes over. */
#include "results/tally.h"

#include <math.h>

#include "tests/support.h"
#include "lyapgrad/statistics.h"

static void add(struct lyap_quantiles *q, double value) {
    ck_assert_int_eq(lyap_quantiles_add(q, value, NULL), LYAP_OK);
}

static void quantiles_done(struct lyap_quantiles *q) {
    struct lyap_tally owner = {.lambda_kw = *q};
    lyap_tally_free(&owner);
    memset(q, 0, sizeof *q);
}

static struct lyap_record record(enum lyap_outcome outcome, double kw, double step, uint32_t terms) {
    return (struct lyap_record){
        .outcome = outcome, .lambda_kw = kw, .lambda_step = step, .terms = terms, .losses = 1, .final_loss = kw + step};
}

START_TEST(nothing_added_has_quantile_zero) {
    struct lyap_quantiles q = {0};
    ck_assert_double_eq(lyap_quantiles_at(&q, 0.5), 0);
    struct lyap_tally tally = {0};
    lyap_tally_free(&tally); /* harmless */
    ck_assert_uint_eq(lyap_tally_diverged(&tally), 0);
}
END_TEST

START_TEST(quantiles_are_exact_in_whatever_order_values_come) {
    struct lyap_quantiles q = {0};
    for (int i = 0; i <= 1000; i++) add(&q, (double)(i * 7919 % 1001) / 8); /* 0 .. 125 in steps of 1/8 */
    for (int p = 0; p <= 8; p++) ck_assert_double_eq(lyap_quantiles_at(&q, p / 8.0), 125 * p / 8.0);
    add(&q, 1e300); /* after a look the next value still finds its place */
    add(&q, -1e300);
    ck_assert_double_eq(lyap_quantiles_at(&q, 0), -1e300);
    ck_assert_double_eq(lyap_quantiles_at(&q, 0.5), 62.5);
    ck_assert_double_eq(lyap_quantiles_at(&q, 1), 1e300);
    quantiles_done(&q);
}
END_TEST

START_TEST(one_value_is_every_quantile_and_two_are_interpolated) {
    struct lyap_quantiles q = {0};
    add(&q, -3);
    for (int p = 0; p <= 4; p++) ck_assert_double_eq(lyap_quantiles_at(&q, p / 4.0), -3);
    add(&q, 1);
    for (int p = 0; p <= 4; p++) ck_assert_double_eq(lyap_quantiles_at(&q, p / 4.0), -3 + p);
    quantiles_done(&q);
}
END_TEST

START_TEST(negative_zero_is_a_zero_like_any_other) {
    struct lyap_quantiles q = {0};
    const double values[] = {-0.0, 0.0, -1, 1, -0.0};
    for (int i = 0; i < 5; i++) add(&q, values[i]);
    ck_assert_double_eq(lyap_quantiles_at(&q, 0.25), 0);
    ck_assert_double_eq(lyap_quantiles_at(&q, 0.5), 0);
    ck_assert_double_eq(lyap_quantiles_at(&q, 0.75), 0);
    ck_assert_double_eq(lyap_quantiles_at(&q, 1), 1);
    quantiles_done(&q);
    struct lyap_tally tally = {0};
    struct lyap_record r = record(LYAP_COMPLETE, -0.0, -0.0, 5);
    ck_assert_int_eq(lyap_tally_add(&tally, &r, NULL), LYAP_OK);
    ck_assert_uint_eq(tally.positive, 0);
    ck_assert_uint_eq(tally.measured, 1);
    lyap_tally_free(&tally);
}
END_TEST

/* The value after the last one that is kept exactly changes the memory, and the quantiles by less than the sketch's step. */
START_TEST(the_sketch_takes_over_without_losing_a_value) {
    struct lyap_quantiles q = {0};
    uint64_t state = 1;
    for (size_t i = 0; i < LYAP_EXACT_QUANTILES; i++) add(&q, test_random(&state) + (i % 3 == 0 ? 2 : 0));
    ck_assert_ptr_null(q.sketch);
    double exact[5];
    for (int p = 0; p <= 4; p++) exact[p] = lyap_quantiles_at(&q, p / 4.0);
    add(&q, exact[2]);
    ck_assert_ptr_nonnull(q.sketch);
    ck_assert_ptr_null(q.values);
    ck_assert_uint_eq(lyap_sketch_count(q.sketch), (uint64_t)LYAP_EXACT_QUANTILES + 1);
    for (int p = 0; p <= 4; p++)
        ck_assert_double_eq_tol(lyap_quantiles_at(&q, p / 4.0), exact[p], 1e-3 * fabs(exact[p]));
    for (size_t i = 0; i < 100000; i++) add(&q, 100);
    ck_assert_uint_eq(lyap_sketch_count(q.sketch), (uint64_t)LYAP_EXACT_QUANTILES + 100001);
    ck_assert_double_eq_tol(lyap_quantiles_at(&q, 1), 100, 0.1);
    quantiles_done(&q);
}
END_TEST

START_TEST(only_living_cells_with_an_exponent_are_measured) {
    struct lyap_tally tally = {0};
    const struct lyap_record records[] = {
        record(LYAP_COMPLETE, -2, -0.5, 9), record(LYAP_COMPLETE, 4, 1, 9),      record(LYAP_DEAD, 8, 2, 9),
        record(LYAP_ESCAPED, 6, 3, 2),      record(LYAP_ESCAPED, 0, 0, 0),       record(LYAP_OVERFLOW, 5, 2.5, 1),
        record(LYAP_UNDERFLOW, -9, -3, 4),  record(LYAP_ZERO_DISTANCE, 0, 0, 0), record(LYAP_COMPLETE, 0, 0, 9),
    };
    const size_t n = sizeof records / sizeof *records;
    for (size_t i = 0; i < n; i++) ck_assert_int_eq(lyap_tally_add(&tally, &records[i], NULL), LYAP_OK);
    ck_assert_uint_eq(tally.cells, n);
    const uint64_t outcomes[LYAP_OUTCOME_COUNT] = {3, 1, 2, 1, 1, 1};
    for (int o = 0; o < LYAP_OUTCOME_COUNT; o++) ck_assert_uint_eq(tally.outcomes[o], outcomes[o]);
    ck_assert_uint_eq(tally.measured, 6);
    ck_assert_uint_eq(tally.positive, 3);
    ck_assert_uint_eq(lyap_tally_diverged(&tally), 3);
    ck_assert_uint_eq(tally.lambda_kw.n, 6);
    ck_assert_uint_eq(tally.lambda_step.n, 6);
    ck_assert_double_eq(lyap_quantiles_at(&tally.lambda_kw, 0.5), 2);     /* -9 -2 0 4 5 6 */
    ck_assert_double_eq(lyap_quantiles_at(&tally.lambda_step, 0.5), 0.5); /* -3 -0.5 0 1 2.5 3 */
    ck_assert_uint_eq(tally.final_loss.n, n);
    lyap_tally_free(&tally);
}
END_TEST

START_TEST(a_cell_without_a_loss_is_counted_without_one) {
    struct lyap_tally tally = {0};
    struct lyap_record r = record(LYAP_OVERFLOW, 0, 0, 0);
    r.losses = 0;
    ck_assert_int_eq(lyap_tally_add(&tally, &r, NULL), LYAP_OK);
    ck_assert_uint_eq(tally.cells, 1);
    ck_assert_uint_eq(tally.final_loss.n, 0);
    lyap_tally_free(&tally);
}
END_TEST

START_TEST(a_freed_tally_starts_anew) {
    struct lyap_tally tally = {0};
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 600; i++) { /* past the first room */
            struct lyap_record r = record(LYAP_COMPLETE, round + i, i, 1);
            ck_assert_int_eq(lyap_tally_add(&tally, &r, NULL), LYAP_OK);
        }
        ck_assert_uint_eq(tally.cells, 600);
        ck_assert_double_eq(lyap_quantiles_at(&tally.lambda_kw, 0), round);
        ck_assert_double_eq(lyap_quantiles_at(&tally.lambda_step, 1), 599);
        lyap_tally_free(&tally);
        ck_assert_uint_eq(tally.cells + tally.measured + tally.positive + tally.lambda_kw.n, 0);
        ck_assert_ptr_null(tally.lambda_kw.values);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("tally");
    TCase *tc = tcase_create("tally");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, nothing_added_has_quantile_zero);
    tcase_add_test(tc, quantiles_are_exact_in_whatever_order_values_come);
    tcase_add_test(tc, one_value_is_every_quantile_and_two_are_interpolated);
    tcase_add_test(tc, negative_zero_is_a_zero_like_any_other);
    tcase_add_test(tc, the_sketch_takes_over_without_losing_a_value);
    tcase_add_test(tc, only_living_cells_with_an_exponent_are_measured);
    tcase_add_test(tc, a_cell_without_a_loss_is_counted_without_one);
    tcase_add_test(tc, a_freed_tally_starts_anew);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
