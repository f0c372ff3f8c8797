#include "cli/kinds.h"

/* A new kind of experiment adds its command here. */
const struct cli_kind cli_kinds[] = {
    {&cli_run, cli_run_carry},
    {&cli_sweep, cli_sweep_carry},
    {&cli_spectrum, cli_spectrum_carry},
    {&cli_map, cli_map_carry},
    {&cli_bifurcation, cli_bifurcation_carry},
    {NULL, NULL},
};
