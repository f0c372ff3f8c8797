/* L2 and F2: the hybrid beside rescaled, tangent, Kantz and Rosenstein on the same trajectories; what a decimal digit of the
 * exponent costs, and how that grows with the number of parameters. The computing half. */
#ifndef LYAP_REPORT_ESTIMATORS_H
#define LYAP_REPORT_ESTIMATORS_H

#include "lyapgrad/spectrum.h"
#include "report/common/sample.h"

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

/* Gradient steps (steps of the map) of one network for T steps of the estimator: 25 T, 25 T, 2 T, 2 T (a Hessian-vector product is a
 * second pass forward and back), T, T. */
double lyap_contender_cost(enum lyap_contender contender, uint32_t steps);

enum { LYAP_ESTIMATOR_CASES = 3, LYAP_ESTIMATOR_LENGTHS = 7, LYAP_ESTIMATOR_SHAPES = 5, LYAP_ESTIMATOR_SEEDS = 8 };
extern const uint32_t lyap_estimator_length[LYAP_ESTIMATOR_LENGTHS];
extern const char *const lyap_estimator_case[LYAP_ESTIMATOR_CASES];
extern const char *const lyap_estimator_shape[LYAP_ESTIMATOR_SHAPES];

struct lyap_estimator_score {
    size_t n;                  /* starts with an estimate */
    double bias, spread;       /* mean and standard deviation of estimate less reference */
    double error;              /* median of its size: a few orbits with long laminar stretches would rule a mean */
    struct lyap_estimate mean; /* of estimate less reference */
};

struct lyap_estimator_result {
    size_t starts;
    double *reference;                                         /* [starts], owned */
    double *estimate[LYAP_CONTENDERS][LYAP_ESTIMATOR_LENGTHS]; /* [starts] each, NaN without one; owned */
    double size;                                               /* mean of |reference| */
    struct lyap_estimator_score score[LYAP_CONTENDERS][LYAP_ESTIMATOR_LENGTHS];
};

/* One network shape: the spread of the exponent over random directions, the same starts. */
struct lyap_estimator_growth {
    size_t parameters;
    double multiplications; /* of a gradient step: forward one, back two for each weight and sample */
    double size;            /* mean |exponent| */
    double hybrid, tangent; /* root mean square over starts of the standard deviation over directions */
};

struct lyap_estimators {
    size_t candidates, chaotic,
        lasting; /* random starts, those that are chaotic, those that stay so; see run_chaotic */
    struct lyap_estimator_result result[LYAP_ESTIMATOR_CASES];
    struct lyap_estimator_growth growth[LYAP_ESTIMATOR_SHAPES];
    size_t test[LYAP_ESTIMATOR_CASES];
};

enum lyap_status lyap_estimator_result_new(struct lyap_estimator_result *result, size_t starts,
                                           struct lyap_error *error);
void lyap_estimator_result_free(struct lyap_estimator_result *result);

/* Runs every estimator on a network from weights[starts][parameters], which are on the attractor or wherever the measurement is to
 * begin; the reference is the
 * caller's, or, where `exact`, ln|1 - lr h| of the smallest Hessian eigenvalue. */
enum lyap_status lyap_estimators_network(struct lyap_estimator_result *result, const struct lyap_report_trial *trial,
                                         const double *weights, bool exact, struct lyap_report *report,
                                         struct lyap_error *error);

/* The same on the Henon map, a = 1.4, b = 0.3. */
enum lyap_status lyap_estimators_map(struct lyap_estimator_result *result, uint32_t reference,
                                     const struct lyap_report_options *options, struct lyap_error *error);

/* From a recorded series of a start. */
enum lyap_status lyap_estimators_series(struct lyap_estimator_result *result, size_t start, const double *x, size_t n,
                                        int dimension, int threads, struct lyap_error *error);

/* A sink: the first exponent of each cell to context[cell], NaN where it is not defined or the cell diverged. */
enum lyap_status lyap_take_lambda(const struct lyap_spectrum_chunk *chunk, void *context, struct lyap_error *error);

/* Fills the scores. */
enum lyap_status lyap_estimators_score(struct lyap_estimator_result *result, uint64_t seed, struct lyap_error *error);

/* Decimal digits: -log10(error / size); at most 15, and below 0 for an error above the exponent. NaN if undefined. */
double lyap_estimator_digits(const struct lyap_estimator_result *result, enum lyap_contender contender, size_t length);

enum lyap_status lyap_estimators_grow(struct lyap_estimators *e, size_t starts,
                                      const struct lyap_report_options *options, struct lyap_error *error);

/* The work of the section, and freeing it. */
enum lyap_status lyap_estimators_compute(struct lyap_report *report, void **state, struct lyap_error *error);
void lyap_estimators_release(void *state);

/* The data files, src/report/estimators/data.c. */
extern const struct lyap_schema *const lyap_estimators_tables[];
enum lyap_status lyap_estimators_data(struct lyap_report *report, const struct lyap_estimators *state,
                                      struct lyap_error *error);

#endif
