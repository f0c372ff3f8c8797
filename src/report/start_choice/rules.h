/* C3 in practice: train the best of M starts, chosen by a score after k steps, against other scores, with every score
 * paid for.
 *
 * Unit of compute: one gradient-descent step of one network. A group of M candidates has a budget of B of them. Scoring
 * M candidates costs M times what one costs; the chosen one has `kept` steps of training behind it by then, and gets
 * what is left: T = B - ceil(M cost) + kept steps in all. A rule that costs nothing trains for B.
 *
 *   rule                     cost of a candidate   kept
 *   random                   0                     0
 *   hybrid exponent, k       (24 + 1) k            k      parent and neighbours
 *   tangent exponent, k      2 k                   k      a Hessian-vector product is a second pass forward and back
 *   loss after k             k                     k
 *   initial loss             1/3                   0      a pass forward without the one back, which is twice as long
 *   gradient norm            1                     1
 *   oracle                   0                     0      the final loss itself: no rule, the bound of all
 *
 * Groups are disjoint, so they are independent, and all rules see the same groups, so they are paired. */
#ifndef LYAP_REPORT_START_CHOICE_RULES_H
#define LYAP_REPORT_START_CHOICE_RULES_H

#include "lyapgrad/inference.h"

#include <stdbool.h>

enum lyap_rule {
    LYAP_RULE_RANDOM,
    LYAP_RULE_HYBRID_LOW,
    LYAP_RULE_HYBRID_HIGH, /* the opposite of the paper's advice */
    LYAP_RULE_TANGENT_LOW,
    LYAP_RULE_LOSS_AFTER,
    LYAP_RULE_LOSS_INITIAL,
    LYAP_RULE_GRADIENT_LOW,
    LYAP_RULE_ORACLE,
    LYAP_RULES
};
const char *lyap_rule_name(enum lyap_rule rule);
/* The rules that a verdict asks about; the others are for comparison and have no test. */
bool lyap_rule_tested(enum lyap_rule rule);

enum {
    LYAP_START_CHOICE_CASES = 6,
    LYAP_START_CHOICE_SIZES = 5,
    LYAP_START_CHOICE_LOOKS = 2,
    LYAP_START_CHOICE_NEIGHBOURS = 24
};
extern const size_t lyap_start_choice_size[LYAP_START_CHOICE_SIZES];   /* M */
extern const uint32_t lyap_start_choice_look[LYAP_START_CHOICE_LOOKS]; /* k */
enum {
    LYAP_START_CHOICE_MAIN_SIZE = 2,
    LYAP_START_CHOICE_MAIN_LOOK = 0
}; /* of the tests and verdicts, named beforehand */

/* Steps of the chosen start's training in all; 0 where the budget does not pay for the scores and the k steps. */
uint32_t lyap_start_choice_steps(enum lyap_rule rule, uint32_t k, size_t m, uint32_t budget);

/* What a rule gives at one M and k, over `groups` of candidates. Differences are rule minus random: below 0 is better.
 * Intervals at the main M alone. */
struct lyap_start_choice_cell {
    size_t groups;
    uint32_t steps;    /* T; 0: not affordable, and what is charged is NaN */
    double percentile; /* mean rank of the chosen in the pool by the loss after B steps, in 0 .. 1; chance is 1/2 */
    struct lyap_estimate free;    /* the same less 1/2: the score costs nothing */
    struct lyap_estimate charged; /* after T steps against B of the random start */
    struct lyap_estimate
        to_target;            /* mean difference of the steps to the target loss, scoring paid, B where it is missed */
    double loss;              /* mean loss after T steps; of the random rule over all starts */
    double reached;           /* share of groups that reach the target */
    double free_p, charged_p; /* sign flips; at the main M and k alone, else NaN */
};

struct lyap_start_choice_result {
    size_t pool;
    uint32_t budget;
    double target; /* median loss after half the budget */
    struct lyap_start_choice_cell cell[LYAP_START_CHOICE_LOOKS][LYAP_START_CHOICE_SIZES][LYAP_RULES];
    /* Exponent minus loss after k, at the main M and k, charged: */
    struct lyap_estimate rival[LYAP_RULES];
    double rival_p[LYAP_RULES];
};

/* Scores and losses of a pool; for the tests, too. */
struct lyap_start_pool {
    size_t starts, marks;
    uint32_t *mark;                                     /* [marks], ascending: every T that is needed */
    double *loss;                                       /* [marks][starts] */
    uint32_t *hit;                                      /* [starts] updates to the target; UINT32_MAX */
    double *score[LYAP_START_CHOICE_LOOKS][LYAP_RULES]; /* [starts] each, the lowest is chosen; owned */
};

#endif
