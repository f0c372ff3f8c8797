/* What the report on C1, C2 and the published numbers computes, against what is known exactly: crossings by hand, the edge of
 * stability of linear regression, trajectories continued and not, ReLUs that are never off. */
#include <math.h>

#include "stats/log_grid.h"
#include "report/activation/activation.h"
#include "report/bifurcation/bifurcation.h"
#include "report/published/published.h"
#include "report/rate/parts.h"
#include "tests/check.h"
#include "tests/collect.h"
#include "tests/support.h"

static struct lyap_paper_case paper;

static struct lyap_paper_options published(enum lyap_precision precision) {
    struct lyap_paper_options options = {.starts = 1, .seed = 1, .precision = precision};
    ck_assert_int_eq(lyap_isa_select(NULL, &options.isa, NULL), LYAP_OK);
    return options;
}

static void use_paper(enum lyap_activation activation, enum lyap_precision precision) {
    struct lyap_paper_options options = published(precision);
    ck_assert_int_eq(lyap_paper_case_init(&paper, activation, &options, NULL), LYAP_OK);
}

START_TEST(a_median_crosses_zero_where_half_of_the_exponents_are_positive) {
    /* shares 1/4, 1/4, 3/4 at 1, 2, 4: half between 2 and 4, at 3 */
    const double grid[] = {1, 2, 4};
    const unsigned char sign[] = {1, 1, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0};
    struct lyap_signs signs = {3, 4, grid, sign};
    ck_assert_double_eq(lyap_crossing(&signs, NULL, 4), 3);
    const uint32_t first[] = {0, 0, 0}, last[] = {3, 3, 3}, two[] = {0, 3};
    ck_assert_double_eq(lyap_crossing(&signs, first, 3), 1); /* above half from the first value */
    ck_assert_double_nan(lyap_crossing(&signs, last, 3));    /* nowhere */
    ck_assert_double_nan(lyap_crossing(&signs, two, 2));     /* half is not more than half */
}
END_TEST

START_TEST(exponents_that_do_not_count_move_no_crossing) {
    const double grid[] = {1, 2, 3, 4};
    /* at 2 no start counts, at 3 one does not: shares 0, -, 1/2, 1 */
    const unsigned char sign[] = {0, 2, 1, 1, 0, 2, 0, 1, 0, 2, 2, 1};
    struct lyap_signs signs = {4, 3, grid, sign};
    /* of three starts all must count: 3 is passed over, half lies between 1 (0) and 4 (1) */
    ck_assert_double_eq(lyap_crossing(&signs, NULL, 3), 2.5);
}
END_TEST

START_TEST(a_logarithmic_grid_has_its_ends_and_equal_ratios) {
    double grid[7];
    lyap_log_grid(0.1, 20, 7, grid);
    ck_assert_double_eq(grid[0], 0.1);
    ck_assert_double_eq(grid[6], 20);
    for (int i = 0; i < 6; i++) ck_assert_double_eq_tol(grid[i + 1] / grid[i], pow(200, 1.0 / 6), 1e-12);
    double rates[LYAP_RATE_GRID];
    lyap_rate_grid(rates);
    for (int i = 1; i < LYAP_RATE_GRID; i++) ck_assert_double_gt(rates[i], rates[i - 1]);
    for (int i = 0; i < LYAP_PAPER_RATES; i++) {
        int found = 0;
        for (int v = 0; v < LYAP_RATE_GRID; v++) found += rates[v] == lyap_paper_rate(i);
        ck_assert_int_eq(found, 1); /* every published value is one of them, to the bit */
    }
}
END_TEST

START_TEST(the_binomial_test_sums_what_is_not_likelier) {
    ck_assert_double_eq_tol(lyap_binomial_test(0, 4, 0.5), 2.0 / 16, 1e-14);
    ck_assert_double_eq_tol(lyap_binomial_test(1, 4, 0.5), 10.0 / 16, 1e-14);
    ck_assert_double_eq_tol(lyap_binomial_test(2, 4, 0.5), 1, 1e-14);
    ck_assert_double_eq_tol(lyap_binomial_test(3, 3, 0.95), 1, 1e-14); /* the likeliest */
    ck_assert_double_eq_tol(lyap_binomial_test(0, 3, 0.95), 0.05 * 0.05 * 0.05, 1e-14);
    ck_assert_double_eq_tol(lyap_binomial_test(1, 3, 0.95), 3 * 0.95 * 0.05 * 0.05 + 0.05 * 0.05 * 0.05, 1e-14);
}
END_TEST

START_TEST(linear_regression_turns_positive_at_two_over_its_sharpness) {
    /* One linear unit on XOR's inputs: the largest eigenvalue of the constant Hessian is (7 + sqrt(33))/4. */
    use_paper(LYAP_LINEAR, LYAP_FLOAT64);
    ck_assert_int_eq(lyap_network_init(&paper.network, "2-1", LYAP_LINEAR, LYAP_LINEAR, LYAP_MSE, NULL), LYAP_OK);
    paper.plan.window = false;
    paper.plan.starts = 12;
    paper.plan.neighbours = 3;
    paper.plan.setting.epochs = 1000;
    struct lyap_edge edge;
    ck_assert_int_eq(lyap_edge_run(&edge, &paper.plan, 0.5, 0.8, NULL), LYAP_OK);
    double exact = 8 / (7 + sqrt(33)), step = edge.grid[1] / edge.grid[0];
    for (int s = 0; s < 12; s++) {
        ck_assert_double_eq_tol(edge.first[s], exact, 1e-12);
        ck_assert_double_eq_tol(edge.run[s], exact, 1e-12);
        ck_assert_double_gt(edge.onset[s], exact / step);
        ck_assert_double_lt(edge.onset[s], exact * step * step);
    }
    ck_assert_uint_eq(edge.with_onset, 12);
    ck_assert_uint_eq(edge.flat, 0); /* the onset is an instability of the step in all of them */
    ck_assert(!edge.compared);       /* equal edges have no ranks */
    lyap_edge_free(&edge);
    lyap_paper_case_free(&paper);
}
END_TEST

START_TEST(regimes_add_up_and_only_what_recurs_is_confirmed) {
    use_paper(LYAP_TANH, LYAP_FLOAT64);
    struct lyap_spectrum_plan plan;
    struct lyap_setting settings[] = {paper.plan.setting, paper.plan.setting};
    lyap_spectrum_defaults(&plan, &paper.network, &paper.data);
    plan.base.isa = paper.plan.isa;
    plan.base.init = LYAP_INIT_NORMAL;
    plan.base.init_a = 0;
    plan.base.init_b = 2;
    plan.base.window = false;
    plan.base.starts = 32;
    plan.base.values = 2;
    settings[0].lr = 0.1;
    settings[1].lr = 2.5;
    settings[0].epochs = settings[1].epochs = 3000;
    plan.base.settings = settings;
    plan.transient = 1000;
    struct lyap_long *cells;
    ck_assert_int_eq(lyap_long_run(&plan, 3, &cells, NULL), LYAP_OK);
    int confirmed[2] = {0}, called[2] = {0};
    for (int i = 0; i < 64; i++) {
        ck_assert(cells[i].regime < LYAP_REGIME_COUNT);
        called[i / 32] += cells[i].regime == LYAP_CHAOTIC;
        confirmed[i / 32] += cells[i].confirmed;
        if (cells[i].confirmed) {
            ck_assert_int_eq(cells[i].regime, LYAP_CHAOTIC);
            ck_assert_double_gt(cells[i].lambda, 0);
        }
    }
    ck_assert_int_eq(confirmed[0], 0); /* below 2/sharpness all along nothing recurs */
    ck_assert_int_gt(confirmed[1], 5);
    ck_assert_int_le(confirmed[1], called[1]);
    free(cells);
    lyap_paper_case_free(&paper);
}
END_TEST

START_TEST(a_diagram_goes_on_where_one_long_run_would) {
    enum { N = 3, KEPT = 4, TRANSIENT = 50 };
    const double rates[N] = {0.3, 2, 6};
    for (int precision = 0; precision < 2; precision++) {
        use_paper(LYAP_TANH, precision ? LYAP_FLOAT64 : LYAP_FLOAT32);
        paper.plan.starts = 5;
        double points[N * KEPT];
        ck_assert_int_eq(lyap_bifurcation_points(&paper.plan, 3, rates, N,
                                                 &(const struct lyap_kept_states){TRANSIENT, KEPT, 6}, points, NULL),
                         LYAP_OK);
        for (int k = 0; k < KEPT; k++) {
            struct lyap_plan plan = paper.plan;
            struct lyap_setting settings[N];
            for (int i = 0; i < N; i++) {
                settings[i] = plan.setting;
                settings[i].lr = rates[i];
                settings[i].epochs = (uint32_t)(TRANSIENT + k + 1);
            }
            plan.settings = settings;
            plan.values = N;
            plan.last_weights = true;
            struct collected all = run_plan(&plan);
            for (int i = 0; i < N; i++)
                ck_assert_double_eq(points[i * KEPT + k], all.weights[(size_t)(5 * i + 3) * 9 + 6]);
            collected_free(&all);
        }
        lyap_paper_case_free(&paper);
    }
}
END_TEST

START_TEST(linear_and_relu_give_the_same_bits_where_no_relu_is_off_and_only_there) {
    struct lyap_paper_options options = published(LYAP_FLOAT32);
    const double rates[] = {0.001, 0.4};
    for (int i = 0; i < 2; i++) {
        struct lyap_act_identical identical;
        ck_assert_int_eq(lyap_act_identical_run(&identical, &options, rates[i], 60, NULL), LYAP_OK);
        ck_assert_uint_eq(identical.starts, 60);
        ck_assert_uint_eq(identical.differ_open, 0);
        ck_assert_uint_eq(identical.same_shut, 0);
        ck_assert_uint_eq(identical.same, identical.open);
        if (i == 0) ck_assert_uint_gt(identical.same, 50);
        if (i == 1) ck_assert(identical.same > 5 && identical.same < 50);
    }
}
END_TEST

START_TEST(tau_counts_pairs_that_differ_in_both) {
    const double lambda[] = {-3, -2, -2, 1}, loss[] = {0.1, 0.2, 0.3, 0.05};
    /* pairs: 01 +, 02 +, 03 -, 12 equal exponents, 13 -, 23 - */
    uint64_t pairs;
    ck_assert_double_eq_tol(lyap_act_tau(lambda, loss, 4, &pairs), -1.0 / 5, 1e-15);
    ck_assert_uint_eq(pairs, 5);
    const double undefined[] = {NAN, -2, -1, INFINITY};
    ck_assert_double_eq(lyap_act_tau(undefined, loss, 4, &pairs), 1);
    ck_assert_uint_eq(pairs, 1);
    ck_assert_double_nan(lyap_act_tau(lambda, loss, 1, &pairs));
    ck_assert_uint_eq(pairs, 0);
}
END_TEST

START_TEST(a_published_value_has_the_rank_of_a_random_one_among_its_equals) {
    double values[] = {3, 0, 0, 1, 2, 0, 0, 5, 4, 10};
    struct lyap_rank_of r = lyap_rank_published(0, values, 10, 0.25);
    ck_assert_uint_eq(r.below, 0);
    ck_assert_uint_eq(r.equal, 4);
    ck_assert_double_eq_tol(r.rank, 0.2, 1e-15);
    ck_assert_double_eq_tol(r.spread_rank, 0.1, 1e-15);
    ck_assert(r.within);
    ck_assert_double_eq_tol(r.chance, 4.5 / 11, 1e-15);
    r = lyap_rank_published(4.3, values, 10, 0.25);
    ck_assert_double_eq_tol(r.rank, 0.8, 1e-15);
    ck_assert_double_eq_tol(r.chance, 1.5 / 11, 1e-15); /* 4 is within 0.43 */
    r = lyap_rank_published(11, values, 10, 0.25);
    ck_assert(!r.within);
    r = lyap_rank_published(1, values, 0, 0.25);
    ck_assert_double_nan(r.rank);
    ck_assert(!r.within);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("report_claims");
    TCase *hand = tcase_create("by hand");
    tcase_add_test(hand, a_median_crosses_zero_where_half_of_the_exponents_are_positive);
    tcase_add_test(hand, exponents_that_do_not_count_move_no_crossing);
    tcase_add_test(hand, a_logarithmic_grid_has_its_ends_and_equal_ratios);
    tcase_add_test(hand, the_binomial_test_sums_what_is_not_likelier);
    tcase_add_test(hand, tau_counts_pairs_that_differ_in_both);
    tcase_add_test(hand, a_published_value_has_the_rank_of_a_random_one_among_its_equals);
    suite_add_tcase(suite, hand);
    TCase *runs = tcase_create("runs");
    tcase_set_timeout(runs, 600);
    tcase_add_test(runs, linear_regression_turns_positive_at_two_over_its_sharpness);
    tcase_add_test(runs, regimes_add_up_and_only_what_recurs_is_confirmed);
    tcase_add_test(runs, a_diagram_goes_on_where_one_long_run_would);
    tcase_add_test(runs, linear_and_relu_give_the_same_bits_where_no_relu_is_off_and_only_there);
    suite_add_tcase(suite, runs);
    return run_suite(suite);
}
