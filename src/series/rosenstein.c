/* Rosenstein's divergence curve: M. T. Rosenstein, J. J. Collins, C. J. De Luca, "A practical method for calculating
 * largest Lyapunov exponents from small data sets", Physica D 65, 117 (1993). */
#include "series/point.h"

/* One pair a reference point, and every pair followed through all the steps. */
int lyap_rosenstein_point(const struct lyap_series_job *job, size_t i, struct lyap_index_list *list,
                          struct lyap_curve_sum *sums) {
    (void)list;
    struct lyap_query query = {i, job->theiler, LYAP_NORM_EUCLIDEAN, job->min_distance, job->radius};
    struct lyap_neighbour nearest;
    bool copy = false;
    if (lyap_tree_nearest(job->tree, &query, 1, &nearest, &copy) == 0) return 0;
    for (size_t s = 0; s <= job->steps; s++) {
        double log_distance;
        if (!lyap_log_distance(&job->embedding, i + s, nearest.index + s, &log_distance)) continue;
        sums[s].sum += log_distance;
        sums[s].references++;
        sums[s].pairs++;
    }
    return 1;
}
