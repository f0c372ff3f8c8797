#include "engine/step_inputs.h"

#include <stdlib.h>
#include <string.h>

#include "base/real.h"
#include "engine/worker.h"
#include "lyapgrad/dataset.h"

enum { BATCH_BYTES = 16 * 1024 * 1024 };

static bool varies(const struct lyap_optimiser *o) {
    return o->schedule != LYAP_CONSTANT || o->warm_up > 1;
}

uint32_t lyap_pace_slice(const struct lyap_plan *plan, uint32_t slice) {
    if (!plan->optimiser.batch) return slice;
    double row = (double)(plan->data->inputs + plan->data->outputs) * sizeof(double);
    double most = BATCH_BYTES / (row * (double)plan->optimiser.batch);
    return most < 1 ? 1 : most < slice ? (uint32_t)most : slice;
}

enum lyap_status lyap_pace_new(struct lyap_pace *pace, const struct lyap_plan *plan, uint32_t slice,
                               struct lyap_error *error) {
    const struct lyap_optimiser *o = &plan->optimiser;
    size_t real_size = plan->precision == LYAP_FLOAT64 ? sizeof(double) : sizeof(float);
    bool adam = o->kind == LYAP_ADAM || o->kind == LYAP_ADAMW, ok = true;
    memset(pace, 0, sizeof *pace);
    pace->plan = plan;
    pace->power[0] = pace->power[1] = 1;
    if (varies(o)) ok = ok && (pace->rate = lyap_aligned(slice, LYAP_BLOCK * real_size));
    if (adam) ok = ok && (pace->correction = lyap_aligned(slice, 2 * sizeof(double)));
    if (o->batch) {
        size_t rows = (size_t)o->batch * slice;
        pace->order = lyap_aligned(plan->data->samples, sizeof *pace->order);
        pace->x = lyap_aligned(rows, plan->data->inputs * real_size);
        pace->y = lyap_aligned(rows, plan->data->outputs * real_size);
        pace->pass = UINT64_MAX;
        ok = ok && pace->order && pace->x && pace->y;
    }
    if (ok) return LYAP_OK;
    lyap_pace_free(pace);
    return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the mini-batches of %lu steps", (unsigned long)slice);
}

void lyap_pace_free(struct lyap_pace *pace) {
    free(pace->rate);
    free(pace->correction);
    free(pace->order);
    free(pace->x);
    free(pace->y);
    memset(pace, 0, sizeof *pace);
}

static void set_rates(struct lyap_pace *pace, const struct lyap_block *block, uint32_t first, uint32_t count) {
    const struct lyap_optimiser *o = &pace->plan->optimiser;
    for (uint32_t i = 0; i < count; i++) {
        double rate = 0;
        for (size_t lane = 0; lane < LYAP_BLOCK; lane++) {
            if (lane == 0 || block->epochs[lane] != block->epochs[lane - 1])
                rate = lyap_optimiser_rate(o, first + i, block->epochs[lane]);
            lyap_real_set(pace->rate, (size_t)i * LYAP_BLOCK + lane, rate, pace->plan->precision);
        }
    }
}

/* The powers are products in step order, however the steps are cut into calls. */
static void set_corrections(struct lyap_pace *pace, uint32_t first, uint32_t count) {
    const struct lyap_optimiser *o = &pace->plan->optimiser;
    if (first < pace->powered || first == 0) {
        pace->power[0] = pace->power[1] = 1;
        pace->powered = 0;
    }
    for (; pace->powered < first + count; pace->powered++) {
        pace->power[0] *= o->momentum;
        pace->power[1] *= o->decay;
        if (pace->powered < first) continue;
        double *correction = pace->correction + 2 * (size_t)(pace->powered - first);
        correction[0] = 1 / (1 - pace->power[0]);
        correction[1] = 1 / (1 - pace->power[1]);
    }
}

static void copy_row(void *to, size_t row, const double *from, size_t n, enum lyap_precision precision) {
    for (size_t i = 0; i < n; i++) lyap_real_set(to, row * n + i, from[i], precision);
}

static void set_batches(struct lyap_pace *pace, uint32_t first, uint32_t count) {
    const struct lyap_plan *plan = pace->plan;
    const struct lyap_dataset *data = plan->data;
    size_t batch = (size_t)plan->optimiser.batch, per_pass = data->samples / batch;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t step = (uint64_t)first + i, pass = step / per_pass;
        if (pass != pace->pass) lyap_optimiser_order(&plan->optimiser, pass, data->samples, pace->order);
        pace->pass = pass;
        for (size_t s = 0; s < batch; s++) {
            size_t sample = pace->order[step % per_pass * batch + s], row = (size_t)i * batch + s;
            copy_row(pace->x, row, data->x + sample * data->inputs, data->inputs, plan->precision);
            copy_row(pace->y, row, data->y + sample * data->outputs, data->outputs, plan->precision);
        }
    }
}

void lyap_pace_set(struct lyap_pace *pace, struct lyap_block *block, uint32_t first, uint32_t count) {
    if (pace->rate) set_rates(pace, block, first, count);
    if (pace->correction) set_corrections(pace, first, count);
    block->rate = pace->rate;
    block->correction = pace->correction;
    block->batches = pace->order != NULL;
    if (!pace->order) return;
    set_batches(pace, first, count);
    block->x = pace->x;
    block->y = pace->y;
}
