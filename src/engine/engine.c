#include "engine/engine.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/team.h"
#include "engine/aligned.h"
#include "engine/attempts.h"

/* A batch has no more blocks, and rows of no more bytes, than these, but a block for each thread. */
enum { BATCH_BLOCKS = 512, BATCH_BYTES = 64 * 1024 * 1024 };

/* One batch of blocks and what the threads share while they work on it. */
struct batch {
    const struct lyap_engine *engine;
    void *job;
    const struct lyap_run *run;
    char *workers;  /* [threads] of worker_size bytes */
    uint64_t first; /* first cell */
    size_t cells;
    atomic_bool stop, interrupted;
    atomic_ullong done;           /* updates of the cells finished in the whole run */
    atomic_ullong failed;         /* lowest cell without a start, UINT64_MAX for none */
    struct lyap_attempts before;  /* of the batches before this one */
    struct lyap_attempts *blocks; /* of this batch, each written by the thread that has the block */
};

/* A thread's view of its block, handed to the worker's poll. */
struct view {
    struct batch *batch;
    uint64_t first; /* cell of the block */
    bool calling_thread;
    const struct lyap_worker *worker;
};

static struct lyap_worker *worker_at(const struct batch *batch, int thread) {
    return (struct lyap_worker *)(void *)(batch->workers + (size_t)thread * batch->engine->worker_size);
}

static bool report(struct batch *batch, uint64_t begun) {
    const struct lyap_plan *plan = batch->run->plan;
    return !plan->progress ||
           plan->progress(atomic_load(&batch->done) + begun, batch->run->updates, plan->progress_context);
}

static bool keep_going(void *context) {
    const struct view *view = context;
    struct batch *batch = view->batch;
    if (view->calling_thread && !atomic_load(&batch->stop) &&
        !report(batch, lyap_worker_updates(view->worker, false))) {
        atomic_store(&batch->interrupted, true);
        atomic_store(&batch->stop, true);
    }
    /* Only a lower cell could still change the report of a start that was not found. */
    return !atomic_load(&batch->stop) && view->first <= atomic_load(&batch->failed);
}

static void note_failed_start(struct batch *batch, unsigned long long cell) {
    unsigned long long lowest = atomic_load(&batch->failed);
    while (cell < lowest && !atomic_compare_exchange_weak(&batch->failed, &lowest, cell)) {
    }
}

static void run_block(void *context, size_t index, int thread) {
    struct batch *batch = context;
    struct lyap_worker *worker = worker_at(batch, thread);
    size_t lanes = batch->run->block_cells, row = index * lanes, left = batch->cells - row;
    const struct lyap_block_cells cells = {batch->first + row, left < lanes ? left : lanes, row};
    struct view view = {batch, cells.first, thread == 0, worker};
    batch->blocks[index] = (struct lyap_attempts){0, 0};
    worker->count = 0; /* nothing of this block is done */
    if (!keep_going(&view)) return;
    enum lyap_status status = batch->engine->run_block(worker, batch->job, &cells, keep_going, &view);
    if (status == LYAP_OK || status == LYAP_ERROR_WINDOW)
        lyap_attempts_count(&batch->blocks[index], worker, cells.count);
    if (status == LYAP_ERROR_WINDOW) note_failed_start(batch, cells.first + lyap_attempts_lowest(worker));
    if (!status) atomic_fetch_add(&batch->done, lyap_worker_updates(worker, true));
}

/* Also records the attempts: of all cells, or of those up to the one that failed, whatever the others came to. */
static enum lyap_status batch_status(struct batch *batch, struct lyap_error *error) {
    const struct lyap_plan *plan = batch->run->plan;
    if (atomic_load(&batch->interrupted)) return lyap_fail(error, LYAP_ERROR_INTERRUPTED, "interrupted");
    uint64_t failed = atomic_load(&batch->failed);
    uint64_t last = failed == UINT64_MAX ? batch->cells - 1 : failed - batch->first;
    for (size_t b = 0; b <= last / batch->run->block_cells; b++) {
        batch->before.accepted += batch->blocks[b].accepted;
        batch->before.draws += batch->blocks[b].draws;
    }
    return failed == UINT64_MAX ? LYAP_OK : lyap_attempts_fail(plan, failed % plan->starts, &batch->before, error);
}

/* All blocks of the batch: on the threads as they become free, or on this one, with the others' help in each. */
static void run_blocks(struct batch *batch, struct lyap_team *team) {
    const size_t blocks = (batch->cells - 1) / batch->run->block_cells + 1;
    if (batch->run->sharing == 1) {
        lyap_team_run(team, blocks, run_block, batch);
        return;
    }
    worker_at(batch, 0)->block.team = team;
    for (size_t i = 0; i < blocks && !atomic_load(&batch->stop); i++) run_block(batch, i, 0);
}

static enum lyap_status run_batches(struct batch *batch, struct lyap_team *team, size_t batch_cells,
                                    struct lyap_error *error) {
    const struct lyap_run *run = batch->run;
    for (uint64_t done = 0; done < run->cells; done += batch_cells) {
        uint64_t left = run->cells - done;
        batch->first = run->first + done;
        batch->cells = left < batch_cells ? (size_t)left : batch_cells;
        run_blocks(batch, team);
        enum lyap_status status = batch_status(batch, error);
        if (!status) status = batch->engine->hand_over(batch->job, batch->first, batch->cells, error);
        if (status) return status;
        if (!report(batch, 0)) return lyap_fail(error, LYAP_ERROR_INTERRUPTED, "interrupted");
    }
    return LYAP_OK;
}

static double block_bytes(const struct lyap_engine *engine, const void *job, const struct lyap_run *run) {
    return engine->worker_bytes(job) + engine->row_bytes(job) * (double)run->block_cells;
}

/* Threads with a worker each. */
static int worker_count(const struct lyap_engine *engine, const void *job, const struct lyap_run *run,
                        uint64_t blocks) {
    int threads = lyap_team_size(run->plan->threads);
    const double each = block_bytes(engine, job, run);
    if (run->sharing > 1) return 1;
    if ((uint64_t)threads > blocks) threads = (int)blocks;
    while (threads > 1 && !lyap_memory_fits(threads * each)) threads--;
    return threads;
}

static size_t blocks_of_a_batch(double row_bytes, int threads, uint64_t blocks) {
    const double fit = BATCH_BYTES / row_bytes;
    size_t count = fit < BATCH_BLOCKS ? (size_t)fit : BATCH_BLOCKS;
    if (count < (size_t)threads) count = (size_t)threads;
    return blocks < count ? (size_t)blocks : count;
}

enum lyap_status lyap_engine_run(const struct lyap_engine *engine, void *job, struct lyap_run *run,
                                 struct lyap_error *error) {
    const uint64_t blocks = (run->cells - 1) / run->block_cells + 1;
    while (run->sharing > 1 && !lyap_memory_fits(block_bytes(engine, job, run))) run->sharing--;
    const int threads = worker_count(engine, job, run, blocks);
    const size_t lanes = run->block_cells;
    const size_t batch_blocks = blocks_of_a_batch(engine->row_bytes(job) * (double)lanes, threads, blocks);
    struct batch batch = {.engine = engine, .job = job, .run = run};
    struct lyap_team *team = NULL;
    enum lyap_status status = LYAP_OK;
    atomic_init(&batch.failed, UINT64_MAX);
    batch.workers = lyap_aligned((size_t)threads, engine->worker_size);
    batch.blocks = calloc(batch_blocks, sizeof *batch.blocks);
    if (!batch.workers || !batch.blocks)
        status = lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %d threads", threads);
    if (!status) status = engine->rows_new(job, batch_blocks * lanes, error);
    for (int i = 0; i < threads && !status; i++) status = engine->worker_new(worker_at(&batch, i), job, error);
    if (!status) status = lyap_team_open(&team, run->sharing > 1 ? run->sharing : threads, error);
    if (!status) status = run_batches(&batch, team, batch_blocks * lanes, error);
    lyap_team_close(team);
    for (int i = 0; batch.workers && i < threads; i++) engine->worker_free(worker_at(&batch, i));
    engine->rows_free(job);
    free(batch.workers);
    free(batch.blocks);
    return status;
}
