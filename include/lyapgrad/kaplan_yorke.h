/* The Kaplan-Yorke dimension (J. Kaplan, J. Yorke, Lect. Notes Math. 730, 204 (1979)). */
#ifndef LYAPGRAD_KAPLAN_YORKE_H
#define LYAPGRAD_KAPLAN_YORKE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The dimension from exponents[n], in any order, of a system of `dimension` dimensions: with the exponents in descending order, the
 * largest j whose first j sum to at least 0, plus that sum / |exponent j+1|; 0 where the first is negative. -1 where the
 * exponents end before their sum turns negative and some of the system's are missing (n < dimension), or n is 0; else n. */
double lyap_kaplan_yorke(const double *exponents, size_t n, size_t dimension);

#ifdef __cplusplus
}
#endif
#endif
