#include "stats/log_grid.h"
#include "lyapgrad/statistics.h"

#include <float.h>
#include <math.h>

#include "tests/support.h"

static const double pi = 3.14159265358979323846;

static void expect_near(double value, double expected, double relative) {
    ck_assert_msg(fabs(value - expected) <= relative * fabs(expected), "%.17g is not %.17g within %g relative", value,
                  expected, relative);
}

/* R: quantile(c(1, 2, 4, 8), c(0, .1, .25, .5, .9, 1)), type 7; by hand at (n-1) q = 0, 0.3, 0.75, 1.5, 2.7, 3. */
START_TEST(a_quantile_interpolates_as_type_seven) {
    const double sorted[] = {1, 2, 4, 8};
    ck_assert_double_eq(lyap_quantile(sorted, 4, 0), 1);
    ck_assert_double_eq_tol(lyap_quantile(sorted, 4, 0.1), 1.3, 1e-15);
    ck_assert_double_eq(lyap_quantile(sorted, 4, 0.25), 1.75);
    ck_assert_double_eq(lyap_quantile(sorted, 4, 0.5), 3);
    ck_assert_double_eq_tol(lyap_quantile(sorted, 4, 0.9), 6.8, 1e-14);
    ck_assert_double_eq(lyap_quantile(sorted, 4, 1), 8);
}
END_TEST

START_TEST(a_quantile_of_one_value_is_that_value) {
    const double value = 5;
    ck_assert_double_eq(lyap_quantile(&value, 1, 0), 5);
    ck_assert_double_eq(lyap_quantile(&value, 1, 0.3), 5);
    ck_assert_double_eq(lyap_quantile(&value, 1, 1), 5);
    const double zero = -0.0;
    ck_assert(!signbit(lyap_quantile(&zero, 1, 0.5)));
}
END_TEST

START_TEST(sorting_puts_every_value_in_ascending_order) {
    enum { N = 10000 };
    static double values[N];
    uint64_t state = 3;
    double sum = 0; /* of whole numbers, so exact in any order */
    for (int i = 3; i < N; i++) sum += values[i] = floor(1000 * test_random(&state));
    values[0] = INFINITY;
    values[1] = -DBL_MAX;
    values[2] = -0.0;
    lyap_sort(values, N);
    for (int i = 1; i < N; i++) ck_assert_double_le(values[i - 1], values[i]);
    ck_assert_double_eq(values[0], -DBL_MAX);
    ck_assert_double_infinite(values[N - 1]);
    double sorted_sum = 0;
    for (int i = 1; i < N - 1; i++) sorted_sum += values[i];
    ck_assert_double_eq(sorted_sum, sum);
    lyap_sort(values, 0);
}
END_TEST

/* P(|T| > t) for whole degrees of freedom in elementary functions: Abramowitz and Stegun 26.7.3 (odd), 26.7.4 (even). */
static double elementary_p(double t, int df) {
    double theta = atan(t / sqrt(df));
    double square = cos(theta) * cos(theta);
    double sum = 0;
    double term = df % 2 ? cos(theta) : 1;
    for (int k = df % 2 ? 3 : 2; k <= df; k += 2) {
        sum += term;
        term *= square * (k - 1) / k;
    }
    return 1 - (df % 2 ? 2 / pi * (theta + sin(theta) * sum) : sin(theta) * sum);
}

START_TEST(the_t_tail_agrees_with_its_elementary_forms) {
    for (int df = 1; df <= 300; df++) {
        for (double t = 0.01; t < 50; t *= 1.7) {
            double p = lyap_student_p(t, df);
            ck_assert_msg(fabs(p - elementary_p(t, df)) < 2e-14, "df %d t %g: %.17g", df, t, p);
            ck_assert_double_eq(lyap_student_p(-t, df), p);
        }
    }
}
END_TEST

/* df = 1: p = (2/pi) atan(1/t). df = 2: p = 1 - t/s = 2/(s (s + t)), s = sqrt(t^2 + 2). */
START_TEST(a_far_tail_keeps_its_relative_accuracy) {
    for (double t = 0.1; t < 1e100; t *= 10) {
        double s = sqrt(t * t + 2);
        expect_near(lyap_student_p(t, 1), 2 / pi * atan(1 / t), 1e-13);
        expect_near(lyap_student_p(t, 2), 2 / (s * (s + t)), 1e-13);
    }
}
END_TEST

START_TEST(the_ends_of_the_t_tail_are_exact) {
    ck_assert_double_eq(lyap_student_p(0, 5), 1);
    ck_assert_double_eq(lyap_student_p(INFINITY, 5), 0);
    ck_assert_double_eq(lyap_student_p(-INFINITY, 5), 0);
    ck_assert_double_eq_tol(lyap_student_p(1e-9, 5), 1, 1e-8);
    ck_assert_double_nan(lyap_student_p(NAN, 5));
    ck_assert_double_nan(lyap_student_p(1, 0));
}
END_TEST

/* To order 1/df, P(|T| > t) is the normal's erfc(t/sqrt 2) + phi(t) t (t^2 + 1) / (2 df) (R. A. Fisher, Metron 5, 109
 * (1925)). The next order is, relative to the tail, about (1 + t^2)^4 / (32 df^2). */
START_TEST(many_degrees_of_freedom_approach_the_normal_tail) {
    for (double df = 1e5; df <= 1e9; df *= 100) {
        for (double t = 0.25; t < 7; t += 0.5) {
            double phi = exp(-t * t / 2) / sqrt(2 * pi);
            double expected = erfc(t / sqrt(2)) + phi * t * (t * t + 1) / (2 * df);
            expect_near(lyap_student_p(t, df), expected, 2e-12 + pow(1 + t * t, 4) / (16 * df * df));
        }
    }
}
END_TEST

/* The 97.5 % and 99.5 % columns of the usual t table (for example Abramowitz and Stegun, table 26.10). */
START_TEST(quantiles_are_those_of_the_tables) {
    static const struct {
        double df, q975, q995;
    } table[] = {{1, 12.706, 63.657}, {2, 4.303, 9.925},  {3, 3.182, 5.841},   {5, 2.571, 4.032},
                 {10, 2.228, 3.169},  {30, 2.042, 2.750}, {120, 1.980, 2.617}, {1e9, 1.960, 2.576}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        ck_assert_double_eq_tol(lyap_student_quantile(0.975, table[i].df), table[i].q975, 0.00051);
        ck_assert_double_eq_tol(lyap_student_quantile(0.995, table[i].df), table[i].q995, 0.00051);
    }
}
END_TEST

START_TEST(a_quantile_inverts_the_tail) {
    for (double df = 1; df < 1e7; df *= 3) {
        for (double q = 0.51; q < 1; q += 0.07) {
            double t = lyap_student_quantile(q, df);
            expect_near(lyap_student_p(t, df), 2 * (1 - q), 1e-11);
        }
    }
    expect_near(lyap_student_quantile(0.75, 1), 1, 1e-14); /* tan(pi/4) */
    expect_near(lyap_student_quantile(0.975, 1), tan(0.475 * pi), 1e-12);
    expect_near(lyap_student_quantile(1 - 1e-12, 1), 1e12 / pi, 1e-4); /* 1 - q has four digits left */
    ck_assert_double_nan(lyap_student_quantile(0.5, 3));
    ck_assert_double_nan(lyap_student_quantile(1, 3));
    ck_assert_double_nan(lyap_student_quantile(0.9, 0));
}
END_TEST

/* By hand: x = 0 1 2, y = 0 1 1. slope 1/2, intercept 1/6, r = sqrt(3)/2, residual sum 1/6, t = sqrt(3), and with one
 * degree of freedom p = 1 - (2/pi) atan(sqrt 3) = 1/3. */
START_TEST(three_points_are_fitted_as_by_hand) {
    const double x[] = {0, 1, 2};
    const double y[] = {0, 1, 1};
    struct lyap_regression fit;
    ck_assert_int_eq(lyap_regress(x, y, 3, &fit, NULL), LYAP_OK);
    ck_assert_uint_eq(fit.n, 3);
    expect_near(fit.slope, 0.5, 1e-15);
    expect_near(fit.intercept, 1.0 / 6, 1e-15);
    expect_near(fit.r, sqrt(3) / 2, 1e-15);
    expect_near(fit.p, 1.0 / 3, 1e-14);
    ck_assert_double_eq(fit.mean_x, 1);
    ck_assert_double_eq(fit.sxx, 2);
    expect_near(fit.residual_sd, sqrt(1.0 / 6), 1e-15);
    expect_near(fit.t95, tan(0.475 * pi), 1e-12);
    expect_near(lyap_regression_band(&fit, 1), tan(0.475 * pi) * sqrt(1.0 / 18), 1e-12);
    expect_near(lyap_regression_band(&fit, 2), tan(0.475 * pi) * sqrt(1.0 / 6 * (1.0 / 3 + 0.5)), 1e-12);
    ck_assert_double_eq(lyap_regression_band(&fit, 2), lyap_regression_band(&fit, 0));
}
END_TEST

/* F. J. Anscombe, The American Statistician 27, 17 (1973), data set 1: slope 0.500, intercept 3.00, residual sum of
 * squares 13.75, r^2 = 0.667; R's lm gives p = 0.00217 and a residual standard error of 1.237. By hand: sxx = 110,
 * sxy = 55.01, mean x 9, mean y 82.51/11. */
START_TEST(anscombes_first_data_set_gives_its_published_fit) {
    const double x[] = {10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5};
    const double y[] = {8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68};
    struct lyap_regression fit;
    ck_assert_int_eq(lyap_regress(x, y, 11, &fit, NULL), LYAP_OK);
    expect_near(fit.sxx, 110, 1e-15);
    expect_near(fit.slope, 55.01 / 110, 1e-14);
    expect_near(fit.intercept, 82.51 / 11 - 9 * 55.01 / 110, 1e-14);
    ck_assert_double_eq_tol(fit.r * fit.r, 0.667, 0.0005);
    ck_assert_double_eq_tol(fit.p, 0.00217, 0.000005);
    ck_assert_double_eq_tol(fit.residual_sd, 1.237, 0.0005);
    ck_assert_double_eq_tol(fit.residual_sd * fit.residual_sd * 9, 13.75, 0.015);
    ck_assert_double_eq_tol(fit.t95, 2.262, 0.0005); /* table, 9 degrees of freedom */
}
END_TEST

START_TEST(a_perfect_line_has_r_one_and_p_zero) {
    const double x[] = {1, 2, 3, 4};
    const double up[] = {3, 5, 7, 9};
    const double down[] = {-1, -2, -3, -4};
    struct lyap_regression fit;
    ck_assert_int_eq(lyap_regress(x, up, 4, &fit, NULL), LYAP_OK);
    ck_assert_double_eq(fit.r, 1);
    ck_assert_double_eq(fit.p, 0);
    ck_assert_double_eq(fit.slope, 2);
    ck_assert_double_eq(fit.residual_sd, 0);
    ck_assert_double_eq(lyap_regression_band(&fit, 10), 0);
    ck_assert_int_eq(lyap_regress(x, down, 3, &fit, NULL), LYAP_OK);
    ck_assert_double_eq(fit.r, -1);
    ck_assert_double_eq(fit.p, 0);
    const double inexact[] = {0.1, 0.2, 0.3, 0.4}; /* the rounding of the data is all the residual there is */
    ck_assert_int_eq(lyap_regress(x, inexact, 4, &fit, NULL), LYAP_OK);
    ck_assert_double_le(fit.r, 1);
    ck_assert_double_lt(fit.p, 1e-30);
}
END_TEST

START_TEST(an_offset_of_the_data_does_not_cost_the_fit_its_digits) {
    enum { N = 1000 };
    double x[N], y[N];
    uint64_t state = 11;
    for (int i = 0; i < N; i++) {
        x[i] = 1e6 + i;
        y[i] = 1e6 + 0.25 * i + 0.01 * test_random(&state);
    }
    struct lyap_regression fit;
    ck_assert_int_eq(lyap_regress(x, y, N, &fit, NULL), LYAP_OK);
    /* standard error of the slope: (0.01/sqrt 3) / sqrt(sxx) = 6e-7 */
    ck_assert_double_eq_tol(fit.slope, 0.25, 4e-6);
    expect_near(fit.sxx, (double)N * ((double)N * N - 1) / 12, 1e-12);
    expect_near(fit.residual_sd, 0.01 / sqrt(3), 0.1);
}
END_TEST

START_TEST(too_few_or_constant_values_are_refused) {
    const double x[] = {1, 2, 3};
    const double constant[] = {0.1, 0.1, 0.1}; /* whose mean is not 0.1 */
    const double huge[] = {-1e200, 0, 1e200};
    struct lyap_regression fit;
    struct lyap_error error = {0};
    ck_assert_int_eq(lyap_regress(x, x, 2, &fit, &error), LYAP_ERROR_ARGUMENT);
    ck_assert_str_eq(error.message, "regression of 2 points: at least 3 are needed");
    ck_assert_int_eq(lyap_regress(x, constant, 3, &fit, &error), LYAP_ERROR_ARGUMENT);
    ck_assert_str_eq(error.message, "regression: all 3 values of y are equal");
    ck_assert_int_eq(lyap_regress(constant, x, 3, &fit, &error), LYAP_ERROR_ARGUMENT);
    ck_assert_str_eq(error.message, "regression: all 3 values of x are equal");
    ck_assert_int_eq(lyap_regress(huge, x, 3, &fit, &error), LYAP_ERROR_ARGUMENT);
}
END_TEST

START_TEST(a_sketch_follows_the_exact_quantiles) {
    enum { N = 20001 };
    static double values[N];
    struct lyap_sketch *forward = lyap_sketch_new();
    struct lyap_sketch *backward = lyap_sketch_new();
    uint64_t state = 5;
    for (int i = 0; i < N; i++) {
        double u = test_random(&state);
        values[i] = (u < 0 ? -1 : 1) * exp(40 * test_random(&state)); /* 4e-18 .. 2e17 of either sign */
    }
    for (int i = 0; i < N; i++) {
        lyap_sketch_add(forward, values[i]);
        lyap_sketch_add(backward, values[N - 1 - i]);
    }
    lyap_sort(values, N);
    ck_assert_uint_eq(lyap_sketch_count(forward), N);
    for (int i = 0; i <= 1000; i++) {
        double q = i / 1000.0; /* (N-1) q is whole: no interpolation between unlike neighbours */
        expect_near(lyap_sketch_quantile(forward, q), lyap_quantile(values, N, q), 0.001);
        ck_assert_double_eq(lyap_sketch_quantile(forward, q), lyap_sketch_quantile(backward, q));
    }
    lyap_sketch_free(forward);
    lyap_sketch_free(backward);
}
END_TEST

START_TEST(a_sketch_interpolates_between_neighbouring_values) {
    struct lyap_sketch *sketch = lyap_sketch_new();
    const double values[] = {8, 2, 1, 4};
    for (int i = 0; i < 4; i++) lyap_sketch_add(sketch, values[i]);
    expect_near(lyap_sketch_quantile(sketch, 0.25), 1.75, 0.001);
    expect_near(lyap_sketch_quantile(sketch, 0.5), 3, 0.001);
    expect_near(lyap_sketch_quantile(sketch, 0.9), 6.8, 0.001);
    for (int i = 0; i < 4; i++) lyap_sketch_add(sketch, -values[i]);
    ck_assert_double_eq(lyap_sketch_quantile(sketch, 0.5), 0); /* between -1 and 1 */
    lyap_sketch_free(sketch);
}
END_TEST

START_TEST(a_sketch_of_equal_values_is_exact) {
    static const double values[] = {0, 1, -0.3, 1e-30, -1e-30, 1e30, -1e30, 0x1p-64, 0x1.fffffffffffffp63, 0x1p64};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct lyap_sketch *sketch = lyap_sketch_new();
        for (int k = 0; k < 3; k++) lyap_sketch_add(sketch, values[i]);
        ck_assert_double_eq(lyap_sketch_quantile(sketch, 0.5), values[i]);
        lyap_sketch_free(sketch);
    }
}
END_TEST

START_TEST(a_sketch_counts_the_small_as_zero_and_the_large_as_the_end) {
    struct lyap_sketch *sketch = lyap_sketch_new();
    ck_assert_double_eq(lyap_sketch_quantile(sketch, 0.5), 0);
    const double values[] = {-1e300, -1e-25, 0, 1e-25, 1e300};
    for (int i = 0; i < 5; i++) lyap_sketch_add(sketch, values[i]);
    expect_near(lyap_sketch_quantile(sketch, 0), -0x1p64, 0.001);
    ck_assert_double_eq(lyap_sketch_quantile(sketch, 0.25), 0);
    ck_assert_double_eq(lyap_sketch_quantile(sketch, 0.5), 0);
    ck_assert(!signbit(lyap_sketch_quantile(sketch, 0.5)));
    ck_assert_double_eq(lyap_sketch_quantile(sketch, 0.75), 0);
    expect_near(lyap_sketch_quantile(sketch, 1), 0x1p64, 0.001);
    lyap_sketch_free(sketch);
    lyap_sketch_free(NULL);
}
END_TEST

/* Between 0.01 and 100 a share is two decades a half; the two ways to round agree to the last places. */
START_TEST(values_between_are_even_in_their_logarithm) {
    for (int k = 0; k <= 8; k++) {
        double share = k / 8.0, expected = pow(10, -2 + 4 * share);
        ck_assert_double_eq_tol(lyap_log_between(0.01, 100, share) / expected, 1, 1e-14);
        ck_assert_double_eq_tol(lyap_log_between_rounded(0.01, 100, share) / expected, 1, 1e-14);
    }
    double grid[9];
    lyap_log_grid(0.01, 100, 9, grid);
    ck_assert_double_eq(grid[0], 0.01); /* exactly */
    ck_assert_double_eq(grid[8], 100);
    for (int k = 2; k < 9; k++) ck_assert_double_eq_tol(grid[k] / grid[k - 1] / (grid[k - 1] / grid[k - 2]), 1, 1e-13);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("statistics");
    TCase *tests = tcase_create("statistics");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_quantile_interpolates_as_type_seven);
    tcase_add_test(tests, a_quantile_of_one_value_is_that_value);
    tcase_add_test(tests, sorting_puts_every_value_in_ascending_order);
    tcase_add_test(tests, the_t_tail_agrees_with_its_elementary_forms);
    tcase_add_test(tests, a_far_tail_keeps_its_relative_accuracy);
    tcase_add_test(tests, the_ends_of_the_t_tail_are_exact);
    tcase_add_test(tests, many_degrees_of_freedom_approach_the_normal_tail);
    tcase_add_test(tests, quantiles_are_those_of_the_tables);
    tcase_add_test(tests, a_quantile_inverts_the_tail);
    tcase_add_test(tests, three_points_are_fitted_as_by_hand);
    tcase_add_test(tests, anscombes_first_data_set_gives_its_published_fit);
    tcase_add_test(tests, a_perfect_line_has_r_one_and_p_zero);
    tcase_add_test(tests, an_offset_of_the_data_does_not_cost_the_fit_its_digits);
    tcase_add_test(tests, too_few_or_constant_values_are_refused);
    tcase_add_test(tests, a_sketch_follows_the_exact_quantiles);
    tcase_add_test(tests, a_sketch_interpolates_between_neighbouring_values);
    tcase_add_test(tests, a_sketch_of_equal_values_is_exact);
    tcase_add_test(tests, a_sketch_counts_the_small_as_zero_and_the_large_as_the_end);
    tcase_add_test(tests, values_between_are_even_in_their_logarithm);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
