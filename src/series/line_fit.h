/* From sums to the curve, its straight part, the slope and its error. */
#ifndef LYAP_SERIES_LINE_FIT_H
#define LYAP_SERIES_LINE_FIT_H

#include "series/job.h"

/* Fills the curve, the window and the slope of the result from sums[BLOCKS][steps + 1]. `saturation` may be NULL. */
enum lyap_status lyap_curve_fit(struct lyap_series_job *job, const struct lyap_curve_sum *sums,
                                const double *saturation, struct lyap_error *error);

/* Slope, intercept and root mean square residual of the least-squares line through (x, y)[n], n >= 2, distinct x. */
struct lyap_line {
    double slope, intercept, residual;
};
struct lyap_line lyap_line_fit(const double *x, const double *y, size_t n);

/* Jackknife standard error from the `blocks` values with one block left out each, and t(0.975, blocks-1),
 * 2 <= blocks <= BLOCKS. */
double lyap_jackknife(const double *without, size_t blocks);
double lyap_series_t95(size_t blocks);

#endif
