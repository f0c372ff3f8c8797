/* The commands that have cells, so that these can be kept, split and merged: one for each kind of experiment. */
#ifndef LYAP_CLI_KINDS_H
#define LYAP_CLI_KINDS_H

#include "cli/checkpoint.h"

/* A command's run, with the cells that `merge` has kept, or NULL. */
typedef int cli_carry(const struct cli_command *command, int argc, char **argv, const struct cli_kept *kept);

struct cli_kind {
    const struct cli_command *command;
    cli_carry *carry;
};

extern const struct cli_kind cli_kinds[]; /* the last has no command */

cli_carry cli_run_carry, cli_sweep_carry, cli_spectrum_carry, cli_map_carry, cli_bifurcation_carry;

#endif
