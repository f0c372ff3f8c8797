/* P: are the published numbers those of fair starts, and with which settings were they made? */
#include "report/published/published.h"
#include "report/published/uniform.h"

#include <math.h>
#include <stdlib.h>

#include "stats/defined.h"
#include "math/deterministic.h"
#include "lyapgrad/digest.h"
#include "lyapgrad/random.h"
#include "lyapgrad/network.h"
#include "lyapgrad/statistics.h"

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
                                      double u, double *scratch, size_t *count) {
    size_t n = 0;
    uint64_t dead = 0;
    for (size_t s = 0; s < starts; s++) {
        dead += lyap_point_is_zero(&points[s]);
        if (points[s].terms > 0) scratch[n++] = by_step ? points[s].lambda_step : points[s].lambda_kw;
    }
    struct lyap_rank_of r = lyap_rank_published(published, scratch, n, u);
    r.dead = dead;
    *count = n;
    return r;
}

/* A rank of the test for uniformity: never 0 or 1, whose logarithms are infinite. */
static double inner_rank(double rank, size_t counted) {
    return (rank * (double)counted + 0.5) / ((double)counted + 1);
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

/* Counts, chances and the binomial test of a candidate's ranks. */
static void summarise(struct lyap_candidate *c) {
    for (size_t i = 0; i < LYAP_PUBLISHED_SWEEP; i++) {
        const struct lyap_rank_of *r = &c->rank[i];
        c->within += r->within;
        c->beyond += !r->within && r->equal == 0 && (r->below == 0 || r->below == r->counted);
        c->log_chance += lyap_log(r->chance);
        c->panel_log_chance[i / LYAP_PUBLISHED_RATES] += lyap_log(r->chance);
    }
    c->binomial = lyap_binomial_test(c->within, LYAP_PUBLISHED_SWEEP, 0.95);
}

static enum lyap_status run_candidate(struct lyap_report *report, struct lyap_published_state *state, size_t number,
                                      struct lyap_error *error) {
    struct lyap_candidate *c = &state->candidate[number];
    double rates[LYAP_PUBLISHED_RATES], u[LYAP_PUBLISHED_SWEEP];
    double *values = state->values + number * LYAP_PUBLISHED_SWEEP * (size_t)state->starts;
    enum lyap_status status = LYAP_OK;
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
                                     lyap_published_rates[i].value[a], false, u[at],
                                     values + at * (size_t)state->starts, &state->count[number][at]);
        }
        lyap_cells_free(&cells);
    }
    if (!status) summarise(c);
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
        for (size_t i = 0; i < LYAP_PUBLISHED_STEPS && !status; i++) {
            size_t count;
            state->step[i][a] = rank_among(cells.points + i * (size_t)cells.starts, (size_t)cells.starts,
                                           lyap_published_steps[i].value[a], true, 0.5, scratch, &count);
        }
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

/* The ranks of all numbers with the assumed settings, to u[LYAP_PUBLISHED_NUMBERS]; returns how many there are. */
static size_t all_ranks(const struct lyap_published_state *state, double *u) {
    const struct lyap_candidate *c = &state->candidate[state->assumed];
    size_t n = 0;
    for (size_t i = 0; i < LYAP_PUBLISHED_SWEEP; i++)
        if (c->rank[i].counted) u[n++] = inner_rank(c->rank[i].spread_rank, c->rank[i].counted);
    for (size_t i = 0; i < LYAP_PUBLISHED_STEPS; i++)
        for (size_t a = 0; a < LYAP_PANELS; a++)
            if (state->step[i][a].counted) u[n++] = inner_rank(state->step[i][a].rank, state->step[i][a].counted);
    return n;
}

/* The rank of a value among ascending sorted[n], a random one of its equals. */
static double rank_in(const double *sorted, size_t n, double value, double u) {
    size_t low = 0, high = n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (sorted[middle] < value)
            low = middle + 1;
        else
            high = middle;
    }
    size_t equal = 0;
    while (low + equal < n && sorted[low + equal] == value) equal++;
    return ((double)low + u * (double)equal) / (double)n;
}

/* How often the test finds that the sweep was made with the settings of candidate number k. `reference` is of all numbers. */
static double power_of(const struct lyap_published_state *state, size_t k, uint64_t seed, const double *reference) {
    enum { EACH = 2 * LYAP_PUBLISHED_SWEEP };
    const size_t starts = (size_t)state->starts, fair = LYAP_PUBLISHED_NUMBERS - LYAP_PUBLISHED_SWEEP;
    size_t found = 0;
    for (uint64_t set = 0; set < LYAP_POWER_SETS; set++) {
        double draw[EACH + LYAP_PUBLISHED_NUMBERS], u[LYAP_PUBLISHED_NUMBERS];
        size_t n = 0;
        lyap_random_uniform(seed, LYAP_STREAM_BOOTSTRAP, (UINT64_C(1) << 44) + k * LYAP_POWER_SETS + set, 0,
                            EACH + fair, draw);
        for (size_t i = 0; i < LYAP_PUBLISHED_SWEEP; i++) {
            const double *from = state->values + (k * LYAP_PUBLISHED_SWEEP + i) * starts,
                         *among = state->values + (state->assumed * LYAP_PUBLISHED_SWEEP + i) * starts;
            const size_t count = state->count[k][i], counted = state->count[state->assumed][i];
            if (count == 0 || counted == 0) continue;
            const size_t which = (size_t)(draw[2 * i] * (double)count);
            u[n++] =
                inner_rank(rank_in(among, counted, from[which < count ? which : count - 1], draw[2 * i + 1]), counted);
        }
        for (size_t i = 0; i < fair; i++) u[n++] = inner_rank(draw[EACH + i], starts);
        found += lyap_uniform_p(reference, lyap_anderson_darling(u, n)) < 0.05;
    }
    return (double)found / LYAP_POWER_SETS;
}

/* The tests of the ranks, with their power against the other settings. */
static enum lyap_status test_ranks(struct lyap_report *report, struct lyap_published_state *state,
                                   struct lyap_error *error) {
    const uint64_t seed = lyap_report_options_of(report)->seed;
    double u[LYAP_PUBLISHED_NUMBERS], *reference = lyap_report_room(2 * LYAP_UNIFORM_SETS, sizeof *reference, error),
                                      *of_sweep = reference ? reference + LYAP_UNIFORM_SETS : NULL;
    enum lyap_status status = reference ? LYAP_OK : LYAP_ERROR_MEMORY;
    const size_t n = all_ranks(state, u);
    if (!status) status = lyap_uniform_reference(LYAP_PUBLISHED_NUMBERS, seed, reference, error);
    if (!status) status = lyap_uniform_reference(LYAP_PUBLISHED_SWEEP, seed, of_sweep, error);
    state->uniform =
        !status && n == LYAP_PUBLISHED_NUMBERS ? lyap_uniform_p(reference, lyap_anderson_darling(u, n)) : NAN;
    for (size_t k = 0; k < LYAP_CANDIDATES && !status; k++) {
        struct lyap_candidate *c = &state->candidate[k];
        size_t ranks = 0;
        for (size_t i = 0; i < LYAP_PUBLISHED_SWEEP; i++)
            if (c->rank[i].counted) u[ranks++] = inner_rank(c->rank[i].spread_rank, c->rank[i].counted);
        c->uniform =
            ranks == LYAP_PUBLISHED_SWEEP ? lyap_uniform_p(of_sweep, lyap_anderson_darling(u, ranks)) : (double)NAN;
        c->power = power_of(state, k, seed, reference);
    }
    state->binomial = lyap_binomial_test(state->within, LYAP_PUBLISHED_NUMBERS, 0.95);
    state->outside = lyap_share(LYAP_PUBLISHED_NUMBERS - state->within, LYAP_PUBLISHED_NUMBERS);
    state->test_binomial = lyap_report_test(report, "Pa", state->binomial, 0,
                                            "published numbers within the central 95 %% of ours, 100 epochs");
    state->test_uniform = lyap_report_test(report, "Pa", state->uniform, LYAP_UNIFORM_SETS,
                                           "ranks of the published numbers among ours are uniform, 100 epochs");
    free(reference);
    return status;
}

enum lyap_status lyap_published_compute(struct lyap_report *report, void **out, struct lyap_error *error) {
    struct lyap_published_state *state = lyap_report_room(1, sizeof *state, error);
    if (!state) return LYAP_ERROR_MEMORY;
    *out = state;
    state->starts = lyap_report_starts(report, lyap_report_options_of(report)->full ? 16000 : 1600, 20);
    state->values =
        lyap_report_room(LYAP_CANDIDATES * LYAP_PUBLISHED_SWEEP * (size_t)state->starts, sizeof(double), error);
    enum lyap_status status = state->values ? run_steps(report, state, error) : LYAP_ERROR_MEMORY;
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
    state->within = state->candidate[state->assumed].within;
    for (int i = 0; i < LYAP_PUBLISHED_STEPS; i++)
        for (int a = 0; a < LYAP_PANELS; a++) state->within += state->step[i][a].within;
    return test_ranks(report, state, error);
}

void lyap_published_release(void *context) {
    struct lyap_published_state *state = context;
    if (state) free(state->values);
    free(state);
}
