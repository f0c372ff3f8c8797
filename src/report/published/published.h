/* P, the published numbers among ours, under several settings that they may have been made with. */
#ifndef LYAP_REPORT_PUBLISHED_PUBLISHED_H
#define LYAP_REPORT_PUBLISHED_PUBLISHED_H

#include "paper/published.h"
#include "report/common/cells.h"
#include "lyapgrad/inference.h"
#include "lyapgrad/precision.h"
#include "lyapgrad/status.h"

enum {
    LYAP_POWER_SETS = 1000,
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
    bool window;                                    /* of initial losses; else any start */
    struct lyap_rank_of rank[LYAP_PUBLISHED_SWEEP]; /* panel by panel */
    uint64_t within, beyond;                        /* values; of those outside, those beyond all of ours */
    double binomial, uniform;                       /* p: as many within; ranks uniform (Anderson and Darling) */
    double
        power; /* share of sets that have one start of this setting for each value of the sweep, and fair starts for the other numbers,
                     whose ranks among ours of the assumed setting are not uniform at p < 0.05; LYAP_POWER_SETS of them */
    double log_chance, panel_log_chance[LYAP_PANELS]; /* sums of ln(chance) */
};

struct lyap_published_state {
    uint64_t starts;
    struct lyap_candidate candidate[LYAP_CANDIDATES];
    double *values; /* [LYAP_CANDIDATES][LYAP_PUBLISHED_SWEEP][starts], ours, ascending */
    size_t count[LYAP_CANDIDATES][LYAP_PUBLISHED_SWEEP];         /* of them */
    size_t best, by_script, assumed;                             /* of the largest chance; 5 epochs; 100 epochs */
    struct lyap_rank_of step[LYAP_PUBLISHED_STEPS][LYAP_PANELS]; /* the exponents a step, 100 epochs, float32 */
    bool compared;                                               /* the bootstraps over the published values exist: */
    struct lyap_estimate over_script,
        behind_best;              /* ln of the ratio of chances: assumed over script, best over assumed */
    uint64_t within;              /* of all published numbers with the assumed settings */
    struct lyap_estimate outside; /* share of the others, Wilson's interval */
    double binomial, uniform;     /* p of as many within, and of the ranks */
    size_t test_binomial, test_uniform;
};

/* Words for a candidate's settings. */
void lyap_published_describe(const struct lyap_candidate *candidate, char text[64]);

/* The work of the section, and freeing it. */
enum lyap_status lyap_published_compute(struct lyap_report *report, void **state, struct lyap_error *error);
void lyap_published_release(void *state);

/* The data files, src/report/published/data.c. */
extern const struct lyap_schema *const lyap_published_tables[];
enum lyap_status lyap_published_data(struct lyap_report *report, const struct lyap_published_state *state,
                                     struct lyap_error *error);

#endif
