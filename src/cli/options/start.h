/* Where training starts: the laws that initial weights are drawn from, or a file of them. */
#ifndef LYAP_CLI_OPTIONS_START_H
#define LYAP_CLI_OPTIONS_START_H

#include "cli/options/values.h"

/* --init, --init-bias, --loss-window, --max-draws and --weights; they fill a struct lyap_plan, but for the weights, which
 * the command reads. */
extern const struct cli_group cli_start_options;

/* False, after one line, where an option about drawing is given besides --weights. */
bool cli_start_fits(const struct cli_values *values);

#endif
