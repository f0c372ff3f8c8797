/* Q2: does the exponent survive the noise of mini-batches? The computing half.
 *
 * The same starts and tangents at several learning rates, with the full batch and with mini-batches of several sizes, each in two orders of
 * the samples. Two rank correlations (C. Spearman) tell whether the exponents mean the same:
 *
 *   over starts   at one learning rate, over the starts; the mean of it over the learning rates
 *   over rates    from one start, over the learning rates; the mean of it over the starts
 *
 * `agree` is that of a batch size with the full batch, `repeat` that of two orders with the same batch size. For the full batch `repeat` is
 * that of two random tangents from the same start. */
#ifndef LYAP_REPORT_QUESTIONS_BATCHES_H
#define LYAP_REPORT_QUESTIONS_BATCHES_H

#include <stdbool.h>

#include "report/common/sample.h"

enum {
    LYAP_BATCH_CASES = 2,
    LYAP_BATCH_SIZES = 5,  /* the first is the full batch */
    LYAP_BATCH_JUDGED = 2, /* which of them is a quarter of the samples */
    LYAP_BATCH_RATES = 6,
    LYAP_BATCH_ORDERS = 2,
    LYAP_BATCH_RESAMPLES = 300
};
extern const struct lyap_subject lyap_batch_subjects[LYAP_BATCH_CASES];
extern const uint64_t lyap_batch_size[LYAP_BATCH_SIZES]; /* samples */
extern const double lyap_batch_rate[LYAP_BATCH_RATES];

struct lyap_batch_agreement {
    struct lyap_estimate starts, rates;
};

struct lyap_batches {
    size_t starts;
    uint32_t steps;
    double *exponent[LYAP_BATCH_CASES][LYAP_BATCH_SIZES]
                    [LYAP_BATCH_ORDERS]; /* [rates][starts], nats per step, NaN undefined; owned */
    struct lyap_batch_agreement agree[LYAP_BATCH_CASES][LYAP_BATCH_SIZES], repeat[LYAP_BATCH_CASES][LYAP_BATCH_SIZES];
};

enum lyap_status lyap_batches_run(struct lyap_batches *q, size_t starts, uint32_t steps,
                                  const struct lyap_report_options *options, struct lyap_report *report,
                                  struct lyap_error *error);
void lyap_batches_free(struct lyap_batches *q);

/* Exponents of the same starts and learning rates, [rates][starts] each. */
struct lyap_batch_pair {
    const double *x, *y;
    size_t starts;
    double *room; /* [4 * starts], at least 4 * LYAP_BATCH_RATES */
    bool *failed; /* set when there was no memory for ranks, and the value is not to be used */
};
/* The two means of rank correlations for the starts index[n], n <= starts: lyap_statistics of a struct lyap_batch_pair. Rows of fewer than
 * three pairs of numbers or of equal values are passed over; NaN where all are. */
double lyap_batch_over_starts(const void *pair, const uint32_t *index, size_t n);
double lyap_batch_over_rates(const void *pair, const uint32_t *index, size_t n);

#endif
