/* Up to where gradient descent is stable at a point with a known Hessian, in linear approximation. */
#ifndef LYAP_EDGE_H
#define LYAP_EDGE_H

#include <stdbool.h>

#include "lyapgrad/optimiser.h"

/* Whether there is an edge that the sharpness tells: not for adaptive optimisers, mini-batches, layers with rates of their own and
 * learning rates that change. */
bool lyap_edge_known(const struct lyap_optimiser *optimiser, int layers);

/* The learning rate at which steps from weights with this sharpness, the largest eigenvalue of the Hessian of the loss, stop to
 * contract: factor / (sharpness + c), c the weight decay, which adds c to every eigenvalue; the factor is 2 for gradient descent,
 * 2 (1 + mu) for heavy-ball momentum and 2 (1 + mu) / (1 + 2 mu) for Nesterov's (J. Cohen et al., ICLR (2021), appendix B).
 * 0 where it is not known, or sharpness + c is not above 0: every rate contracts or none does. */
double lyap_edge_rate(const struct lyap_optimiser *optimiser, int layers, double sharpness);

#endif
