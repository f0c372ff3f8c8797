#include "engine/spectrum_worker.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "engine/aligned.h"
#include "engine/spectrum_plan.h"

/* The part of lyap_worker that a known system needs. */
static bool known_worker_new(struct lyap_worker *worker, const struct lyap_spectrum_run *run) {
    worker->run = &run->run;
    struct lyap_block *block = &worker->block;
    block->trajectories = 2;
    block->seed = run->base.seed;
    block->escape = run->base.escape;
    block->weights = lyap_aligned(2 * run->dimension * run->run.kernels->width, run->run.real_size);
    return block->weights != NULL;
}

/* For steps and, of a network, for products over the whole training set: either may have the longer chunk. */
static size_t workspace_bytes(const struct lyap_spectrum_run *run) {
    const struct lyap_kernels *kernels = run->run.kernels;
    if (run->known) return kernels->tangent_workspace(NULL, run->dimension, run->vectors, 1);
    const int threads = run->run.sharing;
    const size_t step = kernels->tangent_workspace(&run->run.shape, run->dimension, run->vectors, threads);
    const size_t whole = kernels->tangent_workspace(&run->run.whole, run->dimension, run->vectors, threads);
    return step > whole ? step : whole;
}

/* Numbers of a trajectory's state whose extent and tail are watched. */
static size_t watched(const struct lyap_spectrum_run *run) {
    return run->known ? run->dimension : run->run.shape.parameters;
}

double lyap_spectrum_worker_bytes(const struct lyap_spectrum_run *run) {
    const double width = (double)run->run.kernels->width, lanes = width * (double)run->run.real_size;
    const double dimension = (double)run->dimension;
    double bytes = run->known ? 2 * dimension * lanes : lyap_worker_bytes(&run->run);
    bytes += (double)run->vectors * dimension * lanes + (double)workspace_bytes(run);
    bytes += LYAP_MOST_BATCHES * (double)run->vectors * width * sizeof(double);
    bytes += lyap_regime_log_bytes(watched(run), run->run.kernels->width, run->run.real_size);
    if (run->plan->curvature)
        bytes += lyap_lanczos_bytes(run->run.shape.parameters, run->run.kernels->width, run->run.real_size);
    if (run->orbit) bytes += lyap_orbit_walk_bytes(run->orbit, &run->run, run->dimension);
    return bytes;
}

static enum lyap_status no_room(const struct lyap_spectrum_run *run, struct lyap_error *error) {
    return lyap_fail(
        error, LYAP_ERROR_MEMORY,
        "out of memory: %zu tangent vectors of %zu components in a block of %zu cells need %.3g GB a thread",
        run->vectors, run->dimension, run->run.kernels->width, lyap_spectrum_worker_bytes(run) / 1e9);
}

enum lyap_status lyap_spectrum_worker_new(struct lyap_spectrum_worker *w, const struct lyap_spectrum_run *run,
                                          struct lyap_error *error) {
    memset(w, 0, sizeof *w);
    if (!lyap_memory_fits(lyap_spectrum_worker_bytes(run))) return no_room(run, error); /* before a page is touched */
    w->run = run;
    enum lyap_status status = LYAP_OK;
    if (!run->known) status = lyap_worker_new(&w->worker, &run->run, error);
    if (status) return status;
    bool ok = !run->known || known_worker_new(&w->worker, run);
    const struct lyap_spectrum_plan *plan = run->plan;
    const size_t width = run->run.kernels->width, real_size = run->run.real_size, rows = run->vectors * width;
    struct lyap_tangents *t = &w->tangents;
    t->system = plan->system;
    for (size_t i = 0; i < plan->constant_count; i++) t->constants[i] = plan->constants[i];
    t->dimension = t->measured = run->dimension;
    if (!run->known) t->measured = run->run.shape.measured;
    t->vectors = run->vectors;
    t->qr_every = lyap_spectrum_qr_every(plan);
    t->band = plan->band;
    const size_t events = run->slice / t->qr_every + 2; /* calls may begin and end within an interval */
    if (run->dimension <= SIZE_MAX / rows) t->v = lyap_aligned(run->dimension * rows, real_size);
    t->workspace = lyap_aligned(workspace_bytes(run), 1);
    t->norms = lyap_aligned(events * rows, real_size);
    t->measure = lyap_aligned(run->slice, width * real_size);
    t->base = lyap_aligned(width, real_size);
    t->separation = lyap_aligned(width, real_size);
    w->norms64 = lyap_aligned(events * rows, sizeof(double));
    w->growth.product = lyap_aligned(rows, sizeof(double));
    w->growth.sum = lyap_aligned(rows, sizeof(double));
    w->begun = lyap_aligned(rows, sizeof(double));
    w->before = lyap_aligned(rows, sizeof(double));
    w->batch = lyap_aligned(LYAP_MOST_BATCHES * rows, sizeof(double));
    w->exponents = lyap_aligned(run->vectors, sizeof(double));
    ok = ok && t->v && t->workspace && t->norms && t->measure && t->base && t->separation && w->norms64 &&
         w->growth.product && w->growth.sum && w->begun && w->before && w->batch && w->exponents;
    if (!ok) status = no_room(run, error);
    if (!status && plan->curvature)
        status = lyap_lanczos_new(&w->lanczos, run->run.kernels, run->run.shape.parameters, real_size, error);
    if (!status) status = lyap_regime_log_new(&w->log, &run->tails, watched(run), width, real_size, error);
    if (!status && run->orbit) status = lyap_orbit_walk_new(&w->walk, run->orbit, &run->run, run->dimension, error);
    if (!status && !run->known) status = lyap_step_inputs_new(&w->inputs, &run->base, width, run->slice, error);
    if (status) lyap_spectrum_worker_free(w);
    return status;
}

void lyap_spectrum_worker_free(struct lyap_spectrum_worker *w) {
    struct lyap_tangents *t = &w->tangents;
    lyap_worker_free(&w->worker);
    lyap_lanczos_free(&w->lanczos);
    lyap_step_inputs_free(&w->inputs);
    lyap_orbit_walk_free(&w->walk);
    lyap_regime_log_free(&w->log);
    free(t->v);
    free(t->workspace);
    free(t->norms);
    free(t->measure);
    free(t->base);
    free(t->separation);
    free(w->norms64);
    free(w->growth.product);
    free(w->growth.sum);
    free(w->begun);
    free(w->before);
    free(w->batch);
    free(w->exponents);
    memset(w, 0, sizeof *w);
}
