/* C1: the published sweep with many starts, and the onset of positive exponents on a finer grid. */
#include <math.h>
#include <stdlib.h>

#include "stats/defined.h"
#include "lyapgrad/digest.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/inference.h"
#include "lyapgrad/outcome.h"
#include "lyapgrad/precision.h"
#include "lyapgrad/status.h"
#include "report/rate/parts.h"
#include "stats/quantile_select.h"

static bool is_alive(const struct lyap_point *p) {
    return lyap_point_counts(p) && p->outcome != LYAP_DEAD;
}

/* A network that is dead at the end has the exponent of the steps before its death, which says how soon it died; it does not count for
 * where the median turns positive. */
static enum lyap_sign sign_of(const struct lyap_point *p) {
    return !is_alive(p) ? LYAP_NOT_COUNTED : p->lambda_kw > 0 ? LYAP_POSITIVE : LYAP_NOT_POSITIVE;
}

/* Signs by start, as lyap_crossing wants them. */
static unsigned char *signs_of(const struct lyap_cells *cells, struct lyap_error *error) {
    size_t starts = (size_t)cells->starts;
    unsigned char *sign = lyap_report_room(cells->values * starts, 1, error);
    for (size_t v = 0; sign && v < cells->values; v++)
        for (size_t s = 0; s < starts; s++)
            sign[s * cells->values + v] = (unsigned char)sign_of(&cells->points[v * starts + s]);
    return sign;
}

/* The numbers of one learning rate; values[3 starts]. */
static void summarise_at(struct lyap_rate_sweep *sweep, const struct lyap_point *points, size_t starts, size_t v,
                         double *values) {
    double *alive = values + starts, *loss = alive + starts;
    size_t n = 0, living = 0, losses = 0;
    for (size_t s = 0; s < starts; s++) {
        const struct lyap_point *p = &points[s];
        sweep->zero[v] += lyap_point_is_zero(p);
        sweep->died[v] += p->outcome == LYAP_DEAD && !lyap_point_is_zero(p);
        sweep->diverged[v] += p->outcome == LYAP_ESCAPED || p->outcome == LYAP_OVERFLOW;
        sweep->positive[v] += lyap_point_counts(p) && p->lambda_kw > 0;
        sweep->alive_positive[v] += sign_of(p) == LYAP_POSITIVE;
        sweep->left[v] += p->final_loss < lyap_rate_plateau;
        if (isfinite(p->final_loss)) loss[losses++] = p->final_loss;
        if (lyap_point_counts(p)) values[n++] = p->lambda_kw;
        if (is_alive(p)) alive[living++] = p->lambda_kw;
    }
    sweep->counted[v] = n;
    sweep->alive[v] = living;
    for (int q = 0; q < 3; q++) sweep->quartile[v][q] = sweep->alive_quartile[v][q] = NAN;
    if (n) lyap_select_quartiles(values, n, sweep->quartile[v]);
    if (living >= LYAP_SIGN_LEAST) lyap_select_quartiles(alive, living, sweep->alive_quartile[v]);
    sweep->loss[v] = losses ? lyap_select_quantile(loss, losses, 0.5) : NAN;
}

static enum lyap_status summarise(struct lyap_rate_sweep *sweep, const struct lyap_cells *cells,
                                  struct lyap_error *error) {
    size_t starts = (size_t)cells->starts;
    double *values = lyap_report_room(3 * starts, sizeof *values, error);
    if (!values) return LYAP_ERROR_MEMORY;
    sweep->starts = cells->starts;
    for (size_t v = 0; v < cells->values; v++) summarise_at(sweep, cells->points + v * starts, starts, v, values);
    free(values);
    return LYAP_OK;
}

static enum lyap_status run_rates(struct lyap_plan *plan, const double *rates, size_t n, struct lyap_cells *cells,
                                  unsigned char **sign, struct lyap_error *error) {
    uint64_t digest = LYAP_DIGEST_START;
    struct lyap_setting *settings = lyap_rate_settings(rates, n, plan->setting, error);
    *cells = (struct lyap_cells){0};
    if (!settings) return LYAP_ERROR_MEMORY;
    plan->settings = settings;
    plan->values = n;
    enum lyap_status status = lyap_cells_run(cells, plan, &digest, error);
    free(settings);
    if (status) return status;
    *sign = signs_of(cells, error);
    return *sign ? LYAP_OK : LYAP_ERROR_MEMORY;
}

/* The values of the grid on either side of the crossing; false when it crosses nowhere. */
static bool bracket(const double *grid, double crossing, double *low, double *high) {
    if (isnan(crossing)) return false;
    size_t v = 0;
    while (v + 1 < LYAP_RATE_GRID && grid[v] < crossing) v++;
    *low = grid[v > 2 ? v - 2 : 0];
    *high = grid[v + 1 < LYAP_RATE_GRID ? v + 1 : v];
    return *high > *low;
}

static enum lyap_status look_closer(struct lyap_rate_sweep *sweep, struct lyap_plan *plan, double low, double high,
                                    struct lyap_error *error) {
    struct lyap_cells cells;
    unsigned char *sign = NULL;
    for (int i = 0; i < LYAP_RATE_FINE; i++) sweep->fine[i] = low + (high - low) * i / (LYAP_RATE_FINE - 1);
    enum lyap_status status = run_rates(plan, sweep->fine, LYAP_RATE_FINE, &cells, &sign, error);
    if (!status) {
        size_t starts = (size_t)cells.starts;
        struct lyap_signs signs = {LYAP_RATE_FINE, cells.starts, sweep->fine, sign};
        sweep->fine_starts = cells.starts;
        for (size_t v = 0; v < LYAP_RATE_FINE; v++) {
            uint64_t counted = 0, positive = 0;
            for (size_t s = 0; s < starts; s++) {
                counted += sign[s * LYAP_RATE_FINE + v] != LYAP_NOT_COUNTED;
                positive += sign[s * LYAP_RATE_FINE + v] == LYAP_POSITIVE;
            }
            sweep->share[v] = counted ? (double)positive / (double)counted : NAN;
        }
        /* Undefined: no crossing in most resamples. */
        sweep->crosses = !isnan(lyap_crossing(&signs, NULL, starts)) &&
                         lyap_defined(lyap_bootstrap(lyap_crossing, &signs, starts, LYAP_RESAMPLES, plan->seed,
                                                     &sweep->crossing, error),
                                      &status, error);
    }
    sweep->fine_sign = sign;
    lyap_cells_free(&cells);
    return status;
}

/* One precision and horizon. The exponents of float64 over 100 epochs are kept for the regimes. */
static enum lyap_status run_one(struct lyap_report *report, struct lyap_rate_state *state, int panel, int precision,
                                int horizon, struct lyap_error *error) {
    bool full = lyap_report_options_of(report)->full, longest = horizon == LYAP_RATE_HORIZONS - 1;
    struct lyap_rate_sweep *sweep = &state->sweep[panel][precision][horizon];
    struct lyap_paper_case c;
    struct lyap_cells cells = {0};
    unsigned char *sign = NULL;
    enum lyap_status status =
        lyap_report_case(&c, report, lyap_paper_activation[panel], precision == 0 ? LYAP_FLOAT32 : LYAP_FLOAT64, error);
    c.plan.setting.epochs = lyap_rate_epochs[horizon];
    c.plan.starts = lyap_report_starts(report, (longest ? 250U : 1000U) * (full ? 10U : 1U), 4);
    double work = (precision + 1) * (panel == 1 ? 4.0 : 1.0) * (longest ? 0.03 : horizon ? 0.012 : 0.001);
    if (!status) {
        lyap_report_progress(report, work / 2, &c.plan.progress, &c.plan.progress_context);
        status = run_rates(&c.plan, state->grid, LYAP_RATE_GRID, &cells, &sign, error);
    }
    if (!status) status = summarise(sweep, &cells, error);
    double low, high;
    struct lyap_signs signs = {LYAP_RATE_GRID, cells.starts, state->grid, sign};
    if (!status && precision == 0 && horizon == LYAP_RATE_AT)
        status = lyap_rate_turns_find(sweep, &signs, c.plan.seed, error);
    if (!status && bracket(state->grid, lyap_crossing(&signs, NULL, (size_t)cells.starts), &low, &high)) {
        lyap_report_progress(report, work / 2, &c.plan.progress, &c.plan.progress_context);
        status = look_closer(sweep, &c.plan, low, high, error);
    }
    if (!status && precision == 1 && horizon == 1) {
        struct lyap_rate_regimes *regimes = &state->regimes[panel];
        uint64_t few = lyap_report_starts(report, full ? 1000 : 100, 4);
        regimes->starts = few < cells.starts ? few : cells.starts;
        regimes->exponent = lyap_report_room(LYAP_RATE_GRID * (size_t)regimes->starts, sizeof(double), error);
        for (size_t v = 0; regimes->exponent && v < LYAP_RATE_GRID; v++)
            for (size_t s = 0; s < regimes->starts; s++) {
                const struct lyap_point *p = &cells.points[v * (size_t)cells.starts + s];
                regimes->exponent[v * (size_t)regimes->starts + s] = lyap_point_counts(p) ? p->lambda_kw : NAN;
            }
        if (!regimes->exponent) status = LYAP_ERROR_MEMORY;
    }
    sweep->sign = sign;
    lyap_cells_free(&cells);
    lyap_paper_case_free(&c);
    return status;
}

enum lyap_status lyap_rate_sweep_run(struct lyap_report *report, struct lyap_rate_state *state, int panel,
                                     struct lyap_error *error) {
    enum lyap_status status = LYAP_OK;
    for (int precision = 0; precision < LYAP_RATE_PRECISIONS && !status; precision++)
        for (int horizon = 0; horizon < LYAP_RATE_HORIZONS && !status; horizon++)
            if (lyap_rate_runs(precision, horizon)) status = run_one(report, state, panel, precision, horizon, error);
    return status;
}
