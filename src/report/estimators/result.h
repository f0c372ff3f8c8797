/* L2: the estimators that are compared, and their estimates on one case. */
#ifndef LYAP_REPORT_ESTIMATORS_RESULT_H
#define LYAP_REPORT_ESTIMATORS_RESULT_H

#include "lyapgrad/inference.h"
#include "lyapgrad/spectrum.h"
#include "lyapgrad/status.h"

enum lyap_contender {
    LYAP_CONTENDER_HYBRID, /* as published: 24 neighbours at N(0, 1e-4), never pulled back, ln(d(T-1)/d(0))/(T-1) */
    LYAP_CONTENDER_HYBRID_SMALL, /* the same at N(0, 1e-8) */
    LYAP_CONTENDER_RESCALED,
    LYAP_CONTENDER_TANGENT,
    LYAP_CONTENDER_KANTZ, /* from the recorded loss (of the map: its first coordinate) */
    LYAP_CONTENDER_ROSENSTEIN,
    LYAP_CONTENDERS
};
const char *lyap_contender_name(enum lyap_contender contender);

/* Gradient steps (steps of the map) of one network for T steps of the estimator: 25 T, 25 T, 2 T, 2 T (a Hessian-vector
 * product is a second pass forward and back), T, T. */
double lyap_contender_cost(enum lyap_contender contender, uint32_t steps);

enum {
    LYAP_ESTIMATOR_CASES = 3,
    LYAP_ESTIMATOR_LENGTHS = 7,
    LYAP_ESTIMATOR_PUBLISHED = 2, /* which of the lengths is the published one, 100 steps */
    LYAP_ESTIMATOR_LONGEST = LYAP_ESTIMATOR_LENGTHS - 1,
    LYAP_ESTIMATOR_SHAPES = 5,
    LYAP_ESTIMATOR_SEEDS = 8,
    LYAP_ESTIMATOR_RESAMPLES = 400
};
extern const uint32_t lyap_estimator_length[LYAP_ESTIMATOR_LENGTHS];
extern const char *const lyap_estimator_case[LYAP_ESTIMATOR_CASES];
extern const char *const lyap_estimator_shape[LYAP_ESTIMATOR_SHAPES];

struct lyap_estimator_score {
    size_t n;                  /* starts with an estimate */
    double bias, spread;       /* mean and standard deviation of estimate less reference */
    struct lyap_estimate mean; /* of estimate less reference */
    /* Median of |estimate - reference| / |reference|, of the starts whose reference is not 0. Not a mean, which a few orbits with long
       laminar stretches would rule. */
    struct lyap_estimate relative;
};

struct lyap_estimator_result {
    size_t starts;
    double *reference;                                         /* [starts], owned */
    double *estimate[LYAP_CONTENDERS][LYAP_ESTIMATOR_LENGTHS]; /* [starts] each, NaN without one; owned */
    double size;                                               /* median of |reference| */
    struct lyap_estimator_score score[LYAP_CONTENDERS][LYAP_ESTIMATOR_LENGTHS];
};

enum lyap_status lyap_estimator_result_new(struct lyap_estimator_result *result, size_t starts,
                                           struct lyap_error *error);
void lyap_estimator_result_free(struct lyap_estimator_result *result);

/* The word before the colon of a case: "chaotic", "converging", "known map"; to text[32], which is returned. */
const char *lyap_estimator_word(size_t of, char text[32]);

/* From a recorded series of a start. */
enum lyap_status lyap_estimators_series(struct lyap_estimator_result *result, size_t start, const double *x, size_t n,
                                        int dimension, int threads, struct lyap_error *error);

/* A sink: the first exponent of each cell to context[cell], NaN where it is not defined or the cell diverged. */
enum lyap_status lyap_take_lambda(const struct lyap_spectrum_chunk *chunk, void *context, struct lyap_error *error);

#endif
