/* What is left of a quantity when others are held equal. */
#ifndef LYAP_REPORT_CORRELATION_RESIDUAL_H
#define LYAP_REPORT_CORRELATION_RESIDUAL_H

#include <stdbool.h>
#include <stddef.h>

#include "lyapgrad/inference.h"

enum { LYAP_HELD_MOST = 2 };

/* The residuals of values[n] in the least-squares regression on held[count][n] and a constant, to out[n]. `scratch`[LYAP_HELD_MOST][n].
 * Pearson's correlation of the residuals of two quantities is their partial correlation. False, with `out` undefined, where the
 * regression leaves less than 1e-8 of the standard deviation, which would be rounding. */
bool lyap_residual(const double *values, const double *const held[], size_t count, size_t n, double *out,
                   double *scratch);

#endif
