#include "math/deterministic.h"

#include <math.h>

#include "simd/kernels.h"

static double map1(enum lyap_map operation, double x) {
    double result;
    lyap_kernels_scalar_f64.map((int)operation, &x, &x, &x, &result, 1);
    return result;
}

double lyap_exp(double x) {
    return map1(LYAP_MAP_EXP, x);
}

double lyap_log(double x) {
    return map1(LYAP_MAP_LOG, x);
}

double lyap_cospi(double x) {
    return map1(LYAP_MAP_COSPI, x);
}

double lyap_sinpi(double x) {
    return map1(LYAP_MAP_SINPI, x);
}

void lyap_tanh_all(double *x, size_t n) {
    lyap_kernels_scalar_f64.map(LYAP_MAP_TANH, x, x, x, x, n);
}

void lyap_box_muller(double *u, size_t n) {
    for (size_t i = 0; i + 1 < n; i += 2) {
        double radius = sqrt(-2.0 * lyap_log(u[i] + 0x1p-53));
        double angle = 2.0 * u[i + 1];
        u[i] = radius * lyap_cospi(angle);
        u[i + 1] = radius * lyap_sinpi(angle);
    }
}
