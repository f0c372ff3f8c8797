#include "tests/series.h"

#include "exponents/batch_means.h"
#include "series/line_fit.h"
#include "series/saturation.h"
#include "lyapgrad/statistics.h"

static const double LN2 = 0.69314718055994530942;

/* lambda1 of the Henon map at a = 1.4, b = 0.3, in nats per iteration: J. C. Sprott, Chaos and Time-Series Analysis
 * (Oxford 2003), appendix A. */
static const double HENON = 0.41922;

/* An orbit of the tent map min(2x, 2-2x), made backwards: each preimage is x/2 or 1 - x/2, which halves the rounding
 * instead of doubling it (forwards, 53 steps shift every bit out). */
static double *tent(size_t n) {
    double *x = series(n), a = 0.3;
    uint64_t seed = 1;
    for (size_t i = n; i-- > 0;) x[i] = a = test_random(&seed) < 0 ? a / 2 : 1 - a / 2;
    return x;
}

/* Runs with default settings, frees the series, and expects the slope within `relative` of `expected`. */
static void expect_slope(double *x, size_t n, enum lyap_series_method method, int dimension, double expected,
                         double relative) {
    struct lyap_series_options options = options_for(method, dimension);
    struct lyap_series_result r = run(x, n, &options);
    ck_assert_msg(r.status == LYAP_SERIES_OK, "%s, dimension %d: %s", lyap_series_method_name(method), dimension,
                  lyap_series_status_name(r.status));
    ck_assert_msg(fabs(r.slope - expected) <= relative * fabs(expected), "%s, dimension %d: %.17g is not %g within %g",
                  lyap_series_method_name(method), dimension, r.slope, expected, relative);
    lyap_series_free(&r);
    free(x);
}

START_TEST(a_line_is_fitted_exactly) {
    const double x[] = {2, 3, 4, 6}, y[] = {1, 3, 5, 9};
    struct lyap_line line = lyap_line_fit(x, y, 4);
    ck_assert_double_eq_tol(line.slope, 2, 1e-15);
    ck_assert_double_eq_tol(line.intercept, -3, 1e-14);
    ck_assert_double_eq_tol(line.residual, 0, 1e-14);
    const double bent[] = {0, 3, 0}; /* residuals -1, 2, -1 */
    ck_assert_double_eq_tol(lyap_line_fit(x, bent, 3).residual, sqrt(2), 1e-15);
}
END_TEST

/* For a mean the jackknife is the textbook standard error, sd / sqrt(n). */
START_TEST(the_jackknife_of_a_mean_is_its_standard_error) {
    const double values[] = {3, 1, 4, 1, 5};
    double without[5], mean = 14.0 / 5, square = 0;
    for (int i = 0; i < 5; i++) {
        without[i] = (14 - values[i]) / 4;
        square += (values[i] - mean) * (values[i] - mean);
    }
    ck_assert_double_eq_tol(lyap_jackknife(without, 5), sqrt(square / 4 / 5), 1e-15);
}
END_TEST

START_TEST(the_tabulated_quantiles_are_students) {
    for (size_t blocks = 2; blocks <= LYAP_SERIES_BLOCKS; blocks++) {
        double expected = lyap_student_quantile(0.975, (double)(blocks - 1));
        ck_assert_double_eq_tol(lyap_series_t95(blocks), expected, 1e-12 * expected);
        ck_assert_double_eq(lyap_series_t95(blocks), lyap_t975(blocks - 1));
    }
}
END_TEST

/* Every difference of a geometric series is multiplied by the factor at each step: the exponent is its logarithm, exactly,
 * whatever the sign and whatever the embedding. */
START_TEST(geometric_series_give_the_logarithm_of_their_factor) {
    enum lyap_series_method method = (enum lyap_series_method)_i;
    for (int dimension = 1; dimension <= 3; dimension++) {
        expect_slope(geometric(300, 1, 2), 300, method, dimension, LN2, 1e-13);
        expect_slope(geometric(300, 1, 0.5), 300, method, dimension, -LN2, 1e-13);
        expect_slope(geometric(300, 1, -0.5), 300, method, dimension, -LN2, 1e-13);
        expect_slope(geometric(2000, 1, 0.9), 2000, method, dimension, log(0.9), 1e-9);
        expect_slope(geometric(2000, 1, 1.1), 2000, method, dimension, log(1.1), 1e-9);
    }
}
END_TEST

/* Tolerances: the folding at 1/2 shortens pairs of size e with probability ~e, and the default windows end at sizes of a
 * few per cent. */
START_TEST(the_tent_map_gives_ln_2) {
    for (int dimension = 1; dimension <= 2; dimension++) {
        expect_slope(tent(10000), 10000, LYAP_SERIES_KANTZ, dimension, LN2, 0.01);
        expect_slope(tent(10000), 10000, LYAP_SERIES_ROSENSTEIN, dimension, LN2, 0.01);
        expect_slope(tent(10000), 10000, LYAP_SERIES_WOLF, dimension, LN2, 0.02);
    }
}
END_TEST

/* Kantz takes the logarithm of a mean over a neighbourhood in which the stretching varies from 0 to 4: biased upwards. */
START_TEST(the_logistic_map_gives_ln_2) {
    for (int dimension = 1; dimension <= 2; dimension++) {
        expect_slope(logistic(10000, 4), 10000, LYAP_SERIES_KANTZ, dimension, LN2, 0.05);
        expect_slope(logistic(10000, 4), 10000, LYAP_SERIES_ROSENSTEIN, dimension, LN2, 0.01);
        expect_slope(logistic(10000, 4), 10000, LYAP_SERIES_WOLF, dimension, LN2, 0.02);
    }
}
END_TEST

START_TEST(ten_thousand_henon_points_give_the_exponent_within_5_per_cent) {
    enum lyap_series_method method = (enum lyap_series_method)_i;
    for (int dimension = 2; dimension <= 5; dimension++)
        expect_slope(henon(10000), 10000, method, dimension, HENON, 0.05);
}
END_TEST

START_TEST(a_hundred_thousand_henon_points_come_closer) {
    expect_slope(henon(100000), 100000, LYAP_SERIES_KANTZ, 2, HENON, 0.01);
    expect_slope(henon(100000), 100000, LYAP_SERIES_ROSENSTEIN, 2, HENON, 0.005);
    expect_slope(henon(100000), 100000, LYAP_SERIES_WOLF, 2, HENON, 0.005);
}
END_TEST

/* Lorenz x at steps of 0.01: 0.9056 per unit of time, with the straight part declared by eye from the curve. */
START_TEST(a_flow_gives_its_exponent_per_sample) {
    enum { N = 40000 };
    double *x = series(N), v[3] = {1, 1, 20}, k[4][3], w[3];
    for (int i = 0; i < N + 2000; i++) {
        for (int r = 0; r < 4; r++) {
            for (int c = 0; c < 3; c++) w[c] = v[c] + (r ? (r < 3 ? 0.005 : 0.01) * k[r - 1][c] : 0);
            k[r][0] = 10 * (w[1] - w[0]);
            k[r][1] = w[0] * (28 - w[2]) - w[1];
            k[r][2] = w[0] * w[1] - 8.0 / 3 * w[2];
        }
        for (int c = 0; c < 3; c++) v[c] += 0.01 / 6 * (k[0][c] + 2 * k[1][c] + 2 * k[2][c] + k[3][c]);
        if (i >= 2000) x[i - 2000] = v[0];
    }
    struct lyap_series_options options = options_for(LYAP_SERIES_ROSENSTEIN, 5);
    options.delay = 10;
    options.steps = 300;
    options.fit_first = 80;
    options.fit_last = 250;
    struct lyap_series_result r = run(x, N, &options);
    ck_assert_int_eq(r.status, LYAP_SERIES_OK);
    ck_assert_double_eq_tol(r.slope, 0.009056, 0.05 * 0.009056);
    lyap_series_free(&r);
    free(x);
}
END_TEST

/* Two incommensurate turns: distances stay as they are, and 0 is inside the interval or within a thousandth. */
START_TEST(a_quasiperiodic_series_gives_zero) {
    for (int method = LYAP_SERIES_ROSENSTEIN; method <= LYAP_SERIES_WOLF; method++) {
        double *x = series(5000);
        for (int i = 0; i < 5000; i++) x[i] = sin(0.3883222077450933 * i);
        struct lyap_series_options options = options_for((enum lyap_series_method)method, 2);
        struct lyap_series_result r = run(x, 5000, &options);
        ck_assert_int_eq(r.status, LYAP_SERIES_OK);
        ck_assert_double_eq_tol(r.slope, 0, 1e-3);
        ck_assert_double_lt(r.low - 1e-3, 0);
        ck_assert_double_gt(r.high + 1e-3, 0);
        lyap_series_free(&r);
        free(x);
    }
}
END_TEST

START_TEST(the_interval_holds_the_exponent_where_the_bias_is_small) {
    enum { N = 10000 };
    double *x = henon(8 * N);
    int held = 0;
    for (size_t i = 0; i < 8; i++) {
        struct lyap_series_options options = options_for(LYAP_SERIES_ROSENSTEIN, 2);
        struct lyap_series_result r = run(x + i * N, N, &options);
        ck_assert_double_gt(r.error, 0.001);
        ck_assert_double_lt(r.error, 0.01);
        held += r.low <= HENON && HENON <= r.high;
        lyap_series_free(&r);
    }
    ck_assert_int_ge(held, 6); /* 7.6 of 8 on average */
    free(x);
}
END_TEST

START_TEST(a_declared_window_is_fitted_as_it_stands) {
    double *x = henon(5000);
    for (int method = LYAP_SERIES_KANTZ; method <= LYAP_SERIES_ROSENSTEIN; method++) {
        struct lyap_series_options options = options_for((enum lyap_series_method)method, 2);
        options.fit_first = 2;
        options.fit_last = 6;
        struct lyap_series_result r = run(x, 5000, &options);
        ck_assert_int_eq(r.status, LYAP_SERIES_OK);
        ck_assert_uint_eq(r.fit_points, 5);
        ck_assert_int_eq(r.used.fit_first, 2);
        ck_assert_int_eq(r.used.fit_last, 6);
        ck_assert_uint_eq(r.points, 21);
        double steps[5], values[5];
        for (int i = 0; i < 5; i++) {
            steps[i] = (double)r.curve[i + 2].step;
            values[i] = r.curve[i + 2].value;
        }
        struct lyap_line line = lyap_line_fit(steps, values, 5);
        ck_assert_double_eq_tol(r.slope, line.slope, 1e-13);
        ck_assert_double_eq_tol(r.intercept, line.intercept, 1e-12);
        ck_assert_double_eq_tol(r.slope_early, lyap_line_fit(steps, values, 3).slope, 1e-13);
        ck_assert_double_eq_tol(r.slope_late, lyap_line_fit(steps + 2, values + 2, 3).slope, 1e-13);
        lyap_series_free(&r);
    }
    struct lyap_series_options options = options_for(LYAP_SERIES_WOLF, 2);
    options.fit_first = 1000;
    options.fit_last = 3000;
    struct lyap_series_result r = run(x, 5000, &options);
    ck_assert_uint_eq(r.fit_points, 2000);
    double growth = r.curve[3000].value - r.curve[1000].value;
    ck_assert_double_eq_tol(r.slope, growth / 2000, 1e-12);
    ck_assert_double_eq_tol(r.intercept + 1000 * r.slope, r.curve[1000].value, 1e-10);
    lyap_series_free(&r);
    free(x);
}
END_TEST

START_TEST(a_noise_floor_and_a_radius_bound_the_first_distances) {
    double *x = henon(5000);
    struct lyap_series_options options = options_for(LYAP_SERIES_ROSENSTEIN, 2);
    options.min_distance = 0.02;
    options.radius = 0.03;
    struct lyap_series_result r = run(x, 5000, &options);
    ck_assert_double_ge(r.curve[0].value, log(0.02));
    ck_assert_double_le(r.curve[0].value, log(0.03));
    ck_assert_double_eq(r.used.radius, 0.03);
    lyap_series_free(&r);
    options.references = 500;
    r = run(x, 5000, &options);
    ck_assert_uint_eq(r.candidates, 500);
    ck_assert_uint_le(r.references, 500);
    lyap_series_free(&r);
    options = options_for(LYAP_SERIES_KANTZ, 2);
    options.radius = 0.03;
    r = run(x, 5000, &options);
    ck_assert_double_le(r.curve[0].value, log(0.03));
    lyap_series_free(&r);
    free(x);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("series");
    TCase *tests = tcase_create("series");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, a_line_is_fitted_exactly);
    tcase_add_test(tests, the_jackknife_of_a_mean_is_its_standard_error);
    tcase_add_test(tests, the_tabulated_quantiles_are_students);
    tcase_add_loop_test(tests, geometric_series_give_the_logarithm_of_their_factor, 0, LYAP_SERIES_METHOD_COUNT);
    tcase_add_test(tests, the_tent_map_gives_ln_2);
    tcase_add_test(tests, the_logistic_map_gives_ln_2);
    tcase_add_loop_test(tests, ten_thousand_henon_points_give_the_exponent_within_5_per_cent, 0,
                        LYAP_SERIES_METHOD_COUNT);
    tcase_add_test(tests, a_hundred_thousand_henon_points_come_closer);
    tcase_add_test(tests, a_flow_gives_its_exponent_per_sample);
    tcase_add_test(tests, a_quasiperiodic_series_gives_zero);
    tcase_add_test(tests, the_interval_holds_the_exponent_where_the_bias_is_small);
    tcase_add_test(tests, a_declared_window_is_fitted_as_it_stands);
    tcase_add_test(tests, a_noise_floor_and_a_radius_bound_the_first_distances);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
