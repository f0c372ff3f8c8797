/* L2: the Henon map, the scores, and how they scale with the parameters. */
#ifndef LYAP_REPORT_ESTIMATORS_SCORE_H
#define LYAP_REPORT_ESTIMATORS_SCORE_H

#include "report/estimators/result.h"
#include "report/frame/options.h"
#include "lyapgrad/status.h"

/* One network shape: the spread of the exponent over random directions, the same starts. */
struct lyap_estimator_scaling {
    size_t parameters;
    double multiplications; /* of a gradient step: forward one, back two for each weight and sample */
    double size;            /* mean |exponent| */
    double hybrid, tangent; /* root mean square over starts of the standard deviation over directions */
};

/* Runs every estimator on the Henon map, a = 1.4, b = 0.3. */
enum lyap_status lyap_estimators_map(struct lyap_estimator_result *result, uint32_t reference,
                                     const struct lyap_report_options *options, struct lyap_error *error);

/* Fills the scores. */
enum lyap_status lyap_estimators_score(struct lyap_estimator_result *result, uint64_t seed, struct lyap_error *error);

/* Decimal digits: -log10 of the median relative error; at most 15, and below 0 for an error above the exponent. NaN if undefined. */
double lyap_estimator_digits(const struct lyap_estimator_result *result, enum lyap_contender contender, size_t length);

/* The first length at which the estimator is within a tenth: the interval of its median relative error ends at 0.1 or below. LENGTHS: none. */
size_t lyap_estimator_first_digit(const struct lyap_estimator_result *result, enum lyap_contender contender);

/* Gradient steps for it; infinite where there is none. */
double lyap_estimator_digit_cost(const struct lyap_estimator_result *result, enum lyap_contender contender);

/* The scaling of the exponent's spread with the number of parameters, over `starts` starts a network;
 * out[LYAP_ESTIMATOR_SHAPES]. */
enum lyap_status lyap_estimators_scale(struct lyap_estimator_scaling *out, size_t starts,
                                       const struct lyap_report_options *options, struct lyap_error *error);

#endif
