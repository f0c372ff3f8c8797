#include "engine/step_inputs.h"

#include <stdlib.h>
#include <string.h>

#include "engine/aligned.h"
#include "base/real.h"
#include "lyapgrad/optimiser.h"
#include "lyapgrad/dataset.h"

enum { BATCH_BYTES = 16 * 1024 * 1024 };

static bool varies(const struct lyap_optimiser *o) {
    return o->schedule != LYAP_CONSTANT || o->warm_up > 1;
}

uint32_t lyap_step_inputs_slice(const struct lyap_plan *plan, uint32_t slice) {
    if (!plan->optimiser.batch) return slice;
    double row = (double)(plan->data->inputs + plan->data->outputs) * sizeof(double);
    double most = BATCH_BYTES / (row * (double)plan->optimiser.batch);
    return most < 1 ? 1 : most < slice ? (uint32_t)most : slice;
}

enum lyap_status lyap_step_inputs_new(struct lyap_step_inputs *inputs, const struct lyap_plan *plan, size_t width,
                                      uint32_t slice, struct lyap_error *error) {
    const struct lyap_optimiser *o = &plan->optimiser;
    size_t real_size = plan->precision == LYAP_FLOAT64 ? sizeof(double) : sizeof(float);
    bool ok = true;
    memset(inputs, 0, sizeof *inputs);
    inputs->plan = plan;
    inputs->width = width;
    inputs->power[0] = inputs->power[1] = 1;
    if (varies(o)) ok = ok && (inputs->rate = lyap_aligned(slice, width * real_size));
    if (lyap_optimiser_traits(o->kind)->corrected)
        ok = ok && (inputs->correction = lyap_aligned(slice, 2 * sizeof(double)));
    if (o->batch) {
        size_t rows = (size_t)o->batch * slice;
        inputs->order = lyap_aligned(plan->data->samples, sizeof *inputs->order);
        inputs->x = lyap_aligned(rows, plan->data->inputs * real_size);
        inputs->y = lyap_aligned(rows, plan->data->outputs * real_size);
        inputs->pass = UINT64_MAX;
        ok = ok && inputs->order && inputs->x && inputs->y;
    }
    if (ok) return LYAP_OK;
    lyap_step_inputs_free(inputs);
    return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the mini-batches of %lu steps", (unsigned long)slice);
}

void lyap_step_inputs_free(struct lyap_step_inputs *inputs) {
    free(inputs->rate);
    free(inputs->correction);
    free(inputs->order);
    free(inputs->x);
    free(inputs->y);
    memset(inputs, 0, sizeof *inputs);
}

static void set_rates(struct lyap_step_inputs *inputs, const struct lyap_block *block, uint32_t first, uint32_t count) {
    const struct lyap_optimiser *o = &inputs->plan->optimiser;
    for (uint32_t i = 0; i < count; i++) {
        double rate = 0;
        for (size_t lane = 0; lane < inputs->width; lane++) {
            if (lane == 0 || block->epochs[lane] != block->epochs[lane - 1])
                rate = lyap_optimiser_rate(o, first + i, block->epochs[lane]);
            lyap_real_set(inputs->rate, (size_t)i * inputs->width + lane, rate, inputs->plan->precision);
        }
    }
}

/* The powers are products in step order, however the steps are cut into calls. */
static void set_corrections(struct lyap_step_inputs *inputs, uint32_t first, uint32_t count) {
    const struct lyap_optimiser *o = &inputs->plan->optimiser;
    if (first < inputs->powered || first == 0) {
        inputs->power[0] = inputs->power[1] = 1;
        inputs->powered = 0;
    }
    for (; inputs->powered < first + count; inputs->powered++) {
        inputs->power[0] *= o->momentum;
        inputs->power[1] *= o->decay;
        if (inputs->powered < first) continue;
        double *correction = inputs->correction + 2 * (size_t)(inputs->powered - first);
        correction[0] = 1 / (1 - inputs->power[0]);
        correction[1] = 1 / (1 - inputs->power[1]);
    }
}

static void copy_row(void *to, size_t row, const double *from, size_t n, enum lyap_precision precision) {
    for (size_t i = 0; i < n; i++) lyap_real_set(to, row * n + i, from[i], precision);
}

static void set_batches(struct lyap_step_inputs *inputs, uint32_t first, uint32_t count) {
    const struct lyap_plan *plan = inputs->plan;
    const struct lyap_dataset *data = plan->data;
    size_t batch = (size_t)plan->optimiser.batch, per_pass = data->samples / batch;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t step = (uint64_t)first + i, pass = step / per_pass;
        if (pass != inputs->pass) lyap_optimiser_order(&plan->optimiser, pass, data->samples, inputs->order);
        inputs->pass = pass;
        for (size_t s = 0; s < batch; s++) {
            size_t sample = inputs->order[step % per_pass * batch + s], row = (size_t)i * batch + s;
            copy_row(inputs->x, row, data->x + sample * data->inputs, data->inputs, plan->precision);
            copy_row(inputs->y, row, data->y + sample * data->outputs, data->outputs, plan->precision);
        }
    }
}

void lyap_step_inputs_set(struct lyap_step_inputs *inputs, struct lyap_block *block, uint32_t first, uint32_t count) {
    if (inputs->rate) set_rates(inputs, block, first, count);
    if (inputs->correction) set_corrections(inputs, first, count);
    block->rate = inputs->rate;
    block->correction = inputs->correction;
    block->batches = inputs->order != NULL;
    if (!inputs->order) return;
    set_batches(inputs, first, count);
    block->x = inputs->x;
    block->y = inputs->y;
}
