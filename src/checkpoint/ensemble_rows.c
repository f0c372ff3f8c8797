/* The rows of an ensemble in a chunk file. */
#include <stdlib.h>

#include "checkpoint/rows.h"

enum { RECORD_WORDS = 13 };

static void put_record(struct lyap_words_out *out, const struct lyap_record *r) {
    const double values[] = {r->lr, r->initial_loss, r->final_loss, r->lambda_kw, r->lambda_step};
    const uint64_t counts[] = {r->terms, r->length, r->losses, (uint64_t)r->event_epoch, (uint64_t)r->outcome};
    lyap_words_put(out, r->cell);
    lyap_words_put(out, r->value);
    lyap_words_put(out, r->start);
    lyap_words_put_reals(out, values, 5);
    for (int i = 0; i < 5; i++) lyap_words_put(out, counts[i]);
}

static void take_record(struct lyap_words_in *in, struct lyap_record *r) {
    r->cell = lyap_words_take(in);
    r->value = lyap_words_take(in);
    r->start = lyap_words_take(in);
    r->lr = lyap_words_take_real(in);
    r->initial_loss = lyap_words_take_real(in);
    r->final_loss = lyap_words_take_real(in);
    r->lambda_kw = lyap_words_take_real(in);
    r->lambda_step = lyap_words_take_real(in);
    r->terms = (uint32_t)lyap_words_take(in);
    r->length = (uint32_t)lyap_words_take(in);
    r->losses = (uint32_t)lyap_words_take(in);
    r->event_epoch = (int64_t)lyap_words_take(in);
    r->outcome = (enum lyap_outcome)lyap_words_take(in);
}

static uint64_t put(struct lyap_words_out *out, const void *rows) {
    const struct lyap_chunk *chunk = rows;
    uint64_t diverged = 0;
    for (size_t i = 0; i < chunk->count; i++) {
        const struct lyap_record *r = &chunk->records[i];
        diverged += r->outcome == LYAP_ESCAPED || r->outcome == LYAP_OVERFLOW;
        put_record(out, r);
        if (chunk->evaluation) lyap_rows_put_evaluation(out, &chunk->evaluation[i]);
        if (chunk->weights) lyap_words_put_reals(out, chunk->weights + i * chunk->parameters, chunk->parameters);
        if (!chunk->distance) continue;
        lyap_words_put_reals(out, chunk->distance + i * chunk->stride, r->length);
        lyap_words_put_reals(out, chunk->loss + i * chunk->stride, r->losses);
    }
    return diverged;
}

static bool check(struct lyap_words_in *in, const struct lyap_row_shape *shape, uint64_t cell, uint64_t *diverged) {
    const uint64_t *w = in->words + in->next;
    if (lyap_words_left(in) < RECORD_WORDS) return false;
    uint64_t terms = w[8], length = w[9], losses = w[10], outcome = w[12];
    if (w[0] != cell || outcome >= LYAP_OUTCOME_COUNT || terms > UINT32_MAX || length > shape->stride ||
        losses > shape->stride)
        return false;
    *diverged += outcome == LYAP_ESCAPED || outcome == LYAP_OVERFLOW;
    lyap_words_skip(in, RECORD_WORDS);
    if (shape->flags & LYAP_HAS_EVALUATION) lyap_words_skip(in, LYAP_EVALUATION_WORDS);
    if (shape->flags & LYAP_HAS_WEIGHTS) lyap_words_skip(in, shape->width);
    if (shape->flags & LYAP_HAS_SERIES) lyap_words_skip(in, length + losses);
    return !in->over;
}

static enum lyap_status take(struct lyap_words_in *in, const struct lyap_chunk_head *head, lyap_rows_sink *sink,
                             void *context, struct lyap_error *error) {
    const struct lyap_row_shape *shape = &head->shape;
    size_t count = (size_t)head->count, stride = (size_t)shape->stride, parameters = (size_t)shape->width;
    bool ok = true, series = shape->flags & LYAP_HAS_SERIES;
    struct lyap_record *records = lyap_rows_room(true, count, 1, sizeof *records, &ok);
    struct lyap_evaluation *evaluation =
        lyap_rows_room(shape->flags & LYAP_HAS_EVALUATION, count, 1, sizeof *evaluation, &ok);
    double *weights = lyap_rows_room(shape->flags & LYAP_HAS_WEIGHTS, count, parameters, sizeof *weights, &ok);
    double *distance = lyap_rows_room(series, count, stride, sizeof *distance, &ok);
    double *loss = lyap_rows_room(series, count, stride, sizeof *loss, &ok);
    enum lyap_status status = ok ? LYAP_OK : lyap_rows_no_room(in, error);
    for (size_t i = 0; i < count && !status; i++) {
        take_record(in, &records[i]);
        if (evaluation) lyap_rows_take_evaluation(in, &evaluation[i]);
        if (weights) lyap_words_take_reals(in, weights + i * parameters, parameters);
        if (!series) continue;
        lyap_words_take_reals(in, distance + i * stride, records[i].length);
        lyap_words_take_reals(in, loss + i * stride, records[i].losses);
    }
    const struct lyap_chunk chunk = {.first_cell = head->first,
                                     .count = count,
                                     .records = records,
                                     .stride = stride,
                                     .distance = distance,
                                     .loss = loss,
                                     .evaluation = evaluation,
                                     .parameters = parameters,
                                     .weights = weights};
    if (!status) status = sink(&chunk, context, error);
    free(records);
    free(evaluation);
    free(weights);
    free(distance);
    free(loss);
    return status;
}

static void shape_of(const void *rows, struct lyap_row_shape *shape) {
    const struct lyap_chunk *chunk = rows;
    *shape = (struct lyap_row_shape){.flags = (chunk->distance ? LYAP_HAS_SERIES : 0u) |
                                              (chunk->evaluation ? LYAP_HAS_EVALUATION : 0u) |
                                              (chunk->weights ? LYAP_HAS_WEIGHTS : 0u),
                                     .stride = chunk->stride,
                                     .width = chunk->parameters};
}

static bool numbers_fit(const void *rows, const struct lyap_plan *cells, uint64_t *cell) {
    const struct lyap_chunk *chunk = rows;
    for (size_t i = 0; i < chunk->count; i++) {
        const struct lyap_record *r = &chunk->records[i];
        *cell = r->cell;
        if (!lyap_rows_number_fits(r->cell, r->value, r->start, cells)) return false;
    }
    return true;
}

const struct lyap_row_format lyap_ensemble_rows = {
    .number = 1,
    .flags = LYAP_HAS_SERIES | LYAP_HAS_EVALUATION | LYAP_HAS_WEIGHTS,
    .most_stride = INT32_MAX,
    .shape = shape_of,
    .put = put,
    .check = check,
    .take = take,
    .numbers_fit = numbers_fit,
};
