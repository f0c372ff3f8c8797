/* LyapunovVsLoss: among starts of nearly the same initial loss, the exponent against the final loss. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lyapgrad/inference.h"
#include "lyapgrad/outcome.h"
#include "lyapgrad/statistics.h"
#include "lyapgrad/status.h"
#include "paper/protocol.h"
#include "stats/quantile_select.h"

/* Finds the band of initial losses that is kept; `scratch`[starts]. */
static void find_band(struct lyap_scatter *scatter, const struct lyap_point *points, double *scratch) {
    for (uint64_t s = 0; s < scatter->starts; s++) scratch[s] = points[s].initial_loss;
    scatter->low = lyap_select_quantile(scratch, (size_t)scatter->starts, 0.45);
    scatter->high = lyap_select_quantile(scratch, (size_t)scatter->starts, 0.55);
}

static bool in_band(const struct lyap_scatter *scatter, const struct lyap_point *point) {
    return point->initial_loss >= scatter->low && point->initial_loss <= scatter->high;
}

/* Partial correlation of x and y at equal z, and its p from Student's t with n-3 degrees of freedom. */
static bool partial_correlation(const double *x, const double *y, const double *z, size_t n, double *r, double *p) {
    if (n < 4 || lyap_partial(x, y, z, n, r, NULL)) return false;
    double unexplained = 1 - *r * *r, df = (double)n - 3;
    *p = unexplained > 0 ? lyap_student_p(*r * sqrt(df / unexplained), df) : 0;
    return true;
}

/* The regression over the living of what was kept; too few of them or all alike leaves `fitted` false, as data can.
 * `scratch` holds three numbers a start. */
static void fit(struct lyap_scatter *scatter, double *scratch) {
    double *x = scratch, *y = x + scatter->kept, *z = y + scatter->kept;
    size_t n = 0;
    for (size_t i = 0; i < scatter->kept; i++) {
        const struct lyap_point *p = &scatter->point[i];
        scatter->dead += p->outcome == LYAP_DEAD;
        if (p->outcome == LYAP_DEAD || p->terms == 0) continue;
        x[n] = p->final_loss;
        y[n] = p->lambda_kw;
        z[n++] = p->initial_loss;
    }
    scatter->fitted = lyap_regress(x, y, n, &scatter->fit, NULL) == LYAP_OK;
    if (scatter->fitted)
        scatter->has_partial = partial_correlation(x, y, z, n, &scatter->partial_r, &scatter->partial_p);
}

enum lyap_status lyap_scatter_make(struct lyap_scatter *scatter, const struct lyap_cells *cells, uint64_t starts,
                                   struct lyap_error *error) {
    memset(scatter, 0, sizeof *scatter);
    scatter->starts = starts;
    double *scratch = malloc(3 * (size_t)starts * sizeof *scratch);
    if (scratch) {
        find_band(scatter, cells->points, scratch);
        size_t kept = 0;
        for (uint64_t s = 0; s < starts; s++) kept += in_band(scatter, &cells->points[s]);
        size_t room = kept ? kept : 1; /* of two starts neither lies in the band */
        scatter->start = malloc(room * sizeof *scatter->start);
        scatter->point = calloc(room, sizeof *scatter->point);
    }
    if (!scratch || !scatter->start || !scatter->point) {
        free(scratch);
        return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %llu starts", (unsigned long long)starts);
    }
    for (uint64_t s = 0; s < starts; s++)
        if (in_band(scatter, &cells->points[s])) {
            scatter->start[scatter->kept] = s;
            scatter->point[scatter->kept++] = cells->points[s];
        }
    fit(scatter, scratch);
    free(scratch);
    return LYAP_OK;
}

void lyap_scatter_free(struct lyap_scatter *scatter) {
    free(scatter->start);
    free(scatter->point);
    memset(scatter, 0, sizeof *scatter);
}
