#include "selection/halving.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lyapgrad/inference.h"
#include "lyapgrad/random.h"
#include "stats/log_grid.h"

enum { FEWEST_STEPS = 8 };

/* ---- what a search does ---- */

uint32_t lyap_halving_rungs(const struct lyap_selection_plan *plan) {
    uint32_t rungs = 1;
    for (uint32_t steps = plan->epochs / plan->divisor; rungs < plan->rungs && steps >= FEWEST_STEPS; rungs++)
        steps /= plan->divisor;
    return rungs;
}

/* Sets the trials that follow from those of the first rung; what they cost. */
static double set_trials(struct lyap_halving *halving, double first, uint32_t divisor, const double *cost) {
    halving->cost = 0;
    for (uint32_t r = 0; r < halving->rungs; r++) {
        halving->trials[r] = first < 1 ? 1 : (uint64_t)first;
        halving->cost += cost[r] * (double)halving->trials[r];
        first = floor(first / divisor);
    }
    return halving->cost;
}

bool lyap_halving_make(const struct lyap_selection_plan *plan, enum lyap_score score, uint32_t rungs, double budget,
                       struct lyap_halving *halving) {
    memset(halving, 0, sizeof *halving);
    halving->rungs = rungs;
    const double step = score == LYAP_SCORE_LOSS ? 1 : lyap_tangent_cost;
    double cost[LYAP_MOST_RUNGS] = {0};
    uint32_t steps = plan->epochs;
    for (uint32_t r = rungs; r-- > 0; steps /= plan->divisor) {
        halving->steps[r] = steps;
        cost[r] = steps * step;
    }
    double column = 0, times = 1; /* a trial of the last rung with those that led to it */
    for (uint32_t r = rungs; r-- > 0; times *= plan->divisor) column += cost[r] * times;
    times /= plan->divisor;
    const double fewest = (double)plan->count;
    double first = fmax(floor(budget / column * times), fewest);
    /* Where the last rungs have the one trial that they need, that is more than the share of it that was counted. */
    while (set_trials(halving, first, plan->divisor, cost) > budget && first > fewest) first--;
    return halving->cost <= budget;
}

double lyap_halving_sharpness(const struct lyap_selection_plan *plan, const struct lyap_halving *halving) {
    uint64_t points = halving->trials[halving->rungs - 1]; /* the first weights of full trainings */
    for (uint32_t r = 0; r < halving->rungs; r++) points += halving->trials[r];
    return lyap_sharpness_cost(plan->settings, plan->count) * (double)points;
}

struct lyap_trial lyap_search_trial(const struct lyap_selection_plan *plan, uint64_t search, uint64_t number) {
    const uint64_t k = number / plan->count;
    struct lyap_trial trial = {
        .number = number, .setting = (size_t)(number % plan->count), .start = (search << 32) + k, .lr = plan->lr_low};
    if (plan->lr_high > plan->lr_low) {
        const double golden = 0.61803398874989484820; /* (sqrt(5) - 1) / 2 */
        double u;
        lyap_random_uniform(plan->settings->seed, LYAP_STREAM_TRIAL, search, trial.setting, 1, &u);
        double part = u + (double)k * golden;
        trial.lr = lyap_log_between(plan->lr_low, plan->lr_high, part - floor(part));
    }
    if (plan->settings->precision == LYAP_FLOAT32) trial.lr = (double)(float)trial.lr;
    return trial;
}

/* ---- scores ---- */

double lyap_loss_of(const struct lyap_selection_plan *plan, const struct lyap_trial_result *r) {
    return plan->held_out ? r->test_loss : r->loss;
}

/* An exponent that was lost to rounding recommends nothing. */
static double exponent_of(const struct lyap_trial_result *r) {
    return r->regime == LYAP_DIVERGED || !isfinite(r->loss) ? INFINITY : r->defined ? r->exponent.lambda : DBL_MAX;
}

enum lyap_status lyap_scores_of(const struct lyap_selection_plan *plan, enum lyap_score score,
                                const struct lyap_trial_result *results, size_t n, double *out,
                                struct lyap_error *error) {
    for (size_t i = 0; i < n; i++)
        out[i] = score == LYAP_SCORE_EXPONENT ? exponent_of(&results[i]) : lyap_loss_of(plan, &results[i]);
    if (score != LYAP_SCORE_COMBINED || n == 0) return LYAP_OK;
    double *exponent = malloc(3 * n * sizeof *exponent);
    if (!exponent) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the ranks of %zu trials", n);
    double *by_loss = exponent + n, *by_exponent = exponent + 2 * n;
    for (size_t i = 0; i < n; i++) exponent[i] = exponent_of(&results[i]);
    enum lyap_status status = lyap_rank(out, n, by_loss, error);
    if (!status) status = lyap_rank(exponent, n, by_exponent, error);
    for (size_t i = 0; i < n && !status; i++)
        if (isfinite(out[i])) out[i] = 0.5 * (by_loss[i] + by_exponent[i]);
    free(exponent);
    return status;
}

/* ---- going down the rungs ---- */

/* A trial of a rung, to be put in order. */
struct ranked {
    double score;
    uint64_t number;
};

static int by_score(const void *a, const void *b) {
    const struct ranked *p = a, *q = b;
    if (p->score != q->score) return p->score < q->score ? -1 : 1;
    return (p->number > q->number) - (p->number < q->number);
}

/* What a search still has. */
struct field {
    uint64_t *numbers; /* [count], ascending */
    size_t count;
};

struct descent {
    const struct lyap_selection_plan *plan;
    uint64_t search;
    uint32_t rungs;
    size_t most; /* trials of the largest search */
    struct field *fields;
    unsigned char *wanted;             /* [most] */
    struct lyap_trial *trials;         /* [most], those of the rung */
    struct lyap_trial_result *results; /* [most], in the same order */
    size_t *place;                     /* [most], of a trial's number among them */
    struct lyap_trial_result *own;     /* [most], those of one search */
    double *score;                     /* [most] */
    struct ranked *order;              /* [most] */
};

/* The rung of a search's own that this one is: shorter searches begin later. */
static bool takes_part(const struct descent *d, const struct lyap_search *s, uint32_t rung, uint32_t *own) {
    if (rung + s->halving.rungs < d->rungs) return false;
    *own = rung + s->halving.rungs - d->rungs;
    return true;
}

static enum lyap_status run_rung(struct descent *d, struct lyap_search *searches, size_t n, uint32_t rung,
                                 bool sharpness, struct lyap_trials_work *work, struct lyap_error *error) {
    struct lyap_trials_kind kind = {.growth = d->plan->growth};
    size_t count = 0;
    uint32_t own;
    memset(d->wanted, 0, d->most);
    for (size_t s = 0; s < n; s++) {
        if (!takes_part(d, &searches[s], rung, &own)) continue;
        kind.steps = searches[s].halving.steps[own];
        for (size_t i = 0; i < d->fields[s].count; i++) d->wanted[d->fields[s].numbers[i]] = 1;
    }
    for (size_t i = 0; i < d->most; i++)
        if (d->wanted[i]) {
            d->place[i] = count;
            d->trials[count++] = lyap_search_trial(d->plan, d->search, i);
        }
    if (sharpness) kind.sharpness = rung + 1 == d->rungs ? LYAP_SHARPNESS_BOTH : LYAP_SHARPNESS_LAST;
    return lyap_trials_run(d->plan, d->trials, count, &kind, work, d->results, error);
}

static void record(const struct descent *d, struct lyap_search *s, const struct field *field, uint32_t own) {
    struct lyap_trial_record *records = s->records + s->recorded;
    for (size_t i = 0; i < field->count; i++)
        records[i] = (struct lyap_trial_record){
            .trial = d->trials[d->place[field->numbers[i]]], .result = d->own[i], .rung = own, .score = d->score[i]};
}

static void mark_kept(struct lyap_search *s, const struct field *field, size_t before) {
    struct lyap_trial_record *records = s->records + s->recorded;
    for (size_t i = 0, k = 0; i < before && k < field->count; i++)
        if (records[i].trial.number == field->numbers[k]) {
            records[i].kept = true;
            k++;
        }
    s->recorded += before;
}

static int ascending(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Scores a search's trials and keeps the best of them. */
static enum lyap_status judge(struct descent *d, struct lyap_search *s, struct field *field, uint32_t own,
                              struct lyap_error *error) {
    const bool last = own + 1 == s->halving.rungs;
    const size_t before = field->count;
    for (size_t i = 0; i < before; i++) d->own[i] = d->results[d->place[field->numbers[i]]];
    enum lyap_status status = lyap_scores_of(d->plan, s->score, d->own, before, d->score, error);
    if (status) return status;
    if (s->records) record(d, s, field, own);
    for (size_t i = 0; i < before; i++)
        d->order[i] = (struct ranked){last ? lyap_loss_of(d->plan, &d->own[i]) : d->score[i], field->numbers[i]};
    qsort(d->order, before, sizeof *d->order, by_score);
    field->count = last ? 1 : (size_t)s->halving.trials[own + 1];
    for (size_t i = 0; i < field->count; i++) field->numbers[i] = d->order[i].number;
    qsort(field->numbers, field->count, sizeof *field->numbers, ascending);
    if (s->records) mark_kept(s, field, before);
    if (last) {
        size_t place = d->place[field->numbers[0]];
        s->pick = (struct lyap_pick){d->trials[place], d->results[place]};
    }
    return LYAP_OK;
}

static bool allocate(struct descent *d, const struct lyap_search *searches, size_t n) {
    d->fields = calloc(n, sizeof *d->fields);
    if (!d->fields) return false;
    for (size_t s = 0; s < n; s++) {
        size_t count = d->fields[s].count = (size_t)searches[s].halving.trials[0];
        d->fields[s].numbers = malloc(count * sizeof *d->fields[s].numbers);
        if (!d->fields[s].numbers) return false;
        for (size_t i = 0; i < count; i++) d->fields[s].numbers[i] = i;
    }
    d->wanted = malloc(d->most);
    d->trials = malloc(d->most * sizeof *d->trials);
    d->results = malloc(d->most * sizeof *d->results);
    d->place = malloc(d->most * sizeof *d->place);
    d->own = malloc(d->most * sizeof *d->own);
    d->score = malloc(d->most * sizeof *d->score);
    d->order = malloc(d->most * sizeof *d->order);
    return d->wanted && d->trials && d->results && d->place && d->own && d->score && d->order;
}

static void release(struct descent *d, size_t n) {
    for (size_t s = 0; d->fields && s < n; s++) free(d->fields[s].numbers);
    free(d->fields);
    free(d->wanted);
    free(d->trials);
    free(d->results);
    free(d->place);
    free(d->own);
    free(d->score);
    free(d->order);
}

enum lyap_status lyap_searches_run(const struct lyap_selection_plan *plan, uint64_t number,
                                   struct lyap_search *searches, size_t n, bool sharpness,
                                   struct lyap_trials_work *work, struct lyap_error *error) {
    struct descent d = {.plan = plan, .search = number};
    enum lyap_status status = LYAP_OK;
    uint32_t own;
    for (size_t s = 0; s < n; s++) {
        searches[s].recorded = 0;
        if (searches[s].halving.rungs > d.rungs) d.rungs = searches[s].halving.rungs;
        if (searches[s].halving.trials[0] > d.most) d.most = (size_t)searches[s].halving.trials[0];
    }
    if (!allocate(&d, searches, n))
        status = lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu trials", d.most);
    for (uint32_t r = 0; r < d.rungs && !status; r++) {
        status = run_rung(&d, searches, n, r, sharpness, work, error);
        for (size_t s = 0; s < n && !status; s++)
            if (takes_part(&d, &searches[s], r, &own)) status = judge(&d, &searches[s], &d.fields[s], own, error);
    }
    release(&d, n);
    return status;
}
