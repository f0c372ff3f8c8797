/* C1, learning rate and chaos: what the section computes. */
#ifndef LYAP_REPORT_RATE_STATE_H
#define LYAP_REPORT_RATE_STATE_H

#include "lyapgrad/inference.h"
#include "lyapgrad/regime.h"
#include "paper/published.h"
#include "report/bifurcation/bifurcation.h"
#include "report/common/cells.h"
#include "report/rate/edge.h"

enum {
    LYAP_RATE_LOW = 24,                                /* learning rates below the published sweep's third, ... */
    LYAP_RATE_GRID = LYAP_RATE_LOW + LYAP_PAPER_RATES, /* and with all 50 of it */
    LYAP_RATE_FINE = 17,                               /* between the two values of the grid around the onset */
    LYAP_RATE_PRECISIONS = 2,
    LYAP_RATE_HORIZONS = 3,
    LYAP_RATE_TURNS = 8,      /* changes of the median's sign that are kept */
    LYAP_RATE_THRESHOLDS = 3, /* at which a diverging run can be cut */
    LYAP_RATE_AT = 1          /* horizon of the published sweep */
};

/* The grid: LYAP_RATE_LOW values in equal ratios from 0.02 to 0.75, and the published ones, in ascending order. */
void lyap_rate_grid(double grid[LYAP_RATE_GRID]);
/* The number of published learning rate i, 0 <= i < LYAP_PAPER_RATES, in the grid. */
size_t lyap_rate_published(const double grid[LYAP_RATE_GRID], int i);
extern const uint32_t lyap_rate_epochs[LYAP_RATE_HORIZONS];
extern const double lyap_rate_plateau; /* a loss below: the plateau at 0.25 is left */

/* Whether a precision is run over a horizon: float64 over 100 epochs alone, which shows what rounding does. */
static inline bool lyap_rate_runs(int precision, int horizon) {
    return precision == 0 || horizon == LYAP_RATE_AT;
}

/* The exponents `lambda_kw` of one activation, precision and horizon on the grid. Of the starts those count whose
 * exponent is defined and not the zero of a network that was dead from the first. Of these those are alive that are not dead at the end. */
struct lyap_rate_sweep {
    uint64_t starts; /* 0: not run */
    uint64_t counted[LYAP_RATE_GRID], alive[LYAP_RATE_GRID], positive[LYAP_RATE_GRID], zero[LYAP_RATE_GRID],
        died[LYAP_RATE_GRID], diverged[LYAP_RATE_GRID];
    uint64_t alive_positive[LYAP_RATE_GRID], left[LYAP_RATE_GRID]; /* left: a final loss below lyap_rate_plateau */
    double quartile[LYAP_RATE_GRID][3];                            /* of those that count; NaN where none does */
    double alive_quartile[LYAP_RATE_GRID][3];                      /* NaN where fewer than LYAP_SIGN_LEAST are alive */
    double loss[LYAP_RATE_GRID];                                   /* median of the final losses */
    /* Changes of the sign of the alive median along the grid, with their number's interval: */
    size_t turns;
    double turn[LYAP_RATE_TURNS];
    bool turns_known;
    struct lyap_estimate turns_of;
    /* around the first value with more than half of the alive ones positive: */
    bool crosses;
    double fine[LYAP_RATE_FINE], share[LYAP_RATE_FINE]; /* share of positive ones; NaN where none is alive */
    uint64_t fine_starts;
    struct lyap_estimate crossing;
    /* Owned: [starts][LYAP_RATE_GRID] and [fine_starts][LYAP_RATE_FINE] of enum lyap_sign; NULL where not run. */
    unsigned char *sign, *fine_sign;
};

/* What a positive exponent of the published kind is. */
enum lyap_rate_kind {
    LYAP_KIND_DIVERGED,
    LYAP_KIND_DEAD,
    LYAP_KIND_SETTLED,
    LYAP_KIND_CHAOTIC,
    LYAP_KIND_OTHER,
    LYAP_KINDS
};

/* The regimes of one activation on the grid, and what the positive exponents of the same starts and rates are. */
struct lyap_rate_regimes {
    uint64_t starts;
    struct lyap_long *cells; /* [LYAP_RATE_GRID][starts] */
    double *exponent;        /* [LYAP_RATE_GRID][starts], lambda_kw in float64 over 100 epochs; NaN: does not count */
    uint64_t count[LYAP_RATE_GRID][LYAP_REGIME_COUNT], confirmed[LYAP_RATE_GRID];
    uint64_t positive, kind[LYAP_KINDS]; /* pairs of start and rate with a positive exponent, all and by kind */
    uint64_t starts_positive,
        starts_chaotic; /* with a positive exponent at some rate; and confirmed chaotic at some rate */
    /* Pairs that stand still at a point with a tangent exponent above lyap_rate_held; of these, in a longer run, those that still do, and
     * those whose exponent is then ln|1 - lr sharpness| there to 1 part in 1000; the
     * largest exponent of them. */
    uint64_t held, held_still, held_as_expected;
    double held_most;
    uint64_t growing; /* bounded pairs with a tangent exponent above lyap_rate_held, of any regime */
};
extern const double lyap_rate_held; /* nats per step; below, the exponent of a flat direction is not told from 0 */

/* How long linear networks take to leave the numbers, at the published learning rates that we have. */
struct lyap_rate_overflow {
    uint64_t starts;
    double threshold[LYAP_RATE_THRESHOLDS];
    struct {
        uint64_t diverged;       /* reach the largest threshold within the epochs */
        double steps, room;      /* medians over these: updates before the distance exceeds 1e9; ln(1e9 / d(0)), nats */
        double share;            /* median of lambda_kw / room */
        double low, value, high; /* lambda_kw: central 95 %, median */
    } at[LYAP_PUBLISHED_RATES];
    /* Over all rates at which every start diverges: medians of lambda_kw and of its share of the room, and for the share of the runs that
     * have a term at the lowest threshold also cut at each. */
    double median, of_room, slow, cut[LYAP_RATE_THRESHOLDS];
    size_t rates; /* that many */
};

struct lyap_rate_state {
    double grid[LYAP_RATE_GRID];
    struct lyap_rate_sweep sweep[LYAP_PANELS][LYAP_RATE_PRECISIONS][LYAP_RATE_HORIZONS];
    struct lyap_rate_regimes regimes[LYAP_PANELS];
    struct lyap_edge edge[LYAP_PANELS][LYAP_EDGE_HORIZONS];
    size_t edge_test[LYAP_PANELS][LYAP_EDGE_HORIZONS];
    double
        plateau_edge; /* of sigmoid networks over 100 epochs: median of 2 over the largest sharpness below the onset; NaN: none */
    struct lyap_rate_overflow overflow;
    uint32_t steps, transient, again; /* of the regimes */
    struct lyap_bifurcation_state bifurcation;
};

/* Pairs of start and learning rate with a positive exponent, all activations together. */
struct lyap_rate_totals {
    uint64_t positive, kind[LYAP_KINDS];
    uint64_t starts, starts_positive, starts_chaotic;
    uint64_t held, held_still, held_as_expected, growing;
    double held_most;
};
struct lyap_rate_totals lyap_rate_total(const struct lyap_rate_state *state);

#endif
