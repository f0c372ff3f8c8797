/* The rows of a spectrum, with or without orbits, in a chunk file. */
#include <stdlib.h>

#include "checkpoint/rows.h"
#include "engine/spectrum_plan.h"

enum { SPECTRUM_WORDS = 22, EXPONENT_WORDS = 3, POINT_WORDS = 4 };

static void put_record(struct lyap_words_out *out, const struct lyap_spectrum_record *r) {
    const double values[] = {r->lr,
                             r->initial_loss,
                             r->final_loss,
                             r->sum,
                             r->dimension,
                             r->growth,
                             r->sharpness_first,
                             r->sharpness_last,
                             r->smallest_first,
                             r->smallest_last};
    const uint64_t counts[] = {r->cell,
                               r->value,
                               r->start,
                               r->steps,
                               r->batches,
                               r->resolved,
                               (uint64_t)r->event_epoch,
                               (uint64_t)r->outcome,
                               (uint64_t)r->regime,
                               (uint64_t)r->stop,
                               (uint64_t)r->target_epoch,
                               r->period};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) lyap_words_put(out, counts[i]);
    lyap_words_put_reals(out, values, 10);
}

static void take_record(struct lyap_words_in *in, struct lyap_spectrum_record *r) {
    double values[10];
    r->cell = lyap_words_take(in);
    r->value = lyap_words_take(in);
    r->start = lyap_words_take(in);
    r->steps = lyap_words_take(in);
    r->batches = (uint32_t)lyap_words_take(in);
    r->resolved = (uint32_t)lyap_words_take(in);
    r->event_epoch = (int64_t)lyap_words_take(in);
    r->outcome = (enum lyap_outcome)lyap_words_take(in);
    r->regime = (enum lyap_regime)lyap_words_take(in);
    r->stop = (enum lyap_stop)lyap_words_take(in);
    r->target_epoch = (int64_t)lyap_words_take(in);
    r->period = (uint32_t)lyap_words_take(in);
    lyap_words_take_reals(in, values, 10);
    r->lr = values[0];
    r->initial_loss = values[1];
    r->final_loss = values[2];
    r->sum = values[3];
    r->dimension = values[4];
    r->growth = values[5];
    r->sharpness_first = values[6];
    r->sharpness_last = values[7];
    r->smallest_first = values[8];
    r->smallest_last = values[9];
}

static uint64_t put(struct lyap_words_out *out, const void *rows) {
    const struct lyap_spectrum_chunk *chunk = rows;
    const size_t orbit = chunk->orbit ? chunk->orbit_numbers : 0;
    uint64_t diverged = 0;
    for (size_t i = 0; i < chunk->count; i++) {
        diverged += chunk->records[i].regime == LYAP_DIVERGED;
        put_record(out, &chunk->records[i]);
        for (size_t k = 0; k < chunk->exponents; k++) {
            const struct lyap_exponent *l = &chunk->lambda[i * chunk->exponents + k];
            lyap_words_put_reals(out, (const double[]){l->lambda, l->low, l->high}, EXPONENT_WORDS);
        }
        if (chunk->evaluation) lyap_rows_put_evaluation(out, &chunk->evaluation[i]);
        lyap_words_put(out, chunk->history ? chunk->used[i] : 0);
        for (size_t p = 0; chunk->history && p < chunk->used[i]; p++) {
            size_t at = i * chunk->points + p;
            const struct lyap_history *h = &chunk->history[at];
            lyap_words_put(out, h->epoch);
            lyap_words_put_reals(out, (const double[]){h->loss, h->sharpness, h->smallest}, POINT_WORDS - 1);
            lyap_words_put_reals(out, chunk->running + at * chunk->exponents, chunk->exponents);
        }
        if (orbit) lyap_words_put_reals(out, chunk->orbit + i * orbit, orbit);
    }
    return diverged;
}

static bool check(struct lyap_words_in *in, const struct lyap_row_shape *shape, uint64_t cell, uint64_t *diverged) {
    const uint64_t *w = in->words + in->next;
    if (lyap_words_left(in) < SPECTRUM_WORDS) return false;
    if (w[0] != cell || w[4] > UINT32_MAX || w[5] > shape->width || w[7] >= LYAP_OUTCOME_COUNT ||
        w[8] >= LYAP_REGIME_COUNT || w[9] > LYAP_STOP_EVENT || w[11] > LYAP_MOST_PERIOD)
        return false;
    *diverged += w[8] == LYAP_DIVERGED;
    lyap_words_skip(in, SPECTRUM_WORDS);
    lyap_words_skip(in, EXPONENT_WORDS * shape->width);
    if (shape->flags & LYAP_HAS_EVALUATION) lyap_words_skip(in, LYAP_EVALUATION_WORDS);
    uint64_t used = lyap_words_take(in);
    if (used > (shape->flags & LYAP_HAS_HISTORY ? shape->stride : 0)) return false;
    lyap_words_skip(in, used * (POINT_WORDS + shape->width));
    lyap_words_skip(in, shape->orbit);
    return !in->over;
}

/* The points of history of one cell: to history[used], running[used][exponents]. */
static void take_points(struct lyap_words_in *in, uint32_t used, size_t exponents, struct lyap_history *history,
                        double *running) {
    for (size_t p = 0; p < used; p++) {
        history[p].epoch = lyap_words_take(in);
        history[p].loss = lyap_words_take_real(in);
        history[p].sharpness = lyap_words_take_real(in);
        history[p].smallest = lyap_words_take_real(in);
        lyap_words_take_reals(in, running + p * exponents, exponents);
    }
}

static enum lyap_status take(struct lyap_words_in *in, const struct lyap_chunk_head *head, lyap_rows_sink *sink,
                             void *context, struct lyap_error *error) {
    const struct lyap_row_shape *shape = &head->shape;
    size_t count = (size_t)head->count, points = (size_t)shape->stride, exponents = (size_t)shape->width;
    bool ok = true, kept = shape->flags & LYAP_HAS_HISTORY;
    struct lyap_spectrum_record *records = lyap_rows_room(true, count, 1, sizeof *records, &ok);
    struct lyap_exponent *lambda = lyap_rows_room(true, count, exponents, sizeof *lambda, &ok);
    uint32_t *used = lyap_rows_room(true, count, 1, sizeof *used, &ok);
    struct lyap_evaluation *evaluation =
        lyap_rows_room(shape->flags & LYAP_HAS_EVALUATION, count, 1, sizeof *evaluation, &ok);
    struct lyap_history *history = lyap_rows_room(kept, count, points, sizeof *history, &ok);
    double *running = lyap_rows_room(kept, count, (uint64_t)points * exponents, sizeof *running, &ok);
    double *orbit = lyap_rows_room(shape->orbit > 0, count, shape->orbit, sizeof *orbit, &ok);
    enum lyap_status status = ok ? LYAP_OK : lyap_rows_no_room(in, error);
    for (size_t i = 0; i < count && !status; i++) {
        take_record(in, &records[i]);
        for (size_t k = 0; k < exponents; k++) {
            double values[EXPONENT_WORDS];
            lyap_words_take_reals(in, values, EXPONENT_WORDS);
            lambda[i * exponents + k] = (struct lyap_exponent){values[0], values[1], values[2]};
        }
        if (evaluation) lyap_rows_take_evaluation(in, &evaluation[i]);
        used[i] = (uint32_t)lyap_words_take(in);
        if (kept) take_points(in, used[i], exponents, history + i * points, running + i * points * exponents);
        if (orbit) lyap_words_take_reals(in, orbit + i * (size_t)shape->orbit, (size_t)shape->orbit);
    }
    const struct lyap_spectrum_chunk chunk = {.first_cell = head->first,
                                              .count = count,
                                              .exponents = exponents,
                                              .records = records,
                                              .lambda = lambda,
                                              .points = points,
                                              .used = used,
                                              .history = history,
                                              .running = running,
                                              .evaluation = evaluation,
                                              .orbit = orbit,
                                              .orbit_numbers = (size_t)shape->orbit};
    if (!status) status = sink(&chunk, context, error);
    free(records);
    free(lambda);
    free(used);
    free(evaluation);
    free(history);
    free(running);
    free(orbit);
    return status;
}

static void shape_of(const void *rows, struct lyap_row_shape *shape) {
    const struct lyap_spectrum_chunk *chunk = rows;
    *shape = (struct lyap_row_shape){.flags = (chunk->evaluation ? LYAP_HAS_EVALUATION : 0u) |
                                              (chunk->history ? LYAP_HAS_HISTORY : 0u) |
                                              (chunk->orbit ? LYAP_HAS_ORBIT : 0u),
                                     .stride = chunk->points,
                                     .width = chunk->exponents,
                                     .orbit = chunk->orbit ? chunk->orbit_numbers : 0};
}

static bool numbers_fit(const void *rows, const struct lyap_plan *cells, uint64_t *cell) {
    const struct lyap_spectrum_chunk *chunk = rows;
    for (size_t i = 0; i < chunk->count; i++) {
        const struct lyap_spectrum_record *r = &chunk->records[i];
        *cell = r->cell;
        if (!lyap_rows_number_fits(r->cell, r->value, r->start, cells)) return false;
    }
    return true;
}

const struct lyap_row_format lyap_spectrum_rows = {
    .number = 2,
    .flags = LYAP_HAS_EVALUATION | LYAP_HAS_HISTORY | LYAP_HAS_ORBIT,
    .most_stride = LYAP_MOST_POINTS,
    .shape = shape_of,
    .put = put,
    .check = check,
    .take = take,
    .numbers_fit = numbers_fit,
};
