/* Bifurcation diagrams of gradient descent: where the weights settle, against the learning rate. */
#ifndef LYAP_REPORT_BIFURCATION_BIFURCATION_H
#define LYAP_REPORT_BIFURCATION_BIFURCATION_H

#include "report/common/cells.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/inference.h"
#include "lyapgrad/network.h"
#include "lyapgrad/status.h"

enum {
    LYAP_BIFURCATION_CASES = 6,
    LYAP_BIFURCATION_RATES = 40,
    LYAP_BIFURCATION_FINE_RATES = 240,
    LYAP_BIFURCATION_KEPT = 24
}; /* the most: a smaller scale takes fewer */

struct lyap_bifurcation_case {
    const char *name, *text, *shape, *data;
    double deviation, low,
        high; /* of normal starts without a window of losses, 0: the published starts; learning rates */
    uint32_t steps;
    enum lyap_activation activation;
};
extern const struct lyap_bifurcation_case lyap_bifurcation_cases[LYAP_BIFURCATION_CASES];

struct lyap_bifurcation_diagram {
    size_t n, wide; /* learning rates of the exponents, and of the diagram */
    double rates[LYAP_BIFURCATION_RATES], median[LYAP_BIFURCATION_RATES], chaotic[LYAP_BIFURCATION_RATES],
        bounded[LYAP_BIFURCATION_RATES], own[LYAP_BIFURCATION_RATES]; /* shares, and exponents */
    double grid[LYAP_BIFURCATION_FINE_RATES], *x, *y; /* [LYAP_BIFURCATION_FINE_RATES * LYAP_BIFURCATION_KEPT] */
    uint64_t starts, chosen, first_chaotic, most;     /* confirmed at the lowest rate; most at any */
    double at_most;                                   /* the rate of the latter */
    struct lyap_long *cells;
    uint64_t growing; /* the most starts at one rate that diverge, or whose weights grow without a limit in sight */
    /* Chaotic starts at the best rate, where the rate is chosen on the other half of the starts, and the median of the chaotic starts'
     * exponents there. */
    uint64_t chaotic_starts;
    struct lyap_estimate share;
    double best[2], exponent;
};
struct lyap_bifurcation_state {
    struct lyap_bifurcation_diagram diagram[LYAP_BIFURCATION_CASES];
};

/* Fills share, chaotic_starts, best and exponent from cells, rates, n and starts; `scratch`[starts]. The largest share over rates is too high
 * where it is taken from the starts that chose the rate; so each half of the starts (even and odd numbers) has the rate that the other half
 * chose. */
void lyap_bifurcation_choose(struct lyap_bifurcation_diagram *diagram, double *scratch);
/* Chaos is bounded: a case counts where at no learning rate more than one start in twenty diverges or has
 * weights that grow without a limit. */
bool lyap_bifurcation_is_bounded(const struct lyap_bifurcation_diagram *diagram);
/* The learning rate brings chaos: none at the lowest rate, and the lower end of `share` above one in ten, in a bounded case. */
bool lyap_bifurcation_is_brought(const struct lyap_bifurcation_diagram *diagram);
/* The bounded case with the highest lower end of `share`; LYAP_BIFURCATION_CASES where none is bounded. */
size_t lyap_bifurcation_best(const struct lyap_bifurcation_state *state);

/* The work of this step of C1 into *state, zeroed, and freeing it. */
enum lyap_status lyap_bifurcation_compute(struct lyap_report *report, struct lyap_bifurcation_state *state,
                                          struct lyap_error *error);
void lyap_bifurcation_release(struct lyap_bifurcation_state *state);

/* Its part of the appendix, and step C1e: src/report/bifurcation/write.c. */
enum lyap_status lyap_bifurcation_write(struct lyap_report *report, const struct lyap_bifurcation_state *state,
                                        struct lyap_error *error);

/* The data files, src/report/bifurcation/data.c. */
extern const struct lyap_schema lyap_bifurcation_cells_schema, lyap_bifurcation_weights_schema;
enum lyap_status lyap_bifurcation_data(struct lyap_report *report, const struct lyap_bifurcation_state *state,
                                       struct lyap_error *error);

/* Which of a start's states are kept: parameter `which` after transient + 1 .. transient + kept updates. */
struct lyap_kept_states {
    uint32_t transient, kept;
    size_t which;
};

/* These states of the plan's start number `start` at each of rates[n]: out[n][kept], NaN from where the training
 * overflowed. Precision, network and data are the plan's, the method is plain gradient descent. */
enum lyap_status lyap_bifurcation_points(const struct lyap_plan *plan, uint64_t start, const double *rates, size_t n,
                                         const struct lyap_kept_states *states, double *out, struct lyap_error *error);

#endif
