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

static bool grows(const struct lyap_long *cell) {
    return cell->lambda > lyap_rate_held && cell->regime != LYAP_DIVERGED && cell->regime != LYAP_DEAD_REGIME;
}

static void count(struct lyap_rate_regimes *r) {
    size_t starts = (size_t)r->starts;
    for (size_t s = 0; s < starts; s++) {
        bool positive = false, chaotic = false;
        for (size_t v = 0; v < LYAP_RATE_GRID; v++) {
            const struct lyap_long *cell = &r->cells[v * starts + s];
            r->count[v][cell->regime]++;
            r->confirmed[v] += cell->confirmed;
            chaotic = chaotic || cell->confirmed;
            r->growing += grows(cell);
            if (!(r->exponent[v * starts + s] > 0)) continue;
            positive = true;
            r->positive++;
            r->kind[kind_of(cell)]++;
        }
        r->starts_positive += positive;
        r->starts_chaotic += chaotic;
    }
}

/* Where a run stands still with an exponent above 0, rounding holds the weights at a point that a step of the map would leave. A longer run,
 * measured where it stands, then has the exponent of the linear map there. */
static enum lyap_status look_at_held(struct lyap_rate_regimes *r, const struct lyap_spectrum_plan *plan, uint32_t again,
                                     struct lyap_error *error) {
    enum lyap_status status = LYAP_OK;
    struct lyap_plan one = plan->base;
    const size_t starts = (size_t)r->starts;
    double weights[2 * 9];
    one.neighbours = 1;
    for (size_t i = 0; i < LYAP_RATE_GRID * starts && !status; i++) {
        if (r->cells[i].regime != LYAP_STILL || !grows(&r->cells[i])) continue;
        struct lyap_spectrum_plan longer = *plan;
        struct lyap_long *cell = NULL;
        longer.base.setting = plan->base.settings[i / starts];
        longer.base.setting.epochs *= again;
        longer.transient = longer.base.setting.epochs / 2;
        longer.base.settings = NULL;
        longer.base.values = longer.base.starts = 1;
        longer.base.weights = weights;
        longer.base.progress = NULL;
        status = lyap_ensemble_initial(&one, i, 1, weights, error);
        if (!status) status = lyap_long_run(&longer, 0, &cell, error);
        if (!status) {
            const double expected = lyap_log(fabs(1 - longer.base.setting.lr * cell->sharpness_last));
            const bool still = cell->regime == LYAP_STILL;
            r->held++;
            r->held_still += still;
            r->held_as_expected += still && fabs(cell->lambda - expected) <= 1e-3 * fabs(expected);
            if (still) r->held_most = fmax(r->held_most, cell->lambda);
        }
        free(cell);
    }
    return status;
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
    if (!status) count(regimes);
    if (!status) status = look_at_held(regimes, &plan, state->again, error);
    free(settings);
    lyap_paper_case_free(&c);
    return status;
}
