/* What several sections of the replication report need: the published experiment as a plan, grids of learning rates,
 * long runs in tangent space with a second look at what they call chaotic, and the learning rate at which a median
 * changes its sign. */
#ifndef LYAP_REPORT_COMMON_CELLS_H
#define LYAP_REPORT_COMMON_CELLS_H

#include "lyapgrad/spectrum.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/network.h"
#include "lyapgrad/precision.h"
#include "lyapgrad/regime.h"
#include "lyapgrad/status.h"
#include "paper/protocol.h"
#include "report/frame/report.h"

/* For printf's %llu. */
static inline unsigned long long ull(uint64_t n) {
    return n;
}

/* calloc that reports; NULL with *error filled. */
void *lyap_report_room(size_t count, size_t size, struct lyap_error *error);

/* The published settings with the report's seed, instruction set and threads. */
struct lyap_paper_options lyap_report_paper(const struct lyap_report *report, enum lyap_precision precision);

/* The published experiment for any activation, with the report's seed, instruction set and threads. Must not move; free
 * with lyap_paper_case_free in either case. */
enum lyap_status lyap_report_case(struct lyap_paper_case *c, const struct lyap_report *report,
                                  enum lyap_activation activation, enum lyap_precision precision,
                                  struct lyap_error *error);

/* One setting a rate, otherwise as `like`; the caller frees. NULL with *error filled. */
struct lyap_setting *lyap_rate_settings(const double *rates, size_t n, struct lyap_setting like,
                                        struct lyap_error *error);

/* What a run in tangent space says of a cell. */
struct lyap_long {
    enum lyap_regime regime;
    bool confirmed; /* chaotic, and again so in the second look */
    double lambda;  /* nats per step; NaN where it is not defined */
    double sharpness_first, sharpness_last, sharpness_most,
        smallest_least; /* with plan.curvature: at the start and at the end; the extremes of both and of the history */
};

/* Runs the plan; *cells[values][starts] is the caller's to free, also after a failure. With again > 1 every cell that
 * is called chaotic is run once more from the same weights, with `again` times as many steps and as long a transient:
 * it is confirmed when it is chaotic there too, its exponent has not fallen below half, and its learning rate is above
 * the edge of the largest sharpness that it meets (lyap_edge_rate: 2/sharpness). The exponent of a slow drift along a
 * plateau falls as one over the time, that of the passage of a saddle ends with it. And while the sharpness stays below
 * 2/lr every step of gradient descent lowers the loss (Y. Nesterov, Introductory Lectures on Convex Optimization
 * (2004), 1.2.3), so that nothing can recur, as chaos does. */
enum lyap_status lyap_long_run(struct lyap_spectrum_plan *plan, uint32_t again, struct lyap_long **cells,
                               struct lyap_error *error);

/* Signs of exponents on a grid of learning rates. */
enum lyap_sign { LYAP_NOT_POSITIVE, LYAP_POSITIVE, LYAP_NOT_COUNTED };
enum { LYAP_SIGN_RATES = 128, LYAP_SIGN_LEAST = 10 };
struct lyap_signs {
    size_t rates; /* 2 .. LYAP_SIGN_RATES */
    uint64_t starts;
    const double *grid;        /* [rates], ascending */
    const unsigned char *sign; /* [starts][rates] of enum lyap_sign */
};

/* The learning rate at which the median of the exponents that count passes zero, which is where half of them are
 * positive: the first value of the grid with more than half, and on the line of shares between it and the value before.
 * Values with fewer than LYAP_SIGN_LEAST (or all, if there are fewer) exponents that count are passed over. The first
 * value of the grid where it is above half already, NaN where none is. For the starts index[n], NULL for all: a
 * lyap_statistic of struct lyap_signs. */
double lyap_crossing(const void *signs, const uint32_t *index, size_t n);

/* A further series of a panel, empty when there is no room. */
struct lyap_mark_series *lyap_panel_add(struct lyap_panel *panel, enum lyap_mark mark, const char *label, int colour,
                                        size_t n, const double *x, const double *y);
void lyap_panel_line(struct lyap_panel *panel, bool vertical, double at, const char *label);

/* Probability of the two-sided exact binomial test: all outcomes that are not likelier than k hits of n at the chance p
 * in (0, 1). */
double lyap_binomial_test(uint64_t k, uint64_t n, double p);

/* The distribution of the number of hits of n independent trials with chances p[n], to chance[n + 1]: the Poisson binomial one. */
void lyap_hit_chances(const double *p, size_t n, double *chance);

#endif
