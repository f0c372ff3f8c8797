/* Kantz's divergence curve: H. Kantz, "A robust method to estimate the maximal Lyapunov exponent of a time series",
 * Phys. Lett. A 185, 77 (1994). */
#include <math.h>

#include "math/deterministic.h"
#include "series/point.h"

/* The logarithm is of the mean over the neighbourhood: averaging first tames the noise of single distances. The distance
 * is that of the last coordinate alone, the one that no neighbour search has made small at later steps. */
int lyap_kantz_point(const struct lyap_series_job *job, size_t i, struct lyap_index_list *list,
                     struct lyap_curve_sum *sums) {
    const struct lyap_embedding *e = &job->embedding;
    struct lyap_query query = {i, job->theiler, LYAP_NORM_MAXIMUM, job->min_distance, job->radius};
    if (!lyap_tree_within(job->tree, &query, list)) return -1;
    if (list->count == 0 || list->count < (uint64_t)job->options->min_neighbours) return 0;
    const double *last = e->x + (e->dimension - 1) * e->delay;
    for (size_t s = 0; s <= job->steps; s++) {
        double sum = 0, x = last[i + s];
        for (size_t j = 0; j < list->count; j++) sum += fabs(x - last[list->items[j] + s]);
        if (!(sum > 0)) continue;
        sums[s].sum += lyap_log(sum / (double)list->count);
        sums[s].references++;
        sums[s].pairs += list->count;
    }
    return 1;
}
