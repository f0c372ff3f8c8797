#include "engine/worker.h"

#include "model/initial_law.h"
#include "base/memory.h"
#include "engine/plan.h"
#include "lyapgrad/dataset.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Activations and their derivatives of a tile take at most this much, to stay in the first-level cache, or where a whole
 * batch does not fit there, in the second-level cache. Weights that do not fit there themselves are fetched from afar for
 * every chunk, at the price of some 30 multiply-adds each: then chunks are long. */
enum { SCRATCH_BYTES = 24 * 1024, LARGE_SCRATCH_BYTES = 2 * 1024 * 1024, LONG_SCRATCH_BYTES = 10 * 1024 * 1024 };
enum { LONG_CHUNK = 64, MAX_TILE = 8 };

/* Inputs and samples from which on a copy of the data by columns pays: those of a cache line. */
enum { LINE_REALS = 16 };

void *lyap_aligned(size_t count, size_t size) {
    if (size && count > (SIZE_MAX - LYAP_ALIGNMENT) / size) return NULL;
    size_t bytes = (count * size + LYAP_ALIGNMENT - 1) / LYAP_ALIGNMENT * LYAP_ALIGNMENT;
    if (!lyap_memory_fits((double)bytes)) return NULL;
    void *memory = aligned_alloc(LYAP_ALIGNMENT, bytes ? bytes : LYAP_ALIGNMENT);
    if (memory) memset(memory, 0, bytes);
    return memory;
}

/* Copies doubles into an array of the run's precision. */
static void *convert(const double *values, size_t n, enum lyap_precision precision) {
    if (precision == LYAP_FLOAT64) {
        double *copy = lyap_aligned(n, sizeof *copy);
        for (size_t i = 0; copy && i < n; i++) copy[i] = values[i];
        return copy;
    }
    float *copy = lyap_aligned(n, sizeof *copy);
    for (size_t i = 0; copy && i < n; i++) copy[i] = (float)values[i];
    return copy;
}

static void set_real(void *array, size_t index, double value, enum lyap_precision precision) {
    if (precision == LYAP_FLOAT64)
        ((double *)array)[index] = value;
    else
        ((float *)array)[index] = (float)value;
}

/* The same of x[samples][inputs], by columns. */
static void *convert_columns(const struct lyap_dataset *data, enum lyap_precision precision) {
    const size_t samples = data->samples, inputs = data->inputs;
    void *copy = lyap_aligned(samples * inputs, precision == LYAP_FLOAT64 ? sizeof(double) : sizeof(float));
    for (size_t k = 0; copy && k < inputs; k++)
        for (size_t s = 0; s < samples; s++) set_real(copy, k * samples + s, data->x[s * inputs + k], precision);
    return copy;
}

static double real_at(const void *array, size_t index, enum lyap_precision precision) {
    return precision == LYAP_FLOAT64 ? ((const double *)array)[index] : (double)((const float *)array)[index];
}

static void rule_from(struct lyap_rule *rule, const struct lyap_optimiser *optimiser, int layers) {
    *rule = (struct lyap_rule){.kind = optimiser->kind,
                               .full_state = optimiser->full_state,
                               .momentum = optimiser->momentum,
                               .decay = optimiser->decay,
                               .epsilon = optimiser->epsilon,
                               .weight_decay = optimiser->weight_decay};
    for (int l = 0; l < layers; l++) {
        rule->layer_rate[l] = optimiser->layer_rate[l];
        if (optimiser->layer_rate[l] != 1) rule->layered = true;
    }
    rule->plain = rule->kind == LYAP_GD && !rule->layered && rule->weight_decay == 0;
}

static void shape_from(struct lyap_shape *shape, const struct lyap_network *net, const struct lyap_optimiser *optimiser,
                       size_t samples, size_t vector_bytes) {
    memset(shape, 0, sizeof *shape);
    rule_from(&shape->rule, optimiser, net->layers);
    shape->layers = net->layers;
    shape->loss = net->loss;
    shape->samples = samples;
    memcpy(shape->sizes, net->sizes, sizeof shape->sizes);
    memcpy(shape->activation, net->activation, sizeof shape->activation);
    for (int l = 0; l < net->layers; l++) {
        shape->offset[l] = lyap_network_offset(net, l);
        shape->unit[l + 1] = shape->unit[l] + (size_t)net->sizes[l + 1];
    }
    shape->parameters = lyap_network_parameters(net);
    shape->dimension = shape->parameters * (1 + lyap_optimiser_buffers(optimiser->kind));
    shape->measured = optimiser->full_state ? shape->dimension : shape->parameters;
    size_t per_sample = 2 * shape->unit[net->layers] * vector_bytes, fit = SCRATCH_BYTES / per_sample;
    if (fit >= samples) {
        shape->chunk = samples;
    } else { /* equal chunks, long enough that packing the weights for them does not show */
        bool far = shape->parameters * vector_bytes > LARGE_SCRATCH_BYTES;
        size_t most = (far ? LONG_SCRATCH_BYTES : LARGE_SCRATCH_BYTES) / per_sample;
        most = most > LONG_CHUNK ? most : LONG_CHUNK;
        size_t chunks = (samples - 1) / most + 1;
        shape->chunk = (samples - 1) / chunks + 1;
    }
    shape->tile = shape->chunk < samples ? 1 : fit / samples;
    if (shape->tile < 1) shape->tile = 1;
    if (shape->tile > MAX_TILE) shape->tile = MAX_TILE;
}

/* Halfway between the smallest and the largest target. */
static double middle(const struct lyap_dataset *data) {
    double low = data->y[0], high = data->y[0];
    for (size_t i = 1; i < data->samples * data->outputs; i++) {
        low = data->y[i] < low ? data->y[i] : low;
        high = data->y[i] > high ? data->y[i] : high;
    }
    return low + (high - low) / 2;
}

static uint32_t clamp_slice(double work, double budget, uint32_t most) {
    double slice = budget / work;
    return slice < 1 ? 1 : slice > most ? most : (uint32_t)slice;
}

uint64_t lyap_worker_updates(const struct lyap_worker *worker, bool finished) {
    uint64_t updates = 0;
    for (size_t lane = 0; lane < worker->count; lane++) {
        uint32_t epochs = worker->block.epochs[lane];
        updates += finished || worker->reached > epochs ? epochs : worker->reached;
    }
    return updates;
}

enum lyap_status lyap_run_prepare(struct lyap_run *run, const struct lyap_plan *plan, struct lyap_error *error) {
    memset(run, 0, sizeof *run);
    enum lyap_status status = lyap_plan_check(plan, error);
    if (status) return status;
    run->plan = plan;
    run->kernels = lyap_kernels_get(plan->isa, plan->precision);
    run->log_kernels = lyap_kernels_get(plan->isa, LYAP_FLOAT64);
    if (!run->kernels || !run->log_kernels)
        return lyap_fail(error, LYAP_ERROR_ISA, "instruction set '%s' is not available on this CPU",
                         lyap_isa_name(plan->isa));
    run->real_size = plan->precision == LYAP_FLOAT64 ? sizeof(double) : sizeof(float);
    run->first = plan->first_cell;
    run->cells = lyap_plan_cells(plan);
    run->block_cells = LYAP_BLOCK;
    run->stride = lyap_plan_stride(plan);
    run->updates = lyap_plan_updates(plan);
    const struct lyap_dataset *data = plan->data;
    /* The scratch budget counts the widest vector, so that chunks, and with them nothing else, are alike everywhere. */
    const size_t widest = LYAP_BLOCK * sizeof(float);
    size_t batch = plan->optimiser.batch ? (size_t)plan->optimiser.batch : data->samples;
    shape_from(&run->shape, plan->network, &plan->optimiser, batch, widest);
    shape_from(&run->whole, plan->network, &plan->optimiser, data->samples, widest);
    run->still = run->whole;
    run->still.rule = (struct lyap_rule){.kind = LYAP_GD, .layered = true}; /* all rates 0 */
    run->still.dimension = run->still.measured = run->still.parameters;
    lyap_init_laws(plan, run->laws);
    run->threshold = middle(data);
    double step = (double)run->shape.parameters * (double)batch;
    run->slice = clamp_slice(step * (1.0 + plan->neighbours), 2e6, 256);
    if (run->slice > run->stride) run->slice = (uint32_t)run->stride;
    run->slice = lyap_pace_slice(plan, run->slice);
    run->draw_slice = clamp_slice((double)run->shape.parameters * (double)data->samples, 2e6, 4096);
    run->x = convert(data->x, data->samples * data->inputs, plan->precision);
    run->y = convert(data->y, data->samples * data->outputs, plan->precision);
    bool ok = run->x && run->y;
    if (ok && !plan->optimiser.batch && data->inputs >= LINE_REALS && data->samples >= LINE_REALS)
        ok = (run->columns = convert_columns(data, plan->precision)) != NULL;
    if (plan->test) {
        run->test_x = convert(plan->test->x, plan->test->samples * plan->test->inputs, plan->precision);
        run->test_y = convert(plan->test->y, plan->test->samples * plan->test->outputs, plan->precision);
        ok = ok && run->test_x && run->test_y;
    }
    if (!ok) {
        lyap_run_free(run);
        return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the data set");
    }
    return LYAP_OK;
}

void lyap_run_free(struct lyap_run *run) {
    free(run->x);
    free(run->y);
    free(run->columns);
    free(run->test_x);
    free(run->test_y);
    run->x = run->y = run->columns = run->test_x = run->test_y = NULL;
}

void lyap_run_spread(struct lyap_run *run) {
    enum { REGISTERS = 3, MANY_PARAMETERS = 1000 }; /* the shapes in registers go about three times as fast */
    const struct lyap_shape *s = &run->shape;
    double trajectories = 1.0 + run->plan->neighbours, blocks = ceil((double)run->cells / LYAP_BLOCK);
    double together = blocks * trajectories, apart = (double)run->cells * ceil(trajectories / LYAP_BLOCK);
    bool in_registers = s->rule.plain && s->parameters == 9 && s->samples == 4;
    if (in_registers) apart *= REGISTERS;
    run->spread = apart < together || (apart == together && s->parameters >= MANY_PARAMETERS);
    run->block_cells = run->spread ? 1 : LYAP_BLOCK;
}

/* Trajectories that a block has room for, of the run's precision in 16 lanes; a start is drawn beside the parent. */
static size_t rooms(const struct lyap_run *run) {
    size_t trajectories = (size_t)run->plan->neighbours + 1, tiles = (trajectories - 1) / LYAP_BLOCK + 1;
    return !run->spread ? trajectories : tiles > 2 ? tiles : 2;
}

/* For steps, and for passes over the whole training set. */
static size_t workspace_bytes(const struct lyap_run *run) {
    size_t step = run->kernels->workspace(&run->shape), whole = run->kernels->workspace(&run->whole);
    return step > whole ? step : whole;
}

static bool probes(const struct lyap_run *run) {
    return run->plan->optimiser.batch > 0;
}

double lyap_worker_bytes(const struct lyap_run *run) {
    double weights = (double)run->shape.dimension * (double)rooms(run);
    if (probes(run)) weights += (double)run->shape.parameters;
    return weights * LYAP_BLOCK * (double)run->real_size + (double)workspace_bytes(run);
}

static enum lyap_status no_room(const struct lyap_run *run, struct lyap_error *error) {
    return lyap_fail(error, LYAP_ERROR_MEMORY,
                     "out of memory: a block of %zu cells with %u neighbours of %zu parameters needs %.3g GB a thread",
                     run->block_cells, run->plan->neighbours, run->shape.parameters, lyap_worker_bytes(run) / 1e9);
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
    block->seed = plan->seed;
    block->laws = run->laws;
    block->window = plan->window;
    block->window_low = plan->window_low;
    block->window_high = plan->window_high;
    block->escape = plan->escape;

    size_t lanes = LYAP_BLOCK * run->real_size;
    size_t dimension = run->shape.dimension;
    size_t weights = dimension <= SIZE_MAX / rooms(run) ? dimension * rooms(run) : SIZE_MAX;
    block->weights = lyap_aligned(weights, lanes);
    if (run->spread) worker->parent = lyap_aligned(run->shape.parameters, run->real_size);
    if (probes(run)) worker->probe = lyap_aligned(run->shape.parameters, lanes);
    block->workspace = lyap_aligned(workspace_bytes(run), 1);
    worker->slice_distance = lyap_aligned(run->slice, lanes);
    worker->slice_loss = lyap_aligned(run->slice, lanes);
    worker->distance64 = lyap_aligned(run->slice, LYAP_BLOCK * sizeof(double));
    bool ok = true;
    if (run->vary) {
        size_t layers = (size_t)run->shape.layers;
        if (run->vary->layer_rate) ok = ok && (worker->layer_rates = lyap_aligned(layers, lanes));
        if (run->vary->momentum) ok = ok && (worker->momenta = lyap_aligned(1, lanes));
        if (run->vary->weight_decay) ok = ok && (worker->decays = lyap_aligned(1, lanes));
        if (run->vary->weights) ok = ok && (worker->varied = lyap_aligned(run->shape.parameters, sizeof(double)));
        worker->lanes = (struct lyap_lane_rule){worker->layer_rates, worker->momenta, worker->decays};
        block->lanes = &worker->lanes;
    }
    if (!ok || !block->weights || !block->workspace || (run->spread && !worker->parent) ||
        (probes(run) && !worker->probe) || !worker->slice_distance || !worker->slice_loss || !worker->distance64) {
        lyap_worker_free(worker);
        return no_room(run, error);
    }
    enum lyap_status status = lyap_pace_new(&worker->pace, plan, run->slice, error);
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
    lyap_pace_free(&worker->pace);
    memset(worker, 0, sizeof *worker);
}

/* Lanes beyond the last cell repeat it. */
static uint64_t cell_of_lane(uint64_t first, size_t count, size_t lane) {
    return first + (lane < count ? lane : count - 1);
}

static void take_given_weights(struct lyap_worker *worker, uint64_t first) {
    const struct lyap_plan *plan = worker->run->plan;
    size_t parameters = worker->run->shape.parameters;
    for (size_t lane = 0; lane < LYAP_BLOCK; lane++) {
        const double *w = plan->weights + cell_of_lane(first, worker->count, lane) % plan->starts * parameters;
        for (size_t p = 0; p < parameters; p++)
            set_real(worker->block.weights, p * LYAP_BLOCK + lane, w[p], plan->precision);
    }
}

/* Gives each lane what its cell has of its own. */
static void vary_lanes(struct lyap_worker *worker, uint64_t first) {
    const struct lyap_run *run = worker->run;
    const struct lyap_plan *plan = run->plan;
    struct lyap_block *block = &worker->block;
    const size_t parameters = run->shape.parameters;
    for (size_t i = 0; i < LYAP_BLOCK; i++) {
        struct lyap_lane lane = {
            block->lr[i], block->perturbation[i], plan->optimiser.momentum, plan->optimiser.weight_decay,
            {0},          worker->varied};
        memcpy(lane.layer_rate, plan->optimiser.layer_rate, sizeof lane.layer_rate);
        for (size_t p = 0; worker->varied && p < parameters; p++)
            worker->varied[p] = real_at(block->weights, p * LYAP_BLOCK + i, plan->precision);
        run->vary->set(run->vary, cell_of_lane(first, worker->count, i), &lane);
        block->lr[i] = lane.lr;
        block->perturbation[i] = lane.perturbation;
        for (size_t p = 0; worker->varied && p < parameters; p++)
            set_real(block->weights, p * LYAP_BLOCK + i, worker->varied[p], plan->precision);
        for (size_t l = 0; worker->layer_rates && l < (size_t)run->shape.layers; l++)
            set_real(worker->layer_rates, l * LYAP_BLOCK + i, lane.layer_rate[l], plan->precision);
        if (worker->momenta) set_real(worker->momenta, i, lane.momentum, plan->precision);
        if (worker->decays) set_real(worker->decays, i, lane.weight_decay, plan->precision);
    }
}

enum lyap_status lyap_worker_start(struct lyap_worker *worker, uint64_t first, size_t count, lyap_poll poll,
                                   void *context) {
    const struct lyap_run *run = worker->run;
    const struct lyap_plan *plan = run->plan;
    struct lyap_block *block = &worker->block;
    worker->count = count;
    worker->reached = 0;
    for (size_t lane = 0; lane < LYAP_BLOCK; lane++) {
        uint64_t cell = cell_of_lane(first, count, lane);
        uint64_t start = run->vary && run->vary->start ? run->vary->start[cell] : cell % plan->starts;
        const struct lyap_setting *setting = plan->settings ? &plan->settings[cell / plan->starts] : &plan->setting;
        block->start_low[lane] = (uint32_t)start;
        block->start_high[lane] = (uint32_t)(start >> 32);
        block->lr[lane] = setting->lr;
        block->perturbation[lane] = setting->perturbation;
        block->epochs[lane] = setting->epochs;
        block->draws[lane] = 0;
    }
    if (plan->weights) {
        take_given_weights(worker, first);
    } else {
        block->pending = (1u << LYAP_BLOCK) - 1;
        for (uint32_t drawn = 0; block->pending && drawn < plan->max_draws;) {
            uint32_t left = plan->max_draws - drawn, slice = left < run->draw_slice ? left : run->draw_slice;
            run->kernels->draw_parents(block, drawn, slice);
            drawn += slice;
            if (poll && !poll(context)) return LYAP_ERROR_INTERRUPTED;
        }
        if (block->pending) return LYAP_ERROR_WINDOW;
    }
    if (run->vary) vary_lanes(worker, first);
    if (run->spread) {
        for (size_t p = 0; p < run->shape.parameters; p++)
            set_real(worker->parent, p, real_at(block->weights, p * LYAP_BLOCK, plan->precision), plan->precision);
        run->kernels->spread(block, worker->parent);
    } else {
        run->kernels->perturb(block);
    }
    return LYAP_OK;
}

/* Copies the valid part of a slice of one lane's series. */
static void copy_series(const void *slice, uint32_t first, uint32_t count, uint32_t valid, size_t lane,
                        enum lyap_precision precision, double *out) {
    for (uint32_t i = 0; i < count && first + i < valid; i++)
        out[first + i] = real_at(slice, (size_t)i * LYAP_BLOCK + lane, precision);
}

/* Books the slice's losses and, when asked, the series of every cell in use. */
static void collect(struct lyap_worker *worker, uint32_t first, uint32_t count, struct lyap_record *records,
                    double *distance, double *loss) {
    const struct lyap_run *run = worker->run;
    const struct lyap_block *block = &worker->block;
    enum lyap_precision precision = run->plan->precision;
    for (size_t lane = 0; lane < worker->count; lane++) {
        uint32_t losses = block->losses[lane];
        if (losses > first) {
            size_t last = losses - 1 - first;
            if (first == 0) records[lane].initial_loss = real_at(worker->slice_loss, lane, precision);
            records[lane].final_loss = real_at(worker->slice_loss, last * LYAP_BLOCK + lane, precision);
        }
        if (!distance) continue;
        copy_series(worker->slice_distance, first, count, block->length[lane], lane, precision,
                    distance + lane * run->stride);
        copy_series(worker->slice_loss, first, count, losses, lane, precision, loss + lane * run->stride);
    }
    for (size_t i = 0; i < (size_t)count * LYAP_BLOCK; i++)
        worker->distance64[i] = real_at(worker->slice_distance, i, precision);
    run->log_kernels->log_sums(worker->distance64, first, count, block->length, &worker->sums);
}

static void finish_record(const struct lyap_worker *worker, size_t lane, bool alive, struct lyap_record *record) {
    const struct lyap_block *block = &worker->block;
    record->length = block->length[lane];
    record->losses = block->losses[lane];
    record->outcome = block->outcome[lane];
    record->event_epoch = block->event_epoch[lane];
    if (record->outcome == LYAP_COMPLETE && !alive) record->outcome = LYAP_DEAD;
    if (record->length < 2) return;
    record->terms = record->length - 1;
    record->lambda_kw = worker->sums.sum[lane] / (double)record->terms;
    record->lambda_step = (worker->sums.last[lane] - worker->sums.first[lane]) / (double)record->terms;
}

enum lyap_status lyap_worker_train(struct lyap_worker *worker, struct lyap_record *records, double *distance,
                                   double *loss, lyap_poll poll, void *context) {
    const struct lyap_run *run = worker->run;
    struct lyap_block *block = &worker->block;
    uint32_t longest = 0;
    for (size_t lane = 0; lane < worker->count; lane++)
        if (block->epochs[lane] > longest) longest = block->epochs[lane];
    memset(&worker->sums, 0, sizeof worker->sums);
    const uint32_t used = (1u << worker->count) - 1;
    for (uint32_t first = 0; first < longest && (first == 0 || (block->frozen & used) != used);) {
        uint32_t left = longest - first, count = left < run->slice ? left : run->slice;
        lyap_pace_set(&worker->pace, block, first, count);
        run->kernels->train(block, first, count, worker->slice_distance, worker->slice_loss);
        collect(worker, first, count, records, distance, loss);
        first += count;
        worker->reached = first;
        if (poll && !poll(context)) return LYAP_ERROR_INTERRUPTED;
    }
    uint32_t complete = 0;
    for (size_t lane = 0; lane < worker->count; lane++)
        if (block->outcome[lane] == LYAP_COMPLETE) complete |= 1u << lane;
    const uint32_t alive = lyap_worker_alive(worker, complete, block->trajectories);
    for (size_t lane = 0; lane < worker->count; lane++) finish_record(worker, lane, alive >> lane & 1, &records[lane]);
    return LYAP_OK;
}

/* Means of sums over a data set. */
static void means(const struct lyap_worker *worker, size_t lane, size_t samples, const double sum[LYAP_BLOCK],
                  const uint64_t correct[LYAP_BLOCK], double *loss, double *accuracy) {
    const struct lyap_network *net = worker->run->plan->network;
    double terms = (double)samples * (net->loss == LYAP_SOFTMAX ? 1.0 : (double)net->sizes[net->layers]);
    *loss = fabs(sum[lane]) <= DBL_MAX ? sum[lane] / terms : (double)NAN;
    *accuracy = (double)correct[lane] / (double)samples;
}

void lyap_worker_evaluate(struct lyap_worker *worker, struct lyap_evaluation *out) {
    const struct lyap_run *run = worker->run;
    const struct lyap_plan *plan = run->plan;
    double sum[LYAP_BLOCK];
    uint64_t correct[LYAP_BLOCK];
    memset(out, 0, worker->count * sizeof *out);
    run->kernels->evaluate(&worker->block, run->x, run->y, plan->data->samples, run->threshold, sum, correct);
    for (size_t lane = 0; lane < worker->count; lane++)
        means(worker, lane, plan->data->samples, sum, correct, &out[lane].train_loss, &out[lane].train_accuracy);
    if (!plan->test) return;
    run->kernels->evaluate(&worker->block, run->test_x, run->test_y, plan->test->samples, run->threshold, sum, correct);
    for (size_t lane = 0; lane < worker->count; lane++)
        means(worker, lane, plan->test->samples, sum, correct, &out[lane].test_loss, &out[lane].test_accuracy);
}

double lyap_worker_weight(const struct lyap_worker *worker, size_t lane, size_t trajectory, size_t parameter) {
    size_t index = (trajectory * worker->run->shape.dimension + parameter) * LYAP_BLOCK + lane;
    double weight = real_at(worker->block.weights, index, worker->run->plan->precision);
    return isnan(weight) ? (double)NAN : weight; /* whose sign and payload are the processor's */
}
