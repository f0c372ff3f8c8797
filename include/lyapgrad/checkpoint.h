/* Checkpoints: the finished cells of a long run, kept in a directory from which it goes on after whatever stopped it, and
 * from which its results are handed to the same sink again.
 *
 *   char *settings;
 *   lyap_checkpoint_settings(&plan, &settings, &error);
 *   struct lyap_checkpoint_head head = {.settings = settings, .cells = cells, .count = cells, .shard = 1, .shards = 1,
 *                                       .parts = 1};
 *   lyap_checkpoint_open(&checkpoint, "kept", &head, &error);
 *   while (lyap_checkpoint_missing(checkpoint, 0, &first, &count))
 *       lyap_checkpoint_run(checkpoint, 0, &plan, first, count < 1000 ? count : 1000, &error);
 *   lyap_checkpoint_replay(checkpoint, 0, &plan, my_sink, my_context, &error);
 *   lyap_checkpoint_close(checkpoint);
 *
 * Files. `head` says whose results these are, `chunk-PART-CELL` has those of a run of consecutive cells. Each is a
 * sequence of 64-bit little-endian words: a magic number, the format's number, the contents, and last the FNV-1a digest
 * (lyapgrad/digest.h) of the words before it, which no change of one byte leaves alike. Real numbers are the bits of an
 * IEEE double. Each is written under another name, brought to the disk (fsync) and then renamed, so that a process killed
 * at any moment leaves whole files only. `lock` keeps a second process out while one writes. How the cells are cut into
 * files has no part in the results. */
#ifndef LYAPGRAD_CHECKPOINT_H
#define LYAPGRAD_CHECKPOINT_H

#include "lyapgrad/bifurcation.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/map.h"
#include "lyapgrad/spectrum.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LYAP_CHECKPOINT_FORMAT = 3, LYAP_CHECKPOINT_PARTS = 8 };

/* What a directory is for. */
struct lyap_checkpoint_head {
    const char *settings; /* text of lines "key = value": all that the results depend on */
    const char *note; /* note_size bytes that the caller wants back and that have no part in the results; may be NULL */
    size_t note_size; /* default 0 */
    uint64_t cells;   /* of the whole run */
    uint64_t first, count;  /* the cells of this directory; count may be 0 */
    uint64_t shard, shards; /* which part of a split run, 1 .. shards; 1, 1 for a whole one */
    uint64_t parts;         /* runs over these cells that are kept beside each other, 1 .. LYAP_CHECKPOINT_PARTS */
};

/* Opaque. */
struct lyap_checkpoint;

/* The settings of a plan: the version of the library and of SLEEF, and whatever a result depends on, with digests of the
 * data and of given starting points. Not the number of threads, the instruction set, max_draws, first_cell and count. The
 * text is the caller's to free, NULL after an error. LYAP_ERROR_ARGUMENT for a plan that the run would refuse,
 * LYAP_ERROR_MEMORY. */
enum lyap_status lyap_checkpoint_settings(const struct lyap_plan *plan, char **text, struct lyap_error *error);
enum lyap_status lyap_checkpoint_settings_spectrum(const struct lyap_spectrum_plan *plan, char **text,
                                                   struct lyap_error *error);
enum lyap_status lyap_checkpoint_settings_map(const struct lyap_map_plan *plan, char **text, struct lyap_error *error);
enum lyap_status lyap_checkpoint_settings_bifurcation(const struct lyap_bifurcation_plan *plan, char **text,
                                                      struct lyap_error *error);

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

/* Runs the cells first .. first+count-1 of the plan, which must be missing, and adds them as one chunk file. The plan's own
 * first_cell and count are not used. Errors as for lyap_ensemble_run and LYAP_ERROR_OUTPUT; then no file is added and those
 * that were there stay. */
enum lyap_status lyap_checkpoint_run(struct lyap_checkpoint *checkpoint, uint64_t part, const struct lyap_plan *plan,
                                     uint64_t first, uint64_t count, struct lyap_error *error);
enum lyap_status lyap_checkpoint_run_spectrum(struct lyap_checkpoint *checkpoint, uint64_t part,
                                              const struct lyap_spectrum_plan *plan, uint64_t first, uint64_t count,
                                              struct lyap_error *error);
/* The cells of a map are its pixels. */
enum lyap_status lyap_checkpoint_run_map(struct lyap_checkpoint *checkpoint, uint64_t part,
                                         const struct lyap_map_plan *plan, uint64_t first, uint64_t count,
                                         struct lyap_error *error);
/* Cell = value * starts + start, kept with its points: 8 bytes for each of their numbers. LYAP_ERROR_MEMORY too where those of
 * 16 cells a thread do not fit the machine. */
enum lyap_status lyap_checkpoint_run_bifurcation(struct lyap_checkpoint *checkpoint, uint64_t part,
                                                 const struct lyap_bifurcation_plan *plan, uint64_t first,
                                                 uint64_t count, struct lyap_error *error);

/* Hands what is kept of a part to the sink in cell order, bit for bit what the run handed over (entries of a series behind
 * its end are 0). `plan` must be the plan of the run. LYAP_ERROR_FILE when cells are missing, a file is damaged or does not
 * fit the plan, LYAP_ERROR_ARGUMENT for a plan that the run would refuse, LYAP_ERROR_MEMORY, or the sink's status. */
enum lyap_status lyap_checkpoint_replay(const struct lyap_checkpoint *checkpoint, uint64_t part,
                                        const struct lyap_plan *plan, lyap_sink sink, void *context,
                                        struct lyap_error *error);
enum lyap_status lyap_checkpoint_replay_spectrum(const struct lyap_checkpoint *checkpoint, uint64_t part,
                                                 const struct lyap_spectrum_plan *plan, lyap_spectrum_sink sink,
                                                 void *context, struct lyap_error *error);
enum lyap_status lyap_checkpoint_replay_map(const struct lyap_checkpoint *checkpoint, uint64_t part,
                                            const struct lyap_map_plan *plan, lyap_map_sink sink, void *context,
                                            struct lyap_error *error);
enum lyap_status lyap_checkpoint_replay_bifurcation(const struct lyap_checkpoint *checkpoint, uint64_t part,
                                                    const struct lyap_bifurcation_plan *plan,
                                                    lyap_bifurcation_sink sink, void *context,
                                                    struct lyap_error *error);

#ifdef __cplusplus
}
#endif
#endif
