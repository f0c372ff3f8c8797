/* For tests: a sink that keeps every record, exponent and history of a spectrum run. */
#ifndef LYAP_TEST_COLLECT_SPECTRUM_H
#define LYAP_TEST_COLLECT_SPECTRUM_H

#include <stdlib.h>
#include <string.h>

#include "lyapgrad/digest.h"
#include "lyapgrad/spectrum.h"
#include "lyapgrad/status.h"
#include "tests/check.h"

struct spectra {
    size_t cells, exponents, points;
    struct lyap_spectrum_record *records;
    struct lyap_exponent *lambda;
    uint32_t *used;
    struct lyap_history *history;
    double *running;
};

static inline void *append(void *old, size_t had, const void *more, size_t count, size_t size) {
    char *all = realloc(old, (had + count) * size + 1);
    if (more && count) memcpy(all + had * size, more, count * size);
    return all;
}

static inline enum lyap_status collect_spectra(const struct lyap_spectrum_chunk *c, void *context,
                                               struct lyap_error *error) {
    struct spectra *s = context;
    (void)error;
    ck_assert_uint_eq(c->first_cell, s->cells);
    s->exponents = c->exponents;
    s->points = c->points;
    s->records = append(s->records, s->cells, c->records, c->count, sizeof *c->records);
    s->lambda = append(s->lambda, s->cells * c->exponents, c->lambda, c->count * c->exponents, sizeof *c->lambda);
    s->used = append(s->used, s->cells, c->used, c->count, sizeof *c->used);
    s->history = append(s->history, s->cells * c->points, c->history, c->count * c->points, sizeof *c->history);
    s->running = append(s->running, s->cells * c->points * c->exponents, c->running,
                        c->count * c->points * c->exponents, sizeof *c->running);
    s->cells += c->count;
    return LYAP_OK;
}

static inline void spectra_free(struct spectra *s) {
    free(s->records);
    free(s->lambda);
    free(s->used);
    free(s->history);
    free(s->running);
    memset(s, 0, sizeof *s);
}

static inline struct spectra run_spectra(const struct lyap_spectrum_plan *plan) {
    struct spectra s = {0};
    struct lyap_error error = {0};
    enum lyap_status status = lyap_spectrum_run(plan, collect_spectra, &s, &error);
    ck_assert_msg(status == LYAP_OK, "%s", error.message);
    ck_assert_uint_eq(s.cells, plan->base.starts * plan->base.values);
    return s;
}

/* Every bit of the results. */
static inline uint64_t spectra_digest(const struct spectra *s) {
    uint64_t d = LYAP_DIGEST_START;
    for (size_t c = 0; c < s->cells; c++) {
        const struct lyap_spectrum_record *r = &s->records[c];
        d = lyap_digest_spectrum(d, r, s->lambda + c * s->exponents, s->exponents);
        for (size_t p = 0; p < s->used[c]; p++) {
            const struct lyap_history *h = &s->history[c * s->points + p];
            d = lyap_digest_u64(d, h->epoch);
            d = lyap_digest_double(d, h->loss);
            d = lyap_digest_double(d, h->sharpness);
            d = lyap_digest_double(d, h->smallest);
            for (size_t k = 0; k < s->exponents; k++)
                d = lyap_digest_double(d, s->running[(c * s->points + p) * s->exponents + k]);
        }
    }
    return d;
}

#endif
