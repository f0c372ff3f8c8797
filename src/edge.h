/* What gradient descent does near a point with a known Hessian, in linear approximation. */
#ifndef LYAP_EDGE_H
#define LYAP_EDGE_H

#include <stdbool.h>

#include "lyapgrad/ensemble.h"

/* The sharpness times learning rate under which steps contract: 2 for gradient descent, 2 (1 + mu) for heavy-ball momentum, 2 (1 + mu) /
 * (1 + 2 mu) for Nesterov's (J. Cohen et al., ICLR (2021), appendix B). 0 where no such number is known: adaptive optimisers,
 * mini-batches, layers with rates of their own, schedules. */
double lyap_edge_factor(const struct lyap_optimiser *optimiser, int layers);

/* Growth in nats per step along a direction of curvature -h, h >= 0: how fast descent itself, at however small steps, takes
 * neighbours apart on their way out of a saddle. ln of the largest root r of r = 1 + lr h (gradient descent), of r^2 - (1 + mu + lr h) r
 * + mu = 0 (momentum), of r^2 - (1 + mu)(1 + lr h) r + mu (1 + lr h) = 0 (Nesterov). +infinity where none is known. */
double lyap_descent_growth(const struct lyap_optimiser *optimiser, int layers, double lr, double h);

#endif
