/* The reference's loss and gradient, where a lack of memory and a loss that is no number are different. */
#ifndef LYAP_REFERENCE_GRADIENT_H
#define LYAP_REFERENCE_GRADIENT_H

#include <stdbool.h>

#include "lyapgrad/dataset.h"
#include "lyapgrad/network.h"

/* lyap_reference_gradient to *loss; false when out of memory. */
bool lyap_reference_evaluate(const struct lyap_network *net, const struct lyap_dataset *data, const double *w,
                             double *gradient, double *loss);

#endif
