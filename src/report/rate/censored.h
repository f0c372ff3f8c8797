/* Values of which some are known only to lie at or below a bound, or above one. */
#ifndef LYAP_REPORT_RATE_CENSORED_H
#define LYAP_REPORT_RATE_CENSORED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyapgrad/inference.h"
#include "lyapgrad/status.h"

enum lyap_censoring {
    LYAP_SEEN,     /* the value is known */
    LYAP_AT_MOST,  /* it is at or below the bound */
    LYAP_MORE_THAN /* it is above the bound */
};
struct lyap_bounded {
    double value; /* or the bound; finite */
    enum lyap_censoring kind;
};

/* The median of the maximum-likelihood distribution of doubly censored values (B. Turnbull, J. Am. Stat. Assoc. 69, 169 (1974)), found by
 * his self-consistency iteration; with values censored on one side alone it is Kaplan and Meier's estimate (J. Am. Stat. Assoc. 53, 457
 * (1958)). `sorted`: of[n], ascending by lyap_bounded_sort; weight[n]: how often each counts. NaN where half of the distribution lies below
 * or above everything that is seen. `scratch`[3 n]. */
double lyap_censored_median_of(const struct lyap_bounded *sorted, const uint32_t *weight, size_t n, double *scratch);

/* Ascending by value; at the same value those with LYAP_MORE_THAN last. */
void lyap_bounded_sort(struct lyap_bounded *values, size_t n);

/* The same median of sorted[n] with a percentile-bootstrap interval (lyap_bootstrap). LYAP_ERROR_ARGUMENT where it is undefined. */
enum lyap_status lyap_censored_median(const struct lyap_bounded *sorted, size_t n, uint32_t resamples, uint64_t seed,
                                      struct lyap_estimate *median, struct lyap_error *error);

#endif
