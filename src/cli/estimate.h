/* What `spectrum` and `run --estimator` share: the options of the asymptotic estimators, and running them into a
 * directory. */
#ifndef LYAP_CLI_ESTIMATE_H
#define LYAP_CLI_ESTIMATE_H

#include "cli/experiment.h"
#include "cli/options/estimator.h"
#include "io/schema.h"
#include "lyapgrad/spectrum.h"

struct cli_gather; /* cli/verify/gather.h */

/* Fills the plan from the experiment and the options; prints one line and returns false on bad input. */
bool cli_estimate_read(struct lyap_spectrum_plan *plan, const struct cli_experiment *experiment,
                       const struct cli_values *values);

/* Lines of a manifest for these options of the estimators, with spaces between; the plan's own default for a time between
 * re-orthonormalisations that was not given. */
void cli_estimate_manifest(FILE *file, const char *names, const struct lyap_spectrum_plan *plan);

/* Runs the plan and leaves exponents.csv, history.csv (with history), their gnuplot scripts and manifest.txt in the
 * experiment's directory, all or none; prints a summary. Returns the exit status. */
int cli_estimate_run(const struct lyap_spectrum_plan *plan, struct cli_experiment *experiment);

/* The columns of estimators.csv. */
extern const struct lyap_schema cli_estimators_schema;

/* `run --estimator all`: one table of kantz-wolf in both precisions, rescaled and tangent on the same cells. */
int cli_compare_run(const struct lyap_spectrum_plan *plan, struct cli_experiment *experiment);

/* Its exponents for `verify --random`. */
enum lyap_status cli_compare_gather(const struct lyap_spectrum_plan *plan, struct cli_gather *to,
                                    struct lyap_error *error);

#endif
