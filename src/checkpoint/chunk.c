#include "checkpoint/chunk.h"

#include <stdlib.h>

#include "base/memory.h"
#include "engine/spectrum_worker.h"

enum { RECORD_WORDS = 13, SPECTRUM_WORDS = 22, EXPONENT_WORDS = 3, EVALUATION_WORDS = 4, POINT_WORDS = 4 };

void lyap_chunk_put_head(struct lyap_words_out *out, const struct lyap_chunk_head *h) {
    const uint64_t words[] = {h->digest, h->kind, h->part, h->first, h->count, h->flags, h->stride, h->width};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) lyap_words_put(out, words[i]);
    if (h->flags & LYAP_HAS_ORBIT) lyap_words_put(out, h->orbit);
}

static void take_head(struct lyap_words_in *in, struct lyap_chunk_head *h) {
    uint64_t *const words[] = {&h->digest, &h->kind, &h->part, &h->first, &h->count, &h->flags, &h->stride, &h->width};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) *words[i] = lyap_words_take(in);
    h->orbit = h->flags & LYAP_HAS_ORBIT ? lyap_words_take(in) : 0;
}

static void put_evaluation(struct lyap_words_out *out, const struct lyap_evaluation *e) {
    const double values[EVALUATION_WORDS] = {e->train_loss, e->train_accuracy, e->test_loss, e->test_accuracy};
    lyap_words_put_reals(out, values, EVALUATION_WORDS);
}

static void take_evaluation(struct lyap_words_in *in, struct lyap_evaluation *e) {
    double values[EVALUATION_WORDS];
    lyap_words_take_reals(in, values, EVALUATION_WORDS);
    *e = (struct lyap_evaluation){values[0], values[1], values[2], values[3]};
}

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

void lyap_chunk_put(struct lyap_words_out *out, const struct lyap_chunk *chunk) {
    for (size_t i = 0; i < chunk->count; i++) {
        const struct lyap_record *r = &chunk->records[i];
        put_record(out, r);
        if (chunk->evaluation) put_evaluation(out, &chunk->evaluation[i]);
        if (chunk->weights) lyap_words_put_reals(out, chunk->weights + i * chunk->parameters, chunk->parameters);
        if (!chunk->distance) continue;
        lyap_words_put_reals(out, chunk->distance + i * chunk->stride, r->length);
        lyap_words_put_reals(out, chunk->loss + i * chunk->stride, r->losses);
    }
}

static void put_spectrum_record(struct lyap_words_out *out, const struct lyap_spectrum_record *r) {
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

static void take_spectrum_record(struct lyap_words_in *in, struct lyap_spectrum_record *r) {
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

void lyap_chunk_put_spectrum(struct lyap_words_out *out, const struct lyap_spectrum_chunk *chunk, size_t orbit) {
    for (size_t i = 0; i < chunk->count; i++) {
        put_spectrum_record(out, &chunk->records[i]);
        for (size_t k = 0; k < chunk->exponents; k++) {
            const struct lyap_exponent *l = &chunk->lambda[i * chunk->exponents + k];
            lyap_words_put_reals(out, (const double[]){l->lambda, l->low, l->high}, EXPONENT_WORDS);
        }
        if (chunk->evaluation) put_evaluation(out, &chunk->evaluation[i]);
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
}

/* Skips words, more than there are being noticed. */
static void skip(struct lyap_words_in *in, uint64_t count) {
    if (count <= lyap_words_left(in))
        in->next += (size_t)count;
    else
        in->over = true;
}

static bool check_cell(struct lyap_words_in *in, const struct lyap_chunk_head *h, uint64_t cell, uint64_t *diverged) {
    const uint64_t *w = in->words + in->next;
    if (lyap_words_left(in) < RECORD_WORDS) return false;
    uint64_t terms = w[8], length = w[9], losses = w[10], outcome = w[12];
    if (w[0] != cell || outcome >= LYAP_OUTCOME_COUNT || terms > UINT32_MAX || length > h->stride || losses > h->stride)
        return false;
    *diverged += outcome == LYAP_ESCAPED || outcome == LYAP_OVERFLOW;
    skip(in, RECORD_WORDS);
    if (h->flags & LYAP_HAS_EVALUATION) skip(in, EVALUATION_WORDS);
    if (h->flags & LYAP_HAS_WEIGHTS) skip(in, h->width);
    if (h->flags & LYAP_HAS_SERIES) skip(in, length + losses);
    return !in->over;
}

static bool check_spectrum_cell(struct lyap_words_in *in, const struct lyap_chunk_head *h, uint64_t cell,
                                uint64_t *diverged) {
    const uint64_t *w = in->words + in->next;
    if (lyap_words_left(in) < SPECTRUM_WORDS) return false;
    if (w[0] != cell || w[4] > UINT32_MAX || w[5] > h->width || w[7] >= LYAP_OUTCOME_COUNT ||
        w[8] >= LYAP_REGIME_COUNT || w[9] > LYAP_STOP_EVENT || w[11] > LYAP_MOST_PERIOD)
        return false;
    *diverged += w[8] == LYAP_DIVERGED;
    skip(in, SPECTRUM_WORDS);
    skip(in, EXPONENT_WORDS * h->width);
    if (h->flags & LYAP_HAS_EVALUATION) skip(in, EVALUATION_WORDS);
    uint64_t used = lyap_words_take(in);
    if (used > (h->flags & LYAP_HAS_HISTORY ? h->stride : 0)) return false;
    skip(in, used * (POINT_WORDS + h->width));
    skip(in, h->orbit);
    return !in->over;
}

enum lyap_status lyap_chunk_check(const struct lyap_words_in *file, struct lyap_chunk_head *h, uint64_t *diverged,
                                  struct lyap_error *error) {
    struct lyap_words_in in = *file;
    *diverged = 0;
    take_head(&in, h);
    bool spectrum = h->kind == LYAP_KIND_SPECTRUM;
    uint64_t flags = spectrum ? LYAP_HAS_EVALUATION | LYAP_HAS_HISTORY | LYAP_HAS_ORBIT
                              : LYAP_HAS_SERIES | LYAP_HAS_EVALUATION | LYAP_HAS_WEIGHTS;
    bool good = !in.over && (spectrum || h->kind == LYAP_KIND_ENSEMBLE) && !(h->flags & ~flags) && h->count > 0 &&
                h->first <= UINT64_MAX / 2 && h->count <= lyap_words_left(&in) && h->width > 0 &&
                h->width <= UINT32_MAX && (h->orbit > 0) == ((h->flags & LYAP_HAS_ORBIT) != 0) &&
                h->stride <= (spectrum ? LYAP_MOST_POINTS : INT32_MAX);
    for (uint64_t i = 0; good && i < h->count; i++)
        good =
            spectrum ? check_spectrum_cell(&in, h, h->first + i, diverged) : check_cell(&in, h, h->first + i, diverged);
    if (good && lyap_words_left(&in) == 0) return LYAP_OK;
    return lyap_words_damaged(file->path, LYAP_MAGIC_CHUNK, "its contents are not those of a run's cells", error);
}

/* Zeroed; NULL for what is not asked for, *ok false for what there is no room for. */
static void *room(bool asked, uint64_t count, uint64_t width, size_t size, bool *ok) {
    if (!asked) return NULL;
    double bytes = (double)count * (double)width * (double)size;
    void *memory = bytes < (double)(SIZE_MAX / 2) && lyap_memory_fits(bytes)
                       ? calloc((size_t)count, (size_t)(width ? width : 1) * size)
                       : NULL;
    *ok = *ok && memory;
    return memory;
}

static enum lyap_status out_of_memory(const struct lyap_words_in *in, struct lyap_error *error) {
    return lyap_fail(error, LYAP_ERROR_MEMORY, "%.300s: out of memory for its cells", in->path);
}

enum lyap_status lyap_chunk_replay(struct lyap_words_in *in, lyap_sink sink, void *context, struct lyap_error *error) {
    struct lyap_chunk_head h = {0};
    take_head(in, &h);
    size_t count = (size_t)h.count, stride = (size_t)h.stride, parameters = (size_t)h.width;
    bool ok = true, series = h.flags & LYAP_HAS_SERIES;
    struct lyap_record *records = room(true, count, 1, sizeof *records, &ok);
    struct lyap_evaluation *evaluation = room(h.flags & LYAP_HAS_EVALUATION, count, 1, sizeof *evaluation, &ok);
    double *weights = room(h.flags & LYAP_HAS_WEIGHTS, count, parameters, sizeof *weights, &ok);
    double *distance = room(series, count, stride, sizeof *distance, &ok);
    double *loss = room(series, count, stride, sizeof *loss, &ok);
    enum lyap_status status = ok ? LYAP_OK : out_of_memory(in, error);
    for (size_t i = 0; i < count && !status; i++) {
        take_record(in, &records[i]);
        if (evaluation) take_evaluation(in, &evaluation[i]);
        if (weights) lyap_words_take_reals(in, weights + i * parameters, parameters);
        if (!series) continue;
        lyap_words_take_reals(in, distance + i * stride, records[i].length);
        lyap_words_take_reals(in, loss + i * stride, records[i].losses);
    }
    const struct lyap_chunk chunk = {.first_cell = h.first,
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

enum lyap_status lyap_chunk_replay_spectrum(struct lyap_words_in *in, lyap_spectrum_sink sink, void *context,
                                            struct lyap_error *error) {
    struct lyap_chunk_head h = {0};
    take_head(in, &h);
    size_t count = (size_t)h.count, points = (size_t)h.stride, exponents = (size_t)h.width;
    bool ok = true, kept = h.flags & LYAP_HAS_HISTORY;
    struct lyap_spectrum_record *records = room(true, count, 1, sizeof *records, &ok);
    struct lyap_exponent *lambda = room(true, count, exponents, sizeof *lambda, &ok);
    uint32_t *used = room(true, count, 1, sizeof *used, &ok);
    struct lyap_evaluation *evaluation = room(h.flags & LYAP_HAS_EVALUATION, count, 1, sizeof *evaluation, &ok);
    struct lyap_history *history = room(kept, count, points, sizeof *history, &ok);
    double *running = room(kept, count, (uint64_t)points * exponents, sizeof *running, &ok);
    double *orbit = room(h.orbit > 0, count, h.orbit, sizeof *orbit, &ok);
    enum lyap_status status = ok ? LYAP_OK : out_of_memory(in, error);
    for (size_t i = 0; i < count && !status; i++) {
        take_spectrum_record(in, &records[i]);
        for (size_t k = 0; k < exponents; k++) {
            double values[EXPONENT_WORDS];
            lyap_words_take_reals(in, values, EXPONENT_WORDS);
            lambda[i * exponents + k] = (struct lyap_exponent){values[0], values[1], values[2]};
        }
        if (evaluation) take_evaluation(in, &evaluation[i]);
        used[i] = (uint32_t)lyap_words_take(in);
        if (kept) take_points(in, used[i], exponents, history + i * points, running + i * points * exponents);
        if (orbit) lyap_words_take_reals(in, orbit + i * (size_t)h.orbit, (size_t)h.orbit);
    }
    const struct lyap_spectrum_chunk chunk = {.first_cell = h.first,
                                              .count = count,
                                              .exponents = exponents,
                                              .records = records,
                                              .lambda = lambda,
                                              .points = points,
                                              .used = used,
                                              .history = history,
                                              .running = running,
                                              .evaluation = evaluation,
                                              .orbit = orbit};
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
