/* Q1: choosing the learning rate at equal compute. The computing half.
 *
 * Unit of compute: one full-batch gradient step of one network. A rule has a budget of B of them per start. What it spends on choosing is
 * taken off; where it chooses among short trainings, the chosen one goes on from where it is.
 *
 *   rule                     spends                              trains for
 *   fixed                    0                                   B
 *   range test               R                                   B - R          the rate grows exponentially over R steps of one training;
 *                                                                               chosen is a tenth of the rate with the lowest loss
 *   2/sharpness              2 products                          B - that       of the starting weights, by Lanczos' method
 *   early loss               G k                                 B - G k + k    of G rates the lowest loss after k steps
 *   exponent, largest rate   2 G k                               B - 2 G k + k  the largest rate whose exponent is not positive
 *   exponent, lowest         2 G k                               B - 2 G k + k  the rate with the lowest exponent
 *   best of the grid         0                                   B              by the held-out loss itself: no rule, the bound
 *
 * A Hessian-vector product and a step with a tangent cost two gradient steps. The rates of the range test and of the sharpness are rounded to
 * eight per decade, so that starts with one rate train side by side. Losses are those of held-out data, as a share of the loss of
 * equal probabilities, ln(classes); a higher one, as of a diverged training, counts as 1. L. Smith, IEEE WACV (2017), 464 (range test). */
#ifndef LYAP_REPORT_QUESTIONS_RATE_RULES_H
#define LYAP_REPORT_QUESTIONS_RATE_RULES_H

#include "report/common/sample.h"

enum lyap_rate_rule {
    LYAP_RATE_FIXED,
    LYAP_RATE_RANGE,
    LYAP_RATE_SHARPNESS,
    LYAP_RATE_LOSS,
    LYAP_RATE_LARGEST,
    LYAP_RATE_LOWEST,
    LYAP_RATE_BEST,
    LYAP_RATE_RULES
};
const char *lyap_rate_rule_name(enum lyap_rate_rule rule);

enum {
    LYAP_RATE_SETS = 4,  /* data sets */
    LYAP_RATE_DRAWS = 2, /* of each, with networks' starts of their own */
    LYAP_RATE_GRID = 8,
    LYAP_RATE_EARLY = 10, /* k */
    LYAP_RATE_RANGE_STEPS = 50,
    LYAP_RATE_PRODUCTS = 48,      /* Hessian-vector products of a sharpness, at most as many as parameters */
    LYAP_RATE_LEAST_BUDGET = 200, /* some steps are left to every rule */
    LYAP_RATE_RESAMPLES = 1000
};
extern const struct lyap_subject lyap_rate_subjects[LYAP_RATE_SETS];
/* "glyphs" and so on. */
const char *lyap_rate_set_name(size_t set);

/* Gradient steps that a rule spends on choosing, and those of the training that it goes on with; `products`: Hessian-vector products. */
uint32_t lyap_rate_spent(enum lyap_rate_rule rule, uint32_t products);
uint32_t lyap_rate_trained(enum lyap_rate_rule rule, uint32_t budget, uint32_t products);

/* A training with the rate of a rule. */
struct lyap_rate_outcome {
    double lr, loss, accuracy; /* loss: the share, 0 .. 1; accuracy: 0 for a diverged training */
    uint32_t steps;
};

struct lyap_rate_rules {
    size_t starts; /* per draw */
    uint32_t budget;
    struct lyap_rate_outcome *outcome; /* [sets][draws][rules][starts], owned */
    /* Over all sets, by bootstrap over the starts of all draws: the excess over the best of the grid, and that of the exponent
     * (largest rate) over each rule. */
    struct lyap_estimate excess[LYAP_RATE_RULES], behind[LYAP_RATE_RULES];
    double mean[LYAP_RATE_SETS][LYAP_RATE_RULES]; /* of the loss */
    double accuracy[LYAP_RATE_RULES];
    double first[LYAP_RATE_RULES]; /* share of the resamples in which the rule has the lowest loss of all rules */
    enum lyap_rate_rule best;      /* the lowest mean */
};

size_t lyap_rate_place(const struct lyap_rate_rules *q, size_t set, size_t draw, enum lyap_rate_rule rule);

enum lyap_status lyap_rate_rules_run(struct lyap_rate_rules *q, size_t starts, uint32_t budget,
                                     const struct lyap_report_options *options, struct lyap_report *report,
                                     struct lyap_error *error);
void lyap_rate_rules_free(struct lyap_rate_rules *q);

/* Which of grid[LYAP_RATE_GRID], ascending, a rule takes, from losses (infinite: diverged) and exponents (NaN: undefined) after k steps. */
size_t lyap_rate_choose(enum lyap_rate_rule rule, const double *loss, const double *exponent);
/* A tenth of the rate with the lowest loss; a loss that is no number ends the test. The first rate where it is so from the first. */
double lyap_rate_of_range(const double *rate, const double *loss, size_t n);

/* The nearest of eight rates per decade. */
double lyap_rate_rounded(double lr);

/* Fills excess to best from the outcomes; src/report/questions/rate_judge.c. */
enum lyap_status lyap_rate_rules_judge(struct lyap_rate_rules *q, uint64_t seed, struct lyap_error *error);

#endif
