/* The edge of stability: up to which learning rate training is stable at weights whose sharpness is known, in linear
 * approximation (J. Cohen, S. Kaur, Y. Li, Z. Kolter, A. Talwalkar, ICLR (2021)). The sharpness is the largest
 * eigenvalue of the Hessian of the training loss, as lyapgrad/spectrum.h measures it with plan.curvature.
 *
 *   lyap_optimiser_defaults(&plan.optimiser, LYAP_GD);
 *   double highest = lyap_edge_rate(&plan.optimiser, net.layers, 4); // 2 / 4 */
#ifndef LYAPGRAD_EDGE_H
#define LYAPGRAD_EDGE_H

#include <stdbool.h>

#include "lyapgrad/optimiser.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Whether the sharpness tells the edge for this optimiser: not for adaptive optimisers, mini-batches, layers with
 * learning rates of their own, and learning rates that change.
 *   layers   number of weight layers: the first `layers` entries of optimiser->layer_rate count */
bool lyap_edge_known(const struct lyap_optimiser *optimiser, int layers);

/* The learning rate at which steps from weights with this sharpness stop to contract: factor / (sharpness + c), c the
 * weight decay, which adds c to every eigenvalue. The factor is 2 for gradient descent, 2 (1 + mu) for heavy-ball
 * momentum and 2 (1 + mu) / (1 + 2 mu) for Nesterov's (J. Cohen et al., ICLR (2021), appendix B).
 *   sharpness   loss per squared unit of weight
 * 0 where lyap_edge_known is false, or sharpness + c is not above 0 or not finite: every rate contracts or none does.
 */
double lyap_edge_rate(const struct lyap_optimiser *optimiser, int layers, double sharpness);

#ifdef __cplusplus
}
#endif
#endif
