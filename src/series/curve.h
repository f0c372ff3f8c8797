/* Kantz and Rosenstein. */
#ifndef LYAP_SERIES_CURVE_H
#define LYAP_SERIES_CURVE_H

#include "series/job.h"

/* The curve of Kantz or Rosenstein, and its slope. */
enum lyap_status lyap_curve_run(struct lyap_series_job *job, struct lyap_error *error);

#endif
