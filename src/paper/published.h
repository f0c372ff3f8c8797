/* The numbers that the paper prints, and where each of them lies among ours. */
#ifndef LYAP_PAPER_PUBLISHED_H
#define LYAP_PAPER_PUBLISHED_H

#include "paper/protocol.h"
#include "lyapgrad/status.h"

/* Mean exponent per step over 100 epochs, one start; by panel: linear, sigmoid, ReLU. */
struct lyap_published_step {
    double lr;
    double value[LYAP_PANELS]; /* nats per step */
    const char *source;
};
enum { LYAP_PUBLISHED_STEPS = 2 };
extern const struct lyap_published_step lyap_published_steps[LYAP_PUBLISHED_STEPS];

/* Kantz-Wolf exponents at some of the learning rates of LyapunovVsLearningRate, one start each. */
struct lyap_published_rate {
    int rate; /* the learning rate is lyap_paper_rate(rate); the paper prints `lr` */
    const char *lr;
    double value[LYAP_PANELS]; /* nats */
};
enum { LYAP_PUBLISHED_RATES = 11 };
extern const struct lyap_published_rate lyap_published_rates[LYAP_PUBLISHED_RATES];
extern const char lyap_published_rates_source[];

/* The published value at a rate of the figure; false where the paper prints none that we have. */
bool lyap_published_at(int rate, int panel, double *value);

/* The words for where a published value lies. The central 95 % hold 2.5 % .. 97.5 % of our starts; of a value that is
 * fair, one in twenty lies outside. */
enum lyap_place {
    LYAP_WITHIN,      /* inside the central 95 % */
    LYAP_OUTSIDE,     /* outside, but one of our starts goes as far */
    LYAP_BEYOND,      /* beyond every one of our starts, or 0 where none of them is dead */
    LYAP_INCOMPARABLE /* none of our starts has an exponent that is not the 0 of a dead one */
};

struct lyap_comparison {
    double published;
    struct lyap_point one; /* our start 0 */
    uint64_t starts, zero, died;
    uint64_t counted;              /* with an exponent that is not the 0 of a dead one: */
    double low, quartile[3], high; /* quantiles 2.5 %, 25 %, 50 %, 75 %, 97.5 % of these */
    double rank;                   /* percentage of these below the published value, ties as half */
    enum lyap_place verdict;       /* of a published 0: against the starts that are dead with exponent 0 */
};

/* Compares with points[starts], by lambda_step or lambda_kw. */
enum lyap_status lyap_compare(struct lyap_comparison *comparison, double published, const struct lyap_point *points,
                              uint64_t starts, bool by_step, struct lyap_error *error);

#endif
