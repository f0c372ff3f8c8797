/* The commands' options as plans, for the command itself and for `verify --random`. Each function fills the plan and the
 * experiment behind it, which must not move; it prints one line and returns false on bad input, with the exit status in
 * *status. The experiment is to be freed in either case. */
#ifndef LYAP_CLI_PLANS_H
#define LYAP_CLI_PLANS_H

#include "cli/estimate.h"
#include "lyapgrad/bifurcation.h"
#include "lyapgrad/map.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/spectrum.h"

extern const struct cli_command cli_run, cli_sweep, cli_spectrum, cli_map, cli_bifurcation;

/* `plan` is filled for the estimators other than CLI_KANTZ_WOLF; experiment->plan is that one's. */
bool cli_run_read(struct lyap_spectrum_plan *plan, struct cli_experiment *experiment, enum cli_estimator *estimator,
                  const struct cli_values *values, int *status);

bool cli_spectrum_read(struct lyap_spectrum_plan *plan, struct cli_experiment *experiment,
                       const struct cli_values *values, int *status);

/* The swept option: its name, and a value and a setting for each plan.values; owned. */
struct cli_sweep {
    char name[16];
    double *values;
    struct lyap_setting *settings;
};
bool cli_sweep_read(struct cli_sweep *sweep, struct cli_experiment *experiment, const struct cli_values *values,
                    int *status);
void cli_sweep_free(struct cli_sweep *sweep, struct cli_experiment *experiment);

bool cli_map_read(struct lyap_map_plan *plan, struct cli_experiment *experiment, const struct cli_values *values,
                  int *status);

/* The plan may point to `which`. */
enum { CLI_MOST_SHOWN = 64 };
bool cli_bifurcation_read(struct lyap_bifurcation_plan *plan, struct cli_experiment *experiment,
                          size_t which[CLI_MOST_SHOWN], const struct cli_values *values, int *status);

/* The plan of a column of `run --estimator all`; columns 0 and 1 are of the ensemble, whose plan is its base. */
enum { CLI_COMPARE_COLUMNS = 5, CLI_COMPARE_ENSEMBLES = 2 };
struct lyap_spectrum_plan cli_compare_plan(int column, const struct lyap_spectrum_plan *asked);

#endif
