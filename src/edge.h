/* Up to where gradient descent is stable at a point with a known Hessian, in linear approximation. */
#ifndef LYAP_EDGE_H
#define LYAP_EDGE_H

#include "lyapgrad/ensemble.h"

/* The sharpness times learning rate under which steps contract: 2 for gradient descent, 2 (1 + mu) for heavy-ball momentum, 2 (1 + mu) /
 * (1 + 2 mu) for Nesterov's (J. Cohen et al., ICLR (2021), appendix B). 0 where no such number is known: adaptive optimisers,
 * mini-batches, layers with rates of their own, schedules. */
double lyap_edge_factor(const struct lyap_optimiser *optimiser, int layers);

#endif
