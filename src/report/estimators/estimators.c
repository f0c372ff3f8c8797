#include "report/estimators/estimators.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "math/deterministic.h"
#include "lyapgrad/spectrum.h"
#include "lyapgrad/initial_law.h"
#include "lyapgrad/network.h"
#include "lyapgrad/optimiser.h"
#include "lyapgrad/regime.h"

/* ln|1 - lr h| of the flattest direction, which every generic perturbation ends up in. */
static enum lyap_status take_exact(const struct lyap_spectrum_chunk *chunk, void *context, struct lyap_error *error) {
    double *out = context;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++) {
        const struct lyap_spectrum_record *r = &chunk->records[i];
        out[r->cell] = lyap_log(fabs(1 - r->lr * r->smallest_first));
    }
    return LYAP_OK;
}

static void plan_from(struct lyap_spectrum_plan *plan, const struct lyap_prepared *prepared, const double *weights,
                      size_t starts, uint32_t steps) {
    lyap_spectrum_defaults(plan, prepared->plan.network, prepared->plan.data);
    plan->base = prepared->plan;
    plan->base.weights = weights;
    plan->base.starts = starts;
    plan->base.setting.epochs = steps;
    plan->base.setting.perturbation = 1e-8;
}

struct taking {
    struct lyap_estimator_result *result;
    int threads;
};

static enum lyap_status take_series(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    struct taking *t = context;
    enum lyap_status status = LYAP_OK;
    for (size_t i = 0; i < chunk->count && !status; i++) {
        const struct lyap_record *r = &chunk->records[i];
        if (r->losses == chunk->stride)
            status = lyap_estimators_series(t->result, (size_t)r->cell, chunk->loss + i * chunk->stride, r->losses, 3,
                                            t->threads, error);
    }
    return status;
}

static enum lyap_status run_hybrid(struct lyap_estimator_result *result, enum lyap_contender contender,
                                   const struct lyap_plan *base, double perturbation, struct lyap_error *error) {
    struct lyap_sample sample;
    struct lyap_plan plan = *base;
    plan.setting.perturbation = perturbation;
    enum lyap_status status = lyap_sample_run(&sample, &plan, lyap_estimator_length, LYAP_ESTIMATOR_LENGTHS, 0, error);
    for (size_t l = 0; l < LYAP_ESTIMATOR_LENGTHS && !status; l++)
        memcpy(result->estimate[contender][l], sample.step + l * sample.cells, sample.cells * sizeof(double));
    lyap_sample_free(&sample);
    return status;
}

enum lyap_status lyap_estimators_network(struct lyap_estimator_result *result, const struct lyap_prepared *prepared,
                                         const double *weights, bool exact, struct lyap_report *report,
                                         struct lyap_error *error) {
    struct lyap_spectrum_plan plan;
    size_t starts = result->starts;
    if (starts == 0) return LYAP_OK;
    plan_from(&plan, prepared, weights, starts, 1);
    plan.curvature = true;
    enum lyap_status status = LYAP_OK;
    if (exact) status = lyap_spectrum_run(&plan, take_exact, result->reference, error);
    for (size_t l = 0; l < LYAP_ESTIMATOR_LENGTHS && !status; l++)
        for (int rescaled = 0; rescaled < 2 && !status; rescaled++) {
            plan_from(&plan, prepared, weights, starts, lyap_estimator_length[l]);
            plan.method = rescaled ? LYAP_RESCALED : LYAP_TANGENT;
            lyap_plan_follow(&plan.base, report, 0.1 / (2 * LYAP_ESTIMATOR_LENGTHS));
            int contender = rescaled ? LYAP_CONTENDER_RESCALED : LYAP_CONTENDER_TANGENT;
            status = lyap_spectrum_run(&plan, lyap_take_lambda, result->estimate[contender][l], error);
        }
    struct lyap_plan base = prepared->plan;
    base.weights = weights;
    base.starts = starts;
    base.setting.epochs = lyap_estimator_length[LYAP_ESTIMATOR_LENGTHS - 1];
    lyap_plan_follow(&base, report, 0.1);
    if (!status) status = run_hybrid(result, LYAP_CONTENDER_HYBRID, &base, 1e-4, error);
    lyap_plan_follow(&base, report, 0.1);
    if (!status) status = run_hybrid(result, LYAP_CONTENDER_HYBRID_SMALL, &base, 1e-8, error);
    struct taking taking = {result, prepared->plan.threads};
    base.neighbours = 1;
    base.series = true;
    lyap_plan_follow(&base, report, 0.1);
    if (!status) status = lyap_ensemble_run(&base, take_series, &taking, error);
    return status;
}

static const struct lyap_subject chaotic_subject = {
    "chaotic", "2-2-1", LYAP_TANH, LYAP_TANH, LYAP_MSE, "xor", LYAP_INIT_NORMAL, 0, 2, false, LYAP_GD, 0, 5};
static const struct lyap_subject converging_subject = {
    "converging", "3-1",   LYAP_LINEAR, LYAP_LINEAR, LYAP_MSE, "linear-teacher:24,3,1,0.1", LYAP_INIT_NORMAL, 0, 1,
    false,        LYAP_GD, 0,           0.1};

struct candidates {
    bool *chosen;
    double *weights, *lambda;
    size_t parameters;
};

static enum lyap_status take_regime(const struct lyap_spectrum_chunk *chunk, void *context, struct lyap_error *error) {
    struct candidates *c = context;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++)
        c->chosen[chunk->records[i].cell] = chunk->records[i].regime == LYAP_CHAOTIC;
    return LYAP_OK;
}

/* Chaotic to the end: an orbit that fell into a minimum or a cycle on the way has parts with another exponent, and a wide interval. */
static enum lyap_status take_lasting(const struct lyap_spectrum_chunk *chunk, void *context, struct lyap_error *error) {
    struct candidates *c = context;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++) {
        const struct lyap_spectrum_record *r = &chunk->records[i];
        const struct lyap_exponent *e = &chunk->lambda[i * chunk->exponents];
        c->chosen[r->cell] = r->regime == LYAP_CHAOTIC && e->high - e->low < 0.1 * e->lambda;
        c->lambda[r->cell] = e->lambda;
    }
    return LYAP_OK;
}

static enum lyap_status take_weights(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    struct candidates *c = context;
    (void)error;
    memcpy(c->weights + chunk->first_cell * c->parameters, chunk->weights,
           chunk->count * chunk->parameters * sizeof(double));
    return LYAP_OK;
}

/* Moves the chosen of n to the front; returns their number. */
static size_t compact(struct candidates *c, size_t n) {
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (!c->chosen[i]) continue;
        memmove(c->weights + kept * c->parameters, c->weights + i * c->parameters, c->parameters * sizeof *c->weights);
        c->lambda[kept++] = c->lambda[i];
    }
    return kept;
}

/* Follows random starts through a transient and keeps, where they are then, those that are chaotic after it and stay so through the
 * run that gives their reference. */
static enum lyap_status run_chaotic(struct lyap_estimators *e, size_t most, uint32_t reference,
                                    const struct lyap_report_options *options, struct lyap_report *report,
                                    struct lyap_error *error) {
    enum { TRANSIENT = 20000, LOOK = 4000 };
    struct lyap_prepared prepared;
    struct lyap_spectrum_plan plan;
    enum lyap_status status = lyap_prepare(&prepared, &chaotic_subject, options, error);
    struct candidates c = {.parameters = lyap_network_parameters(&prepared.network)};
    c.chosen = calloc(e->candidates, sizeof *c.chosen);
    c.lambda = calloc(e->candidates, sizeof *c.lambda);
    c.weights = calloc(e->candidates * c.parameters, sizeof *c.weights);
    if (!status && (!c.chosen || !c.lambda || !c.weights))
        status = lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the candidates");
    plan_from(&plan, &prepared, NULL, e->candidates, TRANSIENT + LOOK);
    plan.transient = TRANSIENT;
    lyap_plan_follow(&plan.base, report, 0.3);
    if (!status) status = lyap_spectrum_run(&plan, take_regime, &c, error);
    struct lyap_plan run = prepared.plan;
    run.neighbours = 1;
    run.starts = e->candidates;
    run.setting.epochs = TRANSIENT;
    run.last_weights = true;
    run.escape = 1e300;
    if (!status) status = lyap_ensemble_run(&run, take_weights, &c, error);
    if (!status) e->chaotic = compact(&c, e->candidates);
    if (!status && e->chaotic) {
        plan_from(&plan, &prepared, c.weights, e->chaotic, reference);
        lyap_plan_follow(&plan.base, report, 0.3);
        status = lyap_spectrum_run(&plan, take_lasting, &c, error);
        if (!status) e->lasting = compact(&c, e->chaotic);
    }
    size_t kept = e->lasting < most ? e->lasting : most;
    if (!status) status = lyap_estimator_result_new(&e->result[0], kept, error);
    if (!status) memcpy(e->result[0].reference, c.lambda, kept * sizeof *c.lambda);
    if (!status) status = lyap_estimators_network(&e->result[0], &prepared, c.weights, false, report, error);
    free(c.chosen);
    free(c.lambda);
    free(c.weights);
    lyap_prepared_free(&prepared);
    return status;
}

static enum lyap_status run_converging(struct lyap_estimators *e, size_t starts,
                                       const struct lyap_report_options *options, struct lyap_error *error) {
    struct lyap_prepared prepared;
    enum lyap_status status = lyap_prepare(&prepared, &converging_subject, options, error);
    double *w = NULL;
    prepared.plan.starts = starts;
    if (!status) status = lyap_plan_starts(&w, &prepared.plan, error);
    if (!status) status = lyap_estimator_result_new(&e->result[1], starts, error);
    if (!status) status = lyap_estimators_network(&e->result[1], &prepared, w, true, NULL, error);
    free(w);
    lyap_prepared_free(&prepared);
    return status;
}

enum lyap_status lyap_estimators_compute(struct lyap_report *report, void **state, struct lyap_error *error) {
    const struct lyap_report_options *options = lyap_report_options_of(report);
    struct lyap_estimators *e = calloc(1, sizeof *e);
    if (!e) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory");
    *state = e;
    uint64_t more = options->full ? 4 : 1;
    size_t starts = (size_t)lyap_report_starts(report, 32 * more, 4);
    uint32_t reference = lyap_report_steps(report, options->scale < 1 ? 20000 : options->full ? 1000000 : 200000);
    e->candidates = (size_t)lyap_report_starts(report, 960 * more, 64);
    enum lyap_status status = run_chaotic(e, starts, reference, options, report, error);
    if (!status) status = run_converging(e, starts, options, error);
    if (!status) status = lyap_estimator_result_new(&e->result[2], starts, error);
    if (!status) status = lyap_estimators_map(&e->result[2], reference, options, error);
    for (size_t c = 0; c < LYAP_ESTIMATOR_CASES && !status; c++)
        status = lyap_estimators_score(&e->result[c], options->seed, error);
    if (!status)
        status = lyap_estimators_scale(e->scaling, (size_t)lyap_report_starts(report, 32 * more, 4), options, error);
    return status;
}

void lyap_estimators_release(void *state) {
    struct lyap_estimators *e = state;
    for (size_t c = 0; e && c < LYAP_ESTIMATOR_CASES; c++) lyap_estimator_result_free(&e->result[c]);
    free(e);
}
