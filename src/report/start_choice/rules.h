/* C3 in practice: train the best of M starts, chosen by a score, against other scores, with every score paid for.
 *
 * Unit of compute: one gradient-descent step of one network. A choice among M candidates has a budget of B of them. Scoring
 * M candidates costs M times what one costs; the chosen one has `kept` steps of training behind it by then, and gets
 * what is left: T = B - ceil(M cost) + kept steps in all. A rule that costs nothing trains for B.
 *
 *   rule                      cost of a candidate   kept
 *   random                    0                     0
 *   lowest hybrid, k          (24 + 1) k            k      parent and neighbours
 *   lowest tangent, k         2 k                   k      a Hessian-vector product is a second pass forward and back
 *   lowest loss after k       k                     k
 *   lowest initial loss       1/3                   0      a pass forward without the one back, which is twice as long
 *   largest squared gradient  1                     1
 *   lowest sharpness          20                    0      ten Hessian-vector products and their gradients
 *   oracle                    0                     0      the held-out loss after B steps itself: no rule, the bound of all
 *
 * Every training is stopped early, after the number of steps up to T at which the mean held-out loss of all starts is lowest: otherwise a rule that
 * leaves fewer steps would gain where long training overfits.
 *
 * What a rule gives is exact for the pool: with N starts in the order of their scores, the chosen one of M that are drawn
 * from the pool is among the first r with probability 1 - ((N - r) / N)^M, and the held-out loss is averaged over that law. */
#ifndef LYAP_REPORT_START_CHOICE_RULES_H
#define LYAP_REPORT_START_CHOICE_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyapgrad/inference.h"

enum lyap_rule {
    LYAP_RULE_RANDOM,
    LYAP_RULE_HYBRID,
    LYAP_RULE_TANGENT,
    LYAP_RULE_LOSS_AFTER,
    LYAP_RULE_LOSS_INITIAL,
    LYAP_RULE_GRADIENT,
    LYAP_RULE_SHARPNESS,
    LYAP_RULE_ORACLE,
    LYAP_RULES
};
const char *lyap_rule_name(enum lyap_rule rule);
/* Whether its score is made from a short run of k steps. */
bool lyap_rule_looks(enum lyap_rule rule);

enum {
    LYAP_START_CHOICE_CASES = 3,
    LYAP_START_CHOICE_SIZES = 2,
    LYAP_START_CHOICE_LOOKS = 2,
    LYAP_START_CHOICE_BUDGETS = 4,
    LYAP_START_CHOICE_NEIGHBOURS = 24,
    LYAP_START_CHOICE_RESAMPLES = 400
};
extern const size_t lyap_start_choice_size[LYAP_START_CHOICE_SIZES];       /* M */
extern const uint32_t lyap_start_choice_look[LYAP_START_CHOICE_LOOKS];     /* k */
extern const uint32_t lyap_start_choice_budget[LYAP_START_CHOICE_BUDGETS]; /* B */

/* Steps of the chosen start's training in all; 0 where the budget does not pay for the scores and the k steps. */
uint32_t lyap_start_choice_steps(enum lyap_rule rule, uint32_t k, size_t m, uint32_t budget);

/* What a rule gives at one B, k and M. Gains are in units of what the oracle gains on a random start with the same B and M: 0 is a
 * random start, 1 the best possible choice. */
struct lyap_start_choice_cell {
    uint32_t steps;             /* T; 0: not affordable, and all but `free` is NaN */
    uint32_t stop;              /* at which the training is stopped, at most T */
    double loss, accuracy;      /* held-out, mean at the stop */
    struct lyap_estimate gain;  /* after T steps against the random start's B */
    struct lyap_estimate free;  /* the score for nothing: after B steps, too */
    struct lyap_estimate rival; /* gain less that of the loss after k, for the two exponents; else NaN */
};

struct lyap_start_choice_result {
    size_t pool; /* starts with all numbers */
    struct lyap_start_choice_cell cell[LYAP_START_CHOICE_BUDGETS][LYAP_START_CHOICE_LOOKS][LYAP_START_CHOICE_SIZES]
                                      [LYAP_RULES];
};

/* Scores and losses of a pool; for the tests, too. */
struct lyap_start_pool {
    size_t starts, marks;
    uint32_t *mark;                                     /* [marks], ascending: every T and k that is needed */
    double *loss, *accuracy;                            /* [marks][starts], held-out */
    double *score[LYAP_START_CHOICE_LOOKS][LYAP_RULES]; /* [starts] each, the lowest is chosen; owned */
};

#endif
