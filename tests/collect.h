/* For tests: a sink that keeps every record and series of a run. */
#ifndef LYAP_TEST_COLLECT_H
#define LYAP_TEST_COLLECT_H

#include <stdlib.h>
#include <string.h>

#include "lyapgrad/digest.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/status.h"
#include "tests/check.h"

struct collected {
    size_t cells, stride;
    struct lyap_record *records;
    double *distance, *loss;            /* [cells][stride] when the plan asked for series */
    struct lyap_evaluation *evaluation; /* [cells] when the plan asked for it */
    double *weights;                    /* [cells][parameters] when the plan asked for them */
};

static inline enum lyap_status collect(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    struct collected *all = context;
    (void)error;
    ck_assert_uint_eq(chunk->first_cell, all->cells); /* in cell order, without gaps */
    size_t total = all->cells + chunk->count;
    all->records = realloc(all->records, total * sizeof *all->records);
    memcpy(all->records + all->cells, chunk->records, chunk->count * sizeof *all->records);
    if (chunk->distance) {
        all->stride = chunk->stride;
        all->distance = realloc(all->distance, total * chunk->stride * sizeof(double));
        all->loss = realloc(all->loss, total * chunk->stride * sizeof(double));
        memcpy(all->distance + all->cells * chunk->stride, chunk->distance,
               chunk->count * chunk->stride * sizeof(double));
        memcpy(all->loss + all->cells * chunk->stride, chunk->loss, chunk->count * chunk->stride * sizeof(double));
    }
    if (chunk->evaluation) {
        all->evaluation = realloc(all->evaluation, total * sizeof *all->evaluation);
        memcpy(all->evaluation + all->cells, chunk->evaluation, chunk->count * sizeof *all->evaluation);
    }
    if (chunk->weights) {
        size_t row = chunk->parameters * sizeof(double);
        all->weights = realloc(all->weights, total * row);
        memcpy(all->weights + all->cells * chunk->parameters, chunk->weights, chunk->count * row);
    }
    all->cells = total;
    return LYAP_OK;
}

static inline void collected_free(struct collected *all) {
    free(all->records);
    free(all->distance);
    free(all->loss);
    free(all->evaluation);
    free(all->weights);
    memset(all, 0, sizeof *all);
}

/* Runs the plan and keeps everything; the run must succeed. */
static inline struct collected run_plan(const struct lyap_plan *plan) {
    struct collected all = {0};
    struct lyap_error error = {0};
    enum lyap_status status = lyap_ensemble_run(plan, collect, &all, &error);
    ck_assert_msg(status == LYAP_OK, "%s", error.message);
    ck_assert_uint_eq(all.cells, plan->starts * plan->values);
    return all;
}

static inline bool same_record(const struct lyap_record *a, const struct lyap_record *b) {
    return lyap_digest_record(LYAP_DIGEST_START, a) == lyap_digest_record(LYAP_DIGEST_START, b);
}

#endif
