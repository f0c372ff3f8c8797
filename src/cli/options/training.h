/* The training of an experiment's cells, as a plan. */
#ifndef LYAP_CLI_OPTIONS_TRAINING_H
#define LYAP_CLI_OPTIONS_TRAINING_H

#include "cli/options/common.h"
#include "lyapgrad/ensemble.h"

/* --lr, --epochs, --starts, --neighbours, --perturbation, --escape, --evaluate, --series; they fill a struct lyap_plan. */
extern const struct cli_group cli_training_options;

/* Fills the plan, which has its defaults, from these options, those about starting points, and the common ones. Prints one line and returns
 * false on bad input. */
bool cli_plan_read(struct lyap_plan *plan, const struct cli_values *values, const struct cli_common *common);

#endif
