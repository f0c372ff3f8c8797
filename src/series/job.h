/* A run of an estimator, which its parts share. */
#ifndef LYAP_SERIES_JOB_H
#define LYAP_SERIES_JOB_H

#include "lyapgrad/series.h"
#include "series/kd_tree.h"

/* Reference points fall into BLOCKS jackknife blocks, each cut into PARTS pieces of work. Both are fixed, because sums
 * run over pieces in order: the bits must not depend on the number of threads. */
enum { LYAP_SERIES_BLOCKS = 20, LYAP_SERIES_PARTS = 16, LYAP_SERIES_MAX_STEPS = 10000 };

/* Sums of one block of reference points. */
struct lyap_curve_sum {
    double sum;
    uint64_t references, pairs;
};

/* One run: the settings with every choice made. */
struct lyap_series_job {
    struct lyap_embedding embedding;
    struct lyap_tree *tree;
    size_t followed; /* vectors that can be followed: indices 0 .. followed-1 */
    size_t theiler, steps;
    double radius, min_distance; /* of the scaled series */
    const struct lyap_series_options *options;
    struct lyap_series_result *result;
};

/* Powers of two come back as nats: ln(2^exponent). */
static inline double lyap_log_scale(const struct lyap_series_job *job) {
    return (double)job->embedding.exponent * 0.69314718055994530942;
}

#endif
