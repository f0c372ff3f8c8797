/* The loop that carries the cells of a run through their trajectories: groups of blocks over the threads, rows to the sink in cell
 * order. An ensemble and a spectrum differ in a table of functions.
 *
 * Threads. As many as the plan asks for, no more than there are blocks, and no more than have room for their workers and for the
 * rows of their blocks in the machine's memory. Where threads share a block's steps (run.sharing), the calling thread carries the
 * blocks one after the other and the others help it inside the kernels. The rows are the same bits for any number, shared or not.
 *
 * Errors. A start that is not found ends the run; the lowest such cell is reported, with the attempts of all cells up to it,
 * so that the report depends on neither the threads nor the layout. A cancelled run says so alone, since what else had happened is an
 * accident of timing. */
#ifndef LYAP_ENGINE_ENGINE_H
#define LYAP_ENGINE_ENGINE_H

#include "engine/worker.h"

/* A block's cells: `first` and the `count` from it are to become the rows row .. row+count-1 of the group. */
struct lyap_block_cells {
    uint64_t first;
    size_t count, row;
};

/* What an ensemble or a spectrum does of its own. `job` is its struct, which all threads see; blocks of a group write rows of
 * their own alone. */
struct lyap_engine {
    size_t worker_size;                      /* of a worker, which begins with a struct lyap_worker */
    double (*worker_bytes)(const void *job); /* about the memory that a worker takes */
    double (*row_bytes)(const void *job);    /* that of a cell's row */
    enum lyap_status (*worker_new)(struct lyap_worker *worker, const void *job, struct lyap_error *error);
    void (*worker_free)(struct lyap_worker *worker); /* a zeroed one is allowed */
    enum lyap_status (*rows_new)(void *job, size_t cells, struct lyap_error *error);
    void (*rows_free)(void *job); /* also after rows_new failed */

    /* Runs a block into its rows. LYAP_OK, LYAP_ERROR_WINDOW (the worker's block.pending says which lanes found no start) or
     * LYAP_ERROR_INTERRUPTED. Called from all threads. */
    enum lyap_status (*run_block)(struct lyap_worker *worker, const void *job, const struct lyap_block_cells *cells,
                                  lyap_poll poll, void *context);

    /* Gives the first `count` rows, which are of the cells from `first` on, to the sink. On the calling thread. */
    enum lyap_status (*hand_over)(void *job, uint64_t first, size_t count, struct lyap_error *error);
};

/* Carries all cells of the run, whose sharing it lowers to what has room in memory. LYAP_ERROR_WINDOW, LYAP_ERROR_INTERRUPTED, LYAP_ERROR_MEMORY, LYAP_ERROR_ARGUMENT for threads that
 * cannot all be started, or the status of hand_over. */
enum lyap_status lyap_engine_run(const struct lyap_engine *engine, void *job, struct lyap_run *run,
                                 struct lyap_error *error);

#endif
