/* What the parts of the series estimators share: the embedding, the neighbour search, block sums and the fit. */
#ifndef LYAP_SERIES_INTERNAL_H
#define LYAP_SERIES_INTERNAL_H

#include "lyapgrad/series.h"

/* Reference points fall into BLOCKS jackknife blocks, each cut into PARTS pieces of work. Both are fixed, because sums
 * run over pieces in order: the bits must not depend on the number of threads. */
enum { LYAP_SERIES_BLOCKS = 20, LYAP_SERIES_PARTS = 16, LYAP_SERIES_MAX_STEPS = 10000, LYAP_SERIES_MAX_DIMENSION = 64 };

/* The delay vectors of a series. x is a copy scaled by 2^-exponent, exactly, to magnitudes of at most 1: no square of a
 * difference overflows, whatever the unit. */
struct lyap_embedding {
    double *x; /* [n], owned */
    size_t n, vectors;
    size_t dimension, delay;
    int exponent;
};

enum lyap_status lyap_embed(struct lyap_embedding *embedding, const double *x, size_t n, size_t dimension, size_t delay,
                            struct lyap_error *error);
void lyap_embedding_free(struct lyap_embedding *embedding);

/* Coordinate k of vector i. */
static inline double lyap_coordinate(const struct lyap_embedding *e, size_t i, size_t k) {
    return e->x[i + k * e->delay];
}

/* ln || X(i) - X(j) ||, Euclidean, of the scaled series, without loss for tiny distances; false when the vectors are
 * equal. */
bool lyap_log_distance(const struct lyap_embedding *e, size_t i, size_t j, double *log_distance);

enum lyap_norm { LYAP_NORM_MAXIMUM, LYAP_NORM_EUCLIDEAN };

/* A k-d tree over vectors 0 .. count-1 of an embedding (J. H. Friedman, J. L. Bentley, R. A. Finkel, ACM Trans. Math.
 * Softw. 3, 209 (1977)). */
struct lyap_tree;
struct lyap_tree *lyap_tree_new(const struct lyap_embedding *e, size_t count); /* NULL: out of memory */
void lyap_tree_free(struct lyap_tree *tree);

/* What is asked: the neighbours of vector `centre` (of the embedding, not necessarily in the tree) with index distance
 * over `theiler` and distance in [low, high], never 0. */
struct lyap_query {
    size_t centre, theiler;
    enum lyap_norm norm;
    double low, high;
};

struct lyap_neighbour {
    size_t index;
    double distance;
};

/* The `wanted` nearest, ordered by (distance, index), Euclidean ones by their squares, to out[wanted]; returns how many there are. *copy becomes true when
 * a vector outside the Theiler window equals the centre, otherwise it is left alone. */
size_t lyap_tree_nearest(const struct lyap_tree *tree, const struct lyap_query *query, size_t wanted,
                         struct lyap_neighbour *out, bool *copy);

/* All of them, as ascending indices in a list that grows. Returns false when out of memory. */
struct lyap_index_list {
    size_t *items;
    size_t count, room;
};
bool lyap_tree_within(const struct lyap_tree *tree, const struct lyap_query *query, struct lyap_index_list *list);

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

/* Adds what reference point i gives to sums[steps + 1] and returns 1 if it gave anything, 0 if it has too few neighbours,
 * -1 when out of memory. `list` is the thread's own scratch. */
int lyap_kantz_point(const struct lyap_series_job *job, size_t i, struct lyap_index_list *list,
                     struct lyap_curve_sum *sums);
int lyap_rosenstein_point(const struct lyap_series_job *job, size_t i, struct lyap_index_list *list,
                          struct lyap_curve_sum *sums);

/* Are the settings allowed? */
enum lyap_status lyap_series_check(const struct lyap_series_options *options, struct lyap_error *error);

/* Replaces every CHOOSE but the fit window and the radius, which need the curve and the tree. x[n] is scaled, so that
 * its sum cannot overflow. */
void lyap_series_choose(struct lyap_series_options *options, const double *x, size_t n);

/* The curve of Kantz or Rosenstein, and its slope. */
enum lyap_status lyap_curve_run(struct lyap_series_job *job, struct lyap_error *error);

/* The fiducial trajectory of Wolf, and its slope. */
enum lyap_status lyap_wolf_run(struct lyap_series_job *job, struct lyap_error *error);

/* The level S(inf), as a curve value of the scaled series; false when unrelated pairs are all equal. */
bool lyap_saturation(const struct lyap_series_job *job, double *level);

/* Fills the curve, the window and the slope of the result from sums[BLOCKS][steps + 1]. `saturation` may be NULL. */
enum lyap_status lyap_curve_fit(struct lyap_series_job *job, const struct lyap_curve_sum *sums,
                                const double *saturation, struct lyap_error *error);

/* One interval of Wolf's method. */
struct lyap_stretch {
    uint64_t start, end; /* on the fiducial trajectory */
    double log_ratio;
};

/* Fills the curve, the window and the slope of the result from the intervals in time order. */
enum lyap_status lyap_stretch_fit(struct lyap_series_job *job, const struct lyap_stretch *stretches, size_t count,
                                  struct lyap_error *error);

/* Slope, intercept and root mean square residual of the least-squares line through (x, y)[n], n >= 2, distinct x. */
struct lyap_line {
    double slope, intercept, residual;
};
struct lyap_line lyap_line_fit(const double *x, const double *y, size_t n);

/* Jackknife standard error from the `blocks` values with one block left out each, and t(0.975, blocks-1),
 * 2 <= blocks <= BLOCKS. */
double lyap_jackknife(const double *without, size_t blocks);
double lyap_series_t95(size_t blocks);

/* Powers of two come back as nats: ln(2^exponent). */
static inline double lyap_log_scale(const struct lyap_series_job *job) {
    return (double)job->embedding.exponent * 0.69314718055994530942;
}

#endif
