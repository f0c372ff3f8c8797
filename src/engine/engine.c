#include "engine/engine.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/team.h"
#include "engine/aligned.h"
#include "engine/attempts.h"

/* A group has no more blocks, and rows of no more bytes, than these, but a block for each thread. */
enum { GROUP_BLOCKS = 512, GROUP_BYTES = 64 * 1024 * 1024 };

/* One group of blocks and what the threads share while they work on it. */
struct group {
    const struct lyap_engine *engine;
    void *job;
    const struct lyap_run *run;
    char *workers;  /* [threads] of worker_size bytes */
    uint64_t first; /* first cell */
    size_t cells;
    atomic_bool stop, interrupted;
    atomic_ullong done;           /* updates of the cells finished in the whole run */
    atomic_ullong failed;         /* lowest cell without a start, UINT64_MAX for none */
    struct lyap_attempts before;  /* of the groups before this one */
    struct lyap_attempts *blocks; /* of this group, each written by the thread that has the block */
};

/* A thread's view of its block, handed to the worker's poll. */
struct view {
    struct group *group;
    uint64_t first; /* cell of the block */
    bool calling_thread;
    const struct lyap_worker *worker;
};

static struct lyap_worker *worker_at(const struct group *group, int thread) {
    return (struct lyap_worker *)(void *)(group->workers + (size_t)thread * group->engine->worker_size);
}

static bool report(struct group *group, uint64_t begun) {
    const struct lyap_plan *plan = group->run->plan;
    return !plan->progress ||
           plan->progress(atomic_load(&group->done) + begun, group->run->updates, plan->progress_context);
}

static bool keep_going(void *context) {
    const struct view *view = context;
    struct group *group = view->group;
    if (view->calling_thread && !atomic_load(&group->stop) &&
        !report(group, lyap_worker_updates(view->worker, false))) {
        atomic_store(&group->interrupted, true);
        atomic_store(&group->stop, true);
    }
    /* Only a lower cell could still change the report of a start that was not found. */
    return !atomic_load(&group->stop) && view->first <= atomic_load(&group->failed);
}

static void note_failed_start(struct group *group, unsigned long long cell) {
    unsigned long long lowest = atomic_load(&group->failed);
    while (cell < lowest && !atomic_compare_exchange_weak(&group->failed, &lowest, cell)) {
    }
}

static void run_block(void *context, size_t index, int thread) {
    struct group *group = context;
    struct lyap_worker *worker = worker_at(group, thread);
    size_t lanes = group->run->block_cells, row = index * lanes, left = group->cells - row;
    const struct lyap_block_cells cells = {group->first + row, left < lanes ? left : lanes, row};
    struct view view = {group, cells.first, thread == 0, worker};
    group->blocks[index] = (struct lyap_attempts){0, 0};
    worker->count = 0; /* nothing of this block is done */
    if (!keep_going(&view)) return;
    enum lyap_status status = group->engine->run_block(worker, group->job, &cells, keep_going, &view);
    if (status == LYAP_OK || status == LYAP_ERROR_WINDOW)
        lyap_attempts_count(&group->blocks[index], worker, cells.count);
    if (status == LYAP_ERROR_WINDOW) note_failed_start(group, cells.first + lyap_attempts_lowest(worker));
    if (!status) atomic_fetch_add(&group->done, lyap_worker_updates(worker, true));
}

/* Also records the attempts: of all cells, or of those up to the one that failed, whatever the others came to. */
static enum lyap_status group_status(struct group *group, struct lyap_error *error) {
    const struct lyap_plan *plan = group->run->plan;
    if (atomic_load(&group->interrupted)) return lyap_fail(error, LYAP_ERROR_INTERRUPTED, "interrupted");
    uint64_t failed = atomic_load(&group->failed);
    uint64_t last = failed == UINT64_MAX ? group->cells - 1 : failed - group->first;
    for (size_t b = 0; b <= last / group->run->block_cells; b++) {
        group->before.accepted += group->blocks[b].accepted;
        group->before.draws += group->blocks[b].draws;
    }
    return failed == UINT64_MAX ? LYAP_OK : lyap_attempts_fail(plan, failed % plan->starts, &group->before, error);
}

/* All blocks of the group: on the threads as they become free, or on this one, with the others' help in each. */
static void run_blocks(struct group *group, struct lyap_team *team) {
    const size_t blocks = (group->cells - 1) / group->run->block_cells + 1;
    if (group->run->sharing == 1) {
        lyap_team_run(team, blocks, run_block, group);
        return;
    }
    worker_at(group, 0)->block.team = team;
    for (size_t i = 0; i < blocks && !atomic_load(&group->stop); i++) run_block(group, i, 0);
}

static enum lyap_status run_groups(struct group *group, struct lyap_team *team, size_t group_cells,
                                   struct lyap_error *error) {
    const struct lyap_run *run = group->run;
    for (uint64_t done = 0; done < run->cells; done += group_cells) {
        uint64_t left = run->cells - done;
        group->first = run->first + done;
        group->cells = left < group_cells ? (size_t)left : group_cells;
        run_blocks(group, team);
        enum lyap_status status = group_status(group, error);
        if (!status) status = group->engine->hand_over(group->job, group->first, group->cells, error);
        if (status) return status;
        if (!report(group, 0)) return lyap_fail(error, LYAP_ERROR_INTERRUPTED, "interrupted");
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

static size_t blocks_of_a_group(double row_bytes, int threads, uint64_t blocks) {
    const double fit = GROUP_BYTES / row_bytes;
    size_t count = fit < GROUP_BLOCKS ? (size_t)fit : GROUP_BLOCKS;
    if (count < (size_t)threads) count = (size_t)threads;
    return blocks < count ? (size_t)blocks : count;
}

enum lyap_status lyap_engine_run(const struct lyap_engine *engine, void *job, struct lyap_run *run,
                                 struct lyap_error *error) {
    const uint64_t blocks = (run->cells - 1) / run->block_cells + 1;
    while (run->sharing > 1 && !lyap_memory_fits(block_bytes(engine, job, run))) run->sharing--;
    const int threads = worker_count(engine, job, run, blocks);
    const size_t lanes = run->block_cells;
    const size_t group_blocks = blocks_of_a_group(engine->row_bytes(job) * (double)lanes, threads, blocks);
    struct group group = {.engine = engine, .job = job, .run = run};
    struct lyap_team *team = NULL;
    enum lyap_status status = LYAP_OK;
    atomic_init(&group.failed, UINT64_MAX);
    group.workers = lyap_aligned((size_t)threads, engine->worker_size);
    group.blocks = calloc(group_blocks, sizeof *group.blocks);
    if (!group.workers || !group.blocks)
        status = lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %d threads", threads);
    if (!status) status = engine->rows_new(job, group_blocks * lanes, error);
    for (int i = 0; i < threads && !status; i++) status = engine->worker_new(worker_at(&group, i), job, error);
    if (!status) status = lyap_team_open(&team, run->sharing > 1 ? run->sharing : threads, error);
    if (!status) status = run_groups(&group, team, group_blocks * lanes, error);
    lyap_team_close(team);
    for (int i = 0; group.workers && i < threads; i++) engine->worker_free(worker_at(&group, i));
    engine->rows_free(job);
    free(group.workers);
    free(group.blocks);
    return status;
}
