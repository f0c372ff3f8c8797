/* For tests of the series estimators: known series, and what every result must keep. */
#ifndef LYAP_TEST_SERIES_H
#define LYAP_TEST_SERIES_H

#include "lyapgrad/series.h"

#include <math.h>

#include "tests/support.h"

static inline double *series(size_t n) {
    double *x = malloc((n ? n : 1) * sizeof *x);
    ck_assert_ptr_nonnull(x);
    return x;
}

static inline double *henon(size_t n) {
    double *x = series(n), a = 0.1, b = 0.1;
    for (size_t i = 0; i < n + 1000; i++) {
        double next = 1 - 1.4 * a * a + b;
        b = 0.3 * a;
        a = next;
        if (i >= 1000) x[i - 1000] = a;
    }
    return x;
}

static inline double *logistic(size_t n, double r) {
    double *x = series(n), a = 0.3;
    for (size_t i = 0; i < n; i++) x[i] = a = r * a * (1 - a);
    return x;
}

static inline double *noise(size_t n) {
    double *x = series(n);
    uint64_t seed = 3;
    for (size_t i = 0; i < n; i++) x[i] = test_random(&seed);
    return x;
}

/* first * factor^t */
static inline double *geometric(size_t n, double first, double factor) {
    double *x = series(n);
    for (size_t i = 0; i < n; i++, first *= factor) x[i] = first;
    return x;
}

static inline struct lyap_series_options options_for(enum lyap_series_method method, int dimension) {
    struct lyap_series_options options;
    lyap_series_defaults(&options);
    options.method = method;
    options.dimension = dimension;
    return options;
}

/* What every result keeps: finite numbers, zeros where there is no exponent, an interval round the slope. */
static inline void expect_sound(const struct lyap_series_result *r) {
    const double values[] = {r->slope,    r->error,       r->low,        r->high,      r->intercept,
                             r->residual, r->slope_early, r->slope_late, r->saturation};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) ck_assert(isfinite(values[i]));
    for (size_t i = 0; i < 8 && r->status != LYAP_SERIES_OK; i++) ck_assert_double_eq(values[i], 0);
    ck_assert(r->low <= r->slope && r->slope <= r->high && r->error >= 0);
    ck_assert(isfinite(r->used.radius) && r->adjacent >= 0 && r->adjacent <= 1);
    for (size_t i = 0; i < r->points; i++) {
        ck_assert(isfinite(r->curve[i].value) && isfinite(r->curve[i].error) && r->curve[i].error >= 0);
        ck_assert(i == 0 || r->curve[i].step > r->curve[i - 1].step);
    }
}

static inline struct lyap_series_result run(const double *x, size_t n, const struct lyap_series_options *options) {
    struct lyap_series_result result;
    struct lyap_error error = {0};
    enum lyap_status status = lyap_series_run(x, n, options, &result, &error);
    ck_assert_msg(status == LYAP_OK, "%s", error.message);
    expect_sound(&result);
    return result;
}

#endif
