/* The level at which pairs have forgotten each other. */
#ifndef LYAP_SERIES_SATURATION_H
#define LYAP_SERIES_SATURATION_H

#include "series/job.h"

/* The level S(inf), as a curve value of the scaled series; false when unrelated pairs are all equal. */
bool lyap_saturation(const struct lyap_series_job *job, double *level);

#endif
