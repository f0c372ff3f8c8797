/* L1: the claims C1 and C3 on other networks, data and optimisers. The computing half.
 *
 * C1. Starts in tangent space at several learning rates; what they do by lyapgrad/regime.h. The rate with the most chaotic starts is
 * chosen on the first half of the starts, and its share is estimated on the other half, so that the choice does not raise it.
 *
 * C3. Starts drawn into the band of their own initial losses; the correlation of exponent and final loss at several horizons. */
#ifndef LYAP_REPORT_FURTHER_FURTHER_H
#define LYAP_REPORT_FURTHER_FURTHER_H

#include "lyapgrad/inference.h"
#include "lyapgrad/regime.h"
#include "lyapgrad/status.h"
#include "report/common/sample.h"

enum {
    LYAP_FURTHER_CASES = 10,
    LYAP_FURTHER_RATES = 7,
    LYAP_FURTHER_EXPONENTS = 3, /* horizons of an exponent */
    LYAP_FURTHER_HORIZONS = 4,  /* pairs of a horizon of the exponent and one of the loss */
    LYAP_FURTHER_RESAMPLES = 500
};

struct lyap_further_case {
    struct lyap_subject subject; /* its lr is that of C3 */
    double low, high;            /* ends of the logarithmic grid of learning rates */
};
extern const struct lyap_further_case lyap_further_cases[LYAP_FURTHER_CASES];

/* The exponent over `exponent` epochs beside the loss of a run of `loss` epochs. */
struct lyap_further_horizon {
    uint32_t exponent, loss;
    const char *name;
};
extern const struct lyap_further_horizon lyap_further_horizons[LYAP_FURTHER_HORIZONS];

struct lyap_further_sizes {
    size_t chaos, scatter; /* starts; the first is even */
    uint32_t steps;        /* of the tangents, a quarter of them transient */
};

/* What a start does at a learning rate. */
struct lyap_further_run {
    unsigned char regime; /* enum lyap_regime */
    double lambda;        /* nats per step; NaN where undefined */
};

struct lyap_further_result {
    double lr[LYAP_FURTHER_RATES];
    struct lyap_further_run *run; /* [rates][chaos], owned */
    double chosen_lr;             /* the most chaotic starts of the first half; of equals the lowest */
    struct lyap_estimate chaotic; /* share of chaotic starts there, of the other half (Wilson) */
    double low, high;             /* the band of initial losses */
    double *initial;              /* [scatter]; owned, as the next two */
    double *kw;                   /* [LYAP_FURTHER_EXPONENTS][scatter], nats */
    double *loss;                 /* [LYAP_FURTHER_HORIZONS][scatter] */
    struct lyap_correlations correlation[LYAP_FURTHER_HORIZONS];
};

struct lyap_further {
    struct lyap_further_sizes sizes;
    struct lyap_further_result result[LYAP_FURTHER_CASES];
    /* Median of the rank correlation over the cases, by bootstrap over them; NaN where a case has none. */
    struct lyap_estimate median[LYAP_FURTHER_HORIZONS];
};

/* One case; free in either case. */
enum lyap_status lyap_further_run_case(struct lyap_further_result *result, const struct lyap_further_case *c,
                                       const struct lyap_further_sizes *sizes,
                                       const struct lyap_report_options *options, struct lyap_report *report,
                                       struct lyap_error *error);
void lyap_further_free(struct lyap_further_result *result);

/* Fills chosen_lr and chaotic from run[rates][starts]. */
void lyap_further_choose(struct lyap_further_result *result, size_t starts);

/* Where the exponent over horizons[h].exponent epochs begins in kw. */
size_t lyap_further_exponent(size_t h);

/* The work of the section, and freeing it. */
enum lyap_status lyap_further_compute(struct lyap_report *report, void **state, struct lyap_error *error);
void lyap_further_release(void *state);

/* The data files, src/report/further/data.c. */
extern const struct lyap_schema *const lyap_further_tables[];
enum lyap_status lyap_further_data(struct lyap_report *report, const struct lyap_further *state,
                                   struct lyap_error *error);

#endif
