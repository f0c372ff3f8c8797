/* Whether ranks are uniform between 0 and 1, by the test of Anderson and Darling, and what that test would find. */
#ifndef LYAP_REPORT_PUBLISHED_UNIFORM_H
#define LYAP_REPORT_PUBLISHED_UNIFORM_H

#include <stddef.h>
#include <stdint.h>

#include "lyapgrad/status.h"

enum { LYAP_UNIFORM_SETS = 10000 };

/* A^2 = -n - sum (2 i - 1)/n (ln u_i + ln(1 - u_(n+1-i))) of u[n] in (0, 1), which are sorted (T. Anderson, D. Darling, J. Am. Stat. Assoc. 49,
 * 765 (1954)). It weighs the tails, where values beyond ours are. n >= 1. */
double lyap_anderson_darling(double *u, size_t n);

/* A^2 of LYAP_UNIFORM_SETS sets of n uniforms of the seed (LYAP_STREAM_BOOTSTRAP, cells 2^43 + set), ascending, to reference[LYAP_UNIFORM_SETS].
 * LYAP_ERROR_MEMORY. */
enum lyap_status lyap_uniform_reference(size_t n, uint64_t seed, double *reference, struct lyap_error *error);

/* (1 + number of the reference's that are at least a) / (1 + LYAP_UNIFORM_SETS). */
double lyap_uniform_p(const double *reference, double a);

#endif
