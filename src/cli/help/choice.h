/* What a shell offers behind an option or for an operand. */
#ifndef LYAP_CLI_HELP_CHOICE_H
#define LYAP_CLI_HELP_CHOICE_H

#include "cli/command.h"

struct cli_choice {
    bool file, directory; /* names of either kind */
    char list;            /* what stands between several words: a comma, a slash, or 0 for one word */
    int count;
    char word[CLI_MOST_WORDS][CLI_WORD_LENGTH]; /* one that ends with ':' or '=' goes on */
};

/* All empty for a switch and for what only the user can know. */
void cli_choices(const struct cli_option *option, struct cli_choice *choice);

/* cli_choices for the operands of a command. */
void cli_operands(const struct cli_program *program, const struct cli_command *command, struct cli_choice *choice);

#endif
