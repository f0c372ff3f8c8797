/* What `lyapgrad help` prints. */
#ifndef LYAP_CLI_HELP_HELP_H
#define LYAP_CLI_HELP_HELP_H

#include "cli/command.h"

/* A command's options with an example. */
void cli_print_help(const struct cli_command *command);

/* The topics. */
void cli_print_examples(const struct cli_program *program);
void cli_print_file_help(const struct cli_program *program);
void cli_print_man(const struct cli_program *program);
void cli_print_bash(const struct cli_program *program);
void cli_print_zsh(const struct cli_program *program);

#endif
