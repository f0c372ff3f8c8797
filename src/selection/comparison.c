#include "selection/comparison.h"

#include <math.h>
#include <stdlib.h>

#include "lyapgrad/statistics.h"

enum { RESAMPLES = 2001, SHUFFLES = 10000 }; /* 2001: see src/selection/rate_scan.c */

static const struct {
    enum lyap_way way, against;
} pairs[LYAP_SEARCH_PAIRS] = {{LYAP_WAY_EXPONENT, LYAP_WAY_RANDOM},
                              {LYAP_WAY_COMBINED, LYAP_WAY_RANDOM},
                              {LYAP_WAY_LOSS, LYAP_WAY_RANDOM},
                              {LYAP_WAY_EXPONENT, LYAP_WAY_LOSS},
                              {LYAP_WAY_COMBINED, LYAP_WAY_LOSS}};

const char *lyap_way_name(enum lyap_way way) {
    return way == LYAP_WAY_RANDOM ? "random" : lyap_score_name((enum lyap_score)(way - LYAP_WAY_LOSS));
}

bool lyap_comparison_budgets(const struct lyap_selection_plan *plan, double budget,
                             struct lyap_halving halving[LYAP_WAY_COUNT]) {
    uint32_t rungs = lyap_halving_rungs(plan);
    bool enough = lyap_halving_make(plan, LYAP_SCORE_LOSS, 1, budget, &halving[LYAP_WAY_RANDOM]);
    for (int s = 0; s < LYAP_SCORE_COUNT; s++)
        enough = lyap_halving_make(plan, (enum lyap_score)s, rungs, budget, &halving[LYAP_WAY_LOSS + s]) && enough;
    return enough;
}

static double final_loss(const struct lyap_search_comparison *comparison, const struct lyap_pick *pick) {
    return comparison->held_out ? pick->result.test_loss : pick->result.loss;
}

static const struct lyap_pick *pick_of(const struct lyap_search_comparison *comparison, size_t search,
                                       enum lyap_way way) {
    return &comparison->picks[search * LYAP_WAY_COUNT + way];
}

/* All searches. The total is what they cost so far, carried on. */
static enum lyap_status search_all(const struct lyap_selection_plan *plan, struct lyap_search_comparison *comparison,
                                   struct lyap_trials_work *work, struct lyap_error *error) {
    const uint64_t before = work->done, rerun = (uint64_t)comparison->searches * LYAP_WAY_COUNT * plan->epochs;
    enum lyap_status status = LYAP_OK;
    for (uint32_t i = 0; i < comparison->searches && !status; i++) {
        struct lyap_search searches[LYAP_WAY_COUNT] = {{.halving.rungs = 0}};
        for (int w = 0; w < LYAP_WAY_COUNT; w++) {
            searches[w].halving = comparison->halving[w];
            searches[w].score = w == LYAP_WAY_RANDOM ? LYAP_SCORE_LOSS : (enum lyap_score)(w - LYAP_WAY_LOSS);
            comparison->cost += comparison->halving[w].cost;
        }
        status = lyap_searches_run(plan, i + UINT64_C(1), searches, LYAP_WAY_COUNT, false, work, error);
        for (int w = 0; w < LYAP_WAY_COUNT; w++)
            comparison->picks[(size_t)i * LYAP_WAY_COUNT + (size_t)w] = searches[w].pick;
        work->total = before + (work->done - before) / (i + 1) * comparison->searches + rerun;
    }
    return status;
}

static enum lyap_status find_target(const struct lyap_selection_plan *plan, struct lyap_search_comparison *comparison,
                                    struct lyap_error *error) {
    comparison->target = plan->target;
    if (plan->target > 0) return LYAP_OK;
    double *loss = malloc(comparison->searches * sizeof *loss);
    if (!loss)
        return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %lu searches",
                         (unsigned long)comparison->searches);
    for (uint32_t i = 0; i < comparison->searches; i++) loss[i] = pick_of(comparison, i, LYAP_WAY_RANDOM)->result.loss;
    lyap_sort(loss, comparison->searches);
    comparison->target = loss[comparison->searches / 2]; /* the upper median: half of the searches reach it */
    if (!isfinite(comparison->target)) comparison->target = 0;
    free(loss);
    return LYAP_OK;
}

/* The chosen trainings once more, now that the target is known. */
static enum lyap_status time_picks(const struct lyap_selection_plan *plan, struct lyap_search_comparison *comparison,
                                   struct lyap_trials_work *work, struct lyap_error *error) {
    const size_t n = (size_t)comparison->searches * LYAP_WAY_COUNT;
    struct lyap_trial *trials = malloc(n * sizeof *trials);
    struct lyap_trial_result *results = malloc(n * sizeof *results);
    if (!trials || !results) {
        free(trials);
        free(results);
        return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu trainings", n);
    }
    for (size_t i = 0; i < n; i++) trials[i] = comparison->picks[i].trial;
    struct lyap_trials_kind kind = {.steps = plan->epochs, .target = comparison->target, .growth = plan->growth};
    enum lyap_status status = lyap_trials_run(plan, trials, n, &kind, work, results, error);
    for (size_t i = 0; i < n && !status; i++) comparison->picks[i].result.target_step = results[i].target_step;
    free(trials);
    free(results);
    return status;
}

static double steps_of(const struct lyap_selection_plan *plan, const struct lyap_pick *pick) {
    return pick->result.target_step >= 0 ? (double)pick->result.target_step : (double)plan->epochs;
}

static double difference(double a, double b) {
    return a == b ? 0 : a - b; /* two diverged ones are alike */
}

static enum lyap_status compare(const struct lyap_selection_plan *plan, const struct lyap_search_comparison *comparison,
                                struct lyap_search_pair *pair, double *loss, double *steps, struct lyap_error *error) {
    const uint64_t seed = plan->settings->seed;
    const size_t n = comparison->searches;
    bool finite = true;
    for (size_t i = 0; i < n; i++) {
        const struct lyap_pick *a = pick_of(comparison, i, pair->way), *b = pick_of(comparison, i, pair->against);
        loss[i] = difference(final_loss(comparison, a), final_loss(comparison, b));
        steps[i] = steps_of(plan, a) - steps_of(plan, b);
        pair->better += loss[i] < 0;
        pair->worse += loss[i] > 0;
        finite = finite && isfinite(loss[i]);
    }
    pair->p = 1;
    enum lyap_status status = lyap_bootstrap_median(steps, n, RESAMPLES, seed, &pair->steps, error);
    if (!status && finite) status = lyap_bootstrap_median(loss, n, RESAMPLES, seed, &pair->median, error);
    if (!status && !finite) pair->median = (struct lyap_estimate){NAN, -INFINITY, INFINITY};
    if (!status && finite) status = lyap_permutation_paired(loss, n, SHUFFLES, seed, &pair->p, error);
    return status;
}

static enum lyap_status compare_all(const struct lyap_selection_plan *plan, struct lyap_search_comparison *comparison,
                                    struct lyap_error *error) {
    const size_t n = comparison->searches;
    double *values = malloc(2 * n * sizeof *values), p[LYAP_SEARCH_PAIRS];
    enum lyap_status status = LYAP_OK;
    if (!values) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu searches", n);
    for (int w = 0; w < LYAP_WAY_COUNT && !status; w++) {
        bool finite = true;
        for (size_t i = 0; i < n; i++) {
            values[i] = final_loss(comparison, pick_of(comparison, i, (enum lyap_way)w));
            finite = finite && isfinite(values[i]);
        }
        comparison->loss[w] = (struct lyap_estimate){INFINITY, -INFINITY, INFINITY};
        if (finite)
            status = lyap_bootstrap_median(values, n, RESAMPLES, plan->settings->seed, &comparison->loss[w], error);
    }
    for (int i = 0; i < LYAP_SEARCH_PAIRS && !status; i++) {
        comparison->pair[i] = (struct lyap_search_pair){.way = pairs[i].way, .against = pairs[i].against};
        status = compare(plan, comparison, &comparison->pair[i], values, values + n, error);
        p[i] = comparison->pair[i].p;
    }
    double adjusted[LYAP_SEARCH_PAIRS];
    if (!status) status = lyap_holm(p, LYAP_SEARCH_PAIRS, adjusted, error);
    for (int i = 0; i < LYAP_SEARCH_PAIRS && !status; i++) comparison->pair[i].p = adjusted[i];
    free(values);
    return status;
}

enum lyap_status lyap_comparison_run(const struct lyap_selection_plan *plan, struct lyap_search_comparison *comparison,
                                     struct lyap_trials_work *work, struct lyap_error *error) {
    comparison->searches = plan->searches;
    comparison->held_out = plan->settings->test != NULL;
    comparison->cost = 0;
    comparison->picks = calloc((size_t)plan->searches * LYAP_WAY_COUNT, sizeof *comparison->picks);
    if (!comparison->picks)
        return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %lu searches", (unsigned long)plan->searches);
    enum lyap_status status = search_all(plan, comparison, work, error);
    if (!status) status = find_target(plan, comparison, error);
    if (!status) status = time_picks(plan, comparison, work, error);
    return status ? status : compare_all(plan, comparison, error);
}
