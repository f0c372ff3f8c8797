#include "engine/regime_log.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/aligned.h"
#include "base/real.h"

static uint32_t round_up(uint32_t value, uint32_t multiple) {
    return (value + multiple - 1) / multiple * multiple;
}

/* The last twelfth of the windows, at least 8, begins there or later. */
static uint32_t late_step(uint32_t transient, uint32_t measured, uint32_t window) {
    const uint32_t windows = (measured - 1) / window + 1, looked = windows / 12 > 8 ? windows / 12 : 8;
    return windows > looked ? transient + (windows - looked) * window : transient;
}

struct lyap_tails lyap_tails_of(uint32_t transient, uint32_t epochs, uint32_t window, uint32_t qr_every, bool early) {
    const uint32_t measured = epochs - transient, least = measured < LYAP_TAIL ? measured : LYAP_TAIL;
    const uint32_t looks = early ? LYAP_EARLY * LYAP_LOOKS : LYAP_LOOKS;
    struct lyap_tails tails = {.length = round_up(LYAP_TAIL, qr_every),
                               .last = transient + (measured - least) / qr_every * qr_every,
                               .begin = transient,
                               .late = early ? transient : late_step(transient, measured, window),
                               .extent_every = measured / looks > 1 ? measured / looks : 1};
    if (!early) return tails;
    tails.group = (tails.length - 1) / window + 1;
    tails.group_steps = tails.group <= UINT32_MAX / window ? tails.group * window : UINT32_MAX;
    return tails;
}

uint32_t lyap_tails_next(const struct lyap_tails *t, uint32_t step) {
    if (step > t->last) return UINT32_MAX;
    if (step < t->begin) step = t->begin;
    if (t->group) {
        uint64_t end = (uint64_t)t->begin + ((step - t->begin) / t->group_steps + 1) * (uint64_t)t->group_steps;
        if (end - t->length < step) end += t->group_steps;
        if (end - t->length < t->last) return (uint32_t)(end - t->length);
    }
    return t->last;
}

double lyap_regime_log_bytes(size_t numbers, size_t width, size_t real_size) {
    return (double)width * (((double)numbers + LYAP_MOST_TAIL + 1) * (double)real_size +
                            (LYAP_MOST_POINTS + 1) * (double)(sizeof(double) + sizeof(uint32_t)));
}

enum lyap_status lyap_regime_log_new(struct lyap_regime_log *log, const struct lyap_tails *tails, size_t numbers,
                                     size_t width, size_t real_size, struct lyap_error *error) {
    memset(log, 0, sizeof *log);
    log->tails = *tails;
    log->numbers = numbers;
    log->width = width;
    log->real_size = real_size;
    log->reference = lyap_aligned(numbers, width * real_size);
    log->tail = lyap_aligned(LYAP_MOST_TAIL, width * real_size);
    log->extent = lyap_aligned(width, real_size);
    log->extents = lyap_aligned(LYAP_MOST_POINTS, width * sizeof(double));
    log->rises = lyap_aligned(LYAP_MOST_POINTS + 1, width * sizeof *log->rises);
    if (log->reference && log->tail && log->extent && log->extents && log->rises) return LYAP_OK;
    lyap_regime_log_free(log);
    return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the regimes of %zu numbers", numbers);
}

void lyap_regime_log_free(struct lyap_regime_log *log) {
    free(log->reference);
    free(log->tail);
    free(log->extent);
    free(log->extents);
    free(log->rises);
    memset(log, 0, sizeof *log);
}

void lyap_regime_log_start(struct lyap_regime_log *log) {
    log->windows = 0;
    log->steps = 0;
    log->watching = false;
    log->epoch = 0;
    memset(log->rises, 0, (LYAP_MOST_POINTS + 1) * log->width * sizeof *log->rises);
    for (size_t lane = 0; lane < log->width; lane++) log->loss[lane] = -1;
    memset(log->extent, 0, log->width * log->real_size);
    for (size_t b = 0; b < LYAP_MOST_DOUBLINGS; b++)
        for (size_t lane = 0; lane < log->width; lane++) log->reach[b][lane] = -1;
}

uint32_t lyap_regime_log_before(struct lyap_regime_log *log, const struct lyap_block *block, struct lyap_tangents *t,
                                uint32_t step, uint32_t count) {
    if (log->watching && log->from < log->tails.last && log->steps >= log->tails.length) log->watching = false;
    uint32_t next = lyap_tails_next(&log->tails, step);
    if (next == step) {
        memcpy(log->reference, block->weights, log->numbers * log->width * log->real_size);
        log->from = step;
        log->steps = 0;
        log->watching = true;
        next = lyap_tails_next(&log->tails, step + 1);
    }
    if (next != UINT32_MAX && count > next - step) count = next - step;
    if (log->watching && log->from < log->tails.last && count > log->tails.length - log->steps)
        count = log->tails.length - log->steps;
    t->reference = log->watching ? log->reference : NULL;
    t->recurrence = (char *)log->tail + (size_t)log->steps * log->width * log->real_size;
    t->extent = log->extent;
    t->extent_every = log->tails.extent_every;
    if (log->watching) log->steps += count;
    return count;
}

static unsigned doubling_of(uint32_t epoch) {
    unsigned b = 0;
    while (epoch >>= 1) b++;
    return b;
}

void lyap_regime_log_look(struct lyap_regime_log *log, uint32_t epoch, enum lyap_precision precision) {
    double *reach = log->reach[doubling_of(epoch)];
    log->epoch = epoch;
    for (size_t lane = 0; lane < log->width; lane++) {
        log->latest[lane] = lyap_real_get(log->extent, lane, precision);
        reach[lane] = fmax(reach[lane], log->latest[lane]);
    }
    memset(log->extent, 0, log->width * log->real_size);
}

void lyap_regime_log_window(struct lyap_regime_log *log, uint32_t epoch, enum lyap_precision precision) {
    lyap_regime_log_look(log, epoch, precision);
    memcpy(log->extents + log->windows * log->width, log->latest, log->width * sizeof *log->latest);
    log->windows++;
}

void lyap_regime_log_losses(struct lyap_regime_log *log, const void *measure, uint32_t step, uint32_t count,
                            enum lyap_precision precision) {
    const double tolerance = 1 + lyap_still_tolerance(precision);
    uint32_t *rises = log->rises + log->windows * log->width;
    for (uint32_t i = step < log->tails.late ? log->tails.late - step : 0; i < count; i++)
        for (size_t lane = 0; lane < log->width; lane++) {
            const double loss = lyap_real_get(measure, (size_t)i * log->width + lane, precision);
            rises[lane] += log->loss[lane] >= 0 && loss > log->loss[lane] * tolerance;
            log->loss[lane] = loss;
        }
}

bool lyap_regime_log_ready(const struct lyap_regime_log *log, uint32_t index) {
    return log->tails.group && (index + 1) % log->tails.group == 0;
}

struct lyap_regime_verdict lyap_regime_log_judge(const struct lyap_regime_log *log, size_t lane,
                                                 struct lyap_regime_evidence *e, bool network,
                                                 enum lyap_precision precision) {
    uint32_t rises[LYAP_MOST_POINTS];
    double extent[LYAP_MOST_POINTS], tail[LYAP_MOST_TAIL], reach[LYAP_MOST_DOUBLINGS];
    struct lyap_regime_verdict verdict = {LYAP_UNDECIDED, 0};
    for (size_t i = 0; i < log->windows; i++) {
        extent[i] = log->extents[i * log->width + lane];
        rises[i] = log->rises[i * log->width + lane];
    }
    e->extent = extent;
    e->rises = network ? rises : NULL;
    e->windows = log->windows;
    e->reach = reach;
    e->doublings = log->epoch ? doubling_of(log->epoch) : 0;
    if (log->epoch >= 3 * (UINT32_C(1) << e->doublings) / 2) e->doublings++;
    for (size_t b = 0; b < e->doublings; b++) reach[b] = log->reach[b][lane];
    e->tail = tail;
    e->tail_steps = e->ended ? 0 : log->steps;
    for (size_t i = 0; i < e->tail_steps; i++) tail[i] = lyap_real_get(log->tail, i * log->width + lane, precision);
    for (size_t i = 0; !e->ended && i < log->numbers; i++)
        e->size = fmax(e->size, fabs(lyap_real_get(log->reference, i * log->width + lane, precision)));
    e->still = lyap_still_tolerance(precision);
    verdict.regime = lyap_regime_of(e);
    verdict.period = lyap_tail_period(tail, e->tail_steps, e->tolerance * fmax(1, e->size));
    e->extent = e->tail = e->reach = NULL;
    e->rises = NULL;
    return verdict;
}
