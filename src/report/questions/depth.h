/* Q3: depth and width with standard initial laws. The computing half.
 *
 * Networks of one to four hidden layers, Glorot's law for tanh and He's for ReLU, biases 0. Learning rates are multiples of 2/sharpness of
 * the median start. The onset of a start is the first of these rates at which its exponent is positive, over 2/sharpness of its own initial
 * weights. At one multiple more starts give the correlation of exponent and final loss at equal initial loss. Exponents are those of a
 * tangent: the hybrid would cost twelve times as much. */
#ifndef LYAP_REPORT_QUESTIONS_DEPTH_H
#define LYAP_REPORT_QUESTIONS_DEPTH_H

#include "report/common/sample.h"

enum { LYAP_DEPTH_CASES = 10, LYAP_DEPTH_RATES = 8, LYAP_DEPTH_AT = 3, LYAP_DEPTH_RESAMPLES = 400 };
extern const struct lyap_subject lyap_depth_subjects[LYAP_DEPTH_CASES];
extern const double lyap_depth_multiple[LYAP_DEPTH_RATES]; /* of 2/sharpness, ascending */

struct lyap_depth_result {
    size_t hidden, width, parameters;
    double edge;       /* median over the starts of 2/sharpness */
    double *sharpness; /* [more]; owned, as the next four */
    double *exponent;  /* [rates][starts], nats per step; infinite for a diverged run, NaN where undefined */
    double *lambda, *loss, *initial; /* [more], at lyap_depth_multiple[LYAP_DEPTH_AT] */
    double *own;                     /* [starts], onset over its own 2/sharpness; infinite: none of the rates */
    struct lyap_estimate onset;      /* median of that over the starts; infinite: more than half have none */
    double from_start, never;        /* shares of the starts that are positive at the lowest rate, and at none */
    struct lyap_correlations correlation;
};

struct lyap_depth {
    size_t starts, more; /* of the onset, and of the correlation (at least as many) */
    uint32_t steps;
    struct lyap_depth_result result[LYAP_DEPTH_CASES];
};

enum lyap_status lyap_depth_run(struct lyap_depth *q, size_t starts, size_t more, uint32_t steps,
                                const struct lyap_report_options *options, struct lyap_report *report,
                                struct lyap_error *error);
void lyap_depth_free(struct lyap_depth *q);

/* Which of the rates is the first at which exponent[rates][starts] of a start is positive; LYAP_DEPTH_RATES: none. */
size_t lyap_depth_onset(const double *exponent, size_t starts, size_t start);

#endif
