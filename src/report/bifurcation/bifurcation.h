/* Bifurcation diagrams of gradient descent: where the weights settle, against the learning rate. */
#ifndef LYAP_REPORT_BIFURCATION_BIFURCATION_H
#define LYAP_REPORT_BIFURCATION_BIFURCATION_H

#include "report/common/cells.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/network.h"
#include "lyapgrad/status.h"

enum {
    LYAP_BIFURCATION_CASES = 6,
    LYAP_BIFURCATION_RATES = 64,
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
};
struct lyap_bifurcation_state {
    struct lyap_bifurcation_diagram diagram[LYAP_BIFURCATION_CASES];
};

/* The work of the section, and freeing it. */
enum lyap_status lyap_bifurcation_compute(struct lyap_report *report, void **state, struct lyap_error *error);
void lyap_bifurcation_release(void *state);

/* The data files, src/report/bifurcation/data.c. */
extern const struct lyap_schema *const lyap_bifurcation_tables[];
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
