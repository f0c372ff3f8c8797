#include "series/saturation.h"

#include <math.h>

#include "math/deterministic.h"

/* The curve's value for pairs that know nothing of each other: 64 x 64 vectors of two evenly spread sets, as the
 * estimator would average them. Vectors inside each other's Theiler window and equal ones are left out. */
bool lyap_saturation(const struct lyap_series_job *job, double *level) {
    enum { SIDE = 64 };
    const struct lyap_embedding *e = &job->embedding;
    const double *last = e->x + (e->dimension - 1) * e->delay;
    double total = 0;
    size_t counted = 0;
    for (size_t a = 0; a < SIDE; a++) {
        size_t i = (size_t)((uint64_t)job->followed * a / SIDE);
        double sum = 0, log_distance;
        size_t pairs = 0;
        for (size_t b = 0; b < SIDE; b++) {
            /* half a spacing later, so that the two sets do not coincide */
            size_t j = (size_t)((uint64_t)job->followed * (2 * b + 1) / (2 * SIDE));
            if ((i > j ? i - j : j - i) <= job->theiler) continue;
            if (job->options->method == LYAP_SERIES_KANTZ) {
                sum += fabs(last[i] - last[j]);
                pairs++;
            } else if (lyap_log_distance(e, i, j, &log_distance)) {
                total += log_distance;
                counted++;
            }
        }
        if (job->options->method == LYAP_SERIES_KANTZ && sum > 0) {
            total += lyap_log(sum / (double)pairs);
            counted++;
        }
    }
    if (counted == 0) return false;
    *level = total / (double)counted;
    return true;
}
