/* P, the published numbers among ours, under several settings that they may have been made with. */
#ifndef LYAP_REPORT_PUBLISHED_PUBLISHED_H
#define LYAP_REPORT_PUBLISHED_PUBLISHED_H

#include "paper/published.h"
#include "report/common/cells.h"
#include "lyapgrad/inference.h"
#include "lyapgrad/precision.h"
#include "lyapgrad/status.h"

enum {
    LYAP_CANDIDATES = 12,
    LYAP_PUBLISHED_SWEEP = LYAP_PUBLISHED_RATES * LYAP_PANELS,
    LYAP_PUBLISHED_NUMBERS = LYAP_PUBLISHED_SWEEP + LYAP_PUBLISHED_STEPS * LYAP_PANELS
};

/* One published value among ours. */
struct lyap_rank_of {
    double published;
    uint64_t counted, below, equal; /* of our starts that have an exponent (0 for dead ones) */
    uint64_t dead;                  /* those that are dead with exactly 0 */
    double rank;                    /* (below + half of the equal) / counted */
    double spread_rank; /* (below + u equal) / counted, u uniform: uniform in law if the value is a fair start */
    bool within;        /* spread_rank in [0.025, 0.975] */
    double chance; /* (near + 1/2) / (counted + 1), near: our starts within a tenth of the value, or equal to a 0 */
    double low, median, high; /* of ours: 2.5 %, 50 %, 97.5 % */
};
/* `u` in [0, 1). values[n] is sorted. */
struct lyap_rank_of lyap_rank_published(double published, double *values, size_t n, double u);

struct lyap_candidate {
    uint32_t epochs;
    enum lyap_precision precision;
    bool window;                                      /* of initial losses; else any start */
    struct lyap_rank_of rank[LYAP_PUBLISHED_SWEEP];   /* panel by panel */
    uint64_t within, beyond;                          /* values; of those outside, those beyond all of ours */
    double binomial, kolmogorov;                      /* p: as many within; ranks uniform */
    double log_chance, panel_log_chance[LYAP_PANELS]; /* sums of ln(chance) */
};

struct lyap_published_state {
    uint64_t starts;
    struct lyap_candidate candidate[LYAP_CANDIDATES];
    size_t best, by_script, assumed;                             /* of the largest chance; 5 epochs; 100 epochs */
    struct lyap_rank_of step[LYAP_PUBLISHED_STEPS][LYAP_PANELS]; /* the exponents a step, 100 epochs, float32 */
    bool compared;                                               /* the bootstraps over the published values exist: */
    struct lyap_estimate over_script,
        behind_best; /* ln of the ratio of chances: assumed over script, best over assumed */
    uint64_t within; /* of all published numbers with the assumed settings */
    double binomial; /* p of that */
    size_t test_binomial, test_kolmogorov;
};

/* The work of the section, and freeing it. */
enum lyap_status lyap_published_compute(struct lyap_report *report, void **state, struct lyap_error *error);
void lyap_published_release(void *state);

/* The data files, src/report/published/data.c. */
extern const struct lyap_schema *const lyap_published_tables[];
enum lyap_status lyap_published_data(struct lyap_report *report, const struct lyap_published_state *state,
                                     struct lyap_error *error);

#endif
