/* The paper's hybrid "Kantz-Wolf" exponent from a series of mean neighbour distances (T. Mittra, arXiv 2410.05988;
 * after H. Kantz, Phys. Lett. A 185, 77 (1994) and A. Wolf et al., Physica D 16, 285 (1985)).
 *
 * With d(t) the distance after update t, t = 0 .. T-1, and m the last epoch before an escape (d > escape), an overflow,
 * a zero distance or an underflow (m = T-1 if none happens):
 *
 *   lambda_kw   = (1/m) * sum over i = 1 .. m of ln( d(i) / d(0) )      [nats]
 *       the published mean of CUMULATIVE log ratios. For d growing as exp(r t) it is r (m+1)/2: it grows with the
 *       length of the run and is no rate.
 *   lambda_step = (1/m) * ln( d(m) / d(0) )                             [nats per step]
 *       the mean of ln( d(i)/d(i-1) ). For d growing as exp(r t) it is r.
 *
 * Both are finite-time, finite-size growth measures of the ensemble; neither alone proves chaos. */
#ifndef LYAPGRAD_ESTIMATOR_H
#define LYAPGRAD_ESTIMATOR_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct lyap_exponents {
    double lambda_kw;   /* nats */
    double lambda_step; /* nats per step */
    uint32_t terms;     /* m above; 0: undefined, and both values are 0 */
};

/* The two exponents of one series of `length` positive finite distances (the caller has cut the series at the event).
 * Logarithms are SLEEF's deterministic ones, so the bits are the same on every machine. */
struct lyap_exponents lyap_kantz_wolf(const double *distance, size_t length);

/* step[i] = ln( d(i) / d(i-1) ) for i = 1 .. length-1, step[0] = 0; nats per step. */
void lyap_step_exponents(const double *distance, size_t length, double *step);

#ifdef __cplusplus
}
#endif
#endif
