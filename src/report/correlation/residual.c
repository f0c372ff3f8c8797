#include "report/correlation/residual.h"

#include <math.h>

static double product(const double *a, const double *b, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += a[i] * b[i];
    return sum;
}

static void centre(const double *values, size_t n, double *out) {
    double sum = 0, rest = 0;
    for (size_t i = 0; i < n; i++) sum += values[i];
    for (size_t i = 0; i < n; i++) rest += values[i] - sum / (double)n;
    for (size_t i = 0; i < n; i++) out[i] = values[i] - sum / (double)n - rest / (double)n;
}

/* Takes the part along each of the orthogonal axes off; twice, since the first pass leaves rounding of what it takes. */
static void take_off(double *vector, const double *axes, size_t count, size_t n) {
    for (int pass = 0; pass < 2; pass++)
        for (size_t a = 0; a < count; a++) {
            const double *axis = axes + a * n;
            double length = product(axis, axis, n);
            double along = length > 0 ? product(vector, axis, n) / length : 0;
            for (size_t i = 0; i < n; i++) vector[i] -= along * axis[i];
        }
}

bool lyap_residual(const double *values, const double *const held[], size_t count, size_t n, double *out,
                   double *scratch) {
    const double least = 1e-8;
    for (size_t h = 0; h < count; h++) {
        double *axis = scratch + h * n;
        centre(held[h], n, axis);
        take_off(axis, scratch, h, n);
    }
    centre(values, n, out);
    double before = product(out, out, n);
    take_off(out, scratch, count, n);
    return product(out, out, n) > least * least * before;
}
