/* Successive halving: which trials a search makes, and which go on. */
#ifndef LYAP_SELECTION_HALVING_H
#define LYAP_SELECTION_HALVING_H

#include "selection/trials.h"

/* One way to spend the budget on the trials of a search. */
struct lyap_search {
    struct lyap_halving halving;
    enum lyap_score score;
    struct lyap_trial_record *records; /* room for the trials of all rungs; NULL: nobody asks */
    size_t recorded;
    struct lyap_pick pick; /* the full training chosen */
};

/* The halving by a score, or of full trainings alone (rungs = 1), for a cost of at most `budget`. False when the budget pays for less than one trial of each setting; then halving->cost is what
 * that would cost. */
bool lyap_halving_make(const struct lyap_selection_plan *plan, enum lyap_score score, uint32_t rungs, double budget,
                       struct lyap_halving *halving);

/* What the sharpness of its trials costs besides, as lyap_searches_run measures it. */
double lyap_halving_sharpness(const struct lyap_selection_plan *plan, const struct lyap_halving *halving);

/* Rungs of the plan: fewer than asked for where the first would be too short. */
uint32_t lyap_halving_rungs(const struct lyap_selection_plan *plan);

/* Trial `number` of search `search`. */
struct lyap_trial lyap_search_trial(const struct lyap_selection_plan *plan, uint64_t search, uint64_t number);

/* Makes search number `number` in each of the ways searches[n]: they go down the rungs together, and a trial that several keep is run
 * once. With `sharpness` they measure it at the last weights, and full trainings at the first as well. Statuses as lyap_spectrum_run. */
enum lyap_status lyap_searches_run(const struct lyap_selection_plan *plan, uint64_t number,
                                   struct lyap_search *searches, size_t n, bool sharpness,
                                   struct lyap_trials_work *work, struct lyap_error *error);

/* The loss that the plan goes by. */
double lyap_loss_of(const struct lyap_selection_plan *plan, const struct lyap_trial_result *result);

/* Scores of results[n]; lowest best. */
enum lyap_status lyap_scores_of(const struct lyap_selection_plan *plan, enum lyap_score score,
                                const struct lyap_trial_result *results, size_t n, double *out,
                                struct lyap_error *error);

#endif
