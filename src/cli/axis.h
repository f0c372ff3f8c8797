/* What `map` and `bifurcation` share: a swept quantity as an option, in the manifest and in a gnuplot script, and the
 * picture. */
#ifndef LYAP_CLI_AXIS_H
#define LYAP_CLI_AXIS_H

#include "cli/cli.h"
#include "cli/estimate.h"
#include "lyapgrad/axis.h"
#include "lyapgrad/ensemble.h"

/* An axis as an option gives it. */
struct cli_axis {
    struct lyap_sweep_axis axis;
    size_t count; /* values; 0 where the option has no number of them */
};

/* For the options whose `into` is a struct cli_axis: QUANTITY:LOW:HIGH[:log] or, with `most`, QUANTITY:LOW:HIGH:COUNT[:log]. */
bool cli_axis_read(const struct cli_option *option, const char *text, void *group);
/* What --x, --y and --over are, for their help. */
#define CLI_AXIS_QUANTITIES                                                                                            \
    "lr, lr1, lr2, .. (of one layer of weights), init-scale, momentum, weight-decay, d1, d2 (along two random "        \
    "directions in weight space)"

/* False, after one line, for an option that gives what the axis gives too. */
bool cli_axis_fits(const struct cli_values *values, const struct lyap_sweep_axis *axis);

/* The estimator's options into the plan of a command over axes, whose cells are not evaluated; false after one line. */
bool cli_axis_estimate(struct lyap_spectrum_plan *plan, const struct cli_experiment *experiment,
                       const struct cli_values *values);

/* The plan's lines; `swept` says that an axis gives the learning rate. */
void cli_axis_manifest_plan(FILE *file, const struct cli_experiment *experiment, const struct lyap_plan *plan,
                            bool swept);

/* Begins the assignment of the heading for gnuplot: shape and activation of the network. */
void cli_axis_heading(FILE *file, const struct lyap_network *net);

/* Assignments <prefix>_low, _high, _logarithmic and _name for gnuplot. */
void cli_axis_numbers(FILE *file, const char *prefix, const struct lyap_sweep_axis *axis);

#endif
