#include "report/precision/precision.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "math/deterministic.h"
#include "lyapgrad/spectrum.h"
#include "lyapgrad/statistics.h"
#include "lyapgrad/precision.h"
#include "stats/quantile_select.h"
#include "stats/resampling.h"

/* A single step, and all of them. */
enum { SINGLE, ALL, MARKS };
static const uint32_t mark[MARKS] = {2, LYAP_PRECISION_EPOCHS};

/* Columns of the starts for which all are defined. */
struct columns {
    double *f32, *f64, *tangent, *scratch; /* [starts]; of those for which all is defined */
    double *of_start;                      /* [starts], mean over the tangents of each */
};

static double length_of(const double *a, const double *b, size_t n) {
    double sum = 0;
    for (size_t p = 0; p < n; p++) {
        double d = b ? a[p] - b[p] : a[p];
        sum += d * d;
    }
    return sqrt(sum);
}

/* Mean lengths of starts and perturbations. */
static enum lyap_status measure_start(struct lyap_precision_cell *cell, const struct lyap_plan *plan,
                                      struct lyap_error *error) {
    size_t parameters = lyap_network_parameters(plan->network), trajectories = plan->neighbours + 1;
    size_t some = plan->starts < 64 ? (size_t)plan->starts : 64;
    double *w = malloc(some * trajectories * parameters * sizeof *w);
    if (!w) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the starting points");
    enum lyap_status status = lyap_ensemble_initial(plan, 0, some, w, error);
    for (size_t i = 0; i < some && !status; i++) {
        const double *parent = w + i * trajectories * parameters;
        cell->weights += length_of(parent, NULL, parameters) / (double)some;
        for (size_t k = 1; k < trajectories; k++)
            cell->distance +=
                length_of(parent + k * parameters, parent, parameters) / (double)(some * (trajectories - 1));
    }
    free(w);
    cell->rounding = 0x1p-24 * cell->weights / cell->distance;
    return status;
}

static enum lyap_status add_tangents(const struct lyap_spectrum_chunk *chunk, void *context, struct lyap_error *error) {
    double *sum = context;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++) {
        const struct lyap_spectrum_record *r = &chunk->records[i];
        sum[r->cell] += r->resolved && r->steps ? chunk->lambda[i * chunk->exponents].lambda : (double)NAN;
    }
    return LYAP_OK;
}

/* The mean exponent over several directions of each start: the seed turns the direction, the starts are given. */
static enum lyap_status run_tangents(double *mean, const struct lyap_plan *plan, struct lyap_error *error) {
    size_t starts = (size_t)plan->starts;
    double *w;
    enum lyap_status status = lyap_plan_starts(&w, plan, error);
    for (size_t i = 0; i < starts; i++) mean[i] = 0;
    for (int d = 0; d < LYAP_PRECISION_DIRECTIONS && !status; d++) {
        struct lyap_spectrum_plan tangent;
        lyap_spectrum_defaults(&tangent, plan->network, plan->data);
        tangent.base = *plan;
        tangent.base.precision = LYAP_FLOAT64;
        tangent.base.weights = w;
        tangent.base.seed = plan->seed + (uint64_t)d;
        status = lyap_spectrum_run(&tangent, add_tangents, mean, error);
    }
    for (size_t i = 0; i < starts; i++) mean[i] /= LYAP_PRECISION_DIRECTIONS;
    free(w);
    return status;
}

static enum lyap_status correlate(struct lyap_estimate *e, const double *x, const double *y, size_t n, uint64_t seed,
                                  struct lyap_error *error) {
    enum lyap_status status =
        lyap_bootstrap_correlation(LYAP_PEARSON, &(const struct lyap_observations){x, y, NULL, n}, 400, seed, e, error);
    if (status) *e = (struct lyap_estimate){(double)NAN, (double)NAN, (double)NAN};
    return lyap_undefined(status, error);
}

/* The first step alone. */
static void compare_single(struct lyap_precision_cell *cell, const struct lyap_sample sample[2],
                           const struct columns *c) {
    double square = 0;
    size_t n = 0;
    for (size_t i = 0; i < sample[0].cells; i++) {
        double a = sample[0].step[SINGLE * sample[0].cells + i], b = sample[1].step[SINGLE * sample[0].cells + i];
        if (!isfinite(a) || !isfinite(b)) continue;
        square += (a - b) * (a - b);
        c->scratch[n++] = fabs(b);
    }
    cell->step_noise = n ? sqrt(square / (double)n) : (double)NAN;
    cell->step_signal = lyap_middle(c->scratch, n);
}

static enum lyap_status compare(struct lyap_precision_cell *cell, const struct lyap_sample sample[2],
                                const struct columns *c, uint64_t seed, struct lyap_error *error) {
    const double *tangent = c->of_start;
    size_t n = 0;
    uint64_t same = 0;
    double square = 0;
    for (size_t i = 0; i < sample[0].cells; i++) {
        size_t at = ALL * sample[0].cells + i;
        double a = sample[0].step[at], b = sample[1].step[at];
        if (!isfinite(a) || !isfinite(b) || !isfinite(tangent[i])) continue;
        c->f32[n] = a;
        c->f64[n] = b;
        c->tangent[n] = tangent[i];
        square += (a - b) * (a - b);
        same += (a > 0) == (b > 0);
        cell->tangent_bias32 += a - tangent[i];
        cell->tangent_bias64 += b - tangent[i];
        n++;
    }
    cell->n = n;
    const struct lyap_estimate none = {(double)NAN, (double)NAN, (double)NAN};
    cell->bias = cell->between = cell->tangent32 = cell->tangent64 = cell->same_sign = none;
    cell->noise = n ? sqrt(square / (double)n) : (double)NAN;
    cell->tangent_bias32 /= (double)(n ? n : 1);
    cell->tangent_bias64 /= (double)(n ? n : 1);
    for (size_t i = 0; i < n; i++) c->scratch[i] = fabs(c->f64[i]);
    cell->signal = lyap_middle(c->scratch, n);
    compare_single(cell, sample, c);
    if (n < 8) return LYAP_OK;
    cell->same_sign = lyap_share(same, n);
    for (size_t i = 0; i < n; i++) c->scratch[i] = c->f32[i] - c->f64[i];
    enum lyap_status status =
        lyap_bootstrap(lyap_mean_of, c->scratch, n, LYAP_PRECISION_RESAMPLES, seed, &cell->bias, error);
    if (!status) status = correlate(&cell->between, c->f32, c->f64, n, seed, error);
    if (!status) status = correlate(&cell->tangent32, c->f32, c->tangent, n, seed, error);
    return status ? status : correlate(&cell->tangent64, c->f64, c->tangent, n, seed, error);
}

static enum lyap_status run_both(struct lyap_sample sample[2], const struct lyap_plan *plan, struct lyap_report *report,
                                 double share, struct lyap_error *error) {
    enum lyap_status status = LYAP_OK;
    for (int precision = 0; precision < 2 && !status; precision++) {
        struct lyap_plan with = *plan;
        with.precision = precision ? LYAP_FLOAT64 : LYAP_FLOAT32;
        lyap_plan_follow(&with, report, share / 2);
        status = lyap_sample_run(&sample[precision], &with, mark, MARKS, 0, error);
    }
    return status;
}

static enum lyap_status run_cells(struct lyap_precision_state *state, size_t p, size_t r, const struct columns *c,
                                  const struct lyap_report_options *options, struct lyap_report *report,
                                  struct lyap_error *error) {
    struct lyap_subject subject = lyap_subject_paper(lyap_precision_activation[p]);
    struct lyap_prepared prepared;
    subject.lr = lyap_precision_rate[r];
    enum lyap_status status = lyap_prepare(&prepared, &subject, options, error);
    prepared.plan.starts = state->starts;
    prepared.plan.setting.epochs = LYAP_PRECISION_EPOCHS;
    if (!status) status = run_tangents(c->of_start, &prepared.plan, error);
    double x[LYAP_PRECISION_SIZES], y[LYAP_PRECISION_SIZES];
    size_t usable = 0;
    for (size_t s = 0; s < LYAP_PRECISION_SIZES && !status; s++) {
        struct lyap_sample sample[2] = {{0}, {0}};
        struct lyap_precision_cell *cell = &state->cell[p][r][s];
        prepared.plan.setting.perturbation = lyap_precision_size[s];
        status = run_both(sample, &prepared.plan, report,
                          0.35 / (LYAP_PRECISION_PANELS * LYAP_PRECISION_RATES * LYAP_PRECISION_SIZES), error);
        if (!status) status = measure_start(cell, &prepared.plan, error);
        if (!status) status = compare(cell, sample, c, options->seed, error);
        if (!status && cell->noise > 0) {
            x[usable] = lyap_log(lyap_precision_size[s]);
            y[usable++] = lyap_log(cell->noise);
        }
        lyap_sample_free(&sample[0]);
        lyap_sample_free(&sample[1]);
    }
    struct lyap_regression fit;
    state->slope[p][r] = (double)NAN;
    if (!status && lyap_regress(x, y, usable, &fit, NULL) == LYAP_OK) state->slope[p][r] = fit.slope;
    lyap_prepared_free(&prepared);
    return status;
}

static bool within(double value, double low, double high) {
    return value >= low && value <= high;
}

static void classify(struct lyap_precision_number *number, const struct lyap_sample sample[2],
                     const struct columns *c) {
    size_t n = 0;
    for (size_t i = 0; i < sample[0].cells; i++) {
        size_t at = ALL * sample[0].cells + i;
        double a = number->published.by_step ? sample[0].step[at] : sample[0].kw[at];
        double b = number->published.by_step ? sample[1].step[at] : sample[1].kw[at];
        if (!isfinite(a) || !isfinite(b)) continue;
        c->f32[n] = a;
        c->f64[n] = b;
        c->scratch[n++] = fabs(a - b);
    }
    number->n = n;
    number->noise95 = (double)NAN;
    for (int i = 0; i < 2; i++) number->low[i] = number->high[i] = (double)NAN;
    if (n < 20) return;
    number->noise95 = lyap_select_quantile(c->scratch, n, 0.95);
    for (int i = 0; i < 2; i++) {
        number->low[i] = lyap_select_quantile(i ? c->f64 : c->f32, n, 0.025);
        number->high[i] = lyap_select_quantile(i ? c->f64 : c->f32, n, 0.975);
    }
    double value = number->published.value;
    number->rounding = value != 0 && fabs(value) <= 2 * number->noise95;
    number->only_float32 =
        within(value, number->low[0], number->high[0]) && !within(value, number->low[1], number->high[1]);
}

static enum lyap_status run_number(struct lyap_precision_number *number, size_t starts, const struct columns *c,
                                   double share, const struct lyap_report_options *options, struct lyap_report *report,
                                   struct lyap_error *error) {
    struct lyap_subject subject = lyap_subject_paper(number->published.activation);
    struct lyap_prepared prepared;
    struct lyap_sample sample[2] = {{0}, {0}};
    subject.lr = number->published.lr;
    enum lyap_status status = lyap_prepare(&prepared, &subject, options, error);
    prepared.plan.starts = starts;
    prepared.plan.setting.epochs = LYAP_PRECISION_EPOCHS;
    prepared.plan.escape = 1e9 * (24 + 1) / 24; /* the published mean counts the parent */
    if (!status) status = run_both(sample, &prepared.plan, report, share, error);
    if (!status) classify(number, sample, c);
    lyap_sample_free(&sample[0]);
    lyap_sample_free(&sample[1]);
    lyap_prepared_free(&prepared);
    return status;
}

enum lyap_status lyap_precision_run(struct lyap_precision_state *state, size_t starts,
                                    const struct lyap_report_options *options, struct lyap_report *report,
                                    struct lyap_error *error) {
    memset(state, 0, sizeof *state);
    state->starts = starts;
    double *memory = malloc(5 * starts * sizeof *memory);
    if (!memory) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu starts", starts);
    struct columns c = {memory, memory + starts, memory + 2 * starts, memory + 3 * starts, memory + 4 * starts};
    enum lyap_status status = LYAP_OK;
    for (size_t p = 0; p < LYAP_PRECISION_PANELS; p++)
        for (size_t r = 0; r < LYAP_PRECISION_RATES && !status; r++)
            status = run_cells(state, p, r, &c, options, report, error);
    size_t numbers = lyap_report_published_count();
    while (!status && state->numbers < LYAP_PRECISION_PUBLISHED &&
           lyap_report_published_at(state->numbers, &state->number[state->numbers].published))
        status =
            run_number(&state->number[state->numbers++], starts, &c, 0.6 / (double)numbers, options, report, error);
    free(memory);
    return status ? status : lyap_precision_rank(state, options, report, error);
}

enum lyap_status lyap_precision_compute(struct lyap_report *report, void **state, struct lyap_error *error) {
    const struct lyap_report_options *options = lyap_report_options_of(report);
    struct lyap_precision_state *s = calloc(1, sizeof *s);
    if (!s) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory");
    *state = s;
    return lyap_precision_run(s, (size_t)lyap_report_starts(report, options->full ? 4000 : 500, 16), options, report,
                              error);
}

void lyap_precision_release(void *state) {
    lyap_precision_ranks_free(state);
    free(state);
}
