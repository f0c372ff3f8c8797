/* Correlation, resampling and tests. Everything is a function of its arguments and the seed, in the order of the values, and
 * goes through no function of the C library that rounds differently between platforms: the same bits everywhere. */
#ifndef LYAPGRAD_INFERENCE_H
#define LYAPGRAD_INFERENCE_H

#include <stddef.h>
#include <stdint.h>

#include "lyapgrad/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An estimate with its 95 % interval. */
struct lyap_estimate {
    double value, low, high;
};

/* Ranks 1 .. n of values[n] in their order, ties getting the mean of their ranks. LYAP_ERROR_MEMORY. */
enum lyap_status lyap_rank(const double *values, size_t n, double *rank, struct lyap_error *error);

/* Pearson's correlation of x[n] and y[n], and Spearman's, which is Pearson's of the ranks (C. Spearman, Am. J. Psychol. 15,
 * 72 (1904)). LYAP_ERROR_ARGUMENT for n < 3, constant x or y, or a value that is not finite. */
enum lyap_status lyap_pearson(const double *x, const double *y, size_t n, double *r, struct lyap_error *error);
enum lyap_status lyap_spearman(const double *x, const double *y, size_t n, double *r, struct lyap_error *error);

/* Partial correlation of x and y at equal z: (r_xy - r_xz r_yz) / sqrt((1 - r_xz^2)(1 - r_yz^2)). Also
 * LYAP_ERROR_ARGUMENT when z determines x or y. */
enum lyap_status lyap_partial(const double *x, const double *y, const double *z, size_t n, double *r,
                              struct lyap_error *error);

/* A statistic of the sample that `index`[n] selects, with repetitions, from what `context` holds; NaN where it is undefined. */
typedef double (*lyap_statistic)(const void *context, const uint32_t *index, size_t n);

/* Percentile bootstrap (B. Efron, Ann. Stat. 7, 1 (1979)) of any statistic of n observations: its value on the sample itself and
 * the 2.5 % and 97.5 % quantiles over `resamples` draws with replacement (at least 100; LYAP_RESAMPLES is a good number). Draw
 * i of resample r is observation floor(n u), u the uniform i of (seed, LYAP_STREAM_BOOTSTRAP, cell r). Undefined resamples are
 * left out; LYAP_ERROR_ARGUMENT when fewer than half are defined or n is 0 or more than 2^32-1, LYAP_ERROR_MEMORY. */
enum lyap_status lyap_bootstrap(lyap_statistic statistic, const void *context, size_t n, uint32_t resamples,
                                uint64_t seed, struct lyap_estimate *estimate, struct lyap_error *error);

/* 95 % bootstrap intervals of what is asked for most: the median of values[n], and the three correlations. */
enum lyap_status lyap_bootstrap_median(const double *values, size_t n, uint32_t resamples, uint64_t seed,
                                       struct lyap_estimate *estimate, struct lyap_error *error);
enum lyap_correlation { LYAP_PEARSON, LYAP_SPEARMAN, LYAP_PARTIAL };
struct lyap_observations {
    const double *x, *y; /* [n], not owned */
    const double *z;     /* [n], what LYAP_PARTIAL holds equal; else not used and may be NULL */
    size_t n;
};
enum lyap_status lyap_bootstrap_correlation(enum lyap_correlation kind, const struct lyap_observations *of,
                                            uint32_t resamples, uint64_t seed, struct lyap_estimate *estimate,
                                            struct lyap_error *error);

/* Two-sided permutation test of no correlation (Pearson of x, or of ranks handed in): (1 + #{|r'| >= |r|}) / (1 + shuffles), with
 * y shuffled by Fisher and Yates with the uniforms of (seed, LYAP_STREAM_BOOTSTRAP, cell 2^40 + shuffle) (B. Phipson, G. Smyth, Stat. Appl. Genet. Mol. Biol. 9, 39 (2010)). */
enum lyap_status lyap_permutation_correlation(const double *x, const double *y, size_t n, uint32_t shuffles,
                                              uint64_t seed, double *p, struct lyap_error *error);

/* Two-sided sign-flip permutation test that the mean of paired differences[n] is 0; signs from cells 2^41 + shuffle. */
enum lyap_status lyap_permutation_paired(const double *differences, size_t n, uint32_t shuffles, uint64_t seed,
                                         double *p, struct lyap_error *error);

/* Two-sample Kolmogorov-Smirnov: D = sup |F_x - F_y| and its asymptotic p (N. Smirnov, Ann. Math. Stat. 19, 279 (1948)) with
 * Stephens' correction (M. Stephens, J. R. Stat. Soc. B 32, 115 (1970)). x[n], y[m] in any order; LYAP_ERROR_ARGUMENT for an
 * empty sample or NaN. */
enum lyap_status lyap_kolmogorov_smirnov(const double *x, size_t n, const double *y, size_t m, double *d, double *p,
                                         struct lyap_error *error);

/* Wilson's 95 % interval of a share (E. Wilson, J. Am. Stat. Assoc. 22, 209 (1927)); n >= 1. */
struct lyap_estimate lyap_share(uint64_t hits, uint64_t n);

/* Holm's step-down adjustment of p[n] for n tests (S. Holm, Scand. J. Stat. 6, 65 (1979)): adjusted[n] in the order of p, at
 * most 1. LYAP_ERROR_ARGUMENT for a p outside [0, 1], LYAP_ERROR_MEMORY. */
enum lyap_status lyap_holm(const double *p, size_t n, double *adjusted, struct lyap_error *error);

enum { LYAP_RESAMPLES = 2000 };

/* Percentile-bootstrap 95 % interval of the mean of values[n]: lyap_bootstrap of the mean with LYAP_RESAMPLES
 * resamples. The values are taken in cell order, so the result does not depend on threads. LYAP_ERROR_ARGUMENT for n = 0, n above
 * 2^32-1, or a value that is not a number; LYAP_ERROR_MEMORY. */
enum lyap_status lyap_bootstrap_mean(const double *values, size_t n, uint64_t seed, double *mean, double *low,
                                     double *high, struct lyap_error *error);

#ifdef __cplusplus
}
#endif
#endif
