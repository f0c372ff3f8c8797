/* The onset of positive exponents, start by start, against the edge of stability: gradient descent on a quadratic of curvature h
 * has the exponent ln|1 - lr h|, positive beyond lr = 2/h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/defined.h"
#include "lyapgrad/edge.h"
#include "lyapgrad/digest.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/inference.h"
#include "lyapgrad/regime.h"
#include "lyapgrad/spectrum.h"
#include "lyapgrad/status.h"
#include "report/rate/parts.h"
#include "stats/log_grid.h"

enum { HISTORY = 16, COMPARED_LEAST = 10 };

static double edge_of(const struct lyap_plan *plan, double sharpness) {
    double edge = lyap_edge_rate(&plan->optimiser, plan->network->layers, sharpness);
    return edge > 0 ? edge : NAN;
}

static bool positive(const struct lyap_point *p) {
    return lyap_point_counts(p) && p->lambda_kw > 0;
}

static void find_onsets(struct lyap_edge *edge, const struct lyap_plan *plan, const struct lyap_cells *cells,
                        const struct lyap_long *curves) {
    size_t starts = (size_t)edge->starts;
    for (size_t s = 0; s < starts; s++) {
        edge->first[s] = edge_of(plan, curves[s].sharpness_first);
        edge->onset[s] = edge->run[s] = NAN;
        size_t v = 0;
        while (v < edge->rates && !positive(&cells->points[v * starts + s])) v++;
        if (v == 0 || v == edge->rates) continue; /* below the grid, or nowhere */
        const struct lyap_long *at = &curves[v * starts + s];
        edge->onset[s] = sqrt(edge->grid[v - 1] * edge->grid[v]);
        edge->run[s] = edge_of(plan, curves[(v - 1) * starts + s].sharpness_most);
        edge->with_onset++;
        if (at->regime != LYAP_DIVERGED && !(edge->grid[v] >= edge_of(plan, at->sharpness_most))) {
            edge->flat++;
            edge->saddle += at->smallest_least < 0;
        }
    }
}

struct onset_against_edge {
    bool known;                       /* there are enough starts that have both: */
    struct lyap_estimate ratio, rank; /* median ratio, rank correlation */
    double p;                         /* of the latter, by permutation */
};

static enum lyap_status compare(const struct lyap_edge *edge, const double *limit, uint64_t seed,
                                struct onset_against_edge *out, struct lyap_error *error) {
    size_t starts = (size_t)edge->starts, n = 0;
    double *x = lyap_report_room(5 * starts + 1, sizeof *x, error);
    enum lyap_status status = x ? LYAP_OK : LYAP_ERROR_MEMORY;
    if (status) return status;
    double *y = x + starts, *quotient = y + starts;
    for (size_t s = 0; s < starts; s++)
        if (isfinite(edge->onset[s]) && isfinite(limit[s])) {
            x[n] = limit[s];
            y[n] = edge->onset[s];
            quotient[n++] = edge->onset[s] / limit[s];
        }
    double *rank_x = quotient + starts, *rank_y = rank_x + starts;
    out->known =
        n >= COMPARED_LEAST &&
        lyap_defined(lyap_bootstrap_median(quotient, n, LYAP_RESAMPLES, seed, &out->ratio, error), &status, error) &&
        lyap_defined(lyap_bootstrap_correlation(LYAP_SPEARMAN, &(const struct lyap_observations){x, y, NULL, n},
                                                LYAP_RESAMPLES, seed, &out->rank, error),
                     &status, error) &&
        lyap_defined(lyap_rank(x, n, rank_x, error), &status, error) &&
        lyap_defined(lyap_rank(y, n, rank_y, error), &status, error) &&
        lyap_defined(lyap_permutation_correlation(rank_x, rank_y, n, LYAP_SHUFFLES, seed, &out->p, error), &status,
                     error);
    free(x);
    return status;
}

enum lyap_status lyap_edge_run(struct lyap_edge *edge, const struct lyap_plan *given, double low, double high,
                               struct lyap_error *error) {
    struct lyap_plan plan = *given;
    struct lyap_spectrum_plan curve;
    struct lyap_cells cells = {0};
    struct lyap_long *curves = NULL;
    uint64_t digest = LYAP_DIGEST_START;
    size_t starts = (size_t)plan.starts;
    memset(edge, 0, sizeof *edge);
    edge->rates = LYAP_RATE_EDGE;
    edge->starts = plan.starts;
    lyap_log_grid(low, high, edge->rates, edge->grid);
    edge->onset = lyap_report_room(3 * starts, sizeof *edge->onset, error);
    struct lyap_setting *settings = lyap_rate_settings(edge->grid, edge->rates, plan.setting, error);
    enum lyap_status status = edge->onset && settings ? LYAP_OK : LYAP_ERROR_MEMORY;
    if (!status) {
        edge->first = edge->onset + starts;
        edge->run = edge->first + starts;
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
    if (!status) {
        struct onset_against_edge first = {0}, run = {0};
        find_onsets(edge, &plan, &cells, curves);
        status = compare(edge, edge->first, plan.seed, &first, error);
        if (!status && first.known) status = compare(edge, edge->run, plan.seed, &run, error);
        edge->ratio_first = first.ratio;
        edge->rank_first = first.rank;
        edge->p = first.p;
        edge->ratio_run = run.ratio;
        edge->rank_run = run.rank;
        edge->compared = first.known && run.known;
    }
    free(curves);
    free(settings);
    lyap_cells_free(&cells);
    return status;
}

void lyap_edge_free(struct lyap_edge *edge) {
    free(edge->onset);
    memset(edge, 0, sizeof *edge);
}
