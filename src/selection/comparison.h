/* The comparison of ways to search: searches made in every way, compared in pairs. */
#ifndef LYAP_SELECTION_COMPARISON_H
#define LYAP_SELECTION_COMPARISON_H

#include "selection/halving.h"

/* The halvings of all ways for a cost of `budget` each; false when it is too small for one of them, whose cost is then
 * in halving[way].cost. */
bool lyap_comparison_budgets(const struct lyap_selection_plan *plan, double budget,
                             struct lyap_halving halving[LYAP_WAY_COUNT]);

/* Makes plan->searches searches in all ways as comparison->halving has it for each, and compares. Free comparison->picks in any case. */
enum lyap_status lyap_comparison_run(const struct lyap_selection_plan *plan, struct lyap_search_comparison *comparison,
                                     struct lyap_trials_work *work, struct lyap_error *error);

#endif
