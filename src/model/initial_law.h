/* Distributions of the initial weights and biases. */
#ifndef LYAP_INIT_H
#define LYAP_INIT_H

#include <stdbool.h>

#include "lyapgrad/ensemble.h"

/* Distribution of a layer's initial weights or biases: shift + scale * a uniform or normal draw. */
struct lyap_law {
    bool normal;
    double shift, scale;
};

/* The laws of each layer's weights and biases, [layers][2]. */
void lyap_init_laws(const struct lyap_plan *plan, struct lyap_law laws[2 * LYAP_MAX_LAYERS]);

#endif
