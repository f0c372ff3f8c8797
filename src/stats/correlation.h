/* The correlation of two samples side by side in memory, without checks: what resampling repeats thousands of times. */
#ifndef LYAP_STATS_CORRELATION_H
#define LYAP_STATS_CORRELATION_H

#include <stddef.h>

/* Pearson's r of x[n] and y[n] in two passes (means first); NaN when one is constant or the squares leave double precision. */
double lyap_correlate(const double *x, const double *y, size_t n);

/* The partial correlation from the three correlations; NaN when z determines x or y (1 - r^2 below 1e-12, rounding). */
double lyap_correlate_partial(double xy, double xz, double yz);

#endif
