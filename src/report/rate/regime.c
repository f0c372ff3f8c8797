/* C1: the regimes of the same starts and learning rates over a long time, and which of them the positive exponents belong to. */
#include <math.h>
#include <stdlib.h>

#include "math/deterministic.h"
#include "report/rate/parts.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/precision.h"
#include "lyapgrad/regime.h"
#include "lyapgrad/spectrum.h"
#include "lyapgrad/status.h"

/* What the word of a regime means for a positive exponent over the published number of steps. */
static enum lyap_rate_kind kind_of(const struct lyap_long *cell) {
    switch (cell->regime) {
    case LYAP_DIVERGED:
        return LYAP_KIND_DIVERGED;
    case LYAP_DEAD_REGIME:
        return LYAP_KIND_DEAD;
    case LYAP_STILL:
    case LYAP_PERIODIC:
    case LYAP_CONVERGING:
        return LYAP_KIND_SETTLED;
    case LYAP_CHAOTIC:
        return cell->confirmed ? LYAP_KIND_CHAOTIC : LYAP_KIND_OTHER;
    default:
        return LYAP_KIND_OTHER;
    }
}

/* A point where rounding holds the weights although a step of the map would leave it: its exponent is that of the linear map there. */
static void count_held(struct lyap_rate_regimes *r, const struct lyap_long *cell, double lr) {
    if (!(cell->lambda > lyap_rate_held) || cell->regime == LYAP_DIVERGED || cell->regime == LYAP_DEAD_REGIME) return;
    r->growing++;
    if (cell->regime != LYAP_STILL) return;
    double expected = lyap_log(fabs(1 - lr * cell->sharpness_last));
    r->held++;
    r->held_as_expected += fabs(cell->lambda - expected) <= 1e-3 * fabs(expected);
    r->held_most = fmax(r->held_most, cell->lambda);
}

static void count(struct lyap_rate_regimes *r, const double *grid) {
    size_t starts = (size_t)r->starts;
    for (size_t s = 0; s < starts; s++) {
        bool positive = false, chaotic = false;
        for (size_t v = 0; v < LYAP_RATE_GRID; v++) {
            const struct lyap_long *cell = &r->cells[v * starts + s];
            r->count[v][cell->regime]++;
            r->confirmed[v] += cell->confirmed;
            chaotic = chaotic || cell->confirmed;
            count_held(r, cell, grid[v]);
            if (!(r->exponent[v * starts + s] > 0)) continue;
            positive = true;
            r->positive++;
            r->kind[kind_of(cell)]++;
        }
        r->starts_positive += positive;
        r->starts_chaotic += chaotic;
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
        plan.curvature = true;
        settings = lyap_rate_settings(state->grid, LYAP_RATE_GRID, plan.base.setting, error);
        if (!settings) status = LYAP_ERROR_MEMORY;
        plan.base.settings = settings;
        plan.base.values = LYAP_RATE_GRID;
    }
    if (!status) {
        lyap_report_progress(report, 0.05, &plan.base.progress, &plan.base.progress_context);
        status = lyap_long_run(&plan, state->again, &regimes->cells, error);
    }
    if (!status) count(regimes, state->grid);
    free(settings);
    lyap_paper_case_free(&c);
    return status;
}
