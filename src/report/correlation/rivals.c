/* The starts, and what is known of each. */
#include "report/correlation/rivals.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lyapgrad/spectrum.h"
#include "report/common/rounded.h"

const double lyap_rival_rate[LYAP_RIVAL_RATES] = {0.001, 0.1};
const uint32_t lyap_rival_horizon[LYAP_RIVAL_HORIZONS] = {5, 20, 100, 500, 2000};

const char *lyap_predictor_name(enum lyap_predictor predictor) {
    static const char *const name[LYAP_PREDICTORS] = {
        "hybrid exponent",  "tangent exponent", "hybrid exponent of 5 epochs",
        "squared gradient", "sharpness",        "loss drop after one step"};
    return name[predictor];
}

const char *lyap_held_name(enum lyap_held held) {
    static const char *const name[LYAP_HELDS] = {"nothing", "initial loss", "initial loss and squared gradient",
                                                 "initial loss and hybrid exponent"};
    return name[held];
}

enum lyap_status lyap_rival_points_new(struct lyap_rival_points *p, size_t n, struct lyap_error *error) {
    enum { COLUMNS = 4 + 3 * LYAP_RIVAL_HORIZONS };
    *p = (struct lyap_rival_points){.n = n, .room = calloc(COLUMNS * n + 1, sizeof *p->room)};
    if (!p->room) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu starts", n);
    p->initial = p->room;
    p->gradient = p->initial + n;
    p->sharpness = p->gradient + n;
    p->drop = p->sharpness + n;
    p->change = p->drop + n;
    p->hybrid = p->change + LYAP_RIVAL_HORIZONS * n;
    p->tangent = p->hybrid + LYAP_RIVAL_HORIZONS * n;
    return LYAP_OK;
}

void lyap_rivals_free(struct lyap_rivals *rivals) {
    free(rivals->points.room);
    rivals->points = (struct lyap_rival_points){0};
}

/* ---- what is run ---- */

struct taking {
    struct lyap_rival_points *points;
    size_t horizon;
    const double *before; /* [n][parameters] */
    double lr;
};

static enum lyap_status take_gradient(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    const struct taking *t = context;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++) {
        const double *w1 = chunk->weights + i * chunk->parameters;
        const double *w0 = t->before + chunk->records[i].cell * chunk->parameters;
        double sum = 0;
        for (size_t p = 0; p < chunk->parameters; p++) sum += (w0[p] - w1[p]) * (w0[p] - w1[p]);
        t->points->gradient[chunk->records[i].cell] = sum / (t->lr * t->lr);
    }
    return LYAP_OK;
}

static enum lyap_status take_tangent(const struct lyap_spectrum_chunk *chunk, void *context, struct lyap_error *error) {
    const struct taking *t = context;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++) {
        const struct lyap_spectrum_record *r = &chunk->records[i];
        double *to = t->points->tangent + t->horizon * t->points->n + r->cell;
        *to = r->resolved && r->steps ? chunk->lambda[i * chunk->exponents].lambda : (double)NAN;
        if (t->horizon == 0) t->points->sharpness[r->cell] = r->sharpness_first;
    }
    return LYAP_OK;
}

/* The parents and their neighbours over the longest horizon; all shorter ones are its beginnings. */
static enum lyap_status run_hybrid(struct lyap_rival_points *points, const struct lyap_prepared *prepared,
                                   struct lyap_error *error) {
    uint32_t marks[1 + LYAP_RIVAL_HORIZONS] = {2}; /* the loss before the second update */
    struct lyap_sample sample;
    const size_t n = points->n;
    memcpy(marks + 1, lyap_rival_horizon, sizeof lyap_rival_horizon);
    enum lyap_status status = lyap_sample_run(&sample, &prepared->plan, marks, 1 + LYAP_RIVAL_HORIZONS, 0, error);
    for (size_t i = 0; i < n && !status; i++) {
        points->initial[i] = sample.initial[i];
        points->drop[i] = sample.initial[i] - sample.loss[i];
        for (size_t h = 0; h < LYAP_RIVAL_HORIZONS; h++) {
            points->change[h * n + i] = sample.loss[(1 + h) * n + i] - sample.initial[i];
            points->hybrid[h * n + i] = sample.kw[(1 + h) * n + i];
        }
    }
    lyap_sample_free(&sample);
    return status;
}

static enum lyap_status run_gradient(struct lyap_rival_points *points, const struct lyap_prepared *prepared,
                                     struct lyap_error *error) {
    struct lyap_plan plan = prepared->plan;
    struct taking t = {.points = points, .lr = plan.setting.lr};
    double *before = NULL;
    plan.neighbours = 1;
    plan.setting.epochs = 1;
    plan.last_weights = true;
    plan.progress = NULL;
    enum lyap_status status = lyap_plan_starts(&before, &plan, error);
    t.before = before;
    if (!status) status = lyap_ensemble_run(&plan, take_gradient, &t, error);
    free(before);
    return status;
}

static enum lyap_status run_tangents(struct lyap_rival_points *points, const struct lyap_prepared *prepared,
                                     struct lyap_error *error) {
    enum lyap_status status = LYAP_OK;
    for (size_t h = 0; h < LYAP_RIVAL_HORIZONS && !status; h++) {
        struct taking t = {.points = points, .horizon = h};
        struct lyap_spectrum_plan plan;
        lyap_spectrum_defaults(&plan, prepared->plan.network, prepared->plan.data);
        double escape = plan.base.escape;
        plan.base = prepared->plan;
        plan.base.escape = escape;
        plan.base.progress = NULL;
        plan.base.setting.epochs = lyap_rival_horizon[h];
        plan.curvature = h == 0;
        status = lyap_spectrum_run(&plan, take_tangent, &t, error);
    }
    return status;
}

/* Starts outside of the band are those of the published window that are not in it. */
static void leave_out_band(struct lyap_rival_points *p, double low, double high) {
    size_t kept = 0;
    const size_t n = p->n;
    for (size_t i = 0; i < n; i++) {
        if (p->initial[i] >= low && p->initial[i] <= high) continue;
        for (size_t c = 0; c < 4 + 3 * LYAP_RIVAL_HORIZONS; c++) p->room[c * n + kept] = p->room[c * n + i];
        kept++;
    }
    struct lyap_rival_points all = *p;
    for (size_t c = 1; c < 4 + 3 * LYAP_RIVAL_HORIZONS; c++)
        memmove(p->room + c * kept, p->room + c * n, kept * sizeof *p->room);
    p->n = kept;
    p->gradient = p->initial + kept;
    p->sharpness = p->gradient + kept;
    p->drop = p->sharpness + kept;
    p->change = p->drop + kept;
    p->hybrid = p->change + LYAP_RIVAL_HORIZONS * kept;
    p->tangent = p->hybrid + LYAP_RIVAL_HORIZONS * kept;
    p->room = all.room;
}

/* Changes of loss to nine digits, since little is left of them at equal gradient. */
static void round_points(struct lyap_rival_points *p) {
    for (size_t i = 0; i < (4 + LYAP_RIVAL_HORIZONS) * p->n; i++) p->room[i] = lyap_rounded(p->room[i], 9);
    for (size_t i = 0; i < LYAP_RIVAL_HORIZONS * p->n; i++) {
        p->hybrid[i] = lyap_rounded(p->hybrid[i], 7);
        p->tangent[i] = lyap_rounded(p->tangent[i], 7);
    }
}

enum lyap_status lyap_rivals_run(struct lyap_rivals *rivals, const struct lyap_rival_setting *setting,
                                 const struct lyap_report_options *options, struct lyap_report *report, double share,
                                 struct lyap_error *error) {
    struct lyap_subject subject = lyap_subject_paper(setting->activation);
    struct lyap_prepared prepared;
    struct lyap_rival_points *points = &rivals->points;
    *rivals = (struct lyap_rivals){.activation = setting->activation, .lr = setting->lr, .outside = setting->outside};
    enum lyap_status status = lyap_prepare(&prepared, &subject, options, error);
    if (!status) status = lyap_rival_points_new(points, setting->starts, error);
    prepared.plan.starts = setting->starts;
    prepared.plan.seed = options->seed + 1; /* other starts than those that set the band */
    prepared.plan.setting.lr = setting->lr;
    prepared.plan.setting.epochs = lyap_rival_horizon[LYAP_RIVAL_HORIZONS - 1];
    if (!setting->outside) {
        prepared.plan.window_low = setting->low;
        prepared.plan.window_high = setting->high;
    }
    lyap_plan_follow(&prepared.plan, report, share);
    if (!status) status = run_hybrid(points, &prepared, error);
    if (!status) status = run_gradient(points, &prepared, error);
    if (!status) status = run_tangents(points, &prepared, error);
    if (!status && setting->outside) leave_out_band(points, setting->low, setting->high);
    if (!status) round_points(points);
    for (size_t h = 0; h < LYAP_RIVAL_HORIZONS && !status; h++)
        status = lyap_rivals_compare(&rivals->result[h], points, h, options->seed, error);
    lyap_prepared_free(&prepared);
    return status;
}
