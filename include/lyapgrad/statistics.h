/* Statistics over cells: quantiles, correlation, regression, and a bounded-memory quantile sketch. All of them take the
 * values in cell order, so the result does not depend on threads. */
#ifndef LYAPGRAD_STATISTICS_H
#define LYAPGRAD_STATISTICS_H

#include <stddef.h>
#include <stdint.h>

#include "lyapgrad/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Quantile q in [0, 1] of ascending `sorted`[n], n >= 1: linear interpolation at (n-1)*q (Hyndman and Fan 1996,
 * type 7; the default of R and NumPy). */
double lyap_quantile(const double *sorted, size_t n, double q);

/* Sorts ascending in place; values must not be NaN. */
void lyap_sort(double *values, size_t n);

/* Ordinary least squares of y on x, with Pearson's r. */
struct lyap_regression {
    size_t n;
    double slope, intercept;
    double r;                        /* Pearson correlation */
    double p;                        /* two-sided p of r = 0, Student's t with n-2 degrees of freedom */
    double mean_x, sxx, residual_sd; /* what the band needs; residual_sd has n-2 degrees of freedom */
    double t95;                      /* 97.5 % quantile of Student's t with n-2 degrees of freedom */
};

/* Fits y[n] on x[n]. Returns LYAP_ERROR_ARGUMENT for n < 3 or when x or y is constant. */
enum lyap_status lyap_regress(const double *x, const double *y, size_t n, struct lyap_regression *fit,
                              struct lyap_error *error);

/* Half width of the pointwise 95 % confidence band of the mean response at x:
 * t95 * residual_sd * sqrt(1/n + (x - mean_x)^2 / sxx). */
double lyap_regression_band(const struct lyap_regression *fit, double x);

/* Upper tail P(|T| > |t|) of Student's t, and its inverse t(q) for 0.5 < q < 1; df >= 1. */
double lyap_student_p(double t, double df);
double lyap_student_quantile(double q, double df);

/* Quantile sketch in constant memory (about 2 MB): a histogram over sign, exponent and the ten leading mantissa bits.
 * Quantiles are exact to 0.1 % relative for magnitudes in [2^-64, 2^64); smaller ones count as 0, larger ones as the end.
 * Adding is exact and order-free. */
struct lyap_sketch;
struct lyap_sketch *lyap_sketch_new(void); /* NULL when out of memory; the caller frees */
void lyap_sketch_free(struct lyap_sketch *sketch);
void lyap_sketch_add(struct lyap_sketch *sketch, double value); /* finite */
uint64_t lyap_sketch_count(const struct lyap_sketch *sketch);
double lyap_sketch_quantile(const struct lyap_sketch *sketch, double q); /* 0 when empty */

#ifdef __cplusplus
}
#endif
#endif
