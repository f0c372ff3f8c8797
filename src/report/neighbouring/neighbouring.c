#include "report/neighbouring/neighbouring.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "math/deterministic.h"
#include "lyapgrad/statistics.h"
#include "lyapgrad/initial_law.h"
#include "lyapgrad/network.h"
#include "lyapgrad/optimiser.h"
#include "stats/log_grid.h"

const struct lyap_subject lyap_neighbouring_subject[LYAP_NEIGHBOURING_CASES] = {
    {"three blobs, 4-8-3 tanh, softmax", "4-8-3", LYAP_TANH, LYAP_LINEAR, LYAP_SOFTMAX, "blobs:60,3,4,0.4",
     LYAP_INIT_NORMAL, 0, 1, false, LYAP_GD, 0, 0},
    {"two moons, 2-12-1 tanh", "2-12-1", LYAP_TANH, LYAP_SIGMOID, LYAP_BCE, "moons:60,0.1", LYAP_INIT_NORMAL, 0, 1,
     false, LYAP_GD, 0, 0},
    {"two circles, 2-12-1 tanh", "2-12-1", LYAP_TANH, LYAP_SIGMOID, LYAP_BCE, "circles:60,0.1", LYAP_INIT_NORMAL, 0, 1,
     false, LYAP_GD, 0, 0},
};

double lyap_onset(const double *lr, const double *median, size_t n, double level) {
    double onset = (double)NAN;
    size_t before = n;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(median[i])) continue;
        if (median[i] > level && before == n) onset = lr[i];
        if (median[i] > level && before < n && median[before] <= level)
            onset =
                lyap_log_between_rounded(lr[before], lr[i], (level - median[before]) / (median[i] - median[before]));
        before = i;
    }
    return onset;
}

/* For the bootstrap: all learning rates have the same starts. */
struct grid {
    const double *lr;
    const double *step; /* [rates][starts] */
    const double *time; /* [rates][starts], never = the number of epochs and more */
    size_t starts;
    uint32_t epochs;
    double *scratch;
    int what;
};
enum { FASTEST, POSITIVE, ONSET, SURE, RATIO };

static double median_of(const struct grid *g, const double *row, const uint32_t *index, size_t n) {
    size_t m = 0;
    for (size_t i = 0; i < n; i++)
        if (isfinite(row[index[i]])) g->scratch[m++] = row[index[i]];
    return lyap_middle(g->scratch, m);
}

static double fastest_of(const struct grid *g, const uint32_t *index, size_t n) {
    double best = (double)g->epochs, lr = (double)NAN;
    for (size_t r = 0; r < LYAP_NEIGHBOURING_RATES; r++) {
        double time = median_of(g, g->time + r * g->starts, index, n);
        if (time < best) {
            best = time;
            lr = g->lr[r];
        }
    }
    return lr;
}

static double statistic(const void *context, const uint32_t *index, size_t n) {
    const struct grid *g = context;
    double median[LYAP_NEIGHBOURING_RATES];
    if (g->what == FASTEST) return fastest_of(g, index, n);
    for (size_t r = 0; r < LYAP_NEIGHBOURING_RATES; r++) median[r] = median_of(g, g->step + r * g->starts, index, n);
    if (g->what == POSITIVE) return lyap_onset(g->lr, median, LYAP_NEIGHBOURING_RATES, 0);
    double nats = g->what == SURE ? 10 : 1;
    double onset = lyap_onset(g->lr, median, LYAP_NEIGHBOURING_RATES, nats / (LYAP_NEIGHBOURING_MEASURED - 1));
    return g->what == RATIO ? fastest_of(g, index, n) / onset : onset;
}

static enum lyap_status estimate(struct lyap_estimate *e, struct grid *g, int what, uint64_t seed,
                                 struct lyap_error *error) {
    g->what = what;
    enum lyap_status status = lyap_bootstrap(statistic, g, g->starts, LYAP_NEIGHBOURING_RESAMPLES, seed, e, error);
    if (status || !isfinite(e->value)) *e = (struct lyap_estimate){(double)NAN, (double)NAN, (double)NAN};
    return lyap_undefined(status, error);
}

static void summarise(struct lyap_neighbouring_result *result, size_t r, const struct grid *g) {
    const double *step = g->step + r * g->starts, *time = g->time + r * g->starts;
    size_t n = 0, reached = 0;
    for (size_t i = 0; i < g->starts; i++)
        if (isfinite(step[i])) g->scratch[n++] = step[i];
    lyap_sort(g->scratch, n);
    result->q25[r] = n ? lyap_quantile(g->scratch, n, 0.25) : (double)NAN;
    result->median[r] = n ? lyap_quantile(g->scratch, n, 0.5) : (double)NAN;
    result->q75[r] = n ? lyap_quantile(g->scratch, n, 0.75) : (double)NAN;
    for (size_t i = 0; i < g->starts; i++) {
        g->scratch[i] = time[i];
        reached += time[i] < g->epochs;
    }
    lyap_sort(g->scratch, g->starts);
    double *quantile[3] = {&result->time25[r], &result->time[r], &result->time75[r]};
    for (int q = 0; q < 3; q++) {
        double value = lyap_quantile(g->scratch, g->starts, 0.25 * (q + 1));
        *quantile[q] = value < g->epochs ? value : (double)NAN;
    }
    result->reached[r] = (double)reached / (double)g->starts;
}

/* Exponents need the copies, for the first epochs; the time to the target needs the parents alone, which the engine gives one copy. */
static enum lyap_status measure(struct lyap_sample *exponents, struct lyap_sample *training,
                                const struct lyap_plan *given, double target, struct lyap_report *report,
                                struct lyap_error *error) {
    static const uint32_t mark[] = {LYAP_NEIGHBOURING_MEASURED}, first[] = {1};
    struct lyap_setting setting[LYAP_NEIGHBOURING_RATES];
    struct lyap_plan plan = *given;
    plan.settings = setting;
    for (size_t r = 0; r < LYAP_NEIGHBOURING_RATES; r++) {
        setting[r] = given->settings[r];
        if (setting[r].epochs > LYAP_NEIGHBOURING_MEASURED) setting[r].epochs = LYAP_NEIGHBOURING_MEASURED;
    }
    plan.neighbours = 5;
    lyap_plan_follow(&plan, report, 0.4 / LYAP_NEIGHBOURING_CASES);
    enum lyap_status status = lyap_sample_run(exponents, &plan, mark, 1, 0, error);
    plan.settings = given->settings;
    plan.neighbours = 1;
    lyap_plan_follow(&plan, report, 0.6 / LYAP_NEIGHBOURING_CASES);
    return status ? status : lyap_sample_run(training, &plan, first, 1, target, error);
}

enum lyap_status lyap_neighbouring_run(struct lyap_neighbouring_result *result, const struct lyap_subject *subject,
                                       size_t starts, uint32_t epochs, const struct lyap_report_options *options,
                                       struct lyap_report *report, struct lyap_error *error) {
    const double first = 0.01, last = 30;
    struct lyap_setting setting[LYAP_NEIGHBOURING_RATES];
    struct lyap_prepared prepared;
    struct lyap_sample sample = {0}, training = {0};
    memset(result, 0, sizeof *result);
    result->starts = starts;
    result->epochs = epochs;
    enum lyap_status status = lyap_prepare(&prepared, subject, options, error);
    struct lyap_plan *plan = &prepared.plan;
    plan->starts = starts;
    plan->bias = LYAP_BIAS_ZERO;
    plan->setting.perturbation = 1e-8;
    plan->setting.epochs = epochs;
    plan->values = LYAP_NEIGHBOURING_RATES;
    plan->settings = setting;
    for (size_t r = 0; r < LYAP_NEIGHBOURING_RATES; r++) {
        double share = (double)r / (LYAP_NEIGHBOURING_RATES - 1);
        setting[r] = plan->setting;
        setting[r].lr = result->lr[r] = lyap_log_between_rounded(first, last, share);
    }
    /* A tenth of the loss of a network that gives all classes the same probability */
    int classes = prepared.network.sizes[prepared.network.layers];
    result->target = 0.1 * lyap_log(classes > 1 ? classes : 2);
    size_t cells = starts * LYAP_NEIGHBOURING_RATES;
    double *time = malloc((cells + starts) * sizeof *time);
    result->step = malloc(2 * cells * sizeof *result->step);
    result->taken = result->step + cells;
    if (!status && (!time || !result->step))
        status = lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu cells", cells);
    if (!status) status = measure(&sample, &training, plan, result->target, report, error);
    if (!status) {
        struct grid g = {result->lr, sample.step, time, starts, epochs, time + cells, 0};
        memcpy(result->step, sample.step, cells * sizeof *result->step);
        for (size_t i = 0; i < cells; i++)
            result->taken[i] = training.hit[i] < epochs ? (double)training.hit[i] : (double)NAN;
        for (size_t i = 0; i < cells; i++) time[i] = training.hit[i] < epochs ? (double)training.hit[i] : 2.0 * epochs;
        for (size_t r = 0; r < LYAP_NEIGHBOURING_RATES; r++) summarise(result, r, &g);
        status = estimate(&result->fastest, &g, FASTEST, options->seed, error);
        if (!status) status = estimate(&result->positive, &g, POSITIVE, options->seed, error);
        if (!status) status = estimate(&result->onset, &g, ONSET, options->seed, error);
        if (!status) status = estimate(&result->sure, &g, SURE, options->seed, error);
        if (!status) status = estimate(&result->ratio, &g, RATIO, options->seed, error);
    }
    free(time);
    lyap_sample_free(&sample);
    lyap_sample_free(&training);
    lyap_prepared_free(&prepared);
    return status;
}

enum lyap_status lyap_neighbouring_compute(struct lyap_report *report, void **state, struct lyap_error *error) {
    const struct lyap_report_options *options = lyap_report_options_of(report);
    struct lyap_neighbouring *s = calloc(1, sizeof *s);
    if (!s) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory");
    *state = s;
    enum lyap_status status = LYAP_OK;
    size_t starts = (size_t)lyap_report_starts(report, options->full ? 120 : 24, 4);
    for (size_t c = 0; c < LYAP_NEIGHBOURING_CASES && !status; c++)
        status = lyap_neighbouring_run(&s->result[c], &lyap_neighbouring_subject[c], starts,
                                       lyap_report_steps(report, options->full ? 2000 : 1000), options, report, error);
    return status;
}

void lyap_neighbouring_free(struct lyap_neighbouring_result *result) {
    free(result->step);
    result->step = result->taken = NULL;
}

void lyap_neighbouring_release(void *state) {
    struct lyap_neighbouring *s = state;
    for (size_t c = 0; s && c < LYAP_NEIGHBOURING_CASES; c++) lyap_neighbouring_free(&s->result[c]);
    free(state);
}
