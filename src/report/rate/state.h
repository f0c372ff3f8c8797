/* C1, learning rate and chaos: what the section computes. */
#ifndef LYAP_REPORT_RATE_STATE_H
#define LYAP_REPORT_RATE_STATE_H

#include "lyapgrad/inference.h"
#include "lyapgrad/regime.h"
#include "report/common/cells.h"

enum {
    LYAP_RATE_LOW = 24,                                /* learning rates below the published sweep's third, ... */
    LYAP_RATE_GRID = LYAP_RATE_LOW + LYAP_PAPER_RATES, /* and with all 50 of it */
    LYAP_RATE_FINE = 17,                               /* between the two values of the grid around the onset */
    LYAP_RATE_EDGE = 96,                               /* for the onset of each start by itself */
    LYAP_RATE_PRECISIONS = 2,
    LYAP_RATE_HORIZONS = 3
};

/* The grid: LYAP_RATE_LOW values in equal ratios from 0.02 to 0.75, and the published ones, in ascending order. */
void lyap_rate_grid(double grid[LYAP_RATE_GRID]);
extern const uint32_t lyap_rate_epochs[LYAP_RATE_HORIZONS];

/* The exponents `lambda_kw` of one activation, precision and horizon on the grid. Of the starts those count whose
 * exponent is defined and not the zero of a network that was dead from the first. */
struct lyap_rate_sweep {
    uint64_t starts;
    uint64_t counted[LYAP_RATE_GRID], positive[LYAP_RATE_GRID], zero[LYAP_RATE_GRID], died[LYAP_RATE_GRID],
        diverged[LYAP_RATE_GRID];
    double quartile[LYAP_RATE_GRID][3]; /* NaN where none counts */
    /* around the first value with more than half of them positive: */
    bool crosses;
    double fine[LYAP_RATE_FINE], share[LYAP_RATE_FINE]; /* share of positive ones; NaN where none counts */
    uint64_t fine_starts;
    struct lyap_estimate crossing;
};

/* The regimes of one activation on the grid, and what the positive exponents of the same starts and rates are. */
struct lyap_rate_regimes {
    uint64_t starts;
    struct lyap_long *cells; /* [LYAP_RATE_GRID][starts] */
    double *exponent;        /* [LYAP_RATE_GRID][starts], lambda_kw in float64 over 100 epochs; NaN: does not count */
    uint64_t count[LYAP_RATE_GRID][LYAP_REGIME_COUNT], confirmed[LYAP_RATE_GRID];
    uint64_t positive, positive_regime[LYAP_REGIME_COUNT], positive_confirmed; /* pairs of start and rate */
    uint64_t positive_bounded;                                                 /* of these, not diverged */
    uint64_t starts_positive,
        starts_chaotic; /* with a positive exponent at some rate; and confirmed chaotic at one of these */
};

/* The onset of each start against the edge of stability. */
struct lyap_edge {
    size_t rates;
    uint64_t starts;
    double grid[LYAP_RATE_EDGE];
    double *onset; /* [starts], between the last value without and the first with a positive exponent; NaN: none */
    double *first,
        *run; /* [starts], the edge (lyap_edge_rate) of the sharpness at the start, and of the largest one along the run at the value
                                  below the onset; NaN where that is not positive */
    uint64_t with_onset,
        flat;        /* starts that have one; of these, those whose onset is a bounded run that never met a curvature
                                  of 2/lr (no instability of the step) */
    uint64_t saddle; /* of the flat ones, those that met a negative curvature */
    bool compared;   /* at least ten starts have onset and edge, and the correlations exist: */
    struct lyap_estimate ratio_first, ratio_run; /* median of the onset over the edge */
    struct lyap_estimate rank_first, rank_run;   /* Spearman */
    size_t test;                                 /* of rank_first, by permutation */
    double p;
};

struct lyap_rate_state {
    double grid[LYAP_RATE_GRID];
    struct lyap_rate_sweep sweep[LYAP_PANELS][LYAP_RATE_PRECISIONS][LYAP_RATE_HORIZONS];
    struct lyap_rate_regimes regimes[LYAP_PANELS];
    struct lyap_edge edge[LYAP_PANELS];
    uint32_t steps, transient, again; /* of the regimes */
};

#endif
