#include "tests/series.h"

#include "results/series_file.h"
#include "lyapgrad/version.h"

static void expect_status(double *x, size_t n, const struct lyap_series_options *options,
                          enum lyap_series_status expected) {
    struct lyap_series_result r = run(x, n, options);
    ck_assert_msg(r.status == expected, "%s, not %s", lyap_series_status_name(r.status),
                  lyap_series_status_name(expected));
    lyap_series_free(&r);
    free(x);
}

START_TEST(series_without_an_exponent_say_why) {
    struct lyap_series_options options = options_for((enum lyap_series_method)_i, 2);
    bool wolf = options.method == LYAP_SERIES_WOLF;
    expect_status(geometric(1000, 3, 1), 1000, &options, LYAP_SERIES_CONSTANT);
    expect_status(geometric(1000, 0, 1), 1000, &options, LYAP_SERIES_CONSTANT);
    expect_status(geometric(1000, 1, -1), 1000, &options, LYAP_SERIES_REPEATS);
    expect_status(logistic(5000, 3.2), 5000, &options, LYAP_SERIES_REPEATS); /* settled on its period 2 */
    expect_status(noise(5000), 5000, &options, wolf ? LYAP_SERIES_SATURATED : LYAP_SERIES_FIT_EMPTY);
    for (size_t n = 0; n <= 20; n++) expect_status(noise(n), n, &options, LYAP_SERIES_TOO_SHORT);
    options.theiler = 998;
    expect_status(noise(1000), 1000, &options, LYAP_SERIES_TOO_SHORT);
    options.theiler = INT64_MAX / 128;
    expect_status(noise(1000), 1000, &options, LYAP_SERIES_TOO_SHORT);
    options.theiler = LYAP_SERIES_CHOOSE;
    options.radius = 1e-9;
    expect_status(noise(1000), 1000, &options, LYAP_SERIES_NO_NEIGHBOURS);
    options.radius = 0;
    options.min_distance = 1e6;
    expect_status(noise(1000), 1000, &options, LYAP_SERIES_NO_NEIGHBOURS);
    options.min_distance = 0;
    options.delay = INT64_MAX / 128;
    expect_status(noise(1000), 1000, &options, LYAP_SERIES_TOO_SHORT);
}
END_TEST

/* A drift has its neighbours where it has just been, a map that returns has them anywhere. */
START_TEST(neighbours_adjacent_in_time_are_told) {
    struct lyap_series_options options = options_for((enum lyap_series_method)_i, 2);
    double *x = series(3000);
    for (int i = 0; i < 3000; i++) x[i] = 1.0 / (i + 10) + (i % 2 ? 1 : -1); /* a settling period 2 */
    struct lyap_series_result r = run(x, 3000, &options);
    ck_assert_double_gt(r.adjacent, 0.9);
    lyap_series_free(&r);
    free(x);
    x = henon(3000);
    r = run(x, 3000, &options);
    ck_assert_double_lt(r.adjacent, 0.05);
    lyap_series_free(&r);
    free(x);
}
END_TEST

START_TEST(rows_that_merge_exactly_are_not_taken_for_a_slope) {
    /* every pair of vectors meets at the next reset to 0: a curve of fewer and fewer pairs */
    double *x = noise(4000);
    for (int i = 0; i < 4000; i++)
        if (i % 4 != 0) x[i] = 0;
    struct lyap_series_options options = options_for(LYAP_SERIES_ROSENSTEIN, 1);
    struct lyap_series_result r = run(x, 4000, &options);
    ck_assert_int_ne(r.status, LYAP_SERIES_OK);
    lyap_series_free(&r);
    free(x);
}
END_TEST

static void expect_same(const struct lyap_series_result *a, const struct lyap_series_result *b) {
    ck_assert_int_eq(a->status, b->status);
    ck_assert_double_eq(a->slope, b->slope);
    ck_assert_double_eq(a->error, b->error);
    ck_assert_uint_eq(a->points, b->points);
    ck_assert_uint_eq(a->references, b->references);
    for (size_t i = 0; i < a->points; i++) {
        ck_assert_double_eq(a->curve[i].value, b->curve[i].value);
        ck_assert_double_eq(a->curve[i].error, b->curve[i].error);
        ck_assert_uint_eq(a->curve[i].references, b->curve[i].references);
        ck_assert_uint_eq(a->curve[i].pairs, b->curve[i].pairs);
    }
}

START_TEST(the_bits_do_not_depend_on_the_number_of_threads) {
    double *x = henon(3000);
    struct lyap_series_options options = options_for((enum lyap_series_method)_i, 3);
    options.threads = 1;
    struct lyap_series_result one = run(x, 3000, &options);
    const int threads[] = {2, 3, 7, 64};
    for (int i = 0; i < 4; i++) {
        options.threads = threads[i];
        struct lyap_series_result many = run(x, 3000, &options);
        expect_same(&one, &many);
        lyap_series_free(&many);
    }
    lyap_series_free(&one);
    free(x);
}
END_TEST

/* Recorded on x86-64 with gcc; every machine and compiler must repeat it. Another SLEEF may give other logarithms. */
START_TEST(the_bits_are_the_recorded_ones) {
    static const uint64_t recorded[LYAP_SERIES_METHOD_COUNT] = {
        UINT64_C(0xd07ef5e850d32885), UINT64_C(0x30028a649f7b2e76), UINT64_C(0xe5b8b516b4d85a5a)};
    SKIP_UNLESS_RECORDED();
    double *x = henon(3000);
    struct lyap_series_options options = options_for((enum lyap_series_method)_i, 3);
    struct lyap_series_result r = run(x, 3000, &options);
    ck_assert_msg(lyap_series_digest(&r) == recorded[_i], "0x%016llx", (unsigned long long)lyap_series_digest(&r));
    lyap_series_free(&r);
    free(x);
}
END_TEST

/* A power of two is exact; other units may round the samples, but no unit may overflow or vanish. */
START_TEST(the_unit_of_the_series_does_not_matter) {
    double *x = henon(3000), *y = series(3000);
    struct lyap_series_options options = options_for((enum lyap_series_method)_i, 2);
    struct lyap_series_result plain = run(x, 3000, &options);
    const double units[] = {0x1p-40, 0x1p+1000, 0x1p-900};
    for (int u = 0; u < 3; u++) {
        for (int i = 0; i < 3000; i++) y[i] = x[i] * units[u];
        struct lyap_series_result r = run(y, 3000, &options);
        ck_assert_int_eq(r.status, plain.status);
        ck_assert_double_eq(r.slope, plain.slope);
        ck_assert_double_eq(r.error, plain.error);
        bool wolf = options.method == LYAP_SERIES_WOLF; /* whose curve holds ratios */
        for (size_t i = 0; i < r.points; i++)
            ck_assert_double_eq_tol(r.curve[i].value - plain.curve[i].value, wolf ? 0 : log(units[u]), 1e-10);
        lyap_series_free(&r);
    }
    lyap_series_free(&plain);
    free(x);
    free(y);
}
END_TEST

START_TEST(odd_series_and_settings_give_sound_results) {
    uint64_t seed = 11;
    for (int round = 0; round < 400; round++) {
        size_t n = (size_t)(100 * (test_random(&seed) + 1)) + 1;
        double *x = series(n), grain = pow(10, 3 * test_random(&seed));
        for (size_t i = 0; i < n; i++) x[i] = floor(10 * test_random(&seed) * grain) / grain;
        struct lyap_series_options options = options_for((enum lyap_series_method)(round % 3), 1 + round % 4);
        options.delay = 1 + round % 3;
        options.steps = 2 + round % 7;
        options.theiler = round % 5 - 1;
        options.min_neighbours = 1 + round % 4;
        if (round % 4 == 0) options.radius = 1;
        struct lyap_series_result r = run(x, n, &options);
        ck_assert_str_ne(lyap_series_status_reason(r.status), "unknown status");
        lyap_series_free(&r);
        free(x);
    }
}
END_TEST

static void refuse(const struct lyap_series_options *options, const char *word) {
    const double x[] = {1, 2, 3, 4};
    struct lyap_series_result result;
    struct lyap_error error = {0};
    ck_assert_int_eq(lyap_series_run(x, 4, options, &result, &error), LYAP_ERROR_ARGUMENT);
    ck_assert_msg(strstr(error.message, word) != NULL, "'%s' does not name %s", error.message, word);
    ck_assert_ptr_null(result.curve);
    ck_assert_int_eq(lyap_series_run(x, 4, options, &result, NULL), LYAP_ERROR_ARGUMENT);
}

#define REFUSE(field, bad, word)                                                                                       \
    do {                                                                                                               \
        struct lyap_series_options changed = options_for(LYAP_SERIES_KANTZ, 2);                                        \
        changed.field = (bad);                                                                                         \
        refuse(&changed, word);                                                                                        \
    } while (0)

START_TEST(every_bad_setting_is_refused_by_name) {
    REFUSE(method, (enum lyap_series_method)3, "method");
    REFUSE(dimension, 0, "dimension");
    REFUSE(dimension, 65, "dimension");
    REFUSE(delay, 0, "delay");
    REFUSE(delay, INT64_MAX, "delay");
    REFUSE(theiler, -2, "Theiler");
    REFUSE(steps, 1, "steps");
    REFUSE(steps, 10001, "steps");
    REFUSE(radius, -1, "radius");
    REFUSE(radius, INFINITY, "radius");
    REFUSE(radius, NAN, "radius");
    REFUSE(min_distance, -1e-9, "minimum distance");
    REFUSE(min_distance, NAN, "minimum distance");
    REFUSE(min_neighbours, 0, "neighbours");
    REFUSE(min_neighbours, 10001, "neighbours");
    REFUSE(references, 19, "reference");
    REFUSE(evolve, 0, "evolution");
    REFUSE(angle, 0, "angle");
    REFUSE(angle, 1.6, "angle");
    REFUSE(angle, NAN, "angle");
    REFUSE(threads, -1, "threads");
    REFUSE(fit_first, 3, "window");
    REFUSE(fit_last, 3, "window");
    struct lyap_series_options options = options_for(LYAP_SERIES_KANTZ, 2);
    const int64_t windows[][2] = {{3, 4}, {5, 3}, {-2, 4}, {INT64_MAX, 4}, {1, 21}, {1, INT64_MAX}};
    for (size_t i = 0; i < sizeof windows / sizeof *windows; i++) {
        options.fit_first = windows[i][0];
        options.fit_last = windows[i][1];
        refuse(&options, "window");
    }
    options = options_for(LYAP_SERIES_KANTZ, 2);
    options.radius = options.min_distance = 0.1;
    refuse(&options, "minimum distance");
}
END_TEST

START_TEST(samples_that_are_not_finite_are_refused) {
    const double bad[] = {NAN, INFINITY, -INFINITY};
    double *x = noise(100);
    struct lyap_series_options options = options_for(LYAP_SERIES_KANTZ, 2);
    for (int i = 0; i < 3; i++) {
        struct lyap_series_result result;
        struct lyap_error error = {0};
        x[41] = bad[i];
        ck_assert_int_eq(lyap_series_run(x, 100, &options, &result, &error), LYAP_ERROR_ARGUMENT);
        ck_assert_ptr_nonnull(strstr(error.message, "sample 42"));
    }
    free(x);
}
END_TEST

static bool stop_at_once(uint64_t done, uint64_t total, void *context) {
    ck_assert_uint_le(done, total);
    ++*(int *)context;
    return false;
}

START_TEST(a_run_can_be_interrupted) {
    double *x = henon(3000);
    struct lyap_series_options options = options_for((enum lyap_series_method)_i, 2);
    int calls = 0;
    options.progress = stop_at_once;
    options.progress_context = &calls;
    struct lyap_series_result result;
    struct lyap_error error = {0};
    ck_assert_int_eq(lyap_series_run(x, 3000, &options, &result, &error), LYAP_ERROR_INTERRUPTED);
    ck_assert_int_ge(calls, 1);
    ck_assert_ptr_null(result.curve);
    free(x);
}
END_TEST

START_TEST(names_read_back) {
    enum lyap_series_method method;
    struct lyap_error error = {0};
    for (int i = 0; i < LYAP_SERIES_METHOD_COUNT; i++) {
        ck_assert_int_eq(lyap_series_method_parse(lyap_series_method_name((enum lyap_series_method)i), &method, NULL),
                         0);
        ck_assert_int_eq(method, i);
    }
    ck_assert_int_eq(lyap_series_method_parse("Wolf", &method, &error), LYAP_ERROR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(error.message, "kantz, rosenstein or wolf"));
    for (int i = 0; i < LYAP_SERIES_STATUS_COUNT; i++) {
        ck_assert_str_ne(lyap_series_status_name((enum lyap_series_status)i), "unknown");
        ck_assert_str_ne(lyap_series_status_reason((enum lyap_series_status)i), "unknown status");
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("series_limits");
    TCase *tests = tcase_create("series_limits");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, series_without_an_exponent_say_why, 0, LYAP_SERIES_METHOD_COUNT);
    tcase_add_loop_test(tests, neighbours_adjacent_in_time_are_told, 0, LYAP_SERIES_METHOD_COUNT);
    tcase_add_test(tests, rows_that_merge_exactly_are_not_taken_for_a_slope);
    tcase_add_loop_test(tests, the_bits_do_not_depend_on_the_number_of_threads, 0, LYAP_SERIES_METHOD_COUNT);
    tcase_add_loop_test(tests, the_bits_are_the_recorded_ones, 0, LYAP_SERIES_METHOD_COUNT);
    tcase_add_loop_test(tests, the_unit_of_the_series_does_not_matter, 0, LYAP_SERIES_METHOD_COUNT);
    tcase_add_test(tests, odd_series_and_settings_give_sound_results);
    tcase_add_test(tests, every_bad_setting_is_refused_by_name);
    tcase_add_test(tests, samples_that_are_not_finite_are_refused);
    tcase_add_loop_test(tests, a_run_can_be_interrupted, 0, LYAP_SERIES_METHOD_COUNT);
    tcase_add_test(tests, names_read_back);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
