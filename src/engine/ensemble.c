/* Runs a plan: batches of blocks over the threads, records to the sink in cell order. */
#include "lyapgrad/ensemble.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/team.h"
#include "engine/worker.h"

enum { BATCH_BLOCKS = 512, SERIES_BYTES = 64 * 1024 * 1024 };

/* How many draws of starting points there were, and how many of them met the loss window. */
struct attempts {
    uint64_t accepted, draws;
};

/* One batch of blocks and what the threads share while they work on it. */
struct batch {
    const struct lyap_run *run;
    struct lyap_record *records;        /* [blocks * 16] */
    double *distance, *loss;            /* [blocks * 16][stride] or NULL */
    struct lyap_evaluation *evaluation; /* [blocks * 16] or NULL */
    double *weights;                    /* [blocks * 16][parameters] or NULL */
    uint64_t first;                     /* first cell */
    size_t cells;
    atomic_bool stop;
    atomic_ullong done;   /* updates of the cells finished in the whole run */
    atomic_ullong failed; /* lowest cell without a start, UINT64_MAX for none */
    atomic_bool interrupted;
    struct attempts before;               /* of the batches before this one */
    struct attempts blocks[BATCH_BLOCKS]; /* of this batch, each written by the thread that has the block */
};

/* A thread's view, handed to the worker's poll. */
struct seat {
    struct batch *batch;
    uint64_t first; /* cell of its block */
    bool calling_thread;
    const struct lyap_worker *worker; /* has the block started? NULL: not yet */
};

static bool keep_going(void *context) {
    struct seat *seat = context;
    struct batch *batch = seat->batch;
    const struct lyap_plan *plan = batch->run->plan;
    if (seat->calling_thread && plan->progress &&
        !plan->progress(atomic_load(&batch->done) + (seat->worker ? lyap_worker_updates(seat->worker, false) : 0),
                        batch->run->updates, plan->progress_context)) {
        atomic_store(&batch->interrupted, true);
        atomic_store(&batch->stop, true);
    }
    /* Only a lower cell could still change the report of a start that was not found. */
    return !atomic_load(&batch->stop) && seat->first <= atomic_load(&batch->failed);
}

/* Adds the first `count` lanes of a block: those that found a start and those that gave up. */
static void count_attempts(struct attempts *attempts, const struct lyap_worker *worker, size_t count) {
    for (size_t lane = 0; lane < count; lane++) {
        bool gave_up = worker->block.pending >> lane & 1;
        attempts->accepted += !gave_up;
        attempts->draws += gave_up ? worker->run->plan->max_draws : worker->block.draws[lane];
    }
}

/* `all` are the attempts of the starts before and beside this one, and of itself. */
static enum lyap_status fail_window(const struct lyap_plan *plan, uint64_t start, const struct attempts *all,
                                    struct lyap_error *error) {
    uint64_t draws = all->draws - plan->max_draws;
    char elsewhere[64] = "";
    if (draws > 0)
        snprintf(elsewhere, sizeof elsewhere, ", %.3g in %llu elsewhere", (double)all->accepted / (double)draws,
                 (unsigned long long)draws);
    return lyap_fail(error, LYAP_ERROR_WINDOW,
                     "loss window %g,%g: no draw for start %llu met it (acceptance rate 0 in %lu draws here%s); widen "
                     "the window or change the distribution of the initial weights",
                     plan->window_low, plan->window_high, (unsigned long long)start, (unsigned long)plan->max_draws,
                     elsewhere);
}

static size_t lowest_pending(const struct lyap_worker *worker) {
    size_t lane = 0;
    while (!(worker->block.pending >> lane & 1)) lane++;
    return lane;
}

static void note_failed_start(struct batch *batch, const struct lyap_worker *worker, uint64_t first) {
    unsigned long long cell = first + lowest_pending(worker), lowest = atomic_load(&batch->failed);
    while (cell < lowest && !atomic_compare_exchange_weak(&batch->failed, &lowest, cell)) {
    }
}

static void run_block(struct batch *batch, struct lyap_worker *worker, size_t index, bool calling_thread) {
    size_t lanes = batch->run->block_cells, offset = index * lanes, left = batch->cells - offset;
    size_t count = left < lanes ? left : lanes;
    uint64_t first = batch->first + offset;
    struct seat seat = {batch, first, calling_thread, NULL};
    batch->blocks[index] = (struct attempts){0, 0};
    const struct lyap_run *run = batch->run;
    const struct lyap_plan *plan = run->plan;
    if (!keep_going(&seat)) return;
    struct lyap_record *records = batch->records + offset;
    memset(records, 0, count * sizeof *records);
    enum lyap_status status = lyap_worker_start(worker, first, count, keep_going, &seat);
    if (status == LYAP_OK || status == LYAP_ERROR_WINDOW) count_attempts(&batch->blocks[index], worker, count);
    if (status == LYAP_ERROR_WINDOW) note_failed_start(batch, worker, first);
    if (status) return;
    for (size_t i = 0; i < count; i++) {
        struct lyap_record *r = &records[i];
        r->cell = first + i;
        r->value = r->cell / plan->starts;
        r->start = r->cell % plan->starts;
        r->lr = plan->precision == LYAP_FLOAT64 ? worker->block.lr[i] : (double)(float)worker->block.lr[i];
    }
    double *distance = batch->distance ? batch->distance + offset * run->stride : NULL;
    double *loss = batch->loss ? batch->loss + offset * run->stride : NULL;
    seat.worker = worker;
    if (lyap_worker_train(worker, records, distance, loss, keep_going, &seat)) return;
    if (batch->evaluation) lyap_worker_evaluate(worker, batch->evaluation + offset);
    size_t parameters = run->shape.parameters;
    for (size_t i = 0; batch->weights && i < count * parameters; i++)
        batch->weights[offset * parameters + i] = lyap_worker_weight(worker, i / parameters, 0, i % parameters);
    atomic_fetch_add(&batch->done, lyap_worker_updates(worker, true));
}

/* What a thread needs to find its worker. */
struct labour {
    struct batch *batch;
    struct lyap_worker *workers; /* [threads] */
};

static void work_on(void *context, size_t block, int thread) {
    const struct labour *labour = context;
    run_block(labour->batch, &labour->workers[thread], block, thread == 0);
}

static void run_batch(struct batch *batch, struct lyap_worker *workers, struct lyap_team *team) {
    struct labour labour = {batch, workers};
    lyap_team_run(team, (batch->cells - 1) / batch->run->block_cells + 1, work_on, &labour);
}

/* Also books the attempts: of all blocks, or of those up to the one that failed, whatever the others came to. */
static enum lyap_status batch_status(struct batch *batch, struct lyap_error *error) {
    const struct lyap_plan *plan = batch->run->plan;
    if (atomic_load(&batch->interrupted)) return lyap_fail(error, LYAP_ERROR_INTERRUPTED, "interrupted");
    uint64_t failed = atomic_load(&batch->failed);
    uint64_t last = failed == UINT64_MAX ? batch->cells - 1 : failed - batch->first;
    for (size_t b = 0; b <= last / batch->run->block_cells; b++) {
        batch->before.accepted += batch->blocks[b].accepted;
        batch->before.draws += batch->blocks[b].draws;
    }
    return failed == UINT64_MAX ? LYAP_OK : fail_window(plan, failed % plan->starts, &batch->before, error);
}

static int thread_count(const struct lyap_plan *plan, uint64_t blocks) {
    int threads = lyap_team_size(plan->threads);
    return (uint64_t)threads > blocks ? (int)blocks : threads;
}

static enum lyap_status run_all(const struct lyap_run *run, struct batch *batch, struct lyap_worker *workers,
                                struct lyap_team *team, size_t batch_blocks, lyap_sink sink, void *context,
                                struct lyap_error *error) {
    for (uint64_t first = 0; first < run->cells; first += batch_blocks * run->block_cells) {
        uint64_t left = run->cells - first;
        batch->first = run->first + first;
        batch->cells = left < batch_blocks * run->block_cells ? (size_t)left : batch_blocks * run->block_cells;
        run_batch(batch, workers, team);
        enum lyap_status status = batch_status(batch, error);
        if (status) return status;
        struct lyap_chunk chunk = {.first_cell = batch->first,
                                   .count = batch->cells,
                                   .records = batch->records,
                                   .stride = run->stride,
                                   .distance = batch->distance,
                                   .loss = batch->loss,
                                   .evaluation = batch->evaluation,
                                   .parameters = run->shape.parameters,
                                   .weights = batch->weights};
        if ((status = sink(&chunk, context, error))) return status;
        const struct lyap_plan *plan = run->plan;
        if (plan->progress && !plan->progress(atomic_load(&batch->done), run->updates, plan->progress_context))
            return lyap_fail(error, LYAP_ERROR_INTERRUPTED, "interrupted");
    }
    return LYAP_OK;
}

enum lyap_status lyap_ensemble_run(const struct lyap_plan *plan, lyap_sink sink, void *context,
                                   struct lyap_error *error) {
    struct lyap_run run;
    enum lyap_status status = lyap_run_prepare(&run, plan, error);
    if (status) return status;

    lyap_run_spread(&run);
    uint64_t blocks = (run.cells - 1) / run.block_cells + 1;
    int threads = thread_count(plan, blocks);
    while (threads > 1 && !lyap_memory_fits(threads * lyap_worker_bytes(&run))) threads--;
    size_t batch_blocks = BATCH_BLOCKS;
    if (plan->series) {
        size_t per_block = 2 * run.stride * run.block_cells * sizeof(double);
        size_t fit = SERIES_BYTES / per_block;
        if (fit < (size_t)threads) fit = (size_t)threads;
        if (fit < batch_blocks) batch_blocks = fit;
    }
    if (plan->last_weights) {
        size_t fit = SERIES_BYTES / (run.shape.parameters * run.block_cells * sizeof(double));
        if (fit < (size_t)threads) fit = (size_t)threads;
        if (fit < batch_blocks) batch_blocks = fit;
    }
    if (blocks < batch_blocks) batch_blocks = (size_t)blocks;

    struct batch batch = {.run = &run};
    atomic_init(&batch.failed, UINT64_MAX);
    size_t cells = batch_blocks * run.block_cells;
    struct lyap_worker *workers = lyap_aligned((size_t)threads, sizeof *workers);
    batch.records = calloc(cells, sizeof *batch.records);
    if (plan->series) {
        batch.distance = lyap_aligned(cells, run.stride * sizeof(double));
        batch.loss = lyap_aligned(cells, run.stride * sizeof(double));
    }
    if (plan->evaluate) batch.evaluation = calloc(cells, sizeof *batch.evaluation);
    if (plan->last_weights) batch.weights = lyap_aligned(cells, run.shape.parameters * sizeof(double));
    if (!workers || !batch.records || (plan->series && (!batch.distance || !batch.loss)) ||
        (plan->evaluate && !batch.evaluation) || (plan->last_weights && !batch.weights))
        status = lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the results of %zu cells of %zu epochs", cells,
                           run.stride);
    for (int i = 0; i < threads && !status; i++) status = lyap_worker_new(&workers[i], &run, error);
    struct lyap_team *team = NULL;
    if (!status) status = lyap_team_open(&team, threads, error);
    if (!status) status = run_all(&run, &batch, workers, team, batch_blocks, sink, context, error);
    lyap_team_close(team);

    for (int i = 0; workers && i < threads; i++) lyap_worker_free(&workers[i]);
    free(workers);
    free(batch.records);
    free(batch.distance);
    free(batch.loss);
    free(batch.evaluation);
    free(batch.weights);
    lyap_run_free(&run);
    return status;
}

enum lyap_status lyap_ensemble_initial(const struct lyap_plan *plan, uint64_t first, size_t count, double *out,
                                       struct lyap_error *error) {
    struct lyap_run run;
    _Alignas(LYAP_ALIGNMENT) struct lyap_worker worker = {0};
    enum lyap_status status = lyap_run_prepare(&run, plan, error);
    if (status) return status;
    uint64_t cells = plan->starts * plan->values;
    if (first > cells || count > cells - first)
        status = lyap_fail(error, LYAP_ERROR_ARGUMENT, "cells %llu + %zu: the plan has %llu", (unsigned long long)first,
                           count, (unsigned long long)cells);
    if (!status) status = lyap_worker_new(&worker, &run, error);
    size_t trajectories = (size_t)plan->neighbours + 1, parameters = run.shape.parameters;
    struct attempts attempts = {0, 0};
    for (size_t done = 0; done < count && !status; done += LYAP_BLOCK) {
        size_t n = count - done < LYAP_BLOCK ? count - done : LYAP_BLOCK;
        status = lyap_worker_start(&worker, first + done, n, NULL, NULL);
        count_attempts(&attempts, &worker, n);
        if (status) fail_window(plan, (first + done + lowest_pending(&worker)) % plan->starts, &attempts, error);
        for (size_t lane = 0; lane < n && !status; lane++)
            for (size_t i = 0; i < trajectories * parameters; i++)
                out[(done + lane) * trajectories * parameters + i] =
                    lyap_worker_weight(&worker, lane, i / parameters, i % parameters);
    }
    lyap_worker_free(&worker);
    lyap_run_free(&run);
    return status;
}
