/* Selection: the plan, its budget, and the order of the work. */
#include "lyapgrad/selection.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "selection/halving.h"
#include "lyapgrad/digest.h"
#include "base/memory.h"
#include "selection/rate_scan.h"
#include "engine/spectrum_plan.h"
#include "selection/comparison.h"

enum { MOST_SETTINGS = 4096, FEWEST_STARTS = 8, MOST_STARTS = 64, FEWEST_SEARCHES = 5, MOST_SEARCHES = 1000 };

void lyap_selection_defaults(struct lyap_selection_plan *plan, const struct lyap_plan *settings, size_t count) {
    *plan = (struct lyap_selection_plan){.settings = settings,
                                         .count = count,
                                         .lr_low = 1e-3,
                                         .lr_high = 10,
                                         .score = LYAP_SCORE_LOSS,
                                         .budget = 1000000,
                                         .epochs = 500,
                                         .divisor = 4,
                                         .rungs = 4,
                                         .rate_values = 25,
                                         .rate_halvings = 4,
                                         .safe_share = 0.95,
                                         .searches = 10,
                                         .growth = 10};
}

/* ---- what the plan may hold ---- */

static enum lyap_status check_count(const char *what, uint64_t value, uint64_t low, uint64_t high,
                                    struct lyap_error *error) {
    if (value >= low && value <= high) return LYAP_OK;
    return lyap_fail(error, LYAP_ERROR_ARGUMENT, "%s %llu: must be %llu .. %llu", what, (unsigned long long)value,
                     (unsigned long long)low, (unsigned long long)high);
}

static enum lyap_status check_setting(const struct lyap_selection_plan *plan, size_t i, struct lyap_error *error) {
    const struct lyap_plan *first = plan->settings, *s = &plan->settings[i];
    if (s->weights)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "setting %zu: has given weights; the starts of trials are drawn",
                         i);
    if (s->data != first->data || s->test != first->test || s->precision != first->precision ||
        s->seed != first->seed || s->isa != first->isa || s->threads != first->threads)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                         "setting %zu: has another data set, precision, seed, instruction set or number of threads "
                         "than setting 0",
                         i);
    struct lyap_spectrum_plan spectrum;
    lyap_spectrum_defaults(&spectrum, s->network, s->data);
    spectrum.base = *s;
    spectrum.base.starts = spectrum.base.values = 1;
    spectrum.base.settings = NULL;
    spectrum.base.setting = (struct lyap_setting){plan->lr_low, s->setting.perturbation, plan->epochs};
    spectrum.growth = plan->growth;
    enum lyap_status status = lyap_spectrum_check(&spectrum, error);
    spectrum.base.setting.lr = plan->lr_high;
    return status ? status : lyap_spectrum_check(&spectrum, error);
}

static enum lyap_status check(const struct lyap_selection_plan *plan, struct lyap_error *error) {
    if (!(plan->lr_low > 0) || !(plan->lr_high >= plan->lr_low) || !isfinite(plan->lr_high))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                         "learning rates from %g to %g: the range must be above 0 and ascend", plan->lr_low,
                         plan->lr_high);
    if ((unsigned)plan->score >= LYAP_SCORE_COUNT)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "score %d: expected loss, exponent or combined", (int)plan->score);
    if (!(plan->safe_share > 0) || !(plan->safe_share <= 1))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "safe share %g: must be in (0, 1]", plan->safe_share);
    if (!(plan->target >= 0) || !isfinite(plan->target))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "target %g: must be a loss above 0, or 0 for none", plan->target);
    if (!plan->settings) return check_count("settings", 0, 1, MOST_SETTINGS, error);
    enum lyap_status status = check_count("settings", plan->count, 1, MOST_SETTINGS, error);
    if (!status) status = check_count("epochs", plan->epochs, 2, INT32_MAX, error);
    if (!status) status = check_count("divisor", plan->divisor, 2, 16, error);
    if (!status) status = check_count("rungs", plan->rungs, 1, LYAP_MOST_RUNGS, error);
    if (!status) status = check_count("rates of the scan", plan->rate_values, 2, 1000, error);
    if (!status && plan->rate_starts) status = check_count("starts of the scan", plan->rate_starts, 2, 100000, error);
    if (!status) status = check_count("halvings", plan->rate_halvings, 0, 40, error);
    if (!status) status = check_count("budget", plan->budget, 1, UINT64_C(1) << 53, error);
    if (!status && plan->held_out && !plan->settings->test)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "held-out loss: there are no held-out data to go by");
    for (size_t i = 0; i < plan->count && !status; i++) status = check_setting(plan, i, error);
    return status;
}

/* ---- the budget ---- */

/* What the search may cost, and the number of starts of the scan of learning rates. */
struct shares {
    double search;
    uint64_t starts;
};

static enum lyap_status divide_budget(const struct lyap_selection_plan *plan, struct shares *shares,
                                      struct lyap_halving *halving, struct lyap_error *error) {
    const double budget = (double)plan->budget, start = lyap_rate_cost(plan);
    shares->starts = plan->rate_starts;
    if (!shares->starts) {
        double pays = floor(budget / 2 / start);
        shares->starts = pays < FEWEST_STARTS ? FEWEST_STARTS : pays > MOST_STARTS ? MOST_STARTS : (uint64_t)pays;
    }
    shares->search = budget - start * (double)shares->starts;
    if (lyap_halving_make(plan, plan->score, lyap_halving_rungs(plan), shares->search, halving)) return LYAP_OK;
    return lyap_fail(
        error, LYAP_ERROR_ARGUMENT,
        "budget %llu: too small; trainings of %lu steps need %.0f gradient steps for %llu starts at %zu "
        "learning rates and %.0f for the smallest search of %zu settings: give at least %.0f, or fewer epochs",
        (unsigned long long)plan->budget, (unsigned long)plan->epochs, ceil(start * (double)shares->starts),
        (unsigned long long)shares->starts, lyap_rate_values(plan), ceil(halving->cost), plan->count,
        ceil(start * (double)shares->starts + halving->cost));
}

static uint64_t trials_of(const struct lyap_halving *halving) {
    uint64_t sum = 0;
    for (uint32_t r = 0; r < halving->rungs; r++) sum += halving->trials[r];
    return sum;
}

static uint64_t steps_of(const struct lyap_halving *halving) {
    uint64_t sum = 0;
    for (uint32_t r = 0; r < halving->rungs; r++) sum += halving->trials[r] * halving->steps[r];
    return sum;
}

static bool finish(const struct lyap_trials_work *work) {
    return !work->progress || work->progress(work->total, work->total, work->context);
}

/* ---- the ranking ---- */

struct place {
    uint32_t rung;
    double key; /* score, or in the last rung the loss */
    uint64_t number;
    size_t record;
};

static int best_first(const void *a, const void *b) {
    const struct place *p = a, *q = b;
    if (p->rung != q->rung) return p->rung > q->rung ? -1 : 1;
    if (p->key != q->key) return p->key < q->key ? -1 : 1;
    return (p->number > q->number) - (p->number < q->number);
}

static enum lyap_status rank(const struct lyap_selection_plan *plan, struct lyap_selection *selection,
                             struct lyap_error *error) {
    const size_t trials = (size_t)selection->halving.trials[0];
    struct place *places = calloc(trials, sizeof *places);
    selection->ranking = malloc(trials * sizeof *selection->ranking);
    if (!places || !selection->ranking) {
        free(places);
        return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu trials", trials);
    }
    for (size_t i = 0; i < selection->count; i++) { /* later rungs overwrite */
        const struct lyap_trial_record *r = &selection->records[i];
        bool last = r->rung + 1 == selection->halving.rungs;
        places[r->trial.number] =
            (struct place){r->rung, last ? lyap_loss_of(plan, &r->result) : r->score, r->trial.number, i};
    }
    qsort(places, trials, sizeof *places, best_first);
    for (size_t i = 0; i < trials; i++) selection->ranking[i] = places[i].record;
    free(places);
    return LYAP_OK;
}

/* ---- the whole ---- */

enum lyap_status lyap_selection_run(const struct lyap_selection_plan *plan, struct lyap_selection *selection,
                                    struct lyap_error *error) {
    struct shares shares;
    memset(selection, 0, sizeof *selection);
    enum lyap_status status = check(plan, error);
    if (!status) status = divide_budget(plan, &shares, &selection->halving, error);
    if (status) return status;
    const double cells = (double)shares.starts * (double)lyap_rate_values(plan);
    const uint64_t room = trials_of(&selection->halving);
    if (!lyap_memory_fits(((double)room + cells) * 2 * sizeof *selection->records))
        return lyap_fail(error, LYAP_ERROR_MEMORY,
                         "out of memory for %llu trials: give a smaller budget or more epochs",
                         (unsigned long long)room);
    selection->sharpness_cost = lyap_halving_sharpness(plan, &selection->halving);
    selection->records = malloc((size_t)room * sizeof *selection->records);
    if (!selection->records)
        return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %llu trials", (unsigned long long)room);
    struct lyap_trials_work work = {.progress = plan->progress,
                                    .context = plan->progress_context,
                                    .total = steps_of(&selection->halving) + lyap_rate_steps(plan, shares.starts)};
    struct lyap_search search = {.halving = selection->halving, .score = plan->score, .records = selection->records};
    status = lyap_searches_run(plan, 0, &search, 1, true, &work, error);
    selection->count = search.recorded;
    if (!status) status = rank(plan, selection, error);
    if (!status)
        status = lyap_rate_scan_run(plan, search.pick.trial.setting, shares.starts, &selection->rates, &work, error);
    if (!status && !finish(&work)) status = lyap_fail(error, LYAP_ERROR_INTERRUPTED, "interrupted");
    if (status) lyap_selection_free(selection);
    return status;
}

void lyap_selection_free(struct lyap_selection *selection) {
    free(selection->records);
    free(selection->ranking);
    lyap_rate_scan_free(&selection->rates);
    memset(selection, 0, sizeof *selection);
}

enum lyap_status lyap_selection_compare(const struct lyap_selection_plan *plan,
                                        struct lyap_search_comparison *comparison, struct lyap_error *error) {
    struct shares shares;
    struct lyap_halving halving;
    memset(comparison, 0, sizeof *comparison);
    enum lyap_status status = check(plan, error);
    if (!status) status = check_count("searches", plan->searches, FEWEST_SEARCHES, MOST_SEARCHES, error);
    if (!status) status = divide_budget(plan, &shares, &halving, error);
    if (status) return status;
    double most = 0;
    bool enough = lyap_comparison_budgets(plan, shares.search, comparison->halving);
    uint64_t steps = (uint64_t)LYAP_WAY_COUNT * plan->epochs;
    for (int w = 0; w < LYAP_WAY_COUNT; w++) {
        most = fmax(most, comparison->halving[w].cost);
        steps += steps_of(&comparison->halving[w]);
    }
    if (!enough)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                         "budget %llu: too small to compare; of it %.0f gradient steps are for a search, and one of "
                         "%zu settings needs %.0f",
                         (unsigned long long)plan->budget, floor(shares.search), plan->count, ceil(most));
    struct lyap_trials_work work = {
        .progress = plan->progress, .context = plan->progress_context, .total = steps * plan->searches};
    status = lyap_comparison_run(plan, comparison, &work, error);
    work.total = work.done;
    if (!status && !finish(&work)) status = lyap_fail(error, LYAP_ERROR_INTERRUPTED, "interrupted");
    if (status) lyap_search_comparison_free(comparison);
    return status;
}

void lyap_search_comparison_free(struct lyap_search_comparison *comparison) {
    free(comparison->picks);
    memset(comparison, 0, sizeof *comparison);
}

enum lyap_status lyap_selection_start(const struct lyap_selection_plan *plan, const struct lyap_trial *trial,
                                      double *out, struct lyap_error *error) {
    if (!plan->settings) return check_count("settings", 0, 1, MOST_SETTINGS, error);
    enum lyap_status status = check_count("settings", plan->count, 1, MOST_SETTINGS, error);
    if (status) return status;
    if (trial->setting >= plan->count)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "setting %zu: there are %zu, counted from 0", trial->setting,
                         plan->count);
    struct lyap_plan base = plan->settings[trial->setting];
    if ((status = check_setting(plan, trial->setting, error))) return status;
    const size_t parameters = lyap_network_parameters(base.network);
    base.settings = NULL;
    base.values = 1;
    base.starts = trial->start + 1;
    base.neighbours = 1;
    double *both = malloc(2 * parameters * sizeof *both);
    if (!both) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu weights", parameters);
    status = lyap_ensemble_initial(&base, trial->start, 1, both, error);
    if (!status) memcpy(out, both, parameters * sizeof *out);
    free(both);
    return status;
}

/* ---- digests ---- */

static uint64_t digest_real(uint64_t digest, double value) {
    return isnan(value) ? lyap_digest_u64(digest, 0) : lyap_digest_double(digest, value);
}

static uint64_t digest_trial(uint64_t digest, const struct lyap_trial *t, const struct lyap_trial_result *r) {
    const uint64_t counts[] = {
        t->number, t->setting, t->start, r->steps, r->defined, r->interval, (uint64_t)r->target_step,
        r->regime, r->period};
    const double values[] = {t->lr,
                             r->initial_loss,
                             r->loss,
                             r->test_loss,
                             r->accuracy,
                             r->test_accuracy,
                             r->exponent.lambda,
                             r->exponent.low,
                             r->exponent.high,
                             r->sharpness_first,
                             r->sharpness_last};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) digest = lyap_digest_u64(digest, counts[i]);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) digest = digest_real(digest, values[i]);
    return digest;
}

static uint64_t digest_estimate(uint64_t digest, const struct lyap_estimate *e) {
    return digest_real(digest_real(digest_real(digest, e->value), e->low), e->high);
}

static uint64_t digest_rates(uint64_t digest, const struct lyap_rate_scan *rates) {
    for (size_t v = 0; v < rates->values; v++) {
        const struct lyap_rate_row *row = &rates->rows[v];
        digest = lyap_digest_u64(lyap_digest_u64(digest_real(digest, row->lr), row->safe), row->unstable);
        for (int i = 0; i < 3; i++) digest = digest_real(digest_real(digest, row->loss[i]), row->exponent[i]);
        digest = digest_real(digest_real(digest, row->test_loss), row->edge_lr);
    }
    for (uint64_t i = 0; i < rates->starts; i++)
        digest = digest_real(digest_real(digest, rates->safe[i]), rates->onset[i]);
    digest = digest_estimate(digest_estimate(digest, &rates->best), &rates->best_test);
    digest = digest_estimate(digest, &rates->largest_safe);
    return digest_estimate(digest, &rates->first_unstable);
}

uint64_t lyap_selection_digest(uint64_t digest, const struct lyap_selection *selection) {
    for (size_t i = 0; i < selection->count; i++) {
        const struct lyap_trial_record *r = &selection->records[i];
        digest = digest_real(digest_trial(digest, &r->trial, &r->result), r->score);
        digest = lyap_digest_u64(digest, r->kept);
    }
    for (uint64_t i = 0; i < selection->halving.trials[0]; i++) digest = lyap_digest_u64(digest, selection->ranking[i]);
    return digest_rates(digest, &selection->rates);
}

uint64_t lyap_search_comparison_digest(uint64_t digest, const struct lyap_search_comparison *comparison) {
    for (size_t i = 0; i < (size_t)comparison->searches * LYAP_WAY_COUNT; i++)
        digest = digest_trial(digest, &comparison->picks[i].trial, &comparison->picks[i].result);
    for (int w = 0; w < LYAP_WAY_COUNT; w++) digest = digest_estimate(digest, &comparison->loss[w]);
    for (int i = 0; i < LYAP_SEARCH_PAIRS; i++) {
        const struct lyap_search_pair *p = &comparison->pair[i];
        digest = digest_estimate(digest_estimate(digest, &p->median), &p->steps);
        digest = digest_real(lyap_digest_u64(lyap_digest_u64(digest, p->better), p->worse), p->p);
    }
    return digest_real(digest, comparison->target);
}
