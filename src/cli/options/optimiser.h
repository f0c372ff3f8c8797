/* The optimiser of an experiment from its options. */
#ifndef LYAP_CLI_OPTIONS_OPTIMISER_H
#define LYAP_CLI_OPTIONS_OPTIMISER_H

#include "cli/options/values.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/optimiser.h"

/* --optimiser ... --state; they fill a struct lyap_optimiser. */
extern const struct cli_group cli_optimiser_options;

/* Fills the optimiser from the options; `seed` is the batches' where none is given. Prints one line and returns false on bad
 * input. */
bool cli_optimiser_read(struct lyap_optimiser *optimiser, const struct cli_values *values, uint64_t seed, int layers);

/* True for an option that is a number of this optimiser, or of all. */
bool cli_optimiser_takes(enum lyap_optimiser_kind kind, const char *option);

/* The manifest's lines about the optimiser; only what is not plain gradient descent. */
void cli_optimiser_manifest(FILE *file, const struct lyap_plan *plan);

#endif
