/* Intervals over time, by batch means. Over starting points the bootstrap gives them: lyapgrad/inference.h. */
#ifndef LYAPGRAD_INTERVAL_H
#define LYAPGRAD_INTERVAL_H

#include <stddef.h>
#include <stdint.h>

#include "lyapgrad/status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LYAP_MOST_BATCHES = 64, LYAP_FEWEST_BATCHES = 8 };

/* Half width of the 95 % interval of a mean from B batches' means (B. Schmeiser, Oper. Res. 30, 556 (1982)):
 * t(0.975, B - 1) s / sqrt(B), s the standard deviation of batch[0..B). B >= 2; from B = 66 on t(0.975, LYAP_MOST_BATCHES),
 * 1.9977, stands for the smaller quantile: the interval is up to 2 % too wide. */
double lyap_batch_half_width(const double *batch, size_t batches);

#ifdef __cplusplus
}
#endif
#endif
