/* Quantiles of values that need no sorting for anything else. */
#ifndef LYAP_STATS_QUANTILE_SELECT_H
#define LYAP_STATS_QUANTILE_SELECT_H

#include <stddef.h>

/* Quantile q in [0, 1] of values[n], n >= 1, which are reordered: the same number as lyap_quantile of the sorted
 * values, in linear instead of n log n time. No value may be NaN. */
double lyap_select_quantile(double *values, size_t n, double q);

/* The quartiles: q = 0.25, 0.5, 0.75. */
void lyap_select_quartiles(double *values, size_t n, double quartile[3]);

#endif
