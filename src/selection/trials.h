/* Training runs whose setting, start and learning rate are each their own, many side by side. */
#ifndef LYAP_SELECTION_TRIALS_H
#define LYAP_SELECTION_TRIALS_H

#include "lyapgrad/selection.h"

/* What is done of the work, for the caller's progress function. */
struct lyap_trials_work {
    lyap_progress progress; /* may be NULL */
    void *context;
    uint64_t done, total; /* steps; `total` may be an estimate */
};

/* At which weights the sharpness is measured. */
enum lyap_trials_sharpness { LYAP_SHARPNESS_NONE, LYAP_SHARPNESS_LAST, LYAP_SHARPNESS_BOTH };

struct lyap_trials_kind {
    uint32_t steps;
    uint32_t transient; /* steps before the exponent is measured, < steps */
    enum lyap_trials_sharpness sharpness;
    double target; /* 0: none */
    double growth;
};

/* Runs trials[n] of the plan's settings and writes results[n]; work->done moves on by n * kind.steps. Statuses as lyap_spectrum_run. */
enum lyap_status lyap_trials_run(const struct lyap_selection_plan *plan, const struct lyap_trial *trials, size_t n,
                                 const struct lyap_trials_kind *kind, struct lyap_trials_work *work,
                                 struct lyap_trial_result *results, struct lyap_error *error);

/* What a step with its tangent costs, and a Hessian-vector product; in gradient steps. */
extern const double lyap_tangent_cost;

/* What the sharpness at one point costs, for the largest of the settings; in gradient steps. */
double lyap_sharpness_cost(const struct lyap_plan *settings, size_t count);

#endif
