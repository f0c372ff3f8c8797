#include "cli/commands.h"

#include "cli/help/help.h"
#include "cli/help/tables.h"

/* A new command is a line here, in the order of the help, and its own file. */
#define COMMANDS(X)                                                                                                    \
    X(reproduce)                                                                                                       \
    X(run)                                                                                                             \
    X(spectrum)                                                                                                        \
    X(sweep)                                                                                                           \
    X(map)                                                                                                             \
    X(bifurcation)                                                                                                     \
    X(select)                                                                                                          \
    X(merge)                                                                                                           \
    X(series)                                                                                                          \
    X(validate)                                                                                                        \
    X(verify)                                                                                                          \
    X(info)                                                                                                            \
    X(help)

#define DECLARE(name) extern const struct cli_command cli_##name;
COMMANDS(DECLARE)

#define LIST(name) &cli_##name,
static const struct cli_command *const commands[] = {COMMANDS(LIST) NULL};

static const struct cli_topic topics[] = {
    {"examples", "a tour of commands that run as printed", cli_print_examples},
    {"files", "what files of data may look like, and the JSON file of --save-preprocessing", cli_print_file_help},
    {"tables", "the CSV files and their columns, with units and meanings", cli_print_tables},
    {"man", "the manual page lyapgrad(1), for man -l - or a file", cli_print_man},
    {"bash", "completion for bash: source <(lyapgrad help bash)", cli_print_bash},
    {"zsh", "completion for zsh: a file _lyapgrad in the fpath", cli_print_zsh},
    {NULL, NULL, NULL},
};

const struct cli_program cli_program = {commands, topics};
