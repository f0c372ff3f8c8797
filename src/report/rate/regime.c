/* C1: the regimes of the same starts and learning rates over a long time, and which of them the positive exponents belong to. */
#include <math.h>
#include <stdlib.h>

#include "report/rate/parts.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/precision.h"
#include "lyapgrad/regime.h"
#include "lyapgrad/spectrum.h"
#include "lyapgrad/status.h"

static void count(struct lyap_rate_regimes *r) {
    size_t starts = (size_t)r->starts;
    for (size_t s = 0; s < starts; s++) {
        bool positive = false, chaotic = false;
        for (size_t v = 0; v < LYAP_RATE_GRID; v++) {
            const struct lyap_long *cell = &r->cells[v * starts + s];
            r->count[v][cell->regime]++;
            r->confirmed[v] += cell->confirmed;
            if (!(r->exponent[v * starts + s] > 0)) continue;
            positive = true;
            chaotic = chaotic || cell->confirmed;
            r->positive++;
            r->positive_regime[cell->regime]++;
            r->positive_confirmed += cell->confirmed;
            r->positive_bounded += cell->regime != LYAP_DIVERGED;
        }
        r->starts_positive += positive;
        r->starts_chaotic += positive && chaotic;
    }
}

enum lyap_status lyap_rate_regimes_run(struct lyap_report *report, struct lyap_rate_state *state, int panel,
                                       struct lyap_error *error) {
    struct lyap_rate_regimes *regimes = &state->regimes[panel];
    struct lyap_paper_case c;
    struct lyap_spectrum_plan plan;
    struct lyap_setting *settings = NULL;
    enum lyap_status status = lyap_report_case(&c, report, lyap_paper_activation[panel], LYAP_FLOAT64, error);
    if (!status) {
        lyap_spectrum_defaults(&plan, &c.network, &c.data);
        double escape = plan.base.escape; /* on the loss */
        plan.base = c.plan;
        plan.base.escape = escape;
        plan.base.starts = regimes->starts;
        plan.base.setting.epochs = state->steps;
        plan.transient = state->transient;
        settings = lyap_rate_settings(state->grid, LYAP_RATE_GRID, plan.base.setting, error);
        if (!settings) status = LYAP_ERROR_MEMORY;
        plan.base.settings = settings;
        plan.base.values = LYAP_RATE_GRID;
    }
    if (!status) {
        lyap_report_progress(report, 0.1, &plan.base.progress, &plan.base.progress_context);
        status = lyap_long_run(&plan, state->again, &regimes->cells, error);
    }
    if (!status) count(regimes);
    free(settings);
    lyap_paper_case_free(&c);
    return status;
}
