/* A command with results: its options read into a struct of its own, then the run into its directory. `verify --random` draws its words and
 * runs what it has read, too. A command of this kind is its own file and its line in src/cli/commands.c. */
#ifndef LYAP_CLI_TASK_H
#define LYAP_CLI_TASK_H

#include "cli/options/values.h"
#include "lyapgrad/status.h"

struct dice;       /* cli/verify/dice.h */
struct cli_gather; /* cli/verify/gather.h */
struct cli_kept;   /* cli/checkpoint.h */

/* A way to draw a configuration of the command. */
struct cli_draw {
    unsigned share;                  /* of all configurations, over the sum of all shares */
    void (*draw)(struct dice *dice); /* adds the words behind data and, of a command with cells, network */
};

/* The functions get `own`: `size` bytes, which are zero before the first one. */
struct cli_task {
    size_t size;
    bool cells; /* it has cells: --checkpoint, --resume, --shard and `merge` are for it */

    /* Fills it from the options. Prints one line and returns false on bad input, with the exit status in *status. */
    bool (*read)(void *own, const struct cli_values *values, int *status);

    /* Runs it and leaves the files in the directory, all or none. Returns the exit status. */
    int (*run)(void *own);

    /* Frees what it has, whatever came before; not `own` itself. */
    void (*free)(void *own);

    /* Runs it without files, all numbers of the results to `to` (cli/verify/gather.h). */
    enum lyap_status (*gather)(void *own, struct cli_gather *to, struct lyap_error *error);

    const struct cli_draw *draws; /* ends with a share of 0 */
};

/* Runs the command, whatever kind it is of. */
int cli_run_command(const struct cli_program *program, const struct cli_command *command, int argc, char **argv);

/* Runs a command that has a task, as its `run` would be called; with cells from `kept` in place of computed ones, NULL: none. */
int cli_run_task(const struct cli_command *command, int argc, char **argv, const struct cli_kept *kept);

#endif
