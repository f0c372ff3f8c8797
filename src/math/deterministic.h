/* Elementary functions with the same bits on every platform, from SLEEF's deterministic scalar family. Use them wherever a
 * value enters a result; the C library's differ between platforms. */
#ifndef LYAP_MATH_DETERMINISTIC_H
#define LYAP_MATH_DETERMINISTIC_H

#include <stddef.h>

double lyap_exp(double x);   /* within 1 ulp */
double lyap_log(double x);   /* within 1 ulp; natural logarithm */
double lyap_cospi(double x); /* cos(pi x) */
double lyap_sinpi(double x); /* sin(pi x) */

/* x[i] becomes tanh(x[i]), within 1 ulp. */
void lyap_tanh_all(double *x, size_t n);

/* Standard normals from uniforms, in place: (u[2j], u[2j+1]) become a Box-Muller pair; n is even. */
void lyap_box_muller(double *u, size_t n);

#endif
