#include "verify/validate_series.h"

#include <math.h>
#include <stdlib.h>

#include "lyapgrad/digest.h"
#include "lyapgrad/series.h"

enum { POINTS = 10000, TRANSIENT = 1000 };

/* Henon's x coordinate alone, at the library's default settings: 5 % is what ten thousand points allow. */
static const enum lyap_series_method methods[] = {LYAP_SERIES_KANTZ, LYAP_SERIES_ROSENSTEIN, LYAP_SERIES_WOLF};
static const double henon_exponent = 0.41922, tolerance = 0.05 * 0.41922;

size_t lyap_validate_series_count(void) {
    return sizeof methods / sizeof *methods;
}

/* x <- 1 - 1.4 x^2 + y, y <- 0.3 x (M. Henon, Commun. Math. Phys. 50, 69 (1976)). */
static void henon_series(double *out, size_t n) {
    double x = 0.1, y = 0.1;
    for (size_t i = 0; i < TRANSIENT + n; i++) {
        double next = 1 - 1.4 * x * x + y;
        y = 0.3 * x;
        x = next;
        if (i >= TRANSIENT) out[i - TRANSIENT] = x;
    }
}

enum lyap_status lyap_validate_series(size_t index, int threads, struct lyap_validation *row,
                                      struct lyap_error *error) {
    struct lyap_series_options options;
    struct lyap_series_result result;
    double *x = malloc(POINTS * sizeof *x);
    if (!x) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for a series of %d points", POINTS);
    henon_series(x, POINTS);
    lyap_series_defaults(&options);
    options.method = methods[index];
    options.threads = threads;
    enum lyap_status status = lyap_series_run(x, POINTS, &options, &result, error);
    free(x);
    if (status) return status;
    uint64_t digest = lyap_digest_double(LYAP_DIGEST_START, result.slope);
    *row = (struct lyap_validation){.system = "henon, 10,000 x",
                                    .estimator = lyap_series_method_name(options.method),
                                    .quantity = "lambda_1",
                                    .source = "Sprott, Chaos and Time-Series Analysis (2003)",
                                    .measured = result.slope,
                                    .low = result.low,
                                    .high = result.high,
                                    .expected = henon_exponent,
                                    .error = result.slope - henon_exponent,
                                    .tolerance = tolerance,
                                    .digest = lyap_digest_double(digest, result.error)};
    row->pass = result.status == LYAP_SERIES_OK && fabs(row->error) <= tolerance;
    lyap_series_free(&result);
    return LYAP_OK;
}
