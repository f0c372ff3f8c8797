/* The program: all commands and topics. The entry point includes this, and tests; a command that needs the list gets it as an
 * argument. */
#ifndef LYAP_CLI_COMMANDS_H
#define LYAP_CLI_COMMANDS_H

#include "cli/command.h"

extern const struct cli_program cli_program;

#endif
