/* What one reference point gives, by Kantz and by Rosenstein. */
#ifndef LYAP_SERIES_POINT_H
#define LYAP_SERIES_POINT_H

#include "series/job.h"

/* Adds what reference point i gives to sums[steps + 1] and returns 1 if it gave anything, 0 if it has too few neighbours,
 * -1 when out of memory. `list` is the thread's own scratch. */
int lyap_kantz_point(const struct lyap_series_job *job, size_t i, struct lyap_index_list *list,
                     struct lyap_curve_sum *sums);
int lyap_rosenstein_point(const struct lyap_series_job *job, size_t i, struct lyap_index_list *list,
                          struct lyap_curve_sum *sums);

#endif
