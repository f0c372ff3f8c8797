/* What the choice was worth: searches made in every way, compared in pairs. */
#ifndef LYAP_WORTH_H
#define LYAP_WORTH_H

#include "selection/halving.h"

/* The schedules of all ways for a cost of `budget` each; false when it is too small for one of them, whose cost is then
 * in schedule[way].cost. */
bool lyap_worth_schedules(const struct lyap_selection_plan *plan, double budget,
                          struct lyap_schedule schedule[LYAP_WAY_COUNT]);

/* Makes plan->searches searches in all ways with the schedules in worth->schedule, and compares. Free worth->picks in any case. */
enum lyap_status lyap_worth_run(const struct lyap_selection_plan *plan, struct lyap_worth *worth,
                                struct lyap_trials_pace *pace, struct lyap_error *error);

#endif
