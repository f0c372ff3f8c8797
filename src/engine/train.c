#include "engine/train.h"

#include <string.h>

#include "base/real.h"
#include "engine/alive.h"

/* Copies the valid part of a slice of one lane's series. */
static void copy_series(const void *slice, uint32_t first, uint32_t count, uint32_t valid, size_t width, size_t lane,
                        enum lyap_precision precision, double *out) {
    for (uint32_t i = 0; i < count && first + i < valid; i++)
        out[first + i] = lyap_real_get(slice, (size_t)i * width + lane, precision);
}

/* Records the slice's losses and, when asked, the series of every cell in use. */
static void collect(struct lyap_worker *worker, uint32_t first, uint32_t count, struct lyap_record *records,
                    double *distance, double *loss) {
    const struct lyap_run *run = worker->run;
    const struct lyap_block *block = &worker->block;
    const enum lyap_precision precision = run->plan->precision;
    const size_t width = run->kernels->width;
    for (size_t lane = 0; lane < worker->count; lane++) {
        uint32_t losses = block->losses[lane];
        if (losses > first) {
            size_t last = losses - 1 - first;
            if (first == 0) records[lane].initial_loss = lyap_real_get(worker->slice_loss, lane, precision);
            records[lane].final_loss = lyap_real_get(worker->slice_loss, last * width + lane, precision);
        }
        if (!distance) continue;
        copy_series(worker->slice_distance, first, count, block->length[lane], width, lane, precision,
                    distance + lane * run->stride);
        copy_series(worker->slice_loss, first, count, losses, width, lane, precision, loss + lane * run->stride);
    }
    for (size_t i = 0; i < (size_t)count * width; i++)
        worker->distance64[i] = lyap_real_get(worker->slice_distance, i, precision);
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
        lyap_step_inputs_set(&worker->inputs, block, first, count);
        block->goes_on = poll;
        block->context = context;
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
