/* Wolf. */
#ifndef LYAP_SERIES_WOLF_H
#define LYAP_SERIES_WOLF_H

#include "series/job.h"

/* The fiducial trajectory of Wolf, and its slope. */
enum lyap_status lyap_wolf_run(struct lyap_series_job *job, struct lyap_error *error);

#endif
