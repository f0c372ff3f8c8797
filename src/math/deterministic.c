/* SLEEF's "finz" family promises the same bits on every instruction set; its scalar functions are those of the scalar kernels. */
#include "math/deterministic.h"

#include <math.h>
#include <sleef.h>

/* sleef.h declares them to code that is compiled for the fused multiply-add alone, which no portable file is. */
double Sleef_finz_expd1_u10purecfma(double x);
double Sleef_finz_logd1_u10purecfma(double x);
double Sleef_finz_tanhd1_u35purecfma(double x);
Sleef_double_2 Sleef_finz_sincospid1_u35purecfma(double x);

double lyap_exp(double x) {
    return Sleef_finz_expd1_u10purecfma(x);
}

double lyap_log(double x) {
    return Sleef_finz_logd1_u10purecfma(x);
}

double lyap_cospi(double x) {
    return Sleef_finz_sincospid1_u35purecfma(x).y;
}

double lyap_sinpi(double x) {
    return Sleef_finz_sincospid1_u35purecfma(x).x;
}

void lyap_tanh_all(double *x, size_t n) {
    for (size_t i = 0; i < n; i++) x[i] = Sleef_finz_tanhd1_u35purecfma(x[i]);
}

void lyap_box_muller(double *u, size_t n) {
    for (size_t i = 0; i + 1 < n; i += 2) {
        double radius = sqrt(-2.0 * lyap_log(u[i] + 0x1p-53));
        double angle = 2.0 * u[i + 1];
        u[i] = radius * lyap_cospi(angle);
        u[i + 1] = radius * lyap_sinpi(angle);
    }
}
