/* Checkpoints: the finished cells of a long run, kept in a directory from which it goes on after whatever stopped it, and
 * from which its results are handed to the same sink again. The same functions serve an experiment of any kind
 * (lyapgrad/experiment.h).
 *
 *   struct lyap_experiment e = lyap_ensemble_experiment(&plan, my_sink, my_context);
 *   char *settings;
 *   lyap_experiment_settings(&e, NULL, &settings, &error);
 *   struct lyap_checkpoint_head head = {.settings = settings, .cells = lyap_experiment_cells(&e), .shard = 1, .shards = 1,
 *                                       .parts = 1};
 *   lyap_checkpoint_take_shard(&head);
 *   lyap_checkpoint_open(&checkpoint, "kept", &head, &error);
 *   lyap_checkpoint_work(checkpoint, 0, &e, &(struct lyap_checkpoint_options){.seconds = 3}, &error);
 *   lyap_checkpoint_replay(checkpoint, 0, &e, &error);
 *   lyap_checkpoint_close(checkpoint);
 *
 * Files. `head` says whose results these are, `chunk-PART-CELL` has those of a run of consecutive cells. Each is a
 * sequence of 64-bit little-endian words: a magic number, the format's number, the contents, and last the FNV-1a digest
 * (lyapgrad/digest.h) of the words before it, which no change of one byte leaves alike. Real numbers are the bits of an
 * IEEE double. Each is written under another name, brought to the disk (fsync) and then renamed, so that a process killed
 * at any moment leaves whole files only. `lock` keeps a second process out while one writes. How the cells are cut into
 * files has no part in the results.
 *
 * Shards. A run can be split into shards of consecutive cells, each with a directory of its own, on machines of their own;
 * lyap_checkpoint_join finds out whether directories are all of one run, and lyap_checkpoint_replay_all makes its results. */
#ifndef LYAPGRAD_CHECKPOINT_H
#define LYAPGRAD_CHECKPOINT_H

#include <stdbool.h>
#include <stddef.h>

#include "lyapgrad/ensemble.h"
#include "lyapgrad/experiment.h"
#include "lyapgrad/progress.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LYAP_CHECKPOINT_FORMAT = 3, LYAP_CHECKPOINT_PARTS = 8 };

struct lyap_output_watch;

/* What a directory is for. */
struct lyap_checkpoint_head {
    const char *settings; /* lyap_experiment_settings: all that the results depend on */
    const char *note; /* note_size bytes that the caller wants back and that have no part in the results; may be NULL */
    size_t note_size; /* default 0 */
    uint64_t cells;   /* of the whole run */
    uint64_t first, count;  /* the cells of this directory; count may be 0 */
    uint64_t shard, shards; /* which part of a split run, 1 .. shards; 1, 1 for a whole one */
    uint64_t parts; /* experiments over these cells that are kept beside each other, 1 .. LYAP_CHECKPOINT_PARTS */
    struct lyap_output_watch
        *watch; /* default NULL; not kept in the file, not owned. A program whose own signal handler removes
                                        temporary files is told of them (src/io/output_watch.h). Without it those of a process
                                        that was killed are removed when the directory is next opened to go on */
};

/* Opaque. */
struct lyap_checkpoint;

/* Sets first and count to the cells of head.shard: consecutive, no shard longer than another by more than one. */
void lyap_checkpoint_take_shard(struct lyap_checkpoint_head *head);

/* LYAP_ERROR_FILE, with the first setting that differs, when `there`, found in `directory`, is not `here`. */
enum lyap_status lyap_checkpoint_compare(const char *directory, const char *there, const char *here,
                                         struct lyap_error *error);

/* True when the directory has a checkpoint, sound or not. */
bool lyap_checkpoint_exists(const char *directory);

/* Opens a directory to go on with: makes it, with its parents, and its head where there is none, and else compares the
 * head's settings, cells, shard and parts (not the note) with the given one. Every chunk file is read and verified.
 *   head   not kept; NULL: only read, nothing is made, written or locked
 * Close with lyap_checkpoint_close. LYAP_ERROR_FILE, naming the file: settings, version or format are others, a file is
 * damaged, or none is there to read; LYAP_ERROR_OUTPUT: nothing can be written there, or another process is at work;
 * LYAP_ERROR_ARGUMENT for a head out of range; LYAP_ERROR_MEMORY. */
enum lyap_status lyap_checkpoint_open(struct lyap_checkpoint **checkpoint, const char *directory,
                                      const struct lyap_checkpoint_head *head, struct lyap_error *error);

/* Frees it and gives up the lock; NULL is allowed. */
void lyap_checkpoint_close(struct lyap_checkpoint *checkpoint);

/* The head as it is in the directory, with the note that was first given; valid until the checkpoint is closed. */
const struct lyap_checkpoint_head *lyap_checkpoint_head(const struct lyap_checkpoint *checkpoint);
const char *lyap_checkpoint_directory(const struct lyap_checkpoint *checkpoint);

/* The first gap: cells that the directory is for and does not have of a part. False when there is none. Gaps before other
 * cells come from files that were removed. */
bool lyap_checkpoint_missing(const struct lyap_checkpoint *checkpoint, uint64_t part, uint64_t *first, uint64_t *count);

/* Cells that it has, over all parts, and those of them that diverged (escape, overflow; regime `diverged`). */
uint64_t lyap_checkpoint_cells(const struct lyap_checkpoint *checkpoint, uint64_t *diverged);

/* Runs the cells first .. first+count-1 of the experiment, which must be missing, and adds them as one chunk file. The plan's own
 * first_cell and count are not used. Errors as for lyap_experiment_run and LYAP_ERROR_OUTPUT; then no file is added and those
 * that were there stay. */
enum lyap_status lyap_checkpoint_run(struct lyap_checkpoint *checkpoint, uint64_t part,
                                     const struct lyap_experiment *experiment, uint64_t first, uint64_t count,
                                     struct lyap_error *error);

/* How lyap_checkpoint_work goes about it. */
struct lyap_checkpoint_options {
    double seconds; /* of work in a chunk file, about; no less than one block of cells a thread */
    lyap_progress
        progress; /* told the part's updates, done before with the others; false: finish the chunk at hand and stop
                               there. NULL: none. Called before every chunk, too */
    void *context;
};

/* Computes all cells of a part that are missing, chunk by chunk. LYAP_ERROR_INTERRUPTED where `progress` said so, with all that
 * was computed kept; else errors as for lyap_checkpoint_run. */
enum lyap_status lyap_checkpoint_work(struct lyap_checkpoint *checkpoint, uint64_t part,
                                      const struct lyap_experiment *experiment,
                                      const struct lyap_checkpoint_options *options, struct lyap_error *error);

/* Hands what is kept of a part to the experiment's sink in cell order, bit for bit what the run handed over (entries of a series
 * behind its end are 0). The plan must be that of the run. LYAP_ERROR_FILE when cells are missing, a file is damaged or does not
 * fit the plan, LYAP_ERROR_ARGUMENT for a plan that the run would refuse, LYAP_ERROR_MEMORY, or the sink's status. */
enum lyap_status lyap_checkpoint_replay(const struct lyap_checkpoint *checkpoint, uint64_t part,
                                        const struct lyap_experiment *experiment, struct lyap_error *error);

/* Sorts opened checkpoints by shard; they must be all the shards of one split of one run, and each complete. LYAP_ERROR_FILE says
 * which directory is not, and why. */
enum lyap_status lyap_checkpoint_join(struct lyap_checkpoint **checkpoints, size_t count, struct lyap_error *error);

/* lyap_checkpoint_replay of joined shards one after the other: the sink gets the cells of the whole run. */
enum lyap_status lyap_checkpoint_replay_all(struct lyap_checkpoint *const *checkpoints, size_t count, uint64_t part,
                                            const struct lyap_experiment *experiment, struct lyap_error *error);

#ifdef __cplusplus
}
#endif
#endif
