/* The paper's experiments as computation: the protocol, the selections, the comparisons. */
#include <math.h>

#include "paper/run.h"
#include "stats/quantile_select.h"
#include "tests/collect.h"
#include "tests/support.h"

static struct lyap_paper_options options_of(uint64_t starts) {
    struct lyap_paper_options o = {.starts = starts, .seed = 1, .precision = LYAP_FLOAT32};
    ck_assert_int_eq(lyap_isa_select(getenv("LYAPGRAD_ISA"), &o.isa, NULL), LYAP_OK);
    return o;
}

/* ---- protocol ---- */

START_TEST(the_plan_is_the_published_protocol) {
    struct lyap_paper_options o = options_of(10000);
    static const enum lyap_activation expected[LYAP_PANELS] = {LYAP_LINEAR, LYAP_SIGMOID, LYAP_RELU};
    for (int panel = 0; panel < LYAP_PANELS; panel++) {
        struct lyap_paper_case c;
        char shape[32];
        ck_assert_int_eq(lyap_paper_activation[panel], expected[panel]);
        ck_assert_int_eq(lyap_paper_case_init(&c, lyap_paper_activation[panel], &o, NULL), LYAP_OK);
        ck_assert_str_eq(lyap_network_shape(&c.network, shape, sizeof shape), "2-2-1");
        ck_assert_uint_eq(lyap_network_parameters(&c.network), 9);
        ck_assert_int_eq(c.network.activation[0], expected[panel]);
        ck_assert_int_eq(c.network.activation[1], expected[panel]);
        ck_assert_int_eq(c.network.loss, LYAP_MSE);
        ck_assert_uint_eq(c.data.samples, 4);
        ck_assert_int_eq(c.plan.precision, LYAP_FLOAT32);
        ck_assert_uint_eq(c.plan.neighbours, 24);
        ck_assert_double_eq(c.plan.setting.lr, 0.001);
        ck_assert_double_eq(c.plan.setting.perturbation, 1e-4);
        ck_assert_uint_eq(c.plan.setting.epochs, 100);
        ck_assert_int_eq(c.plan.init, LYAP_INIT_UNIFORM);
        ck_assert_double_eq(c.plan.init_a, 0);
        ck_assert_double_eq(c.plan.init_b, 1);
        ck_assert(c.plan.window);
        ck_assert_double_eq(c.plan.window_low, 0.2);
        ck_assert_double_eq(c.plan.window_high, 0.4);
        /* the published distance, a mean over 25 with the parent in it, ends at 1e9 */
        ck_assert_double_eq_tol(c.plan.escape * 24 / 25, 1e9, 1e-6);
        lyap_paper_case_free(&c);
    }
}
END_TEST

START_TEST(learning_rates_are_the_published_fifty) {
    ck_assert_int_eq(LYAP_PAPER_RATES, 50);
    ck_assert_double_eq(lyap_paper_rate(0), 0.01);
    for (int i = 0; i < LYAP_PAPER_RATES; i++) ck_assert_double_eq_tol(lyap_paper_rate(i), 0.01 + 0.3998 * i, 1e-12);
    ck_assert_double_lt(lyap_paper_rate(LYAP_PAPER_RATES - 1), 20);
    for (int i = 0; i < LYAP_PUBLISHED_RATES; i++) /* the paper prints at most four digits behind the first */
        ck_assert_double_eq_tol(lyap_paper_rate(lyap_published_rates[i].rate), strtod(lyap_published_rates[i].lr, NULL),
                                5e-4);
}
END_TEST

START_TEST(published_numbers_are_in_the_table) {
    double value = 0;
    ck_assert_double_eq(lyap_published_steps[0].value[0], -2.290e-4);
    ck_assert_double_eq(lyap_published_steps[0].value[1], 1.72e-6);
    ck_assert_double_eq(lyap_published_steps[1].value[2], -1.441e-3);
    ck_assert(lyap_published_at(0, 0, &value));
    ck_assert_double_eq(value, -0.0525);
    ck_assert(lyap_published_at(11, 2, &value));
    ck_assert_double_eq(value, 8.986);
    ck_assert(lyap_published_at(48, 1, &value));
    ck_assert_double_eq(value, 2.434);
    ck_assert(!lyap_published_at(10, 0, &value));
}
END_TEST

/* ---- selections and statistics ---- */

START_TEST(selected_quantiles_are_those_of_the_sorted_values) {
    uint64_t state = 7;
    double values[200], sorted[200];
    for (size_t n = 1; n <= 200; n++) {
        for (size_t i = 0; i < n; i++) {
            values[i] = test_random(&state);
            if (_i == 1) values[i] = floor(4 * values[i]); /* ties */
            if (_i == 2) values[i] = (double)i;            /* in order */
            if (_i == 3) values[i] = 1;
        }
        memcpy(sorted, values, n * sizeof *values);
        lyap_sort(sorted, n);
        static const double q[] = {0, 0.025, 0.25, 0.45, 0.5, 0.55, 0.75, 0.975, 1};
        for (size_t k = 0; k < sizeof q / sizeof *q; k++)
            ck_assert_double_eq(lyap_select_quantile(values, n, q[k]), lyap_quantile(sorted, n, q[k]));
        lyap_sort(values, n); /* still the same values */
        ck_assert_mem_eq(values, sorted, n * sizeof *values);
    }
}
END_TEST

/* All starts of the scatter of one panel. */
static struct lyap_cells scatter_cells(int panel, uint64_t starts) {
    struct lyap_paper_options o = options_of(starts);
    struct lyap_paper_case c;
    struct lyap_cells cells;
    uint64_t digest = 0;
    ck_assert_int_eq(lyap_paper_case_init(&c, lyap_paper_activation[panel], &o, NULL), LYAP_OK);
    c.plan.starts = starts;
    c.plan.setting.epochs = 5;
    ck_assert_int_eq(lyap_cells_run(&cells, &c.plan, &digest, NULL), LYAP_OK);
    lyap_paper_case_free(&c);
    return cells;
}

START_TEST(the_scatter_keeps_the_band_of_initial_losses) {
    enum { STARTS = 500 };
    struct lyap_cells cells = scatter_cells(_i, STARTS);
    struct lyap_scatter s;
    double sorted[STARTS], x[STARTS], y[STARTS];
    ck_assert_int_eq(lyap_scatter_make(&s, &cells, STARTS, NULL), LYAP_OK);
    for (int i = 0; i < STARTS; i++) sorted[i] = cells.points[i].initial_loss;
    lyap_sort(sorted, STARTS);
    double low = lyap_quantile(sorted, STARTS, 0.45), high = lyap_quantile(sorted, STARTS, 0.55);
    size_t kept = 0;
    for (uint64_t i = 0; i < STARTS; i++) {
        const struct lyap_point *p = &cells.points[i];
        if (p->initial_loss < low || p->initial_loss > high) continue;
        ck_assert_uint_eq(s.start[kept], i);
        ck_assert_double_eq(s.point[kept].final_loss, p->final_loss);
        x[kept] = p->final_loss;
        y[kept++] = p->lambda_kw;
    }
    ck_assert_uint_eq(s.kept, kept);
    ck_assert_uint_eq(kept, 50);
    ck_assert_uint_eq(s.dead, 0);
    struct lyap_regression fit;
    ck_assert_int_eq(lyap_regress(x, y, kept, &fit, NULL), LYAP_OK);
    ck_assert(s.fitted);
    ck_assert_double_eq(s.fit.r, fit.r);
    ck_assert_double_eq(s.fit.slope, fit.slope);
    ck_assert_uint_eq(s.fit.n, kept);
    lyap_scatter_free(&s);
    lyap_cells_free(&cells);
}
END_TEST

START_TEST(the_dead_stay_out_of_the_regression) {
    enum { STARTS = 200 };
    struct lyap_cells cells = scatter_cells(0, STARTS);
    struct lyap_scatter all, some;
    ck_assert_int_eq(lyap_scatter_make(&all, &cells, STARTS, NULL), LYAP_OK);
    for (int i = 0; i < 3; i++) {
        struct lyap_point *p = &cells.points[all.start[5 * i]];
        p->outcome = LYAP_DEAD;
        p->lambda_kw = p->lambda_step = 0;
    }
    ck_assert_int_eq(lyap_scatter_make(&some, &cells, STARTS, NULL), LYAP_OK);
    ck_assert_uint_eq(some.kept, all.kept);
    ck_assert_uint_eq(some.dead, 3);
    ck_assert_uint_eq(some.fit.n, all.fit.n - 3);
    lyap_scatter_free(&all);
    lyap_scatter_free(&some);
    lyap_cells_free(&cells);
}
END_TEST

START_TEST(few_starts_give_no_regression_and_no_error) {
    struct lyap_cells cells = scatter_cells(1, 12);
    for (uint64_t starts = 1; starts <= 12; starts++) {
        struct lyap_scatter s;
        ck_assert_int_eq(lyap_scatter_make(&s, &cells, starts, NULL), LYAP_OK);
        ck_assert(!s.fitted); /* at most two lie in the band */
        lyap_scatter_free(&s);
    }
    lyap_cells_free(&cells);
}
END_TEST

/* Hypothesis: the partial correlation is that of the residuals of both regressions on the initial loss. */
START_TEST(partial_correlation_is_that_of_the_residuals) {
    enum { STARTS = 1000 };
    struct lyap_cells cells = scatter_cells(0, STARTS);
    struct lyap_scatter s;
    double x[STARTS], y[STARTS], z[STARTS];
    ck_assert_int_eq(lyap_scatter_make(&s, &cells, STARTS, NULL), LYAP_OK);
    ck_assert(s.has_partial);
    for (size_t i = 0; i < s.kept; i++) {
        x[i] = s.point[i].final_loss;
        y[i] = s.point[i].lambda_kw;
        z[i] = s.point[i].initial_loss;
    }
    struct lyap_regression xz, yz, rest;
    ck_assert_int_eq(lyap_regress(z, x, s.kept, &xz, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_regress(z, y, s.kept, &yz, NULL), LYAP_OK);
    for (size_t i = 0; i < s.kept; i++) {
        x[i] -= xz.intercept + xz.slope * z[i];
        y[i] -= yz.intercept + yz.slope * z[i];
    }
    ck_assert_int_eq(lyap_regress(x, y, s.kept, &rest, NULL), LYAP_OK);
    ck_assert_double_eq_tol(s.partial_r, rest.r, 1e-9);
    double t = rest.r * sqrt(((double)s.kept - 3) / (1 - rest.r * rest.r));
    ck_assert_double_eq_tol(s.partial_p, lyap_student_p(t, (double)s.kept - 3), 1e-9);
    lyap_scatter_free(&s);
    lyap_cells_free(&cells);
}
END_TEST

static struct lyap_point point(double kw, enum lyap_outcome outcome) {
    return (struct lyap_point){.lambda_kw = kw, .lambda_step = kw / 50, .terms = 99, .outcome = outcome};
}

START_TEST(comparisons_count_zeros_apart_and_rank_the_rest) {
    struct lyap_point points[100];
    struct lyap_comparison c;
    for (int i = 0; i < 100; i++) points[i] = point(i, LYAP_COMPLETE); /* 0 .. 99; the 0 is no dead one */
    for (int i = 0; i < 20; i++) points[80 + i] = point(0, LYAP_DEAD);
    for (int i = 0; i < 10; i++) points[70 + i].outcome = LYAP_DEAD; /* died later: 70 .. 79 */
    ck_assert_int_eq(lyap_compare(&c, 20, points, 100, false, NULL), LYAP_OK);
    ck_assert_uint_eq(c.zero, 20);
    ck_assert_uint_eq(c.died, 10);
    ck_assert_uint_eq(c.counted, 80);
    ck_assert_double_eq(c.quartile[1], 39.5);
    ck_assert_double_eq(c.rank, 100 * 20.5 / 80);
    ck_assert_int_eq(c.verdict, LYAP_WITHIN);
    ck_assert_int_eq(lyap_compare(&c, 78.5, points, 100, false, NULL), LYAP_OK);
    ck_assert_int_eq(c.verdict, LYAP_OUTSIDE);
    ck_assert_int_eq(lyap_compare(&c, 79.5, points, 100, false, NULL), LYAP_OK);
    ck_assert_int_eq(c.verdict, LYAP_BEYOND);
    ck_assert_int_eq(lyap_compare(&c, 0, points, 100, false, NULL), LYAP_OK); /* a fifth is dead */
    ck_assert_int_eq(c.verdict, LYAP_WITHIN);
    ck_assert_int_eq(lyap_compare(&c, 0, points, 80, false, NULL), LYAP_OK); /* none is */
    ck_assert_int_eq(c.verdict, LYAP_BEYOND);
    ck_assert_int_eq(lyap_compare(&c, 1, points + 80, 20, false, NULL), LYAP_OK); /* all are */
    ck_assert_int_eq(c.verdict, LYAP_INCOMPARABLE);
    ck_assert_int_eq(lyap_compare(&c, 20.0 / 50, points, 100, true, NULL), LYAP_OK); /* by lambda_step */
    ck_assert_double_eq(c.rank, 100 * 20.5 / 80);
}
END_TEST

START_TEST(learning_rates_count_the_dead_apart) {
    struct lyap_paper_options o = options_of(10);
    struct lyap_paper_case c;
    struct lyap_rate rates[LYAP_PAPER_RATES];
    uint64_t digest = 0, zero = 0;
    ck_assert_int_eq(lyap_paper_case_init(&c, LYAP_RELU, &o, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_rates_run(rates, &c, LYAP_PAPER_RATE_STARTS, &digest, NULL), LYAP_OK);
    for (int i = 0; i < LYAP_PAPER_RATES; i++) {
        ck_assert_uint_eq(rates[i].zero + rates[i].counted, LYAP_PAPER_RATE_STARTS);
        zero += rates[i].zero;
    }
    ck_assert_uint_eq(rates[0].zero, 0);
    ck_assert_uint_gt(zero, 1000); /* most ReLU networks of the sweep die at once */
    lyap_paper_case_free(&c);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("paper");
    TCase *protocol = tcase_create("protocol"), *selection = tcase_create("selection");
    tcase_set_timeout(protocol, 20);
    tcase_set_timeout(selection, 20);
    tcase_add_test(protocol, the_plan_is_the_published_protocol);
    tcase_add_test(protocol, learning_rates_are_the_published_fifty);
    tcase_add_test(protocol, published_numbers_are_in_the_table);
    tcase_add_loop_test(selection, selected_quantiles_are_those_of_the_sorted_values, 0, 4);
    tcase_add_loop_test(selection, the_scatter_keeps_the_band_of_initial_losses, 0, LYAP_PANELS);
    tcase_add_test(selection, the_dead_stay_out_of_the_regression);
    tcase_add_test(selection, few_starts_give_no_regression_and_no_error);
    tcase_add_test(selection, partial_correlation_is_that_of_the_residuals);
    tcase_add_test(selection, comparisons_count_zeros_apart_and_rank_the_rest);
    tcase_add_test(selection, learning_rates_count_the_dead_apart);
    suite_add_tcase(suite, protocol);
    suite_add_tcase(suite, selection);
    return run_suite(suite);
}
