/* The learning rates of one setting: which is the best, up to where is training safe, where does it become unstable. */
#ifndef LYAP_SELECTION_RATE_SCAN_H
#define LYAP_SELECTION_RATE_SCAN_H

#include "selection/trials.h"

/* Learning rates of the scan, and its cost for one start in gradient steps. */
size_t lyap_rate_values(const struct lyap_selection_plan *plan);
double lyap_rate_cost(const struct lyap_selection_plan *plan);

/* Gradient steps of the scan for a number of starts. */
uint64_t lyap_rate_steps(const struct lyap_selection_plan *plan, uint64_t starts);

/* Scans setting `setting` over `starts` starts. Free with lyap_rate_scan_free, in any case. Statuses as lyap_spectrum_run. */
enum lyap_status lyap_rate_scan_run(const struct lyap_selection_plan *plan, size_t setting, uint64_t starts,
                                    struct lyap_rate_scan *scan, struct lyap_trials_work *work,
                                    struct lyap_error *error);
void lyap_rate_scan_free(struct lyap_rate_scan *scan);

/* By the rules of lyapgrad/selection.h, of a run of this setting at this rate whose curvature was measured. */
bool lyap_trial_safe(const struct lyap_trial_result *result);
bool lyap_trial_unstable(const struct lyap_plan *setting, double lr, const struct lyap_trial_result *result);

#endif
