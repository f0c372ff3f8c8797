/* L2 and F2: the hybrid beside rescaled, tangent, Kantz and Rosenstein on the same trajectories; what a decimal digit
 * of the exponent costs, and how that grows with the number of parameters. The computing half. */
#ifndef LYAP_REPORT_ESTIMATORS_ESTIMATORS_H
#define LYAP_REPORT_ESTIMATORS_ESTIMATORS_H

#include "report/common/sample.h"
#include "report/estimators/score.h"
#include "lyapgrad/status.h"

struct lyap_estimators {
    size_t candidates, chaotic,
        lasting; /* random starts, those that are chaotic, those that stay so; see run_chaotic */
    struct lyap_estimator_result result[LYAP_ESTIMATOR_CASES];
    struct lyap_estimator_scaling scaling[LYAP_ESTIMATOR_SHAPES];
    size_t test[LYAP_ESTIMATOR_CASES];
};

/* Runs every estimator on a network from weights[starts][parameters], which are on the attractor or wherever the
 * measurement is to begin; the reference is the caller's, or, where `exact`, ln|1 - lr h| of the smallest Hessian
 * eigenvalue. */
enum lyap_status lyap_estimators_network(struct lyap_estimator_result *result, const struct lyap_prepared *prepared,
                                         const double *weights, bool exact, struct lyap_report *report,
                                         struct lyap_error *error);

/* The work of the section, and freeing it. */
enum lyap_status lyap_estimators_compute(struct lyap_report *report, void **state, struct lyap_error *error);
void lyap_estimators_release(void *state);

/* The data files, src/report/estimators/data.c. */
extern const struct lyap_schema *const lyap_estimators_tables[];
enum lyap_status lyap_estimators_data(struct lyap_report *report, const struct lyap_estimators *state,
                                      struct lyap_error *error);

#endif
