/* Intervals: over time by batch means, over starting points by the bootstrap. */
#ifndef LYAPGRAD_INTERVAL_H
#define LYAPGRAD_INTERVAL_H

#include <stddef.h>
#include <stdint.h>

#include "lyapgrad/status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LYAP_MOST_BATCHES = 64, LYAP_FEWEST_BATCHES = 8, LYAP_RESAMPLES = 2000 };

/* Half width of the 95 % interval of a mean from B batches' means (B. Schmeiser, Oper. Res. 30, 556 (1982)):
 * t(0.975, B - 1) s / sqrt(B), s the standard deviation of batch[0..B). B >= 2; from B = 66 on t(0.975, LYAP_MOST_BATCHES),
 * 1.9977, stands for the smaller quantile: the interval is up to 2 % too wide. */
double lyap_batch_half_width(const double *batch, size_t batches);

/* Percentile-bootstrap 95 % interval of the mean of values[n]: lyap_bootstrap (lyapgrad/inference.h) of the mean with LYAP_RESAMPLES
 * resamples. The values are taken in cell order, so the result does not depend on threads. LYAP_ERROR_ARGUMENT for n = 0, n above
 * 2^32-1, or a value that is not a number; LYAP_ERROR_MEMORY. */
enum lyap_status lyap_bootstrap_mean(const double *values, size_t n, uint64_t seed, double *mean, double *low,
                                     double *high, struct lyap_error *error);

#ifdef __cplusplus
}
#endif
#endif
