#include "report/questions/depth.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lyapgrad/spectrum.h"
#include "stats/log_grid.h"

#define NETWORK(shape, name, hidden, law)                                                                              \
    { name, shape, hidden, LYAP_SIGMOID, LYAP_BCE, "xor", law, 0, 0, false, LYAP_GD, 0, 0.1 }
#define GLOROT(shape, name) NETWORK(shape, name " tanh", LYAP_TANH, LYAP_INIT_GLOROT_NORMAL)
#define HE(shape, name) NETWORK(shape, name " ReLU", LYAP_RELU, LYAP_INIT_HE_NORMAL)

const struct lyap_subject lyap_depth_subjects[LYAP_DEPTH_CASES] = {
    GLOROT("2-8-1", "1 x 8"),       GLOROT("2-64-1", "1 x 64"),
    GLOROT("2-8-8-1", "2 x 8"),     GLOROT("2-64-64-1", "2 x 64"),
    GLOROT("2-8-8-8-8-1", "4 x 8"), GLOROT("2-64-64-64-64-1", "4 x 64"),
    HE("2-8-1", "1 x 8"),           HE("2-64-1", "1 x 64"),
    HE("2-8-8-8-8-1", "4 x 8"),     HE("2-64-64-64-64-1", "4 x 64"),
};
const double lyap_depth_multiple[LYAP_DEPTH_RATES] = {0.0625, 0.25, 0.5, 1, 2, 4};

double lyap_depth_onset(const double *exponent, size_t starts, size_t start, double level) {
    size_t r = 0;
    while (r < LYAP_DEPTH_RATES && !(exponent[r * starts + start] > level)) r++;
    if (r == LYAP_DEPTH_RATES) return INFINITY;
    const double after = exponent[r * starts + start];
    const double before = r ? exponent[(r - 1) * starts + start] : (double)NAN;
    if (r == 0 || !isfinite(before) || !isfinite(after)) return lyap_depth_multiple[r];
    return lyap_log_between(lyap_depth_multiple[r - 1], lyap_depth_multiple[r], (level - before) / (after - before));
}

/* What is taken of a run: exponents by cell, and losses where there is room for them. */
struct taking {
    double *exponent, *loss, *initial, *sharpness;
};

static enum lyap_status take(const struct lyap_spectrum_chunk *chunk, void *context, struct lyap_error *error) {
    const struct taking *t = context;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++) {
        const struct lyap_spectrum_record *r = &chunk->records[i];
        const bool lost = r->regime == LYAP_DIVERGED;
        if (t->sharpness) t->sharpness[r->cell] = r->sharpness_first;
        if (t->loss) t->loss[r->cell] = lost ? (double)NAN : r->final_loss;
        if (t->initial) t->initial[r->cell] = r->initial_loss;
        if (t->exponent)
            t->exponent[r->cell] = lost          ? (double)INFINITY
                                   : r->resolved ? chunk->lambda[i * chunk->exponents].lambda
                                                 : (double)NAN;
    }
    return LYAP_OK;
}

static void plan_of(struct lyap_spectrum_plan *plan, const struct lyap_prepared *prepared, size_t starts,
                    uint32_t steps) {
    lyap_spectrum_defaults(plan, prepared->plan.network, prepared->plan.data);
    plan->base = prepared->plan;
    plan->base.starts = starts;
    plan->base.setting.epochs = steps;
}

static enum lyap_status find_edge(struct lyap_depth_result *result, const struct lyap_prepared *prepared, size_t starts,
                                  struct lyap_error *error) {
    struct lyap_spectrum_plan plan;
    double *room = malloc(starts * sizeof *room);
    if (!room || !result->sharpness) {
        free(room);
        return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu starts", starts);
    }
    plan_of(&plan, prepared, starts, 1);
    plan.curvature = true;
    enum lyap_status status = lyap_spectrum_run(&plan, take, &(struct taking){.sharpness = result->sharpness}, error);
    for (size_t i = 0; i < starts; i++) room[i] = 2 / result->sharpness[i];
    result->edge = status ? (double)NAN : lyap_middle(room, starts);
    free(room);
    return status;
}

/* The onsets of each start over its own 2/sharpness. */
static enum lyap_status judge_onset(struct lyap_depth_result *result, size_t which, const struct lyap_depth *q,
                                    uint64_t seed, struct lyap_error *error) {
    const double level = which ? LYAP_DEPTH_NATS / q->sizes.steps : 0;
    double *own = result->own + which * q->sizes.starts;
    size_t lowest = 0, none = 0;
    for (size_t i = 0; i < q->sizes.starts; i++) {
        const double multiple = lyap_depth_onset(result->exponent, q->sizes.starts, i, level);
        lowest += multiple <= lyap_depth_multiple[0];
        none += isinf(multiple) != 0;
        own[i] = multiple * result->edge * result->sharpness[i] / 2;
    }
    result->lowest[which] = (double)lowest / (double)q->sizes.starts;
    result->never[which] = (double)none / (double)q->sizes.starts;
    result->onset[which] = (struct lyap_estimate){(double)INFINITY, (double)NAN, (double)NAN};
    if (2 * none >= q->sizes.starts) return LYAP_OK;
    return lyap_undefined(
        lyap_bootstrap_median(own, q->sizes.starts, LYAP_DEPTH_RESAMPLES, seed, &result->onset[which], error), error);
}

static enum lyap_status correlate(struct lyap_depth_result *result, size_t starts, uint64_t seed,
                                  struct lyap_error *error) {
    double *x = malloc(3 * starts * sizeof *x);
    if (!x) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu starts", starts);
    double *y = x + starts, *z = y + starts;
    size_t n = 0;
    for (size_t i = 0; i < starts; i++)
        if (isfinite(result->loss[i]) && isfinite(result->lambda[i])) {
            x[n] = result->loss[i];
            y[n] = result->lambda[i];
            z[n++] = result->initial[i];
        }
    enum lyap_status status = lyap_correlations_make(
        &result->correlation, &(const struct lyap_observations){x, y, z, n}, LYAP_DEPTH_RESAMPLES, seed, error);
    free(x);
    return status;
}

static enum lyap_status run_case(struct lyap_depth *q, struct lyap_depth_result *result,
                                 const struct lyap_subject *subject, const struct lyap_report_options *options,
                                 struct lyap_report *report, struct lyap_error *error) {
    struct lyap_setting settings[LYAP_DEPTH_RATES];
    struct lyap_prepared prepared;
    struct lyap_spectrum_plan plan;
    enum lyap_status status = lyap_prepare(&prepared, subject, options, error);
    result->hidden = (size_t)prepared.network.layers - 1;
    result->width = (size_t)prepared.network.sizes[1];
    result->parameters = lyap_network_parameters(&prepared.network);
    result->sharpness = calloc(3 * q->sizes.more + (1 + LYAP_DEPTH_RATES + LYAP_DEPTH_ONSETS) * q->sizes.starts,
                               sizeof *result->sharpness);
    if (!status && !result->sharpness)
        status = lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu starts", q->sizes.more);
    if (result->sharpness) {
        result->lambda = result->sharpness + q->sizes.starts;
        result->loss = result->lambda + q->sizes.more;
        result->initial = result->loss + q->sizes.more;
        result->exponent = result->initial + q->sizes.more;
        result->own = result->exponent + LYAP_DEPTH_RATES * q->sizes.starts;
    }
    if (!status) status = find_edge(result, &prepared, q->sizes.starts, error);
    for (size_t r = 0; r < LYAP_DEPTH_RATES; r++)
        settings[r] = (struct lyap_setting){lyap_depth_multiple[r] * result->edge, 1e-4, q->sizes.steps};
    plan_of(&plan, &prepared, q->sizes.starts, q->sizes.steps);
    plan.base.values = LYAP_DEPTH_RATES;
    plan.base.settings = settings;
    lyap_plan_follow(&plan.base, report, 0.2 / LYAP_DEPTH_CASES);
    if (!status) status = lyap_spectrum_run(&plan, take, &(struct taking){.exponent = result->exponent}, error);
    plan_of(&plan, &prepared, q->sizes.more, q->sizes.steps);
    plan.base.setting = settings[LYAP_DEPTH_AT];
    lyap_plan_follow(&plan.base, report, 0.1 / LYAP_DEPTH_CASES);
    if (!status)
        status = lyap_spectrum_run(
            &plan, take, &(struct taking){.exponent = result->lambda, .loss = result->loss, .initial = result->initial},
            error);
    for (size_t which = 0; which < LYAP_DEPTH_ONSETS && !status; which++)
        status = judge_onset(result, which, q, options->seed, error);
    if (!status) status = correlate(result, q->sizes.more, options->seed, error);
    lyap_prepared_free(&prepared);
    return status;
}

enum lyap_status lyap_depth_run(struct lyap_depth *q, const struct lyap_depth_sizes *sizes,
                                const struct lyap_report_options *options, struct lyap_report *report,
                                struct lyap_error *error) {
    memset(q, 0, sizeof *q);
    q->sizes = *sizes;
    enum lyap_status status = LYAP_OK;
    for (size_t c = 0; c < LYAP_DEPTH_CASES && !status; c++)
        status = run_case(q, &q->result[c], &lyap_depth_subjects[c], options, report, error);
    return status;
}

void lyap_depth_free(struct lyap_depth *q) {
    for (size_t c = 0; c < LYAP_DEPTH_CASES; c++) free(q->result[c].sharpness);
    memset(q, 0, sizeof *q);
}
