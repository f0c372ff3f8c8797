/* The learning rate from which a start's exponent is positive, against the edge of stability. */
#ifndef LYAP_REPORT_RATE_EDGE_H
#define LYAP_REPORT_RATE_EDGE_H

#include "lyapgrad/ensemble.h"
#include "lyapgrad/inference.h"
#include "lyapgrad/status.h"
#include "report/rate/censored.h"

enum { LYAP_EDGE_RATES = 96, LYAP_EDGE_LIMITS = 2, LYAP_EDGE_HORIZONS = 2 /* 5 and 100 epochs */ };

/* The onset against one of the edges (lyap_edge_rate: 2/sharpness). */
struct lyap_edge_compared {
    bool known;                 /* ten starts have an onset inside the grid, and all of this exists: */
    struct lyap_estimate ratio; /* median of onset over edge, censored starts by Turnbull's method */
    struct lyap_estimate rank;  /* Spearman; starts below the grid share the lowest rank, those above it the highest */
    double p;                   /* of `rank`, by permutation */
};

struct lyap_edge {
    uint32_t epochs;
    size_t rates;
    uint64_t starts;
    double grid[LYAP_EDGE_RATES];
    unsigned char
        *kind;     /* [starts], enum lyap_censoring of the onset: at most the lowest rate; more than the highest */
    double *onset; /* [starts], middle of the value without and the first with a positive exponent; or the bound */
    double *limit
        [LYAP_EDGE_LIMITS]; /* [starts], the edge of the sharpness at the start, and of the largest one along the run at the
                                        value below the onset (at the bound for censored starts); NaN where that is not positive */
    uint64_t seen, below, above; /* starts by the kind of their onset */
    uint64_t flat;         /* of the seen ones: the run at the onset is bounded and never met a curvature of 2/lr */
    uint64_t saddle;       /* of the flat ones: it met a negative curvature */
    uint64_t below_saddle; /* of those at or below the lowest rate: the run there met a negative curvature */
    struct lyap_edge_compared against[LYAP_EDGE_LIMITS];
};

/* From exponents over plan->setting.epochs steps in float64 at learning rates from low to high (network, data, starts and precision as in
 * `plan`). Free in either case. */
enum lyap_status lyap_edge_run(struct lyap_edge *edge, const struct lyap_plan *plan, double low, double high,
                               struct lyap_error *error);
void lyap_edge_free(struct lyap_edge *edge);

#endif
