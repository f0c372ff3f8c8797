/* `lyapgrad reproduce --report`. */
#ifndef LYAP_CLI_REPORT_H
#define LYAP_CLI_REPORT_H

#include "cli/cli.h"

/* The options of `reproduce` that need --report: --full, --seeds, --section, --scale. */
extern const struct cli_group cli_report_options;

/* Runs it; returns the exit status. argv[argc] is the command line for the manifest. */
int cli_report(const struct cli_values *values, int argc, char **argv);

#endif
