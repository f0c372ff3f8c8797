/* P: are the published numbers those of fair starts, and with which settings were they made? */
#include "report/published/published.h"

#include <math.h>
#include <stdlib.h>

#include "stats/defined.h"
#include "math/deterministic.h"
#include "lyapgrad/digest.h"
#include "lyapgrad/random.h"
#include "lyapgrad/network.h"
#include "lyapgrad/statistics.h"

enum { UNIFORM = 2000 };
static const struct {
    uint32_t epochs;
    enum lyap_precision precision;
    bool window;
} settings_of[LYAP_CANDIDATES] = {{5, LYAP_FLOAT32, true},   {10, LYAP_FLOAT32, true},  {20, LYAP_FLOAT32, true},
                                  {50, LYAP_FLOAT32, true},  {75, LYAP_FLOAT32, true},  {100, LYAP_FLOAT32, true},
                                  {125, LYAP_FLOAT32, true}, {150, LYAP_FLOAT32, true}, {200, LYAP_FLOAT32, true},
                                  {500, LYAP_FLOAT32, true}, {100, LYAP_FLOAT64, true}, {100, LYAP_FLOAT32, false}};

struct lyap_rank_of lyap_rank_published(double published, double *values, size_t n, double u) {
    struct lyap_rank_of r = {
        .published = published, .counted = n, .rank = NAN, .spread_rank = NAN, .chance = 0.5 / (double)(n + 1)};
    if (n == 0) return r;
    uint64_t near = 0;
    lyap_sort(values, n);
    for (size_t i = 0; i < n; i++) {
        r.below += values[i] < published;
        r.equal += values[i] == published;
        near += fabs(values[i] - published) <= 0.1 * fabs(published);
    }
    r.rank = ((double)r.below + 0.5 * (double)r.equal) / (double)n;
    r.spread_rank = ((double)r.below + u * (double)r.equal) / (double)n;
    r.within = r.spread_rank >= 0.025 && r.spread_rank <= 0.975;
    r.chance = ((double)near + 0.5) / (double)(n + 1);
    r.low = lyap_quantile(values, n, 0.025);
    r.median = lyap_quantile(values, n, 0.5);
    r.high = lyap_quantile(values, n, 0.975);
    return r;
}

static struct lyap_rank_of rank_among(const struct lyap_point *points, size_t starts, double published, bool by_step,
                                      double u, double *scratch) {
    size_t n = 0;
    uint64_t dead = 0;
    for (size_t s = 0; s < starts; s++) {
        dead += lyap_point_is_zero(&points[s]);
        if (points[s].terms > 0) scratch[n++] = by_step ? points[s].lambda_step : points[s].lambda_kw;
    }
    struct lyap_rank_of r = lyap_rank_published(published, scratch, n, u);
    r.dead = dead;
    return r;
}

/* Learning rates, each with as many starts. */
struct rates {
    const double *lr; /* [n] */
    size_t n;
    uint64_t starts;
};

static enum lyap_status run(struct lyap_report *report, enum lyap_activation activation,
                            const struct lyap_candidate *with, const struct rates *rates, struct lyap_cells *cells,
                            struct lyap_error *error) {
    struct lyap_paper_case c;
    uint64_t digest = LYAP_DIGEST_START;
    enum lyap_status status = lyap_report_case(&c, report, activation, with->precision, error);
    struct lyap_setting *settings = NULL;
    *cells = (struct lyap_cells){0};
    c.plan.setting.epochs = with->epochs;
    c.plan.window = with->window;
    c.plan.starts = rates->starts;
    c.plan.values = rates->n;
    if (!status) settings = lyap_rate_settings(rates->lr, rates->n, c.plan.setting, error);
    if (!status && !settings) status = LYAP_ERROR_MEMORY;
    c.plan.settings = settings;
    lyap_report_progress(report, 0.9 * with->epochs / (LYAP_PANELS * 1435.0), &c.plan.progress,
                         &c.plan.progress_context);
    if (!status) status = lyap_cells_run(cells, &c.plan, &digest, error);
    free(settings);
    lyap_paper_case_free(&c);
    return status;
}

/* Binomial and Kolmogorov-Smirnov tests of a candidate's ranks. */
static enum lyap_status test_ranks(struct lyap_candidate *c, struct lyap_error *error) {
    double ranks[LYAP_PUBLISHED_SWEEP], uniform[UNIFORM], d;
    size_t n = 0;
    enum lyap_status status = LYAP_OK;
    for (size_t i = 0; i < LYAP_PUBLISHED_SWEEP; i++) {
        const struct lyap_rank_of *r = &c->rank[i];
        c->within += r->within;
        c->beyond += !r->within && r->equal == 0 && (r->below == 0 || r->below == r->counted);
        c->log_chance += lyap_log(r->chance);
        c->panel_log_chance[i / LYAP_PUBLISHED_RATES] += lyap_log(r->chance);
        if (!isnan(r->spread_rank)) ranks[n++] = r->spread_rank;
    }
    c->binomial = lyap_binomial_test(c->within, LYAP_PUBLISHED_SWEEP, 0.95);
    c->kolmogorov = NAN;
    for (size_t i = 0; i < UNIFORM; i++) uniform[i] = ((double)i + 0.5) / UNIFORM;
    if (!lyap_defined(lyap_kolmogorov_smirnov(ranks, n, uniform, UNIFORM, &d, &c->kolmogorov, error), &status, error))
        c->kolmogorov = NAN;
    return status;
}

static enum lyap_status run_candidate(struct lyap_report *report, struct lyap_published_state *state, size_t number,
                                      struct lyap_error *error) {
    struct lyap_candidate *c = &state->candidate[number];
    double rates[LYAP_PUBLISHED_RATES], u[LYAP_PUBLISHED_SWEEP];
    double *scratch = lyap_report_room((size_t)state->starts, sizeof *scratch, error);
    enum lyap_status status = scratch ? LYAP_OK : LYAP_ERROR_MEMORY;
    c->epochs = settings_of[number].epochs;
    c->precision = settings_of[number].precision;
    c->window = settings_of[number].window;
    /* the same u for every candidate, far from the bootstrap's cells */
    lyap_random_uniform(lyap_report_options_of(report)->seed, LYAP_STREAM_BOOTSTRAP, UINT64_C(1) << 40, 0,
                        LYAP_PUBLISHED_SWEEP, u);
    const struct rates all = {rates, LYAP_PUBLISHED_RATES, state->starts};
    for (int i = 0; i < LYAP_PUBLISHED_RATES; i++) rates[i] = lyap_paper_rate(lyap_published_rates[i].rate);
    for (int a = 0; a < LYAP_PANELS && !status; a++) {
        struct lyap_cells cells;
        status = run(report, lyap_paper_activation[a], c, &all, &cells, error);
        for (size_t i = 0; i < LYAP_PUBLISHED_RATES && !status; i++) {
            size_t at = (size_t)a * LYAP_PUBLISHED_RATES + i;
            c->rank[at] = rank_among(cells.points + i * (size_t)cells.starts, (size_t)cells.starts,
                                     lyap_published_rates[i].value[a], false, u[at], scratch);
        }
        lyap_cells_free(&cells);
    }
    if (!status) status = test_ranks(c, error);
    free(scratch);
    return status;
}

static enum lyap_status run_steps(struct lyap_report *report, struct lyap_published_state *state,
                                  struct lyap_error *error) {
    struct lyap_candidate with = {.epochs = LYAP_PAPER_EPOCHS, .precision = LYAP_FLOAT32, .window = true};
    double rates[LYAP_PUBLISHED_STEPS], *scratch = lyap_report_room((size_t)state->starts, sizeof *scratch, error);
    enum lyap_status status = scratch ? LYAP_OK : LYAP_ERROR_MEMORY;
    const struct rates all = {rates, LYAP_PUBLISHED_STEPS, state->starts};
    for (int i = 0; i < LYAP_PUBLISHED_STEPS; i++) rates[i] = lyap_published_steps[i].lr;
    for (int a = 0; a < LYAP_PANELS && !status; a++) {
        struct lyap_cells cells;
        status = run(report, lyap_paper_activation[a], &with, &all, &cells, error);
        for (size_t i = 0; i < LYAP_PUBLISHED_STEPS && !status; i++)
            state->step[i][a] = rank_among(cells.points + i * (size_t)cells.starts, (size_t)cells.starts,
                                           lyap_published_steps[i].value[a], true, 0.5, scratch);
        lyap_cells_free(&cells);
    }
    free(scratch);
    return status;
}

struct pair {
    const struct lyap_candidate *a, *b;
};

/* ln of the ratio of the chances of a and b, over the published values index[n]. */
static double ratio_of(const void *context, const uint32_t *index, size_t n) {
    const struct pair *pair = context;
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += lyap_log(pair->a->rank[index[i]].chance) - lyap_log(pair->b->rank[index[i]].chance);
    return sum;
}

static enum lyap_status compare(struct lyap_published_state *state, uint64_t seed, struct lyap_error *error) {
    const struct lyap_candidate *c = state->candidate;
    struct pair script = {&c[state->assumed], &c[state->by_script]}, best = {&c[state->best], &c[state->assumed]};
    enum lyap_status status = LYAP_OK;
    state->compared = lyap_defined(lyap_bootstrap(ratio_of, &script, LYAP_PUBLISHED_SWEEP, LYAP_RESAMPLES, seed,
                                                  &state->over_script, error),
                                   &status, error) &&
                      lyap_defined(lyap_bootstrap(ratio_of, &best, LYAP_PUBLISHED_SWEEP, LYAP_RESAMPLES, seed,
                                                  &state->behind_best, error),
                                   &status, error);
    return status;
}

enum lyap_status lyap_published_compute(struct lyap_report *report, void **out, struct lyap_error *error) {
    struct lyap_published_state *state = lyap_report_room(1, sizeof *state, error);
    if (!state) return LYAP_ERROR_MEMORY;
    *out = state;
    state->starts = lyap_report_starts(report, lyap_report_options_of(report)->full ? 20000 : 2000, 20);
    enum lyap_status status = run_steps(report, state, error);
    for (size_t i = 0; i < LYAP_CANDIDATES && !status; i++) {
        status = run_candidate(report, state, i, error);
        const struct lyap_candidate *c = &state->candidate[i];
        bool as_published = c->precision == LYAP_FLOAT32 && c->window;
        if (as_published && c->epochs == LYAP_PAPER_SCATTER_EPOCHS) state->by_script = i;
        if (as_published && c->epochs == LYAP_PAPER_EPOCHS) state->assumed = i;
        if (c->log_chance > state->candidate[state->best].log_chance) state->best = i;
    }
    if (!status) status = compare(state, lyap_report_options_of(report)->seed, error);
    if (status) return status;
    const struct lyap_candidate *assumed = &state->candidate[state->assumed];
    state->within = assumed->within;
    for (int i = 0; i < LYAP_PUBLISHED_STEPS; i++)
        for (int a = 0; a < LYAP_PANELS; a++) state->within += state->step[i][a].within;
    state->binomial = lyap_binomial_test(state->within, LYAP_PUBLISHED_NUMBERS, 0.95);
    state->test_binomial = lyap_report_test(report, "Pa", state->binomial, 0,
                                            "published numbers within the central 95 %% of ours, 100 epochs");
    state->test_kolmogorov = lyap_report_test(report, "Pa", assumed->kolmogorov, 0,
                                              "ranks of the published sweep among ours are uniform, 100 epochs");
    return LYAP_OK;
}

void lyap_published_release(void *state) {
    free(state);
}
