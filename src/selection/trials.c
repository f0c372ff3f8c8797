/* Trials of one setting are the cells of one varied spectrum run. */
#include "selection/trials.h"

#include <math.h>
#include <stdlib.h>

#include "engine/lanczos.h"
#include "engine/lanczos.h"
#include "engine/spectrum.h"

const double lyap_tangent_cost = 2.5;

double lyap_sharpness_cost(const struct lyap_plan *settings, size_t count) {
    size_t most = 0;
    for (size_t s = 0; s < count; s++) {
        size_t steps = lyap_lanczos_steps(lyap_network_parameters(settings[s].network));
        most = steps > most ? steps : most;
    }
    return lyap_tangent_cost * (double)most;
}

/* The trials of one setting. */
struct group {
    struct lyap_vary vary; /* first: the worker's pointer to it is one to the group */
    uint64_t *start;
    double *lr;
    size_t *place; /* in the results */
    size_t count;
    struct lyap_spectrum_plan plan;
    struct lyap_trial_result *results;
    struct lyap_trials_work *work;
};

static void set_rate(const struct lyap_vary *vary, uint64_t cell, struct lyap_lane *lane) {
    const struct group *group = (const struct group *)vary;
    lane->lr = group->lr[cell];
}

static double or_infinity(double loss) {
    return isfinite(loss) ? loss : INFINITY;
}

static enum lyap_status take(const struct lyap_spectrum_chunk *chunk, void *context, struct lyap_error *error) {
    struct group *group = context;
    const bool test = group->plan.base.test != NULL;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++) {
        const struct lyap_spectrum_record *r = &chunk->records[i];
        const struct lyap_evaluation *e = &chunk->evaluation[i];
        const bool diverged = r->regime == LYAP_DIVERGED;
        group->results[group->place[r->cell]] =
            (struct lyap_trial_result){.steps = group->plan.base.setting.epochs,
                                       .initial_loss = r->initial_loss,
                                       .loss = diverged ? INFINITY : or_infinity(e->train_loss),
                                       .test_loss = !test      ? 0
                                                    : diverged ? INFINITY
                                                               : or_infinity(e->test_loss),
                                       .accuracy = diverged ? NAN : e->train_accuracy,
                                       .test_accuracy = diverged ? NAN : e->test_accuracy,
                                       .defined = r->resolved > 0,
                                       .exponent = chunk->lambda[i * chunk->exponents],
                                       .interval = r->resolved > 0 && r->batches > 0,
                                       .sharpness_first = r->sharpness_first,
                                       .sharpness_last = r->sharpness_last,
                                       .target_step = group->plan.target > 0 ? r->target_epoch : -1,
                                       .regime = r->regime,
                                       .period = r->period};
    }
    return LYAP_OK;
}

static bool report(uint64_t done, uint64_t total, void *context) {
    const struct lyap_trials_work *work = context;
    (void)total;
    uint64_t all = work->done + done;
    return work->progress(all, work->total > all ? work->total : all + 1, work->context);
}

static enum lyap_status run_group(struct group *group, const struct lyap_plan *setting,
                                  const struct lyap_trials_kind *kind, struct lyap_error *error) {
    struct lyap_spectrum_plan *plan = &group->plan;
    lyap_spectrum_defaults(plan, setting->network, setting->data);
    plan->base = *setting;
    plan->base.starts = group->count;
    plan->base.values = 1;
    plan->base.settings = NULL;
    plan->base.setting = (struct lyap_setting){group->lr[0], setting->setting.perturbation, kind->steps};
    plan->base.first_cell = plan->base.count = 0;
    plan->base.evaluate = true;
    plan->base.series = plan->base.last_weights = false;
    plan->base.progress = group->work->progress ? report : NULL;
    plan->base.progress_context = group->work;
    plan->transient = kind->transient;
    plan->curvature = kind->sharpness != LYAP_SHARPNESS_NONE;
    plan->target = kind->target;
    plan->growth = kind->growth;
    group->vary = (struct lyap_vary){.start = group->start, .set = set_rate};
    const struct lyap_spectrum_extra extra = {.vary = &group->vary,
                                              .last_alone = kind->sharpness == LYAP_SHARPNESS_LAST};
    enum lyap_status status = lyap_spectrum_run_cells(plan, &extra, take, group, error);
    group->work->done += (uint64_t)group->count * kind->steps;
    return status;
}

static void release(struct group *group) {
    free(group->start);
    free(group->lr);
    free(group->place);
}

enum lyap_status lyap_trials_run(const struct lyap_selection_plan *plan, const struct lyap_trial *trials, size_t n,
                                 const struct lyap_trials_kind *kind, struct lyap_trials_work *work,
                                 struct lyap_trial_result *results, struct lyap_error *error) {
    struct group group = {.start = malloc((n ? n : 1) * sizeof *group.start),
                          .lr = malloc((n ? n : 1) * sizeof *group.lr),
                          .place = malloc((n ? n : 1) * sizeof *group.place),
                          .results = results,
                          .work = work};
    enum lyap_status status = LYAP_OK;
    if (!group.start || !group.lr || !group.place) {
        release(&group);
        return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu trials", n);
    }
    for (size_t s = 0; s < plan->count && !status; s++) {
        group.count = 0;
        for (size_t i = 0; i < n; i++) {
            if (trials[i].setting != s) continue;
            group.start[group.count] = trials[i].start;
            group.lr[group.count] = trials[i].lr;
            group.place[group.count++] = i;
        }
        if (group.count) status = run_group(&group, &plan->settings[s], kind, error);
    }
    release(&group);
    return status;
}
