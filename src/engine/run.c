#include "engine/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/real.h"
#include "engine/aligned.h"
#include "engine/layout.h"
#include "engine/plan.h"
#include "engine/step_inputs.h"
#include "model/initial_law.h"
#include "lyapgrad/dataset.h"

/* Activations and their derivatives of a tile take at most this much, to stay in the first-level cache, or where a whole
 * batch does not fit there, in the second-level cache. Weights that do not fit there themselves are fetched from afar for
 * every chunk, at the price of some 30 multiply-adds each: then chunks are long. */
enum { SCRATCH_BYTES = 24 * 1024, LARGE_SCRATCH_BYTES = 2 * 1024 * 1024, LONG_SCRATCH_BYTES = 10 * 1024 * 1024 };
enum { LONG_CHUNK = 64, MAX_TILE = 8 };

/* Of one network the activations, their derivatives and what the backward pass carries of a chunk take about this much for each thread that
 * shares the step, so that they stay in its second-level cache beside the weights. */
enum { ONE_SCRATCH_BYTES = LARGE_SCRATCH_BYTES / 2, ONE_ARRAYS = 4 };

/* Inputs and samples from which on a copy of the data by columns pays: those of a cache line. */
enum { LINE_REALS = 16 };

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

/* x[samples][inputs] by columns. */
static void *convert_columns(const struct lyap_dataset *data, enum lyap_precision precision) {
    const size_t samples = data->samples, inputs = data->inputs;
    void *copy = lyap_aligned(inputs * samples, precision == LYAP_FLOAT64 ? sizeof(double) : sizeof(float));
    for (size_t k = 0; copy && k < inputs; k++)
        for (size_t s = 0; s < samples; s++) lyap_real_set(copy, k * samples + s, data->x[s * inputs + k], precision);
    return copy;
}

/* Samples of a chunk when all have about as many, at most `most` or LONG_CHUNK. */
static size_t equal_chunk(size_t samples, size_t most) {
    if (most < LONG_CHUNK) most = LONG_CHUNK;
    return (samples - 1) / ((samples - 1) / most + 1) + 1;
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

/* How many samples and trajectories of blocks of 16 are taken through together. The budget counts the widest vector, so that chunks, and
 * with them nothing else, are alike on every instruction set. */
static void cut_block(struct lyap_shape *shape) {
    const size_t vector_bytes = LYAP_BLOCK * sizeof(float), samples = shape->samples;
    const size_t per_sample = 2 * shape->unit[shape->layers] * vector_bytes, fit = SCRATCH_BYTES / per_sample;
    if (fit >= samples) {
        shape->chunk = samples;
    } else { /* long enough that packing the weights for them does not show */
        bool far = shape->parameters * vector_bytes > LARGE_SCRATCH_BYTES;
        shape->chunk = equal_chunk(samples, (far ? LONG_SCRATCH_BYTES : LARGE_SCRATCH_BYTES) / per_sample);
    }
    shape->tile = shape->chunk < samples ? 1 : fit / samples;
    if (shape->tile < 1) shape->tile = 1;
    if (shape->tile > MAX_TILE) shape->tile = MAX_TILE;
}

/* The same of one network, for all threads that share its steps. */
static void cut_one(struct lyap_shape *shape, size_t real_size, int threads) {
    const size_t per_sample = ONE_ARRAYS * shape->unit[shape->layers] * real_size;
    shape->chunk = equal_chunk(shape->samples, ONE_SCRATCH_BYTES / per_sample * (size_t)threads);
    shape->tile = 1;
}

static void shape_from(struct lyap_shape *shape, const struct lyap_network *net, const struct lyap_optimiser *optimiser,
                       size_t samples) {
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

/* Gradients of parameters * samples = 1 of 16 lanes, which take some milliseconds in all, on the slowest instruction set some ten. */
static const double slice_work = 2e6;

uint32_t lyap_run_slice(const struct lyap_run *run, size_t samples, double passes, uint32_t most) {
    const double lanes = (double)run->kernels->width / LYAP_BLOCK;
    const double slice = slice_work / (lanes * (double)run->shape.parameters * (double)samples * passes);
    return slice < 1 ? 1 : slice > most ? most : (uint32_t)slice;
}

/* The data sets in the run's precision. */
static bool convert_data(struct lyap_run *run, const struct lyap_plan *plan) {
    const struct lyap_dataset *data = plan->data;
    run->x = convert(data->x, data->samples * data->inputs, plan->precision);
    run->y = convert(data->y, data->samples * data->outputs, plan->precision);
    bool ok = run->x && run->y;
    if (ok && run->kernels->width > 1 && !plan->optimiser.batch && data->inputs >= LINE_REALS &&
        data->samples >= LINE_REALS)
        ok = (run->columns = convert_columns(data, plan->precision)) != NULL;
    if (plan->test) {
        run->test_x = convert(plan->test->x, plan->test->samples * plan->test->inputs, plan->precision);
        run->test_y = convert(plan->test->y, plan->test->samples * plan->test->outputs, plan->precision);
        ok = ok && run->test_x && run->test_y;
    }
    return ok;
}

/* Cuts a shape's samples into chunks. */
static void cut(const struct lyap_run *run, struct lyap_shape *shape) {
    if (run->kernels->width == 1)
        cut_one(shape, run->real_size, run->sharing);
    else
        cut_block(shape);
}

/* The batch's shape, that of the whole training set, and of a step that looks at its gradient. */
static void set_shapes(struct lyap_run *run) {
    const struct lyap_plan *plan = run->plan;
    const size_t samples = plan->data->samples, batch = plan->optimiser.batch ? (size_t)plan->optimiser.batch : samples;
    shape_from(&run->shape, plan->network, &plan->optimiser, batch);
    shape_from(&run->whole, plan->network, &plan->optimiser, samples);
    cut(run, &run->shape);
    cut(run, &run->whole);
    run->still = run->whole;
    run->still.rule = (struct lyap_rule){.kind = LYAP_GD, .layered = true}; /* all rates 0 */
    run->still.dimension = run->still.measured = run->still.parameters;
}

enum lyap_status lyap_run_kernels(struct lyap_run *run, const struct lyap_plan *plan, size_t width,
                                  struct lyap_error *error) {
    run->plan = plan;
    const struct lyap_kernels *(*const table)(enum lyap_isa, enum lyap_precision) =
        width == 1 ? lyap_kernels_one : lyap_kernels_get;
    run->kernels = table(plan->isa, plan->precision);
    run->log_kernels = table(plan->isa, LYAP_FLOAT64);
    if (!run->kernels || !run->log_kernels)
        return lyap_fail(error, LYAP_ERROR_ISA, "instruction set '%s' is not available on this CPU",
                         lyap_isa_name(plan->isa));
    run->block_cells = width;
    run->sharing = lyap_layout_sharing(plan, width);
    run->real_size = plan->precision == LYAP_FLOAT64 ? sizeof(double) : sizeof(float);
    run->first = plan->first_cell;
    run->cells = lyap_plan_cells(plan);
    run->updates = lyap_plan_updates(plan);
    return LYAP_OK;
}

enum lyap_status lyap_run_prepare(struct lyap_run *run, const struct lyap_plan *plan, struct lyap_error *error) {
    return lyap_run_prepare_tangents(run, plan, 0, error);
}

enum lyap_status lyap_run_prepare_tangents(struct lyap_run *run, const struct lyap_plan *plan, size_t vectors,
                                           struct lyap_error *error) {
    memset(run, 0, sizeof *run);
    enum lyap_status status = lyap_plan_check(plan, error);
    if (!status) status = lyap_run_kernels(run, plan, lyap_layout_width(plan, vectors), error);
    if (status) return status;
    run->stride = lyap_plan_stride(plan);
    set_shapes(run);
    const struct lyap_initial initial = {.init = plan->init,
                                         .init_a = plan->init_a,
                                         .init_b = plan->init_b,
                                         .bias = plan->bias,
                                         .bias_a = plan->bias_a,
                                         .bias_b = plan->bias_b,
                                         .precision = plan->precision};
    lyap_init_laws(plan->network, &initial, run->laws);
    run->threshold = middle(plan->data);
    run->slice = lyap_run_slice(run, run->shape.samples, 1.0 + plan->neighbours, 256);
    if (run->slice > run->stride) run->slice = (uint32_t)run->stride;
    run->slice = lyap_step_inputs_slice(plan, run->slice);
    run->draw_slice = lyap_run_slice(run, plan->data->samples, 1, 4096);
    if (!convert_data(run, plan)) {
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
    if (run->kernels->width == 1) return;
    double trajectories = 1.0 + run->plan->neighbours, blocks = ceil((double)run->cells / LYAP_BLOCK);
    double together = blocks * trajectories, apart = (double)run->cells * ceil(trajectories / LYAP_BLOCK);
    bool in_registers = s->rule.plain && s->parameters == 9 && s->samples == 4;
    if (in_registers) apart *= REGISTERS;
    run->spread = apart < together || (apart == together && s->parameters >= MANY_PARAMETERS);
    run->block_cells = run->spread ? 1 : run->kernels->width;
}
