/* Long runs of the commands that have cells: finished cells kept in a directory, split runs, and their merging. */
#ifndef LYAP_CLI_CHECKPOINT_H
#define LYAP_CLI_CHECKPOINT_H

#include "cli/cli.h"
#include "lyapgrad/experiment.h"
#include "lyapgrad/status.h"

/* --checkpoint ... --shard; they fill a struct cli_checkpoint. */
extern const struct cli_group cli_checkpoint_options;

/* What `merge` hands to the command that it runs: the checkpoints from which its cells come instead of being computed, and
 * whether it is quiet, whatever its options say. */
struct cli_kept {
    struct lyap_checkpoint **held; /* in the order of their cells; not owned */
    size_t count;
    bool quiet;
};

struct cli_checkpoint {
    const char *directory; /* NULL: the run keeps nothing */
    bool resume, merging;
    double every;           /* seconds of work a chunk file */
    uint64_t shard, shards; /* 1, 1 for a whole run */
    struct lyap_checkpoint **held;
    size_t count; /* of them, in the order of their cells; owned unless merging */
    bool quiet;
};

/* Fills it from the options, or from what merge kept. Prints one line and returns false on bad input. */
bool cli_checkpoint_read(struct cli_checkpoint *c, const struct cli_values *values, bool quiet);
void cli_checkpoint_free(struct cli_checkpoint *c);

/* True when the cells come from a checkpoint. */
bool cli_checkpoint_used(const struct cli_checkpoint *c);

/* What a directory is for. */
struct cli_checkpoint_run {
    const struct lyap_experiment *whole; /* its settings and cells */
    const char *more;                    /* lines of the settings besides; NULL: none */
    uint64_t parts;                      /* experiments over these cells that are kept beside each other */
};

/* Opens the directory, or compares those that are merged, for such a run with these words (the command's name first). */
enum lyap_status cli_checkpoint_open(struct cli_checkpoint *c, const struct cli_checkpoint_run *run, int words,
                                     char *const *word, struct lyap_error *error);

/* Computes the cells of a part that are still missing, chunk by chunk. LYAP_ERROR_INTERRUPTED, after the chunk at hand,
 * with how to go on. */
enum lyap_status cli_checkpoint_work(struct cli_checkpoint *c, uint64_t part, const struct lyap_experiment *experiment,
                                     struct lyap_error *error);

/* True when that is all to be done: the cells are a shard's. Says so, unless quiet. */
bool cli_checkpoint_sharded(const struct cli_checkpoint *c);

/* Runs the experiment, or replays the cells from where they are kept. */
enum lyap_status cli_checkpoint_cells(const struct cli_checkpoint *c, uint64_t part,
                                      const struct lyap_experiment *experiment, struct lyap_error *error);

/* The command line without the options that have no part in the results, for the manifest: kept[*count], whose first two
 * are the program and the command; room for argc + 2 words. */
void cli_checkpoint_words(const struct cli_command *command, int argc, char **argv, char **kept, int *count);

#endif
