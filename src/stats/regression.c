/* Quantiles, least squares, and Student's t. */
#include "lyapgrad/statistics.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

static int compare(const void *a, const void *b) {
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

void lyap_sort(double *values, size_t n) {
    if (n > 1) qsort(values, n, sizeof *values, compare);
}

double lyap_quantile(const double *sorted, size_t n, double q) {
    double position = (double)(n - 1) * fmin(fmax(q, 0), 1);
    size_t low = (size_t)position;
    double fraction = position - (double)low;
    double value = sorted[low];
    if (fraction > 0) value += fraction * (sorted[low + 1] - sorted[low]);
    return value + 0.0; /* never -0.0, whose place among zeros the sort leaves open */
}

/* B(a, b) I_x(a, b) / (x^a y^b), y = 1 - x, by the continued fraction of A. R. Didonato and A. H. Morris, ACM Trans.
 * Math. Softw. 18, 360 (1992), for a y >= b x, where none of its terms cancels even for huge a. Evaluated by Lentz's
 * method (W. J. Lentz, Appl. Opt. 15, 668 (1976)). */
static double beta_fraction(double a, double b, double x, double y) {
    double excess = a * y - b * x;
    double value = a * (excess + 1) / (a + 1);
    double numerator = value;
    double denominator = 0;
    for (int term = 1; term < 100000; term++) {
        double n = term;
        double odd = a + 2 * n - 1;
        double alpha = (a + n - 1) / odd * ((a + b + n - 1) / odd) * (n * (b - n) * x * x);
        double beta = n + n * (b - n) * x / odd + (a + n) * (excess + 1 + n * (2 - x)) / (odd + 2);
        denominator = 1 / (beta + alpha * denominator);
        numerator = beta + alpha / numerator;
        value *= numerator * denominator;
        if (fabs(numerator * denominator - 1) <= DBL_EPSILON) break;
    }
    return 1 / value;
}

/* ln( Gamma(a + 1/2) / Gamma(a) ); for large a the asymptotic series (DLMF 5.11.13), because lgamma's difference would
 * lose its digits. */
static double log_half_step(double a) {
    if (a < 40) return log(tgamma(a + 0.5) / tgamma(a));
    double r = 1 / a;
    return 0.5 * log(a) - r * (1.0 / 8 - r * r * (1.0 / 192 - r * r * (1.0 / 640 - r * r * (17.0 / 14336))));
}

/* P(|T| > |t|) = I_x(df/2, 1/2) with x = df / (df + t^2), the regularised incomplete beta function
 * (Abramowitz and Stegun 26.7.1, 26.5.27). */
double lyap_student_p(double t, double df) {
    if (isnan(t) || !(df >= 1)) return NAN;
    if (t == 0) return 1;
    double a = df / 2;
    double ratio = t / sqrt(df) * (t / sqrt(df)); /* t^2 / df, finite for more t than t^2 */
    if (isinf(ratio)) return 0;
    double x = 1 / (1 + ratio);
    double y = ratio / (1 + ratio); /* 1 - x without cancellation */
    /* x^a y^(1/2) / B(a, 1/2), with Gamma(1/2) = sqrt(pi) */
    const double log_sqrt_pi = 0.57236494292470008707;
    double front = exp(log_half_step(a) - log_sqrt_pi - a * log1p(ratio) + 0.5 * log(y));
    if (a * y >= 0.5 * x) return front * beta_fraction(a, 0.5, x, y);
    return 1 - front * beta_fraction(0.5, a, y, x);
}

double lyap_student_quantile(double q, double df) {
    if (!(q > 0.5 && q < 1) || !(df >= 1)) return NAN;
    double tail = 2 * (1 - q); /* two-sided */
    double low = 0;
    double high = 1;
    while (lyap_student_p(high, df) > tail) {
        low = high;
        high *= 2;
    }
    for (;;) {
        double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high) return middle;
        if (lyap_student_p(middle, df) > tail) {
            low = middle;
        } else {
            high = middle;
        }
    }
}

static bool is_constant(const double *values, size_t n) {
    for (size_t i = 1; i < n; i++) {
        if (values[i] != values[0]) return false;
    }
    return true;
}

/* Mean, with a second pass that takes out the rounding of the first. */
static double mean_of(const double *values, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += values[i];
    double mean = sum / (double)n;
    double rest = 0;
    for (size_t i = 0; i < n; i++) rest += values[i] - mean;
    return mean + rest / (double)n;
}

enum lyap_status lyap_regress(const double *x, const double *y, size_t n, struct lyap_regression *fit,
                              struct lyap_error *error) {
    if (n < 3) return lyap_fail(error, LYAP_ERROR_ARGUMENT, "regression of %zu points: at least 3 are needed", n);
    if (is_constant(x, n) || is_constant(y, n)) {
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "regression: all %zu values of %s are equal", n,
                         is_constant(x, n) ? "x" : "y");
    }
    double mean_x = mean_of(x, n);
    double mean_y = mean_of(y, n);
    double sxx = 0, syy = 0, sxy = 0;
    for (size_t i = 0; i < n; i++) {
        sxx += (x[i] - mean_x) * (x[i] - mean_x);
        syy += (y[i] - mean_y) * (y[i] - mean_y);
        sxy += (x[i] - mean_x) * (y[i] - mean_y);
    }
    if (!(sxx >= DBL_MIN && syy >= DBL_MIN && sxx <= DBL_MAX && syy <= DBL_MAX)) {
        return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                         "regression: the squares of the values leave the range of double precision");
    }
    double slope = sxy / sxx;
    double residual = 0;
    for (size_t i = 0; i < n; i++) {
        double e = y[i] - mean_y - slope * (x[i] - mean_x);
        residual += e * e;
    }
    double df = (double)(n - 2);
    double r = residual > 0 ? sxy / (sqrt(sxx) * sqrt(syy)) : copysign(1, slope);
    fit->n = n;
    fit->slope = slope;
    fit->intercept = mean_y - slope * mean_x;
    fit->r = fmin(fmax(r, -1), 1);
    /* t = r sqrt(df / (1 - r^2)), with 1 - r^2 = residual / syy, which keeps its digits near |r| = 1 */
    fit->p = residual > 0 ? lyap_student_p(fit->r * sqrt(df * (syy / residual)), df) : 0;
    fit->mean_x = mean_x;
    fit->sxx = sxx;
    fit->residual_sd = sqrt(residual / df);
    fit->t95 = lyap_student_quantile(0.975, df);
    return LYAP_OK;
}

double lyap_regression_band(const struct lyap_regression *fit, double x) {
    double dx = x - fit->mean_x;
    return fit->t95 * fit->residual_sd * sqrt(1 / (double)fit->n + dx * dx / fit->sxx);
}
