/* C2, activations: what the section computes. src/report/activation/activation.c runs it, src/report/activation/write.c
 * writes. */
#ifndef LYAP_REPORT_ACTIVATION_ACTIVATION_H
#define LYAP_REPORT_ACTIVATION_ACTIVATION_H

#include "report/activation/identical.h"
#include "report/common/cells.h"
#include "lyapgrad/inference.h"
#include "lyapgrad/network.h"
#include "lyapgrad/status.h"

enum {
    LYAP_ACT_RATES = 4,
    LYAP_ACT_HORIZONS = 3,
    LYAP_ACT_SETTINGS = LYAP_ACT_RATES * LYAP_ACT_HORIZONS,
    LYAP_ACT_IDENTICAL_RATES = 3,
    LYAP_ACT_GROUPS = 2,
    LYAP_ACT_MEASURES = 2 /* of convergence: the final loss, and its ratio to the initial one */
};
extern const double lyap_act_rates[LYAP_ACT_RATES], lyap_act_identical_rates[LYAP_ACT_IDENTICAL_RATES];
extern const uint32_t lyap_act_epochs[LYAP_ACT_HORIZONS];

/* The order of the exponents against the order of the losses over the pairs of activations, within each start. */
struct lyap_act_order {
    uint64_t pairs;             /* of all starts, with two different exponents and two different losses */
    bool known;                 /* ten starts have a pair, and: */
    struct lyap_estimate agree; /* mean over starts of (agreeing - disagreeing) / pairs: Kendall's tau, 1 to -1 */
    double p;                   /* that it is 0, by flipping the signs of starts */
    size_t test;
};

/* Kendall's tau of lambda[n] and loss[n]: (agreeing - disagreeing) / pairs, leaving out pairs that are equal in either
 * or not finite; NaN where no pair is left. *pairs counts those. */
double lyap_act_tau(const double *lambda, const double *loss, size_t n, uint64_t *pairs);

struct lyap_act_state {
    uint64_t drawn, starts; /* weights drawn; of these, those with all initial losses in the published window, kept */
    double *initial;        /* [starts][LYAP_ACTIVATION_COUNT], initial loss; part of `lambda` */
    double *weights;        /* [starts][9] */
    double *lambda,
        *loss; /* [LYAP_ACT_SETTINGS][starts][LYAP_ACTIVATION_COUNT]: lambda_step, final loss; NaN: undefined */
    double median_lambda[LYAP_ACT_SETTINGS][LYAP_ACTIVATION_COUNT],
        median_loss[LYAP_ACT_SETTINGS][LYAP_ACTIVATION_COUNT];
    /* Group 0: the published three; group 1: all. */
    struct lyap_act_order order[LYAP_ACT_MEASURES][LYAP_ACT_SETTINGS]
                               [LYAP_ACT_GROUPS]; /* at the end of the measurement */
    struct lyap_act_order later[LYAP_ACT_SETTINGS]
                               [LYAP_ACT_GROUPS]; /* with the loss after the longest time at that rate */
    struct lyap_act_identical identical[LYAP_ACT_IDENTICAL_RATES];
};

/* The work of the section, and freeing it. */
enum lyap_status lyap_act_compute(struct lyap_report *report, void **state, struct lyap_error *error);
void lyap_act_release(void *state);

/* The data files, src/report/activation/data.c. */
extern const struct lyap_schema *const lyap_act_tables[];
enum lyap_status lyap_act_data(struct lyap_report *report, const struct lyap_act_state *state,
                               struct lyap_error *error);

#endif
