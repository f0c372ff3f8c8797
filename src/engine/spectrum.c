/* Runs a spectrum plan: what the engine's loop needs to make records and exponents of its cells. */
#include "engine/spectrum.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "engine/aligned.h"
#include "engine/engine.h"
#include "engine/spectrum_block.h"

/* The run, its sink, and the rows of a batch. */
struct spectrum {
    struct lyap_spectrum_run run;
    lyap_spectrum_sink sink;
    void *context;
    struct lyap_spectrum_out rows; /* [cells] each */
};

static bool evaluates(const struct lyap_spectrum_run *run) {
    return run->base.evaluate && !run->known;
}

/* Numbers that a cell's orbit has; 0 for none. */
static size_t orbit_numbers(const struct lyap_spectrum_run *run) {
    return run->orbit ? run->orbit->points * run->orbit->columns : 0;
}

static double worker_bytes(const void *job) {
    const struct spectrum *s = job;
    return lyap_spectrum_worker_bytes(&s->run);
}

static double row_bytes(const void *job) {
    const struct lyap_spectrum_run *run = &((const struct spectrum *)job)->run;
    const double vectors = (double)run->vectors;
    return (double)(sizeof(struct lyap_spectrum_record) + sizeof(uint32_t)) + vectors * sizeof(struct lyap_exponent) +
           (double)run->points * (sizeof(struct lyap_history) + vectors * sizeof(double)) +
           (evaluates(run) ? (double)sizeof(struct lyap_evaluation) : 0) +
           (run->orbit ? (double)run->orbit->points * (double)run->orbit->columns * sizeof(double) : 0);
}

static enum lyap_status worker_new(struct lyap_worker *worker, const void *job, struct lyap_error *error) {
    const struct spectrum *s = job;
    return lyap_spectrum_worker_new((struct lyap_spectrum_worker *)worker, &s->run, error);
}

static void worker_free(struct lyap_worker *worker) {
    lyap_spectrum_worker_free((struct lyap_spectrum_worker *)worker);
}

static enum lyap_status rows_new(void *job, size_t cells, struct lyap_error *error) {
    struct spectrum *s = job;
    const struct lyap_spectrum_run *run = &s->run;
    struct lyap_spectrum_out *rows = &s->rows;
    rows->records = calloc(cells, sizeof *rows->records);
    rows->used = calloc(cells, sizeof *rows->used);
    rows->lambda = calloc(cells, run->vectors * sizeof *rows->lambda);
    if (run->points) {
        rows->history = calloc(cells, run->points * sizeof *rows->history);
        rows->running = calloc(cells, run->points * run->vectors * sizeof *rows->running);
    }
    if (evaluates(run)) rows->evaluation = calloc(cells, sizeof *rows->evaluation);
    if (run->orbit) rows->orbit = lyap_aligned(cells * run->orbit->points, run->orbit->columns * sizeof *rows->orbit);
    if ((!run->orbit || rows->orbit) && rows->records && rows->used && rows->lambda &&
        (!run->points || (rows->history && rows->running)) && (!evaluates(run) || rows->evaluation))
        return LYAP_OK;
    return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu exponents of %zu cells", run->vectors, cells);
}

static void rows_free(void *job) {
    struct spectrum *s = job;
    free(s->rows.records);
    free(s->rows.used);
    free(s->rows.lambda);
    free(s->rows.history);
    free(s->rows.running);
    free(s->rows.evaluation);
    free(s->rows.orbit);
}

/* The rows of a block, its first being `row`. */
static struct lyap_spectrum_out rows_from(const struct spectrum *s, size_t row) {
    const struct lyap_spectrum_run *run = &s->run;
    const struct lyap_spectrum_out *all = &s->rows;
    struct lyap_spectrum_out rows = {
        .records = all->records + row, .lambda = all->lambda + row * run->vectors, .used = all->used + row};
    if (all->history) rows.history = all->history + row * run->points;
    if (all->running) rows.running = all->running + row * run->points * run->vectors;
    if (all->evaluation) rows.evaluation = all->evaluation + row;
    if (all->orbit) rows.orbit = all->orbit + row * orbit_numbers(run);
    return rows;
}

static enum lyap_status run_block(struct lyap_worker *worker, const void *job, const struct lyap_block_cells *cells,
                                  lyap_poll poll, void *context) {
    const struct spectrum *s = job;
    const struct lyap_plan *plan = &s->run.base;
    const struct lyap_spectrum_out rows = rows_from(s, cells->row);
    memset(rows.records, 0, cells->count * sizeof *rows.records);
    memset(rows.used, 0, cells->count * sizeof *rows.used);
    enum lyap_status status =
        lyap_spectrum_block((struct lyap_spectrum_worker *)worker, cells->first, cells->count, &rows, poll, context);
    for (size_t i = 0; i < cells->count && !status; i++) {
        struct lyap_spectrum_record *r = &rows.records[i];
        r->cell = cells->first + i;
        r->value = r->cell / plan->starts;
        r->start = r->cell % plan->starts;
        r->lr = lyap_worker_lr(worker, i);
    }
    return status;
}

static enum lyap_status hand_over(void *job, uint64_t first, size_t count, struct lyap_error *error) {
    const struct spectrum *s = job;
    const struct lyap_spectrum_out *rows = &s->rows;
    const struct lyap_spectrum_chunk chunk = {.first_cell = first,
                                              .count = count,
                                              .exponents = s->run.vectors,
                                              .records = rows->records,
                                              .lambda = rows->lambda,
                                              .points = s->run.points,
                                              .used = rows->used,
                                              .history = rows->history,
                                              .running = rows->running,
                                              .evaluation = rows->evaluation,
                                              .orbit = rows->orbit,
                                              .orbit_numbers = orbit_numbers(&s->run)};
    return s->sink(&chunk, s->context, error);
}

static const struct lyap_engine engine = {
    .worker_size = sizeof(struct lyap_spectrum_worker),
    .worker_bytes = worker_bytes,
    .row_bytes = row_bytes,
    .worker_new = worker_new,
    .worker_free = worker_free,
    .rows_new = rows_new,
    .rows_free = rows_free,
    .run_block = run_block,
    .hand_over = hand_over,
};

/* A thread has the points of a block at a time, and those of the batch wait for the sink. */
static enum lyap_status check_orbit(const struct lyap_orbit *orbit, size_t cells, struct lyap_error *error) {
    const double bytes = (double)cells * (double)orbit->points * (double)orbit->columns * sizeof(double);
    if (lyap_memory_fits(bytes)) return LYAP_OK;
    return lyap_fail(
        error, LYAP_ERROR_MEMORY,
        "points %zu: of %zu numbers each they take %.3g GB for %zu cells at a time, more than this machine "
        "has; record fewer points or fewer numbers",
        orbit->points, orbit->columns, bytes / 1e9, cells);
}

enum lyap_status lyap_spectrum_run_cells(const struct lyap_spectrum_plan *plan, const struct lyap_spectrum_extra *extra,
                                         lyap_spectrum_sink sink, void *context, struct lyap_error *error) {
    struct spectrum s = {.sink = sink, .context = context};
    enum lyap_status status = lyap_spectrum_prepare(&s.run, plan, error);
    if (status) return status;
    s.run.run.vary = extra->vary;
    s.run.orbit = extra->orbit;
    s.run.last_alone = extra->last_alone;
    if (extra->orbit) status = check_orbit(extra->orbit, s.run.run.block_cells, error);
    if (!status) status = lyap_engine_run(&engine, &s, &s.run.run, error);
    lyap_spectrum_release(&s.run);
    return status;
}

enum lyap_status lyap_spectrum_run(const struct lyap_spectrum_plan *plan, lyap_spectrum_sink sink, void *context,
                                   struct lyap_error *error) {
    return lyap_spectrum_run_cells(plan, &(struct lyap_spectrum_extra){0}, sink, context, error);
}
