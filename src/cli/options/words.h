/* What can stand behind an option: the words, files or directories that a shell offers. */
#ifndef LYAP_CLI_WORDS_H
#define LYAP_CLI_WORDS_H

#include "cli/cli.h"

enum { CLI_MAX_WORDS = 32, CLI_WORD = 32 };

struct cli_choice {
    bool file, directory; /* names of either kind */
    char list;            /* what stands between several words: a comma, a slash, or 0 for one word */
    int count;
    char word[CLI_MAX_WORDS][CLI_WORD]; /* one that ends with ':' or '=' goes on */
};

/* What the option of the command takes. The option's `value` tells most: FILE, DIR, or SOURCE (a file or a generator); an
 * alternative in small letters, as in "weights|full", is a word; a comma or slash makes a list of names. The words that NAME and the
 * like stand for come from where the command reads them. All empty for a switch and for what only the user can know. */
void cli_choices(const struct cli_command *command, const struct cli_option *option, struct cli_choice *choice);

/* The same for what stands without an option. */
void cli_operands(const struct cli_command *command, struct cli_choice *choice);

/* The lists of the commands that read their words themselves, NULL-terminated. */
extern const char *const cli_sweep_quantities[], *const cli_map_shows[], *const cli_bifurcation_shows[];

#endif
