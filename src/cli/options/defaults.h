/* Settings that follow from the data where the command line names none. The paper's own data, xor and parity, keep the paper's settings:
 * 2-2-1, sigmoid, mse, uniform starts in the loss window. For all other data: a hidden layer of 8 tanh units between the data's inputs and
 * targets; a loss that suits the targets, and the output that belongs to the loss; Glorot's law and no loss window. Without hidden layer a given activation is that of the output; parity of other than two bits has as many inputs. */
#ifndef LYAP_CLI_OPTIONS_DEFAULTS_H
#define LYAP_CLI_OPTIONS_DEFAULTS_H

#include "cli/options/data.h"
#include "cli/options/values.h"

/* The options that were set, as a command line would say them, and the texts that `values` point to: it lives as long as they do. */
struct cli_defaults {
    char net[48], said[200];
};

/* Gives `values` the options that are absent. */
void cli_defaults_set(struct cli_defaults *defaults, struct cli_values *values, const struct cli_data *data);

/* Loss and output activation for the targets of any data, where they are absent: each sample one 1 in several, softmax and linear; all
 * targets 0 or 1, bce and sigmoid; else mse and linear. */
void cli_defaults_loss(struct cli_values *values, const struct lyap_dataset *data);

#endif
