/* The program: all commands and topics. Nothing but main includes this; a command that needs the list is handed it. */
#ifndef LYAP_CLI_COMMANDS_H
#define LYAP_CLI_COMMANDS_H

#include "cli/command.h"

extern const struct cli_program cli_program;

#endif
