#include "stats/log_grid.h"

#include <math.h>

#include "math/deterministic.h"

double lyap_log_between(double low, double high, double share) {
    const double from = lyap_log(low), to = lyap_log(high);
    return lyap_exp(fma(to - from, share, from));
}

double lyap_log_between_rounded(double low, double high, double share) {
    const double from = lyap_log(low), to = lyap_log(high);
    return lyap_exp(from + (to - from) * share);
}

void lyap_log_grid(double low, double high, size_t n, double *grid) {
    const double from = lyap_log(low), to = lyap_log(high);
    for (size_t i = 0; i < n; i++) grid[i] = lyap_exp(from + (to - from) * (double)i / (double)(n - 1));
    grid[0] = low;
    grid[n - 1] = high;
}
