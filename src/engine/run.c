#include "engine/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/real.h"
#include "engine/aligned.h"
#include "engine/plan.h"
#include "engine/step_inputs.h"
#include "model/initial_law.h"
#include "lyapgrad/dataset.h"

/* Activations and their derivatives of a tile take at most this much, to stay in the first-level cache, or where a whole
 * batch does not fit there, in the second-level cache. Weights that do not fit there themselves are fetched from afar for
 * every chunk, at the price of some 30 multiply-adds each: then chunks are long. */
enum { SCRATCH_BYTES = 24 * 1024, LARGE_SCRATCH_BYTES = 2 * 1024 * 1024, LONG_SCRATCH_BYTES = 10 * 1024 * 1024 };
enum { LONG_CHUNK = 64, MAX_TILE = 8 };

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
    void *copy = lyap_aligned(samples * inputs, precision == LYAP_FLOAT64 ? sizeof(double) : sizeof(float));
    for (size_t k = 0; copy && k < inputs; k++)
        for (size_t s = 0; s < samples; s++) lyap_real_set(copy, k * samples + s, data->x[s * inputs + k], precision);
    return copy;
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

/* The data sets in the run's precision. */
static bool convert_data(struct lyap_run *run, const struct lyap_plan *plan) {
    const struct lyap_dataset *data = plan->data;
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
    return ok;
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
    run->block_cells = run->kernels->width;
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
    const struct lyap_initial initial = {.init = plan->init,
                                         .init_a = plan->init_a,
                                         .init_b = plan->init_b,
                                         .bias = plan->bias,
                                         .bias_a = plan->bias_a,
                                         .bias_b = plan->bias_b,
                                         .precision = plan->precision};
    lyap_init_laws(plan->network, &initial, run->laws);
    run->threshold = middle(data);
    double step = (double)run->shape.parameters * (double)batch;
    run->slice = clamp_slice(step * (1.0 + plan->neighbours), 2e6, 256);
    if (run->slice > run->stride) run->slice = (uint32_t)run->stride;
    run->slice = lyap_step_inputs_slice(plan, run->slice);
    run->draw_slice = clamp_slice((double)run->shape.parameters * (double)data->samples, 2e6, 4096);
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
