/* Exponents from the growth of tangents: sums of ln r (lyapgrad/spectrum.h) per vector and lane, and their batches. */
#ifndef LYAP_ENGINE_GROWTH_H
#define LYAP_ENGINE_GROWTH_H

#include "engine/spectrum_worker.h"

/* ln of the growth of vector k since step 0. */
double lyap_growth_total(const struct lyap_spectrum_worker *worker, size_t k, size_t lane);

/* A flow's exponents are per unit of time, and its parameter is the step: the factor from per step to the exponent's unit. */
double lyap_growth_per_step(const struct lyap_spectrum_worker *worker, size_t lane);

/* Steps of the lane that were measured so far. */
uint32_t lyap_growth_steps(const struct lyap_spectrum_worker *worker, size_t lane);

/* Exponent k over the steps measured so far; 0 without any. */
double lyap_growth_exponent(const struct lyap_spectrum_worker *worker, size_t k, size_t lane);

/* growth[worker.batches]: that of vector k in the finished batches, in nats. */
void lyap_growth_batches(const struct lyap_spectrum_worker *worker, size_t k, size_t lane, double *growth);

/* Half of the 95 % interval of exponent k, from the batches' means. */
double lyap_growth_half_width(const struct lyap_spectrum_worker *worker, size_t k, size_t lane);

/* Records the growth of the window that just ended; pairs of batches become one when there would be too many. */
void lyap_growth_window(struct lyap_spectrum_worker *worker, bool whole);

#endif
