/* Ranks, correlation, the Kolmogorov-Smirnov test, intervals of shares, and many tests at once. */
#include "lyapgrad/inference.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "stats/correlation.h"
#include "math/deterministic.h"
#include "lyapgrad/statistics.h"

/* A value and the place that it had. */
struct placed {
    double value;
    size_t place;
};

static int compare(const void *a, const void *b) {
    const struct placed *p = a, *q = b;
    if (p->value != q->value) return p->value < q->value ? -1 : 1;
    return (p->place > q->place) - (p->place < q->place);
}

/* Ascending by value, then by place; NULL when out of memory. */
static struct placed *sort_placed(const double *values, size_t n) {
    struct placed *sorted = malloc((n ? n : 1) * sizeof *sorted);
    if (!sorted) return NULL;
    for (size_t i = 0; i < n; i++) sorted[i] = (struct placed){values[i], i};
    if (n > 1) qsort(sorted, n, sizeof *sorted, compare);
    return sorted;
}

enum lyap_status lyap_rank(const double *values, size_t n, double *rank, struct lyap_error *error) {
    struct placed *sorted = sort_placed(values, n);
    if (!sorted) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the ranks of %zu values", n);
    for (size_t first = 0, end; first < n; first = end) {
        for (end = first + 1; end < n && sorted[end].value == sorted[first].value; end++) {
        }
        for (size_t i = first; i < end; i++) rank[sorted[i].place] = 0.5 * (double)(first + end + 1);
    }
    free(sorted);
    return LYAP_OK;
}

/* Mean, with a second pass that takes out the rounding of the first. */
static double mean_of(const double *values, size_t n) {
    double sum = 0, rest = 0;
    for (size_t i = 0; i < n; i++) sum += values[i];
    double mean = sum / (double)n;
    for (size_t i = 0; i < n; i++) rest += values[i] - mean;
    return mean + rest / (double)n;
}

static bool is_constant(const double *values, size_t n) {
    for (size_t i = 1; i < n; i++)
        if (values[i] != values[0]) return false;
    return true;
}

double lyap_correlate(const double *x, const double *y, size_t n) {
    if (n < 2 || is_constant(x, n) || is_constant(y, n)) return NAN;
    double mean_x = mean_of(x, n), mean_y = mean_of(y, n);
    double sxx = 0, syy = 0, sxy = 0;
    for (size_t i = 0; i < n; i++) {
        double dx = x[i] - mean_x, dy = y[i] - mean_y;
        sxx += dx * dx;
        syy += dy * dy;
        sxy += dx * dy;
    }
    if (!(sxx >= DBL_MIN && syy >= DBL_MIN && sxx <= DBL_MAX && syy <= DBL_MAX)) return NAN;
    return fmin(fmax(sxy / (sqrt(sxx) * sqrt(syy)), -1), 1);
}

double lyap_correlate_partial(double xy, double xz, double yz) {
    const double determined = 1e-12;
    double x_left = 1 - xz * xz, y_left = 1 - yz * yz;
    if (!(x_left > determined && y_left > determined)) return NAN;
    return fmin(fmax((xy - xz * yz) / sqrt(x_left * y_left), -1), 1);
}

static enum lyap_status check_sample(const char *name, const double *values, size_t n, struct lyap_error *error) {
    if (n < 3)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "correlation of %zu observations: at least 3 are needed", n);
    for (size_t i = 0; i < n; i++)
        if (!isfinite(values[i]))
            return lyap_fail(error, LYAP_ERROR_ARGUMENT, "correlation: %s %zu is not finite", name, i);
    if (is_constant(values, n))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "correlation: all %zu values of %s are equal", n, name);
    return LYAP_OK;
}

enum lyap_status lyap_pearson(const double *x, const double *y, size_t n, double *r, struct lyap_error *error) {
    enum lyap_status status = check_sample("x", x, n, error);
    if (!status) status = check_sample("y", y, n, error);
    if (status) return status;
    double value = lyap_correlate(x, y, n);
    if (isnan(value))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                         "correlation: the squares of the values leave the range of double precision");
    *r = value;
    return LYAP_OK;
}

enum lyap_status lyap_spearman(const double *x, const double *y, size_t n, double *r, struct lyap_error *error) {
    enum lyap_status status = check_sample("x", x, n, error);
    if (!status) status = check_sample("y", y, n, error);
    if (status) return status;
    double *ranks = malloc(2 * n * sizeof *ranks);
    if (!ranks) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the ranks of %zu values", n);
    status = lyap_rank(x, n, ranks, error);
    if (!status) status = lyap_rank(y, n, ranks + n, error);
    if (!status) *r = lyap_correlate(ranks, ranks + n, n);
    free(ranks);
    return status;
}

enum lyap_status lyap_partial(const double *x, const double *y, const double *z, size_t n, double *r,
                              struct lyap_error *error) {
    double xy = 0, xz = 0, yz = 0;
    enum lyap_status status = lyap_pearson(x, y, n, &xy, error);
    if (!status) status = lyap_pearson(x, z, n, &xz, error);
    if (!status) status = lyap_pearson(y, z, n, &yz, error);
    if (status) return status;
    double value = lyap_correlate_partial(xy, xz, yz);
    if (isnan(value))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "partial correlation: z determines %s",
                         1 - xz * xz <= 1 - yz * yz ? "x" : "y");
    *r = value;
    return LYAP_OK;
}

/* P(K > l) of Kolmogorov's distribution: 2 sum_{k>=1} (-1)^(k-1) exp(-2 k^2 l^2), and below 1, where that converges slowly,
 * 1 - sqrt(2 pi)/l sum_{k>=1} exp(-(2k-1)^2 pi^2 / (8 l^2)) (W. Feller, Ann. Math. Stat. 19, 177 (1948)). */
static double kolmogorov_tail(double l) {
    const double pi = 3.14159265358979323846, sqrt_two_pi = 2.50662827463100050242;
    double sum = 0;
    if (!(l > 0)) return 1;
    if (l < 1) {
        for (int k = 1; k <= 20; k++) {
            double odd = 2 * k - 1;
            sum += lyap_exp(-odd * odd * pi * pi / (8 * l * l));
        }
        return fmin(fmax(1 - sqrt_two_pi / l * sum, 0), 1);
    }
    for (int k = 20; k >= 1; k--) sum += (k % 2 ? 2 : -2) * lyap_exp(-2.0 * k * k * l * l);
    return fmin(fmax(sum, 0), 1);
}

enum lyap_status lyap_kolmogorov_smirnov(const double *x, size_t n, const double *y, size_t m, double *d, double *p,
                                         struct lyap_error *error) {
    if (n < 1 || m < 1)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "Kolmogorov-Smirnov: a sample is empty (%zu and %zu values)", n,
                         m);
    double *sorted = malloc((n + m) * sizeof *sorted);
    if (!sorted) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu values", n + m);
    for (size_t i = 0; i < n + m; i++) {
        sorted[i] = i < n ? x[i] : y[i - n];
        if (!isnan(sorted[i])) continue;
        free(sorted);
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "Kolmogorov-Smirnov: %s %zu is not a number", i < n ? "x" : "y",
                         i < n ? i : i - n);
    }
    const double *a = sorted, *b = sorted + n;
    lyap_sort(sorted, n);
    lyap_sort(sorted + n, m);
    double largest = 0, size_a = (double)n, size_b = (double)m;
    for (size_t i = 0, j = 0; i < n && j < m;) {
        double at = fmin(a[i], b[j]);
        while (i < n && a[i] == at) i++;
        while (j < m && b[j] == at) j++;
        largest = fmax(largest, fabs((double)i * size_b - (double)j * size_a)); /* n m |F_x - F_y| */
    }
    free(sorted);
    double root = sqrt(size_a * size_b / (size_a + size_b));
    *d = largest / (size_a * size_b);
    *p = kolmogorov_tail((root + 0.12 + 0.11 / root) * *d);
    return LYAP_OK;
}

struct lyap_estimate lyap_share(uint64_t hits, uint64_t n) {
    const double z = 1.959963984540054; /* 97.5 % quantile of the normal distribution */
    double size = (double)n, share = (double)hits / size, scale = 1 + z * z / size;
    double middle = (share + z * z / (2 * size)) / scale;
    double half = z / scale * sqrt(share * (1 - share) / size + z * z / (4 * size * size));
    return (struct lyap_estimate){share, hits == 0 ? 0 : fmax(middle - half, 0),
                                  hits == n ? 1 : fmin(middle + half, 1)};
}

enum lyap_status lyap_holm(const double *p, size_t n, double *adjusted, struct lyap_error *error) {
    for (size_t i = 0; i < n; i++)
        if (!(p[i] >= 0 && p[i] <= 1))
            return lyap_fail(error, LYAP_ERROR_ARGUMENT, "Holm: p %zu is %g; from 0 to 1 is allowed", i, p[i]);
    struct placed *sorted = sort_placed(p, n);
    if (!sorted) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu tests", n);
    double largest = 0;
    for (size_t i = 0; i < n; i++) {
        largest = fmax(largest, fmin(sorted[i].value * (double)(n - i), 1));
        adjusted[sorted[i].place] = largest;
    }
    free(sorted);
    return LYAP_OK;
}
