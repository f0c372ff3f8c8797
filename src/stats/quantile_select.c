#include "stats/quantile_select.h"

#include <math.h>

static void swap(double *a, double *b) {
    double t = *a;
    *a = *b;
    *b = t;
}

/* Reorders so that values[k] has the place it would have in ascending order, nothing before it is larger and nothing
 * behind it smaller (C. A. R. Hoare, "Algorithm 65: FIND", Commun. ACM 4, 321 (1961), with the middle value as the
 * pivot). */
static void find(double *values, size_t n, size_t k) {
    size_t first = 0, last = n - 1;
    while (first < last) {
        double pivot = values[first + (last - first) / 2];
        size_t i = first, j = last;
        for (;;) {
            while (values[i] < pivot) i++;
            while (values[j] > pivot) j--;
            if (i >= j) break;
            swap(&values[i++], &values[j--]);
        }
        /* values[first .. i-1] <= pivot <= values[i .. last], and i == j only where the pivot alone stands between */
        if (k < i) {
            last = i - 1;
        } else if (i < j + 1) {
            if (k == i) return;
            first = i + 1;
        } else {
            first = i;
        }
    }
}

double lyap_select_quantile(double *values, size_t n, double q) {
    double position = (double)(n - 1) * fmin(fmax(q, 0), 1);
    size_t low = (size_t)position;
    double fraction = position - (double)low;
    find(values, n, low);
    double value = values[low];
    if (fraction > 0) {
        double next = values[low + 1]; /* the smallest of those behind */
        for (size_t i = low + 2; i < n; i++)
            if (values[i] < next) next = values[i];
        value += fraction * (next - value);
    }
    return value + 0.0; /* never -0.0 */
}

void lyap_select_quartiles(double *values, size_t n, double quartile[3]) {
    for (int i = 0; i < 3; i++) quartile[i] = lyap_select_quantile(values, n, 0.25 * (i + 1));
}
