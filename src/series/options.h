/* The settings: whether they are allowed, and what is chosen for them. */
#ifndef LYAP_SERIES_OPTIONS_H
#define LYAP_SERIES_OPTIONS_H

#include "lyapgrad/series.h"

/* Are the settings allowed? */
enum lyap_status lyap_series_check(const struct lyap_series_options *options, struct lyap_error *error);

/* Replaces every CHOOSE but the fit window and the radius, which need the curve and the tree. x[n] is scaled, so that
 * its sum cannot overflow. */
void lyap_series_choose(struct lyap_series_options *options, const double *x, size_t n);

#endif
