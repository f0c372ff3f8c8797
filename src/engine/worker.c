#include "engine/worker.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/real.h"
#include "engine/aligned.h"
#include "engine/layout.h"

uint64_t lyap_worker_updates(const struct lyap_worker *worker, bool finished) {
    uint64_t updates = 0;
    for (size_t lane = 0; lane < worker->count; lane++) {
        uint32_t epochs = worker->block.epochs[lane];
        updates += finished || worker->reached > epochs ? epochs : worker->reached;
    }
    return updates;
}

/* Trajectories that a block has room for, of the run's precision in all its cells; a start is drawn beside the parent. */
static size_t rooms(const struct lyap_run *run) {
    size_t trajectories = (size_t)run->plan->neighbours + 1, tiles = (trajectories - 1) / LYAP_BLOCK + 1;
    return !run->spread ? trajectories : tiles > 2 ? tiles : 2;
}

/* For steps, and for passes over the whole training set. */
static size_t workspace_bytes(const struct lyap_run *run) {
    const size_t step = run->kernels->workspace(&run->shape, run->sharing);
    const size_t whole = run->kernels->workspace(&run->whole, run->sharing);
    return step > whole ? step : whole;
}

static bool probes(const struct lyap_run *run) {
    return run->plan->optimiser.batch > 0;
}

double lyap_worker_bytes(const struct lyap_run *run) {
    double weights = (double)run->shape.dimension * (double)rooms(run);
    if (probes(run)) weights += (double)run->shape.parameters;
    return weights * (double)(run->kernels->width * run->real_size) + (double)workspace_bytes(run);
}

static enum lyap_status no_room(const struct lyap_run *run, struct lyap_error *error) {
    return lyap_fail(error, LYAP_ERROR_MEMORY,
                     "out of memory: a block of %zu cells with %u neighbours of %zu parameters needs %.3g GB a thread",
                     run->block_cells, run->plan->neighbours, run->shape.parameters, lyap_worker_bytes(run) / 1e9);
}

/* Room for what lanes have of their own. */
static bool lane_rules_new(struct lyap_worker *worker) {
    const struct lyap_run *run = worker->run;
    const struct lyap_vary *vary = run->vary;
    const size_t layers = (size_t)run->shape.layers, lanes = run->kernels->width * run->real_size;
    bool ok = true;
    if (vary->layer_rate) ok = ok && (worker->layer_rates = lyap_aligned(layers, lanes));
    if (vary->momentum) ok = ok && (worker->momenta = lyap_aligned(1, lanes));
    if (vary->weight_decay) ok = ok && (worker->decays = lyap_aligned(1, lanes));
    if (vary->weights) ok = ok && (worker->varied = lyap_aligned(run->shape.parameters, sizeof(double)));
    worker->lanes = (struct lyap_lane_rule){worker->layer_rates, worker->momenta, worker->decays};
    worker->block.lanes = &worker->lanes;
    return ok;
}

enum lyap_status lyap_worker_new(struct lyap_worker *worker, const struct lyap_run *run, struct lyap_error *error) {
    memset(worker, 0, sizeof *worker);
    if (!lyap_memory_fits(lyap_worker_bytes(run))) return no_room(run, error); /* before the first page is touched */
    const struct lyap_plan *plan = run->plan;
    worker->run = run;
    struct lyap_block *block = &worker->block;
    block->shape = &run->shape;
    block->whole = &run->whole;
    block->x = block->whole_x = run->x;
    block->y = block->whole_y = run->y;
    block->columns = run->columns;
    block->trajectories = (size_t)plan->neighbours + 1;
    block->spread = run->spread;
    block->shared_from = lyap_layout_shared_from(plan);
    block->seed = plan->seed;
    block->laws = run->laws;
    block->window = plan->window;
    block->window_low = plan->window_low;
    block->window_high = plan->window_high;
    block->escape = plan->escape;

    size_t lanes = run->kernels->width * run->real_size;
    size_t dimension = run->shape.dimension;
    size_t weights = dimension <= SIZE_MAX / rooms(run) ? dimension * rooms(run) : SIZE_MAX;
    block->weights = lyap_aligned(weights, lanes);
    if (run->spread) worker->parent = lyap_aligned(run->shape.parameters, run->real_size);
    if (probes(run)) worker->probe = lyap_aligned(run->shape.parameters, lanes);
    block->workspace = lyap_aligned(workspace_bytes(run), 1);
    worker->slice_distance = lyap_aligned(run->slice, lanes);
    worker->slice_loss = lyap_aligned(run->slice, lanes);
    worker->distance64 = lyap_aligned(run->slice, run->kernels->width * sizeof(double));
    const bool ok = !run->vary || lane_rules_new(worker);
    if (!ok || !block->weights || !block->workspace || (run->spread && !worker->parent) ||
        (probes(run) && !worker->probe) || !worker->slice_distance || !worker->slice_loss || !worker->distance64) {
        lyap_worker_free(worker);
        return no_room(run, error);
    }
    enum lyap_status status = lyap_step_inputs_new(&worker->inputs, plan, run->kernels->width, run->slice, error);
    if (status) lyap_worker_free(worker);
    return status;
}

void lyap_worker_free(struct lyap_worker *worker) {
    free(worker->block.weights);
    free(worker->parent);
    free(worker->probe);
    free(worker->layer_rates);
    free(worker->momenta);
    free(worker->decays);
    free(worker->varied);
    free(worker->block.workspace);
    free(worker->slice_distance);
    free(worker->slice_loss);
    free(worker->distance64);
    lyap_step_inputs_free(&worker->inputs);
    memset(worker, 0, sizeof *worker);
}

double lyap_worker_weight(const struct lyap_worker *worker, size_t lane, size_t trajectory, size_t parameter) {
    size_t index = (trajectory * worker->run->shape.dimension + parameter) * worker->run->kernels->width + lane;
    double weight = lyap_real_get(worker->block.weights, index, worker->run->plan->precision);
    return isnan(weight) ? (double)NAN : weight; /* whose sign and payload are the processor's */
}

double lyap_worker_lr(const struct lyap_worker *worker, size_t lane) {
    const double lr = worker->block.lr[lane];
    return worker->run->plan->precision == LYAP_FLOAT64 ? lr : (double)(float)lr;
}
