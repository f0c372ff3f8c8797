#include "report/questions/batches.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lyapgrad/spectrum.h"

const struct lyap_subject lyap_batch_subjects[LYAP_BATCH_CASES] = {
    {"noisy XOR, 2-8-1 tanh", "2-8-1", LYAP_TANH, LYAP_SIGMOID, LYAP_BCE, "xor-noisy:2,64,0.2", LYAP_INIT_GLOROT_NORMAL,
     0, 0, false, LYAP_GD, 0, 0.1},
    {"blobs, 8-12-6 tanh", "8-12-6", LYAP_TANH, LYAP_LINEAR, LYAP_SOFTMAX, "blobs:64,6,8,0.7", LYAP_INIT_GLOROT_NORMAL,
     0, 0, false, LYAP_GD, 0, 0.1},
};
const uint64_t lyap_batch_size[LYAP_BATCH_SIZES] = {64, 32, 16, 4, 1};
const double lyap_batch_rate[LYAP_BATCH_RATES] = {0.03, 0.1, 0.3, 1, 3, 10};

/* ---- rank correlations ---- */

/* Of the pairs first + i * stride, i < n, taken at index[i] where there is one. */
struct row {
    size_t first, stride, n;
    const uint32_t *index;
};

/* Spearman's correlation of those that are numbers; NaN where it is undefined. */
static double correlate(const struct lyap_batch_pair *p, const struct row *row) {
    double r, *x = p->room, *y = x + row->n, *a = y + row->n, *b = a + row->n;
    size_t n = 0;
    for (size_t i = 0; i < row->n; i++) {
        const size_t at = row->first + row->stride * (row->index ? row->index[i] : i);
        if (isfinite(p->x[at]) && isfinite(p->y[at])) x[n] = p->x[at], y[n++] = p->y[at];
    }
    if (n < 3) return NAN;
    if (lyap_rank(x, n, a, NULL) || lyap_rank(y, n, b, NULL)) {
        *p->failed = true;
        return NAN;
    }
    return lyap_pearson(a, b, n, &r, NULL) ? NAN : r;
}

double lyap_batch_over_starts(const void *pair, const uint32_t *index, size_t n) {
    const struct lyap_batch_pair *p = pair;
    double sum = 0;
    size_t defined = 0;
    for (size_t rate = 0; rate < LYAP_BATCH_RATES; rate++) {
        const double r = correlate(p, &(const struct row){rate * p->starts, 1, n, index});
        if (isfinite(r)) sum += r, defined++;
    }
    return defined ? sum / (double)defined : (double)NAN;
}

double lyap_batch_over_rates(const void *pair, const uint32_t *index, size_t n) {
    const struct lyap_batch_pair *p = pair;
    double sum = 0;
    size_t defined = 0;
    for (size_t i = 0; i < n; i++) {
        const double r = correlate(p, &(const struct row){index[i], p->starts, LYAP_BATCH_RATES, NULL});
        if (isfinite(r)) sum += r, defined++;
    }
    return defined ? sum / (double)defined : (double)NAN;
}

static enum lyap_status estimate_one(struct lyap_estimate *e, lyap_statistic statistic,
                                     const struct lyap_batch_pair *pair, uint64_t seed, struct lyap_error *error) {
    *e = (struct lyap_estimate){(double)NAN, (double)NAN, (double)NAN};
    enum lyap_status status = lyap_bootstrap(statistic, pair, pair->starts, LYAP_BATCH_RESAMPLES, seed, e, error);
    if (*pair->failed) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu ranks", pair->starts);
    return lyap_undefined(status, error);
}

static enum lyap_status estimate(struct lyap_batch_agreement *a, const double *x, const double *y, size_t starts,
                                 uint64_t seed, struct lyap_error *error) {
    bool failed = false;
    const struct lyap_batch_pair pair = {x, y, starts, malloc(4 * (starts + LYAP_BATCH_RATES) * sizeof(double)),
                                         &failed};
    if (!pair.room) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu starts", starts);
    enum lyap_status status = estimate_one(&a->starts, lyap_batch_over_starts, &pair, seed, error);
    if (!status) status = estimate_one(&a->rates, lyap_batch_over_rates, &pair, seed, error);
    free(pair.room);
    return status;
}

/* ---- runs ---- */

static enum lyap_status take(const struct lyap_spectrum_chunk *chunk, void *context, struct lyap_error *error) {
    double *out = context;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++) {
        const struct lyap_spectrum_record *r = &chunk->records[i];
        const bool defined = r->resolved && r->steps && r->regime != LYAP_DIVERGED;
        out[r->cell] = defined ? chunk->lambda[i * chunk->exponents].lambda : (double)NAN;
    }
    return LYAP_OK;
}

/* The order of the samples is turned by its own seed; of the full batch, which has no order, the tangent by the plan's. */
static enum lyap_status run_order(double *out, const struct lyap_prepared *prepared, const struct lyap_batches *q,
                                  size_t size, size_t order, struct lyap_error *error) {
    struct lyap_setting settings[LYAP_BATCH_RATES];
    struct lyap_spectrum_plan plan;
    lyap_spectrum_defaults(&plan, prepared->plan.network, prepared->plan.data);
    plan.base = prepared->plan;
    plan.base.values = LYAP_BATCH_RATES;
    plan.base.settings = settings;
    for (size_t r = 0; r < LYAP_BATCH_RATES; r++) {
        settings[r] = plan.base.setting;
        settings[r].lr = lyap_batch_rate[r];
        settings[r].epochs = q->steps;
    }
    if (size == 0) {
        plan.base.seed += order;
    } else {
        plan.base.optimiser.batch = lyap_batch_size[size];
        plan.base.optimiser.seed += order;
    }
    return lyap_spectrum_run(&plan, take, out, error);
}

static enum lyap_status run_case(struct lyap_batches *q, size_t c, const struct lyap_report_options *options,
                                 struct lyap_report *report, struct lyap_error *error) {
    struct lyap_prepared prepared;
    double *weights = NULL;
    enum lyap_status status = lyap_prepare(&prepared, &lyap_batch_subjects[c], options, error);
    prepared.plan.starts = q->starts;
    if (!status) status = lyap_plan_starts(&weights, &prepared.plan, error);
    prepared.plan.weights = weights;
    for (size_t size = 0; size < LYAP_BATCH_SIZES && !status; size++) {
        double **exponent = q->exponent[c][size];
        lyap_plan_follow(&prepared.plan, report, 0.1 / LYAP_BATCH_CASES / LYAP_BATCH_SIZES);
        for (size_t order = 0; order < LYAP_BATCH_ORDERS && !status; order++) {
            exponent[order] = malloc(LYAP_BATCH_RATES * q->starts * sizeof *exponent[order]);
            status = exponent[order] ? run_order(exponent[order], &prepared, q, size, order, error)
                                     : lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu starts", q->starts);
        }
        if (!status)
            status = estimate(&q->agree[c][size], q->exponent[c][0][0], exponent[0], q->starts, options->seed, error);
        if (!status) status = estimate(&q->repeat[c][size], exponent[0], exponent[1], q->starts, options->seed, error);
    }
    free(weights);
    lyap_prepared_free(&prepared);
    return status;
}

enum lyap_status lyap_batches_run(struct lyap_batches *q, size_t starts, uint32_t steps,
                                  const struct lyap_report_options *options, struct lyap_report *report,
                                  struct lyap_error *error) {
    memset(q, 0, sizeof *q);
    q->starts = starts;
    q->steps = steps;
    enum lyap_status status = LYAP_OK;
    for (size_t c = 0; c < LYAP_BATCH_CASES && !status; c++) status = run_case(q, c, options, report, error);
    return status;
}

void lyap_batches_free(struct lyap_batches *q) {
    for (size_t c = 0; c < LYAP_BATCH_CASES; c++)
        for (size_t size = 0; size < LYAP_BATCH_SIZES; size++)
            for (size_t order = 0; order < LYAP_BATCH_ORDERS; order++) free(q->exponent[c][size][order]);
    memset(q, 0, sizeof *q);
}
