/* The onset of positive exponents, start by start, against the edge of stability: gradient descent on a quadratic of curvature h
 * has the exponent ln|1 - lr h|, positive beyond lr = 2/h. */
#include "report/rate/edge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/defined.h"
#include "lyapgrad/edge.h"
#include "lyapgrad/digest.h"
#include "lyapgrad/regime.h"
#include "lyapgrad/spectrum.h"
#include "report/common/cells.h"
#include "stats/log_grid.h"

enum { HISTORY = 16, COMPARED_LEAST = 10 };

static double edge_of(const struct lyap_plan *plan, double sharpness) {
    double edge = lyap_edge_rate(&plan->optimiser, plan->network->layers, sharpness);
    return edge > 0 ? edge : NAN;
}

static bool positive(const struct lyap_point *p) {
    return lyap_point_counts(p) && p->lambda_kw > 0;
}

/* What the runs of start s say: `v` is the first value with a positive exponent. */
static void note(struct lyap_edge *edge, const struct lyap_plan *plan, const struct lyap_long *curves, size_t s,
                 size_t v) {
    const size_t starts = (size_t)edge->starts, last = edge->rates - 1;
    const enum lyap_censoring kind = v == 0 ? LYAP_AT_MOST : v > last ? LYAP_MORE_THAN : LYAP_SEEN;
    const struct lyap_long *at = &curves[(v > last ? last : v) * starts + s];
    edge->kind[s] = (unsigned char)kind;
    edge->limit[0][s] = edge_of(plan, curves[s].sharpness_first);
    edge->limit[1][s] = edge_of(plan, curves[(v == 0 ? 0 : v - 1) * starts + s].sharpness_most);
    if (kind != LYAP_SEEN) {
        edge->onset[s] = edge->grid[v == 0 ? 0 : last];
        edge->below += kind == LYAP_AT_MOST;
        edge->above += kind == LYAP_MORE_THAN;
        edge->below_saddle += kind == LYAP_AT_MOST && at->smallest_least < 0;
        return;
    }
    edge->onset[s] = sqrt(edge->grid[v - 1] * edge->grid[v]);
    edge->seen++;
    if (at->regime != LYAP_DIVERGED && !(edge->grid[v] >= edge_of(plan, at->sharpness_most))) {
        edge->flat++;
        edge->saddle += at->smallest_least < 0;
    }
}

static void find_onsets(struct lyap_edge *edge, const struct lyap_plan *plan, const struct lyap_cells *cells,
                        const struct lyap_long *curves) {
    size_t starts = (size_t)edge->starts;
    for (size_t s = 0; s < starts; s++) {
        size_t v = 0;
        while (v < edge->rates && !positive(&cells->points[v * starts + s])) v++;
        note(edge, plan, curves, s, v);
    }
}

/* Spearman's correlation of x[n] and y[n] with its interval and p; `rank`[2 n]. */
static bool compare_ranks(const double *x, const double *y, size_t n, uint64_t seed, double *rank,
                          struct lyap_edge_compared *out, enum lyap_status *status, struct lyap_error *error) {
    const struct lyap_observations of = {x, y, NULL, n};
    return lyap_defined(lyap_bootstrap_correlation(LYAP_SPEARMAN, &of, LYAP_RESAMPLES, seed, &out->rank, error), status,
                        error) &&
           lyap_defined(lyap_rank(x, n, rank, error), status, error) &&
           lyap_defined(lyap_rank(y, n, rank + n, error), status, error) &&
           lyap_defined(lyap_permutation_correlation(rank, rank + n, n, LYAP_SHUFFLES, seed, &out->p, error), status,
                        error);
}

static enum lyap_status compare(const struct lyap_edge *edge, const double *limit, uint64_t seed,
                                struct lyap_edge_compared *out, struct lyap_error *error) {
    size_t starts = (size_t)edge->starts, n = 0, seen = 0;
    double *x = lyap_report_room(4 * starts + 1, sizeof *x, error), *y = x ? x + starts : NULL;
    struct lyap_bounded *ratio = lyap_report_room(starts, sizeof *ratio, error);
    enum lyap_status status = x && ratio ? LYAP_OK : LYAP_ERROR_MEMORY;
    for (size_t s = 0; s < starts && !status; s++) {
        if (!isfinite(limit[s])) continue;
        const enum lyap_censoring kind = (enum lyap_censoring)edge->kind[s];
        x[n] = limit[s];
        /* Onsets lie between the values of the grid; a bound has to lie beyond all of them. */
        y[n] = kind == LYAP_AT_MOST ? 0 : kind == LYAP_MORE_THAN ? 2 * edge->onset[s] : edge->onset[s];
        ratio[n++] = (struct lyap_bounded){edge->onset[s] / limit[s], kind};
        seen += kind == LYAP_SEEN;
    }
    if (!status) {
        lyap_bounded_sort(ratio, n);
        out->known =
            seen >= COMPARED_LEAST &&
            lyap_defined(lyap_censored_median(ratio, n, LYAP_RESAMPLES, seed, &out->ratio, error), &status, error) &&
            compare_ranks(x, y, n, seed, y + starts, out, &status, error);
    }
    free(x);
    free(ratio);
    return status;
}

static enum lyap_status make_room(struct lyap_edge *edge, struct lyap_error *error) {
    size_t starts = (size_t)edge->starts;
    edge->onset = lyap_report_room((1 + LYAP_EDGE_LIMITS) * starts, sizeof *edge->onset, error);
    edge->kind = lyap_report_room(starts, 1, error);
    for (size_t i = 0; edge->onset && i < LYAP_EDGE_LIMITS; i++) edge->limit[i] = edge->onset + (i + 1) * starts;
    return edge->onset && edge->kind ? LYAP_OK : LYAP_ERROR_MEMORY;
}

enum lyap_status lyap_edge_run(struct lyap_edge *edge, const struct lyap_plan *given, double low, double high,
                               struct lyap_error *error) {
    struct lyap_plan plan = *given;
    struct lyap_spectrum_plan curve;
    struct lyap_cells cells = {0};
    struct lyap_long *curves = NULL;
    uint64_t digest = LYAP_DIGEST_START;
    *edge = (struct lyap_edge){.epochs = plan.setting.epochs, .rates = LYAP_EDGE_RATES, .starts = plan.starts};
    lyap_log_grid(low, high, edge->rates, edge->grid);
    enum lyap_status status = make_room(edge, error);
    struct lyap_setting *settings = lyap_rate_settings(edge->grid, edge->rates, plan.setting, error);
    if (!settings) status = LYAP_ERROR_MEMORY;
    if (!status) {
        plan.settings = settings;
        plan.values = edge->rates;
        lyap_spectrum_defaults(&curve, plan.network, plan.data);
        double escape = curve.base.escape;
        curve.base = plan;
        curve.base.escape = escape;
        curve.curvature = true;
        curve.history = HISTORY < plan.setting.epochs ? HISTORY : plan.setting.epochs;
        curve.base.progress = NULL;
        status = lyap_cells_run(&cells, &plan, &digest, error);
    }
    if (!status) status = lyap_long_run(&curve, 0, &curves, error);
    if (!status) find_onsets(edge, &plan, &cells, curves);
    for (size_t i = 0; i < LYAP_EDGE_LIMITS && !status; i++)
        status = compare(edge, edge->limit[i], plan.seed, &edge->against[i], error);
    free(curves);
    free(settings);
    lyap_cells_free(&cells);
    return status;
}

void lyap_edge_free(struct lyap_edge *edge) {
    free(edge->onset);
    free(edge->kind);
    *edge = (struct lyap_edge){0};
}
