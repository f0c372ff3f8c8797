#include "selection/rate_scan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "math/deterministic.h"
#include "lyapgrad/edge.h"
#include "selection/halving.h"
#include "lyapgrad/statistics.h"
#include "stats/log_grid.h"

/* With 2001 resamples the ends of an interval are resamples themselves: a rate of the grid, or an infinite one. The scan's starts are
 * those of no search. */
enum { RESAMPLES = 2001, RATE_SEARCH = 0xFFFF };

size_t lyap_rate_values(const struct lyap_selection_plan *plan) {
    return plan->lr_high > plan->lr_low ? plan->rate_values : 1;
}

uint64_t lyap_rate_steps(const struct lyap_selection_plan *plan, uint64_t starts) {
    return starts * plan->epochs * (lyap_rate_values(plan) + 2 * (uint64_t)plan->rate_halvings);
}

double lyap_rate_cost(const struct lyap_selection_plan *plan) {
    const uint64_t steps = lyap_rate_steps(plan, 1), runs = steps / plan->epochs;
    return lyap_tangent_cost * (double)steps + 2 * lyap_sharpness_cost(plan->settings, plan->count) * (double)runs;
}

double lyap_trial_edge(const struct lyap_plan *setting, const struct lyap_trial_result *r) {
    return lyap_edge_rate(&setting->optimiser, setting->network->layers, r->sharpness_last);
}

static bool bounded(const struct lyap_trial_result *r) {
    return r->regime != LYAP_DIVERGED && isfinite(r->loss);
}

static bool trained(const struct lyap_trial_result *r) {
    const bool settles = r->regime != LYAP_CHAOTIC && r->regime != LYAP_UNBOUNDED && r->regime != LYAP_PERIODIC;
    return bounded(r) && settles && r->loss < r->initial_loss;
}

bool lyap_trial_safe(const struct lyap_trial_result *r) {
    return trained(r) && r->regime != LYAP_DEAD_REGIME;
}

bool lyap_trial_unstable(const struct lyap_plan *setting, double lr, const struct lyap_trial_result *r) {
    double edge = lyap_trial_edge(setting, r);
    return !trained(r) || (edge > 0 && lr > edge);
}

/* The scan while it is made. */
struct scan {
    const struct lyap_selection_plan *plan;
    const struct lyap_plan *setting;
    struct lyap_rate_scan *out;
    struct lyap_trials_work *work;
    struct lyap_trials_kind kind;
    struct lyap_trial *trials;         /* [starts][values], later [starts][2] */
    struct lyap_trial_result *results; /* [starts][values] */
    struct lyap_trial_result *probed;  /* [starts][2] */
    double *scratch;                   /* [starts] */
    double *loss;                      /* [starts][values], by which the rate is chosen */
    unsigned char *safe;               /* [starts][values] */
};

static double in_precision(const struct lyap_selection_plan *plan, double lr) {
    return plan->settings->precision == LYAP_FLOAT32 ? (double)(float)lr : lr;
}

static double grid_rate(const struct lyap_selection_plan *plan, size_t i, size_t values) {
    if (i == 0) return in_precision(plan, plan->lr_low);
    if (i + 1 == values) return in_precision(plan, plan->lr_high);
    return in_precision(plan, lyap_log_between(plan->lr_low, plan->lr_high, (double)i / (double)(values - 1)));
}

static struct lyap_trial trial_of(const struct scan *s, uint64_t start, double lr) {
    return (struct lyap_trial){
        .number = start, .setting = s->out->setting, .start = ((uint64_t)RATE_SEARCH << 32) + start, .lr = lr};
}

/* ---- the grid ---- */

static enum lyap_status run_grid(struct scan *s, struct lyap_error *error) {
    struct lyap_rate_scan *out = s->out;
    const size_t values = out->values, cells = (size_t)out->starts * values;
    for (size_t i = 0; i < values; i++) out->rows[i].lr = grid_rate(s->plan, i, values);
    for (size_t c = 0; c < cells; c++) s->trials[c] = trial_of(s, c / values, out->rows[c % values].lr);
    enum lyap_status status = lyap_trials_run(s->plan, s->trials, cells, &s->kind, s->work, s->results, error);
    for (size_t c = 0; c < cells && !status; c++) {
        s->loss[c] = lyap_loss_of(s->plan, &s->results[c]);
        s->safe[c] = lyap_trial_safe(&s->results[c]);
    }
    return status;
}

/* Quantile of the n values in `scratch`, which are sorted; some may be infinite. */
static double quantile_of(const struct scan *s, size_t n, double q) {
    lyap_sort(s->scratch, n);
    const double position = (double)(n - 1) * q;
    const size_t above = (size_t)ceil(position);
    return isfinite(s->scratch[above]) ? lyap_quantile(s->scratch, n, q) : s->scratch[above];
}

static void quartiles_of(const struct scan *s, size_t n, double quartile[3]) {
    for (int i = 0; i < 3; i++) quartile[i] = quantile_of(s, n, 0.25 * (i + 1));
}

static void summarise_row(struct scan *s, size_t value) {
    struct lyap_rate_row *row = &s->out->rows[value];
    const size_t starts = (size_t)s->out->starts, values = s->out->values;
    const struct lyap_trial_result *r = s->results + value;
    size_t edges = 0;
    for (size_t i = 0; i < starts; i++) {
        row->safe += s->safe[i * values + value];
        row->unstable += lyap_trial_unstable(s->setting, row->lr, &r[i * values]);
        row->regimes[r[i * values].regime]++;
        s->scratch[i] = r[i * values].loss;
    }
    quartiles_of(s, starts, row->loss);
    for (size_t i = 0; i < starts; i++) s->scratch[i] = r[i * values].test_loss;
    row->test_loss = quantile_of(s, starts, 0.5);
    for (size_t i = 0; i < starts; i++)
        if (r[i * values].defined && r[i * values].regime != LYAP_DIVERGED)
            s->scratch[row->measured++] = r[i * values].exponent.lambda;
    if (row->measured) quartiles_of(s, (size_t)row->measured, row->exponent);
    for (size_t i = 0; i < starts; i++)
        if (bounded(&r[i * values]) && lyap_trial_edge(s->setting, &r[i * values]) > 0)
            s->scratch[edges++] = lyap_trial_edge(s->setting, &r[i * values]);
    if (edges) row->edge_lr = quantile_of(s, edges, 0.5);
}

/* ---- the recommended rate ---- */

/* The choice on a sample of the starts; its place in the grid. */
static size_t choose(const struct scan *s, const uint32_t *index, size_t n, bool *safe) {
    const size_t values = s->out->values;
    size_t best = 0;
    double lowest = INFINITY;
    *safe = false;
    for (size_t v = 0; v < values; v++) {
        size_t safe_starts = 0;
        for (size_t i = 0; i < n; i++) {
            s->scratch[i] = s->loss[index[i] * values + v];
            safe_starts += s->safe[index[i] * values + v];
        }
        bool enough = (double)safe_starts >= s->plan->safe_share * (double)n;
        if (*safe && !enough) continue;
        double median = quantile_of(s, n, 0.5);
        if ((enough && !*safe) || median < lowest) {
            lowest = median;
            best = v;
        }
        *safe = *safe || enough;
    }
    return best;
}

static double chosen_rate(const void *context, const uint32_t *index, size_t n) {
    const struct scan *s = context;
    bool safe;
    return s->out->rows[choose(s, index, n, &safe)].lr;
}

/* ---- each start's last safe and first unstable rate ---- */

enum { SAFE, ONSET, KINDS };

/* What is known of a start: it passes (is safe, is stable) at `low` and fails at `high`. */
struct bracket {
    double low, high; /* 0: fails at the lowest rate; +infinity: passes at the highest */
};

static bool passes(const struct scan *s, double lr, const struct lyap_trial_result *r, int kind) {
    return kind == SAFE ? lyap_trial_safe(r) : !lyap_trial_unstable(s->setting, lr, r);
}

static struct bracket find_bracket(const struct scan *s, size_t start, int kind, size_t from) {
    const size_t values = s->out->values;
    const struct lyap_trial_result *r = s->results + start * values;
    const struct lyap_rate_row *rows = s->out->rows;
    size_t v = from;
    if (passes(s, rows[v].lr, &r[v], kind)) {
        while (v + 1 < values && passes(s, rows[v + 1].lr, &r[v + 1], kind)) v++;
        return (struct bracket){rows[v].lr, v + 1 < values ? rows[v + 1].lr : INFINITY};
    }
    while (v > 0 && !passes(s, rows[v - 1].lr, &r[v - 1], kind)) v--;
    return (struct bracket){v > 0 ? rows[v - 1].lr : 0, rows[v].lr};
}

static bool open_gap(const struct bracket *b) {
    return b->low > 0 && isfinite(b->high);
}

static enum lyap_status halve(struct scan *s, struct bracket *brackets, struct lyap_error *error) {
    const size_t n = (size_t)s->out->starts * KINDS;
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        if (open_gap(&brackets[i])) {
            double middle = lyap_exp(0.5 * (lyap_log(brackets[i].low) + lyap_log(brackets[i].high)));
            s->trials[count++] = trial_of(s, i / KINDS, in_precision(s->plan, middle));
        }
    enum lyap_status status = lyap_trials_run(s->plan, s->trials, count, &s->kind, s->work, s->probed, error);
    count = 0;
    for (size_t i = 0; i < n && !status; i++)
        if (open_gap(&brackets[i])) {
            double lr = s->trials[count].lr;
            *(passes(s, lr, &s->probed[count++], (int)(i % KINDS)) ? &brackets[i].low : &brackets[i].high) = lr;
        }
    return status;
}

/* The lower quantile that leaves `share` at or above it. */
static double lower_quantile(const void *context, const uint32_t *index, size_t n) {
    const struct scan *s = context;
    for (size_t i = 0; i < n; i++) s->scratch[i] = s->out->safe[index[i]];
    lyap_sort(s->scratch, n);
    double below = floor((1 - s->plan->safe_share) * (double)n + 1e-9);
    size_t place = below < (double)n ? (size_t)below : n - 1;
    return s->scratch[place];
}

/* Order statistics alone: an infinite value is not mixed with a finite one. */
static double onset_median(const void *context, const uint32_t *index, size_t n) {
    const struct scan *s = context;
    for (size_t i = 0; i < n; i++) s->scratch[i] = s->out->onset[index[i]];
    lyap_sort(s->scratch, n);
    return s->scratch[(n - 1) / 2];
}

static enum lyap_status find_thresholds(struct scan *s, size_t from, struct lyap_error *error) {
    struct lyap_rate_scan *out = s->out;
    const size_t starts = (size_t)out->starts;
    struct bracket *brackets = calloc(starts * KINDS, sizeof *brackets);
    if (!brackets) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu starts", starts);
    for (size_t i = 0; i < starts * KINDS; i++) brackets[i] = find_bracket(s, i / KINDS, (int)(i % KINDS), from);
    enum lyap_status status = LYAP_OK;
    for (uint32_t h = 0; h < s->plan->rate_halvings && !status; h++) status = halve(s, brackets, error);
    for (size_t i = 0; i < starts; i++) {
        out->safe[i] = brackets[i * KINDS + SAFE].low;
        out->onset[i] = brackets[i * KINDS + ONSET].high;
    }
    free(brackets);
    return status;
}

static enum lyap_status conclude(struct scan *s, struct lyap_error *error) {
    struct lyap_rate_scan *out = s->out;
    const size_t starts = (size_t)out->starts;
    const uint64_t seed = s->plan->settings->seed;
    uint32_t *all = malloc(starts * sizeof *all);
    if (!all) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu starts", starts);
    for (size_t i = 0; i < starts; i++) all[i] = (uint32_t)i;
    size_t from = choose(s, all, starts, &out->best_safe);
    free(all);
    enum lyap_status status = lyap_bootstrap(chosen_rate, s, starts, RESAMPLES, seed, &out->best, error);
    if (!status && s->setting->test) {
        for (size_t c = 0; c < starts * out->values; c++) s->loss[c] = s->results[c].test_loss;
        status = lyap_bootstrap(chosen_rate, s, starts, RESAMPLES, seed, &out->best_test, error);
    }
    if (!status) status = find_thresholds(s, from, error);
    if (!status) status = lyap_bootstrap(lower_quantile, s, starts, RESAMPLES, seed, &out->largest_safe, error);
    if (!status) status = lyap_bootstrap(onset_median, s, starts, RESAMPLES, seed, &out->first_unstable, error);
    return status;
}

static bool allocate(struct scan *s) {
    struct lyap_rate_scan *out = s->out;
    const size_t starts = (size_t)out->starts, row = out->values > KINDS ? out->values : KINDS;
    out->rows = calloc(out->values, sizeof *out->rows);
    out->safe = calloc(starts, sizeof *out->safe);
    out->onset = calloc(starts, sizeof *out->onset);
    s->trials = calloc(starts * row, sizeof *s->trials);
    s->results = calloc(starts * row, sizeof *s->results);
    s->probed = calloc(starts * KINDS, sizeof *s->probed);
    s->scratch = calloc(starts, sizeof *s->scratch);
    s->loss = calloc(starts * row, sizeof *s->loss);
    s->safe = calloc(starts * row, sizeof *s->safe);
    return out->rows && out->safe && out->onset && s->trials && s->results && s->probed && s->scratch && s->loss &&
           s->safe;
}

enum lyap_status lyap_rate_scan_run(const struct lyap_selection_plan *plan, size_t setting, uint64_t starts,
                                    struct lyap_rate_scan *out, struct lyap_trials_work *work,
                                    struct lyap_error *error) {
    memset(out, 0, sizeof *out);
    out->setting = setting;
    out->starts = starts;
    out->values = lyap_rate_values(plan);
    out->cost = lyap_rate_cost(plan) * (double)starts;
    struct scan s = {.plan = plan, .out = out, .work = work};
    s.setting = &plan->settings[setting];
    s.kind = (struct lyap_trials_kind){
        .steps = plan->epochs, .transient = plan->epochs / 2, .sharpness = LYAP_SHARPNESS_BOTH, .growth = plan->growth};
    enum lyap_status status = LYAP_OK;
    if (!allocate(&s))
        status = lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %llu starts at %zu learning rates",
                           (unsigned long long)starts, out->values);
    if (!status) status = run_grid(&s, error);
    for (size_t v = 0; v < out->values && !status; v++) summarise_row(&s, v);
    if (!status) status = conclude(&s, error);
    free(s.trials);
    free(s.results);
    free(s.probed);
    free(s.scratch);
    free(s.loss);
    free(s.safe);
    return status;
}

void lyap_rate_scan_free(struct lyap_rate_scan *scan) {
    free(scan->rows);
    free(scan->safe);
    free(scan->onset);
    memset(scan, 0, sizeof *scan);
}
