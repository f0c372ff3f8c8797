/* Values that are evenly spaced in their logarithm, with the deterministic logarithm and exponential: the same bits on
 * every machine.
 *
 * There are two ways to round, since results that were made with either are recorded: lyap_log_between rounds product
 * and sum once, as a fused multiply-add; lyap_log_between_rounded rounds each. They differ in the last place. */
#ifndef LYAP_STATS_LOG_GRID_H
#define LYAP_STATS_LOG_GRID_H

#include <stddef.h>

/* exp(ln low + share (ln high - ln low)): `low` at share 0, `high` at 1, but for rounding. low, high > 0. */
double lyap_log_between(double low, double high, double share);
double lyap_log_between_rounded(double low, double high, double share);

/* n >= 2 values from low to high to grid[n], both ends exact, each the same factor above the one before. */
void lyap_log_grid(double low, double high, size_t n, double *grid);

#endif
