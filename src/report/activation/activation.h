/* C2, activations: what the section computes. src/report/activation/activation.c runs it, order.c compares orders, write.c writes. */
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
    LYAP_ACT_PUBLISHED = 1, /* setting of the published figures: learning rate 0.001, 100 epochs */
    LYAP_ACT_IDENTICAL_RATES = 3
};
extern const double lyap_act_rates[LYAP_ACT_RATES], lyap_act_identical_rates[LYAP_ACT_IDENTICAL_RATES];
extern const uint32_t lyap_act_epochs[LYAP_ACT_HORIZONS];
extern const double lyap_act_target; /* the common target of the losses */

/* How well a network converges; less is better. */
enum lyap_act_measure {
    LYAP_ACT_LOSS,  /* the final loss, which inherits the initial one */
    LYAP_ACT_RATIO, /* the final loss over the initial one */
    LYAP_ACT_STEPS, /* updates until the loss is at or below the target, within the longest time; undefined for starts that are there already */
    LYAP_ACT_INITIAL, /* the initial loss, to compare with */
    LYAP_ACT_MEASURES
};
enum lyap_act_group { LYAP_ACT_THREE, LYAP_ACT_ALL, LYAP_ACT_GROUPS }; /* linear, sigmoid, ReLU; all ten */
enum lyap_act_kind { LYAP_ACT_OWN, LYAP_ACT_COMMON, LYAP_ACT_KINDS };

/* The order of one quantity against that of another over the pairs of activations, within each start. */
struct lyap_act_order {
    uint64_t pairs;             /* of all starts, with two different values in both */
    uint64_t starts;            /* with a pair */
    uint64_t full;              /* starts of these whose tau is 1, */
    uint64_t none;              /* ... and -1 */
    bool known;                 /* ten starts have a pair, and: */
    bool constant;              /* tau is the same in all of them; its interval is by the rule of three: */
    struct lyap_estimate agree; /* mean over starts of (agreeing - disagreeing) / pairs: Kendall's tau, 1 to -1 */
    double p;                   /* that it is 0, by flipping the signs of starts */
};

/* Kendall's tau of x[n] and y[n]: (agreeing - disagreeing) / pairs, leaving out pairs that are equal in either or undefined (NaN); infinity
 * is larger than all. NaN where no pair is left. *pairs counts those. */
double lyap_act_tau(const double *x, const double *y, size_t n, uint64_t *pairs);

/* The mean of tau[n] over starts with its interval and p. Where tau is the same in all, a bootstrap would resample a constant: then at most
 * 3/n of starts like these have another one (95 %, J. Hanley, A. Lippman-Hand, JAMA 249, 1743 (1983)), which is 1 or -1 at the most. */
enum lyap_status lyap_act_mean_tau(struct lyap_act_order *order, const double *tau, size_t n, uint64_t seed,
                                   struct lyap_error *error);

/* Starts of all activations. Own: each activation has the first draws of the published law whose initial loss lies in the published window
 * under it. Common: all have the same weights, whose initial losses lie in the window under each of them. */
struct lyap_act_population {
    uint64_t starts;
    double *initial; /* [starts][LYAP_ACTIVATION_COUNT], initial loss; owned, with all that follows: */
    double *lambda;  /* [LYAP_ACT_SETTINGS][starts][LYAP_ACTIVATION_COUNT], lambda_step; NaN: none */
    double *measure[LYAP_ACT_MEASURES]; /* likewise; NaN: undefined, INFINITY: diverged, or the target not reached */
    uint64_t
        twins[LYAP_ACT_SETTINGS]; /* activations of a start that are left out, since an earlier one has the same bits */
    struct lyap_act_order order[LYAP_ACT_MEASURES][LYAP_ACT_SETTINGS]
                               [LYAP_ACT_GROUPS];                        /* of the exponent against each measure */
    struct lyap_act_order inherited[LYAP_ACT_SETTINGS][LYAP_ACT_GROUPS]; /* of the initial loss against the final one */
};

struct lyap_act_state {
    uint64_t drawn,
        passed
            [LYAP_ACTIVATION_COUNT]; /* draws of the published law; of these, those with an initial loss in the window */
    uint64_t passed_all, kept;       /* under all of them; the first ones of these that are used: */
    double *weights;                 /* [kept][9] */
    struct lyap_act_population population[LYAP_ACT_KINDS];
    size_t test[LYAP_ACT_KINDS][2]; /* of the published setting and three activations: ratio, steps */
    struct lyap_act_identical identical[LYAP_ACT_IDENTICAL_RATES];
};

static inline const char *lyap_act_name(int activation) {
    return lyap_activation_name((enum lyap_activation)activation);
}
extern const char *const lyap_act_kind_names[LYAP_ACT_KINDS];

/* The orders of a population: src/report/activation/order.c. */
enum lyap_status lyap_act_orders(struct lyap_act_population *population, uint64_t seed, struct lyap_error *error);

/* The numbers of the activations of a start that are compared, to which[LYAP_ACTIVATION_COUNT], without those that have the same initial loss,
 * exponent and final loss as an earlier one: they are the same network. */
size_t lyap_act_distinct(const struct lyap_act_population *population, size_t setting, uint64_t start,
                         enum lyap_act_group group, int *which);

/* The work of the section, and freeing it. */
enum lyap_status lyap_act_compute(struct lyap_report *report, void **state, struct lyap_error *error);
void lyap_act_release(void *state);

/* A tau above it is an agreement that counts, fixed in advance: the lower exponent is the better in three of four pairs. */
extern const double lyap_act_counts;

/* Settings by the interval of their tau. */
struct lyap_act_tally {
    int known, agree, positive,
        opposed; /* agree: above lyap_act_counts; positive: above 0; opposed: below -lyap_act_counts */
};
struct lyap_act_tally lyap_act_tally_of(const struct lyap_act_population *population, enum lyap_act_measure measure,
                                        enum lyap_act_group group);

/* The claim C2 and the steps C2a to C2c: src/report/activation/verdict.c. */
void lyap_act_verdicts(struct lyap_report *report, const struct lyap_act_state *state);

/* The data files, src/report/activation/data.c. */
extern const struct lyap_schema *const lyap_act_tables[];
enum lyap_status lyap_act_data(struct lyap_report *report, const struct lyap_act_state *state,
                               struct lyap_error *error);

#endif
