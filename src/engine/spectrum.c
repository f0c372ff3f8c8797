/* Runs a spectrum plan: blocks over the threads, records to the sink in cell order. */
#include "lyapgrad/spectrum.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "engine/spectrum_worker.h"
#include "base/team.h"

enum { BATCH_BLOCKS = 256, BATCH_BYTES = 64 * 1024 * 1024 };

/* One batch of blocks and what the threads share while they work on it. */
struct batch {
    const struct lyap_spectrum_run *run;
    struct lyap_spectrum_out out;
    uint64_t first; /* first cell */
    size_t cells;
    atomic_bool stop, interrupted;
    atomic_ullong done;   /* updates of the cells finished in the whole run */
    atomic_ullong failed; /* lowest cell without a start, UINT64_MAX for none */
};

/* A thread's view, handed to the worker's poll. */
struct seat {
    struct batch *batch;
    bool calling_thread;
    const struct lyap_worker *worker;
};

static bool keep_going(void *context) {
    struct seat *seat = context;
    struct batch *batch = seat->batch;
    const struct lyap_plan *plan = &batch->run->base;
    if (seat->calling_thread && plan->progress &&
        !plan->progress(atomic_load(&batch->done) + lyap_worker_updates(seat->worker, false), batch->run->run.updates,
                        plan->progress_context)) {
        atomic_store(&batch->interrupted, true);
        atomic_store(&batch->stop, true);
    }
    return !atomic_load(&batch->stop);
}

static void note_failed_start(struct batch *batch, const struct lyap_block *block, uint64_t first) {
    size_t lane = 0;
    while (!(block->pending >> lane & 1)) lane++;
    unsigned long long cell = first + lane, lowest = atomic_load(&batch->failed);
    while (cell < lowest && !atomic_compare_exchange_weak(&batch->failed, &lowest, cell)) {
    }
}

static void run_block(struct batch *batch, struct lyap_spectrum_worker *worker, size_t index, bool calling_thread) {
    struct seat seat = {batch, calling_thread, &worker->worker};
    worker->worker.count = 0; /* nothing of this block is done */
    const struct lyap_spectrum_run *run = batch->run;
    size_t offset = index * LYAP_BLOCK, left = batch->cells - offset;
    size_t count = left < LYAP_BLOCK ? left : LYAP_BLOCK;
    uint64_t first = batch->first + offset;
    if (!keep_going(&seat)) return;
    struct lyap_spectrum_out out = {.records = batch->out.records + offset,
                                    .lambda = batch->out.lambda + offset * run->vectors,
                                    .used = batch->out.used + offset};
    if (run->points) {
        out.history = batch->out.history + offset * run->points;
        out.running = batch->out.running + offset * run->points * run->vectors;
    }
    if (batch->out.orbit) out.orbit = batch->out.orbit + offset * run->orbit->points * run->orbit->columns;
    if (batch->out.evaluation) out.evaluation = batch->out.evaluation + offset;
    memset(out.records, 0, count * sizeof *out.records);
    memset(out.used, 0, count * sizeof *out.used);
    enum lyap_status status = lyap_spectrum_block(worker, first, count, &out, keep_going, &seat);
    const struct lyap_block *block = &worker->worker.block;
    if (status == LYAP_ERROR_WINDOW) note_failed_start(batch, block, first);
    if (status) return;
    for (size_t i = 0; i < count; i++) {
        struct lyap_spectrum_record *r = &out.records[i];
        r->cell = first + i;
        r->value = r->cell / run->base.starts;
        r->start = r->cell % run->base.starts;
        r->lr = run->base.precision == LYAP_FLOAT64 ? block->lr[i] : (double)(float)block->lr[i];
    }
    atomic_fetch_add(&batch->done, lyap_worker_updates(&worker->worker, true));
}

/* What a thread needs to find its worker. */
struct labour {
    struct batch *batch;
    struct lyap_spectrum_worker *workers; /* [threads] */
};

static void work_on(void *context, size_t block, int thread) {
    const struct labour *labour = context;
    run_block(labour->batch, &labour->workers[thread], block, thread == 0);
}

static void run_batch(struct batch *batch, struct lyap_spectrum_worker *workers, struct lyap_team *team) {
    struct labour labour = {batch, workers};
    lyap_team_run(team, (batch->cells + LYAP_BLOCK - 1) / LYAP_BLOCK, work_on, &labour);
}

static enum lyap_status batch_status(const struct batch *batch, struct lyap_error *error) {
    const struct lyap_plan *plan = &batch->run->base;
    unsigned long long failed = atomic_load(&batch->failed);
    if (failed != UINT64_MAX)
        return lyap_fail(error, LYAP_ERROR_WINDOW,
                         "loss window %g,%g: none of %lu draws for start %llu met it; widen the window or change the "
                         "initial weights",
                         plan->window_low, plan->window_high, (unsigned long)plan->max_draws,
                         failed % (unsigned long long)plan->starts);
    if (atomic_load(&batch->interrupted)) return lyap_fail(error, LYAP_ERROR_INTERRUPTED, "interrupted");
    return LYAP_OK;
}

static enum lyap_status run_all(struct batch *batch, struct lyap_spectrum_worker *workers, struct lyap_team *team,
                                size_t batch_blocks, lyap_spectrum_sink sink, void *context, struct lyap_error *error) {
    const struct lyap_spectrum_run *run = batch->run;
    uint64_t cells = run->run.cells;
    for (uint64_t first = 0; first < cells; first += batch_blocks * LYAP_BLOCK) {
        uint64_t left = cells - first;
        batch->first = run->run.first + first;
        batch->cells = left < batch_blocks * LYAP_BLOCK ? (size_t)left : batch_blocks * LYAP_BLOCK;
        run_batch(batch, workers, team);
        enum lyap_status status = batch_status(batch, error);
        if (status) return status;
        struct lyap_spectrum_chunk chunk = {.first_cell = batch->first,
                                            .count = batch->cells,
                                            .exponents = run->vectors,
                                            .records = batch->out.records,
                                            .lambda = batch->out.lambda,
                                            .points = run->points,
                                            .used = batch->out.used,
                                            .history = batch->out.history,
                                            .running = batch->out.running,
                                            .evaluation = batch->out.evaluation,
                                            .orbit = batch->out.orbit};
        if ((status = sink(&chunk, context, error))) return status;
        const struct lyap_plan *plan = &run->base;
        if (plan->progress && !plan->progress(atomic_load(&batch->done), run->run.updates, plan->progress_context))
            return lyap_fail(error, LYAP_ERROR_INTERRUPTED, "interrupted");
    }
    return LYAP_OK;
}

static int thread_count(const struct lyap_plan *plan, uint64_t cells) {
    int threads = lyap_team_size(plan->threads);
    uint64_t blocks = (cells + LYAP_BLOCK - 1) / LYAP_BLOCK;
    return (uint64_t)threads > blocks ? (int)blocks : threads;
}

/* Every thread has the points of a block at a time, and those of the batch wait for the sink. */
static enum lyap_status check_orbit(const struct lyap_orbit *orbit, int threads, struct lyap_error *error) {
    double bytes = (double)threads * LYAP_BLOCK * (double)orbit->points * (double)orbit->columns * sizeof(double);
    if (lyap_memory_fits(bytes)) return LYAP_OK;
    return lyap_fail(error, LYAP_ERROR_MEMORY,
                     "points %zu: of %zu numbers each they take %.3g GB for %d cells at a time, more than this machine "
                     "has; record fewer points, fewer numbers, or use fewer threads",
                     orbit->points, orbit->columns, bytes / 1e9, threads * LYAP_BLOCK);
}

static enum lyap_status allocate(struct batch *batch, size_t cells, struct lyap_error *error) {
    const struct lyap_spectrum_run *run = batch->run;
    struct lyap_spectrum_out *out = &batch->out;
    out->records = calloc(cells, sizeof *out->records);
    out->used = calloc(cells, sizeof *out->used);
    out->lambda = calloc(cells, run->vectors * sizeof *out->lambda);
    if (run->points) {
        out->history = calloc(cells, run->points * sizeof *out->history);
        out->running = calloc(cells, run->points * run->vectors * sizeof *out->running);
    }
    bool evaluates = run->base.evaluate && !run->known;
    if (evaluates) out->evaluation = calloc(cells, sizeof *out->evaluation);
    if (run->orbit) out->orbit = lyap_aligned(cells * run->orbit->points, run->orbit->columns * sizeof *out->orbit);
    if ((!run->orbit || out->orbit) && out->records && out->used && out->lambda &&
        (!run->points || (out->history && out->running)) && (!evaluates || out->evaluation))
        return LYAP_OK;
    return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu exponents of %zu cells", run->vectors, cells);
}

static enum lyap_status run_cells(const struct lyap_spectrum_plan *plan, const struct lyap_vary *vary,
                                  const struct lyap_orbit *orbit, bool last_alone, lyap_spectrum_sink sink,
                                  void *context, struct lyap_error *error) {
    struct lyap_spectrum_run run;
    enum lyap_status status = lyap_spectrum_prepare(&run, plan, error);
    if (status) return status;
    run.run.vary = vary;
    run.orbit = orbit;
    run.last_alone = last_alone;
    int threads = thread_count(&run.base, run.run.cells);
    if (orbit && (status = check_orbit(orbit, threads, error))) {
        lyap_spectrum_release(&run);
        return status;
    }
    uint64_t blocks = (run.run.cells + LYAP_BLOCK - 1) / LYAP_BLOCK;
    size_t cell_bytes = run.vectors * sizeof(struct lyap_exponent) +
                        run.points * (sizeof(struct lyap_history) + run.vectors * sizeof(double));
    if (orbit) cell_bytes += orbit->points * orbit->columns * sizeof(double);
    size_t batch_blocks = BATCH_BYTES / (cell_bytes * LYAP_BLOCK);
    if (batch_blocks < (size_t)threads) batch_blocks = (size_t)threads;
    if (batch_blocks > BATCH_BLOCKS) batch_blocks = BATCH_BLOCKS;
    if (blocks < batch_blocks) batch_blocks = (size_t)blocks;

    struct batch batch = {.run = &run};
    atomic_init(&batch.failed, UINT64_MAX);
    struct lyap_spectrum_worker *workers = lyap_aligned((size_t)threads, sizeof *workers);
    if (!workers) status = lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %d threads", threads);
    if (!status) status = allocate(&batch, batch_blocks * LYAP_BLOCK, error);
    for (int i = 0; i < threads && !status; i++) status = lyap_spectrum_worker_new(&workers[i], &run, error);
    struct lyap_team *team = NULL;
    if (!status) status = lyap_team_open(&team, threads, error);
    if (!status) status = run_all(&batch, workers, team, batch_blocks, sink, context, error);
    lyap_team_close(team);

    for (int i = 0; workers && i < threads; i++) lyap_spectrum_worker_free(&workers[i]);
    free(workers);
    free(batch.out.records);
    free(batch.out.used);
    free(batch.out.lambda);
    free(batch.out.history);
    free(batch.out.running);
    free(batch.out.evaluation);
    free(batch.out.orbit);
    lyap_spectrum_release(&run);
    return status;
}

enum lyap_status lyap_spectrum_run(const struct lyap_spectrum_plan *plan, lyap_spectrum_sink sink, void *context,
                                   struct lyap_error *error) {
    return run_cells(plan, NULL, NULL, false, sink, context, error);
}

enum lyap_status lyap_spectrum_run_varied(const struct lyap_spectrum_plan *plan, const struct lyap_vary *vary,
                                          bool last_alone, lyap_spectrum_sink sink, void *context,
                                          struct lyap_error *error) {
    return run_cells(plan, vary, NULL, last_alone, sink, context, error);
}

enum lyap_status lyap_spectrum_run_orbits(const struct lyap_spectrum_plan *plan, const struct lyap_vary *vary,
                                          const struct lyap_orbit *orbit, lyap_spectrum_sink sink, void *context,
                                          struct lyap_error *error) {
    return run_cells(plan, vary, orbit, false, sink, context, error);
}
