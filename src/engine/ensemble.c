/* Runs a plan: what the engine's loop needs to make records of its cells. */
#include "lyapgrad/ensemble.h"

#include <stdlib.h>
#include <string.h>

#include "engine/aligned.h"
#include "engine/attempts.h"
#include "engine/engine.h"
#include "engine/evaluate.h"
#include "engine/start.h"
#include "engine/train.h"

/* The run, its sink, and the rows of a group of blocks. */
struct ensemble {
    struct lyap_run run;
    lyap_sink sink;
    void *context;
    struct lyap_record *records;        /* [cells] */
    double *distance, *loss;            /* [cells][stride], or NULL without plan.series */
    struct lyap_evaluation *evaluation; /* [cells], or NULL without plan.evaluate */
    double *weights;                    /* [cells][parameters], or NULL without plan.last_weights */
};

static double worker_bytes(const void *job) {
    const struct ensemble *e = job;
    return lyap_worker_bytes(&e->run);
}

static double row_bytes(const void *job) {
    const struct ensemble *e = job;
    const struct lyap_plan *plan = e->run.plan;
    return (double)sizeof *e->records + (plan->series ? 2.0 * (double)e->run.stride * sizeof(double) : 0) +
           (plan->evaluate ? (double)sizeof *e->evaluation : 0) +
           (plan->last_weights ? (double)e->run.shape.parameters * sizeof(double) : 0);
}

static enum lyap_status worker_new(struct lyap_worker *worker, const void *job, struct lyap_error *error) {
    const struct ensemble *e = job;
    return lyap_worker_new(worker, &e->run, error);
}

static enum lyap_status rows_new(void *job, size_t cells, struct lyap_error *error) {
    struct ensemble *e = job;
    const struct lyap_plan *plan = e->run.plan;
    e->records = calloc(cells, sizeof *e->records);
    if (plan->series) {
        e->distance = lyap_aligned(cells, e->run.stride * sizeof(double));
        e->loss = lyap_aligned(cells, e->run.stride * sizeof(double));
    }
    if (plan->evaluate) e->evaluation = calloc(cells, sizeof *e->evaluation);
    if (plan->last_weights) e->weights = lyap_aligned(cells, e->run.shape.parameters * sizeof(double));
    if (e->records && (!plan->series || (e->distance && e->loss)) && (!plan->evaluate || e->evaluation) &&
        (!plan->last_weights || e->weights))
        return LYAP_OK;
    return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the results of %zu cells of %zu epochs", cells,
                     e->run.stride);
}

static void rows_free(void *job) {
    struct ensemble *e = job;
    free(e->records);
    free(e->distance);
    free(e->loss);
    free(e->evaluation);
    free(e->weights);
}

static void name_cell(const struct lyap_worker *worker, uint64_t cell, size_t lane, struct lyap_record *r) {
    const struct lyap_plan *plan = worker->run->plan;
    r->cell = cell;
    r->value = cell / plan->starts;
    r->start = cell % plan->starts;
    r->lr = lyap_worker_lr(worker, lane);
}

static enum lyap_status run_block(struct lyap_worker *worker, const void *job, const struct lyap_block_cells *cells,
                                  lyap_poll poll, void *context) {
    const struct ensemble *e = job;
    const size_t row = cells->row, parameters = e->run.shape.parameters;
    struct lyap_record *records = e->records + row;
    memset(records, 0, cells->count * sizeof *records);
    enum lyap_status status = lyap_worker_start(worker, cells->first, cells->count, poll, context);
    if (status) return status;
    for (size_t i = 0; i < cells->count; i++) name_cell(worker, cells->first + i, i, &records[i]);
    double *distance = e->distance ? e->distance + row * e->run.stride : NULL;
    double *loss = e->loss ? e->loss + row * e->run.stride : NULL;
    status = lyap_worker_train(worker, records, distance, loss, poll, context);
    if (status) return status;
    if (e->evaluation) lyap_worker_evaluate(worker, e->evaluation + row);
    for (size_t i = 0; e->weights && i < cells->count * parameters; i++)
        e->weights[row * parameters + i] = lyap_worker_weight(worker, i / parameters, 0, i % parameters);
    return LYAP_OK;
}

static enum lyap_status hand_over(void *job, uint64_t first, size_t count, struct lyap_error *error) {
    const struct ensemble *e = job;
    const struct lyap_chunk chunk = {.first_cell = first,
                                     .count = count,
                                     .records = e->records,
                                     .stride = e->run.stride,
                                     .distance = e->distance,
                                     .loss = e->loss,
                                     .evaluation = e->evaluation,
                                     .parameters = e->run.shape.parameters,
                                     .weights = e->weights};
    return e->sink(&chunk, e->context, error);
}

static const struct lyap_engine engine = {
    .worker_size = sizeof(struct lyap_worker),
    .worker_bytes = worker_bytes,
    .row_bytes = row_bytes,
    .worker_new = worker_new,
    .worker_free = lyap_worker_free,
    .rows_new = rows_new,
    .rows_free = rows_free,
    .run_block = run_block,
    .hand_over = hand_over,
};

enum lyap_status lyap_ensemble_run(const struct lyap_plan *plan, lyap_sink sink, void *context,
                                   struct lyap_error *error) {
    struct ensemble e = {.sink = sink, .context = context};
    enum lyap_status status = lyap_run_prepare(&e.run, plan, error);
    if (status) return status;
    lyap_run_spread(&e.run);
    status = lyap_engine_run(&engine, &e, &e.run, error);
    lyap_run_free(&e.run);
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
    struct lyap_attempts attempts = {0, 0};
    for (size_t done = 0; done < count && !status; done += run.block_cells) {
        const size_t n = count - done < run.block_cells ? count - done : run.block_cells;
        status = lyap_worker_start(&worker, first + done, n, NULL, NULL);
        lyap_attempts_count(&attempts, &worker, n);
        if (status)
            lyap_attempts_fail(plan, (first + done + lyap_attempts_lowest(&worker)) % plan->starts, &attempts, error);
        for (size_t lane = 0; lane < n && !status; lane++)
            for (size_t i = 0; i < trajectories * parameters; i++)
                out[(done + lane) * trajectories * parameters + i] =
                    lyap_worker_weight(&worker, lane, i / parameters, i % parameters);
    }
    lyap_worker_free(&worker);
    lyap_run_free(&run);
    return status;
}
