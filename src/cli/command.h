/* A subcommand: one file src/cli/<name>.c with a `struct cli_command cli_<name>`, and a line in src/cli/commands.c. */
#ifndef LYAP_CLI_COMMAND_H
#define LYAP_CLI_COMMAND_H

#include <stdbool.h>
#include <stdio.h>

#include "cli/options/option.h"

struct cli_command;

/* Besides the options of a command `lyapgrad help` prints topics. */
struct cli_program;
struct cli_topic {
    const char *name;
    const char *summary;
    void (*print)(const struct cli_program *program); /* to standard output */
};

/* All commands and topics, in the order in which they are listed; NULL and a name of NULL end the lists. */
struct cli_program {
    const struct cli_command *const *commands;
    const struct cli_topic *topics;
};

/* What a command takes without an option. */
enum cli_operand { CLI_NO_OPERAND, CLI_ONE_FILE, CLI_DIRECTORIES, CLI_COMMAND_OR_TOPIC };

struct cli_task;
struct lyap_schema;

struct cli_command {
    const char *name;
    const char *summary;
    const char *example;
    const struct cli_use *options; /* ends with a group of NULL */
    enum cli_operand operand;
    const char *operand_form; /* as in "DIR...", for help, manual and messages; NULL without an operand */
    const char *operand_help; /* what it is */
    const char *files;        /* what it leaves in --out, sentences for the manual; NULL: nothing */
    const struct lyap_schema *const *tables; /* its CSV files, up to NULL; NULL: none */

    /* One of these runs it. A function gets the words behind its name, argv[-2] being the program and argv[-1] the name, and
     * returns the exit status, or CLI_HELP_ASKED. */
    const struct cli_task *task; /* of a command with results: cli/task.h */
    int (*run)(const struct cli_command *command, int argc, char **argv);
    /* Of a command that is about commands. */
    int (*run_among)(const struct cli_program *program, const struct cli_command *command, int argc, char **argv);
};

/* The command of that name; prints one line that suggests the nearest and returns NULL when there is none. */
const struct cli_command *cli_find_command(const struct cli_program *program, const char *name);

#endif
