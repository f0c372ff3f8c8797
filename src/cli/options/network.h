/* The network of an experiment from its options. */
#ifndef LYAP_CLI_OPTIONS_NETWORK_H
#define LYAP_CLI_OPTIONS_NETWORK_H

#include "cli/options/values.h"
#include "lyapgrad/network.h"

/* --net, --activation, --output-activation, --loss. */
extern const struct cli_group cli_network_options;

/* Makes the network; prints one line and returns false on bad input. */
bool cli_network_read(struct lyap_network *net, const struct cli_values *values);

#endif
