#include "lyapgrad/interval.h"

#include <math.h>
#include <stdlib.h>

#include "lyapgrad/random.h"
#include "lyapgrad/statistics.h"

/* t(0.975, df) for df = 1 .. LYAP_MOST_BATCHES, so that no platform's library functions decide its last bits
 * (Abramowitz and Stegun, table 26.10; NIST/SEMATECH e-Handbook, 1.3.6.7.2). */
static const double t975[LYAP_MOST_BATCHES + 1] = {
    0,     12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179,
    2.160, 2.145,  2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060,
    2.056, 2.052,  2.048, 2.045, 2.042, 2.040, 2.037, 2.035, 2.032, 2.030, 2.028, 2.026, 2.024,
    2.023, 2.021,  2.020, 2.018, 2.017, 2.015, 2.014, 2.013, 2.012, 2.011, 2.010, 2.009, 2.008,
    2.007, 2.006,  2.005, 2.004, 2.003, 2.002, 2.002, 2.001, 2.000, 2.000, 1.999, 1.998, 1.998};

double lyap_batch_half_width(const double *batch, size_t batches) {
    double sum = 0, squares = 0, n = (double)batches;
    for (size_t i = 0; i < batches; i++) sum += batch[i];
    double mean = sum / n;
    for (size_t i = 0; i < batches; i++) squares += (batch[i] - mean) * (batch[i] - mean);
    size_t df = batches - 1 < LYAP_MOST_BATCHES ? batches - 1 : LYAP_MOST_BATCHES;
    return t975[df] * sqrt(squares / (n - 1) / n);
}

enum lyap_status lyap_bootstrap_mean(const double *values, size_t n, uint64_t seed, double *mean, double *low,
                                     double *high, struct lyap_error *error) {
    enum { DRAWS = 256 };
    if (n < 1) return lyap_fail(error, LYAP_ERROR_ARGUMENT, "bootstrap of no values");
    double *means = malloc(LYAP_RESAMPLES * sizeof *means), u[DRAWS], total = 0;
    if (!means) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the bootstrap");
    for (size_t i = 0; i < n; i++) total += values[i];
    *mean = total / (double)n;
    for (size_t r = 0; r < LYAP_RESAMPLES; r++) {
        double sum = 0;
        for (size_t first = 0; first < n; first += DRAWS) {
            size_t count = n - first < DRAWS ? n - first : DRAWS;
            lyap_random_uniform(seed, LYAP_STREAM_BOOTSTRAP, r, first, count, u);
            for (size_t i = 0; i < count; i++) {
                size_t index = (size_t)(u[i] * (double)n);
                sum += values[index < n ? index : n - 1];
            }
        }
        means[r] = sum / (double)n;
    }
    lyap_sort(means, LYAP_RESAMPLES);
    *low = lyap_quantile(means, LYAP_RESAMPLES, 0.025);
    *high = lyap_quantile(means, LYAP_RESAMPLES, 0.975);
    free(means);
    return LYAP_OK;
}
