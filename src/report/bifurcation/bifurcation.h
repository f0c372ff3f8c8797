/* Bifurcation diagrams of gradient descent: where the weights settle, against the learning rate. */
#ifndef LYAP_REPORT_BIFURCATION_H
#define LYAP_REPORT_BIFURCATION_H

#include "report/cells.h"

/* The value of parameter `which` of the plan's start number `start` after transient + 1 .. transient + kept updates at each of
 * rates[n]: out[n][kept], NaN from where the training overflowed. Precision, network and data are the plan's, the method is
 * plain gradient descent. */
enum lyap_status lyap_bifurcation_points(const struct lyap_plan *plan, uint64_t start, const double *rates, size_t n,
                                         uint32_t transient, uint32_t kept, size_t which, double *out,
                                         struct lyap_error *error);

#endif
