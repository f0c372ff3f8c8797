/* Statistics for lyap_bootstrap (lyapgrad/inference.h) that several files need. */
#ifndef LYAP_STATS_RESAMPLING_H
#define LYAP_STATS_RESAMPLING_H

#include <stddef.h>
#include <stdint.h>

/* A lyap_statistic: the mean of the doubles values[index[n]]. */
double lyap_mean_of(const void *values, const uint32_t *index, size_t n);

#endif
