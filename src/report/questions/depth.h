/* Q3: depth and width with standard initial laws. The computing half.
 *
 * Networks of one to four hidden layers, Glorot's law for tanh and He's for ReLU, biases 0. Learning rates are multiples of 2/sharpness of
 * the median start. Two onsets of a start are looked for, over 2/sharpness of its own initial weights: the first rate at which its exponent is
 * positive, and at which its tangent grows by more than ten nats over the run, on a line over the logarithm of the rate. At one multiple
 * more starts give the correlation of exponent and final loss at equal initial loss. Exponents are those of a tangent: the hybrid would cost
 * twelve times as much. */
#ifndef LYAP_REPORT_QUESTIONS_DEPTH_H
#define LYAP_REPORT_QUESTIONS_DEPTH_H

#include "report/common/sample.h"

enum {
    LYAP_DEPTH_CASES = 10,
    LYAP_DEPTH_RATES = 6,
    LYAP_DEPTH_AT = 2, /* half of 2/sharpness */
    LYAP_DEPTH_ONSETS = 2,
    LYAP_DEPTH_RESAMPLES = 400
};
extern const struct lyap_subject lyap_depth_subjects[LYAP_DEPTH_CASES];
static const double LYAP_DEPTH_NATS = 10;
extern const double lyap_depth_multiple[LYAP_DEPTH_RATES]; /* of 2/sharpness, ascending */

struct lyap_depth_result {
    size_t hidden, width, parameters;
    double edge;       /* median over the starts of 2/sharpness */
    double *sharpness; /* [starts]; owned, as the next four */
    double *exponent;  /* [rates][starts], nats per step; infinite for a diverged run, NaN where undefined */
    double *lambda, *loss, *initial; /* [more], at lyap_depth_multiple[LYAP_DEPTH_AT] */
    double *own;                     /* [onsets][starts], over its own 2/sharpness; infinite: none of the rates */
    /* Median of that over the starts; infinite: at least half have none. Shares of the starts that have it at the lowest rate, and at none. */
    struct lyap_estimate onset[LYAP_DEPTH_ONSETS];
    double lowest[LYAP_DEPTH_ONSETS], never[LYAP_DEPTH_ONSETS];
    struct lyap_correlations correlation;
};

struct lyap_depth_sizes {
    size_t starts, more; /* of the onsets, and of the correlation */
    uint32_t steps;
};

struct lyap_depth {
    struct lyap_depth_sizes sizes;
    struct lyap_depth_result result[LYAP_DEPTH_CASES];
};

enum lyap_status lyap_depth_run(struct lyap_depth *q, const struct lyap_depth_sizes *sizes,
                                const struct lyap_report_options *options, struct lyap_report *report,
                                struct lyap_error *error);
void lyap_depth_free(struct lyap_depth *q);

/* The first multiple at which exponent[rates][starts] of a start is above `level`, on a line over the logarithm from the one before; infinite:
 * none. */
double lyap_depth_onset(const double *exponent, size_t starts, size_t start, double level);

#endif
