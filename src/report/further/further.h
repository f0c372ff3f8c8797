/* L1: the claims C1 and C3 on other networks, data and optimisers. The computing half. */
#ifndef LYAP_REPORT_FURTHER_FURTHER_H
#define LYAP_REPORT_FURTHER_FURTHER_H

#include "lyapgrad/inference.h"
#include "lyapgrad/regime.h"
#include "lyapgrad/status.h"
#include "report/common/sample.h"

enum {
    LYAP_FURTHER_CASES = 10,
    LYAP_FURTHER_RATES = 16,
    LYAP_FURTHER_CHAOS_RATES = 8,    /* every second one of them */
    LYAP_FURTHER_SWEEP_EPOCHS = 200, /* 20 in a run too small to cite */
    LYAP_FURTHER_EPOCHS = 100,
    LYAP_FURTHER_NEIGHBOURS = 8 /* of the sweep */
};

struct lyap_further_case {
    struct lyap_subject subject; /* its lr is that of C3 */
    double low, high;            /* ends of the logarithmic grid of learning rates */
};
extern const struct lyap_further_case lyap_further_cases[LYAP_FURTHER_CASES];

struct lyap_further_sizes {
    size_t sweep, chaos, scatter; /* starts */
    uint32_t epochs;              /* of the sweep */
    uint32_t steps;               /* of the tangents, a quarter of them transient */
};

struct lyap_further_result {
    double lr[LYAP_FURTHER_RATES], q25[LYAP_FURTHER_RATES], median[LYAP_FURTHER_RATES], q75[LYAP_FURTHER_RATES];
    double lost[LYAP_FURTHER_RATES]; /* share that escaped or overflowed */
    struct lyap_estimate crossing;   /* learning rate at which the median exponent turns positive; NaN: it does not */
    bool from_start;                 /* it is positive at the lowest rate */
    size_t regime[LYAP_FURTHER_CHAOS_RATES][LYAP_REGIME_COUNT];
    struct lyap_estimate chaotic; /* largest share of chaotic starts at any rate, with its interval */
    double chaotic_lr;
    double first_chaotic; /* lowest rate at which surely more than one start in twenty is; NaN: none */
    double low, high;     /* the band of initial losses, and C3 among starts drawn into it: */
    struct lyap_correlations correlation;
};

struct lyap_further {
    struct lyap_further_sizes sizes;
    struct lyap_further_result result[LYAP_FURTHER_CASES];
    size_t test[LYAP_FURTHER_CASES];
};

/* One case. */
enum lyap_status lyap_further_run(struct lyap_further_result *result, const struct lyap_further_case *c,
                                  const struct lyap_further_sizes *sizes, const struct lyap_report_options *options,
                                  struct lyap_report *report, struct lyap_error *error);

/* The first place at which median[n] goes from 0 or below to above, between two lr on a line over their logarithm; NaN
 * without one. A median that is positive from the first gives the first lr. NaNs are skipped. */
double lyap_first_crossing(const double *lr, const double *median, size_t n);

/* The work of the section, and freeing it. */
enum lyap_status lyap_further_compute(struct lyap_report *report, void **state, struct lyap_error *error);
void lyap_further_release(void *state);

/* The data files, src/report/further/data.c. */
extern const struct lyap_schema *const lyap_further_tables[];
enum lyap_status lyap_further_data(struct lyap_report *report, const struct lyap_further *state,
                                   struct lyap_error *error);

#endif
