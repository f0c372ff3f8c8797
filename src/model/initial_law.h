/* Distributions of the initial weights and biases. */
#ifndef LYAP_MODEL_INITIAL_LAW_H
#define LYAP_MODEL_INITIAL_LAW_H

#include <stdbool.h>

#include "lyapgrad/initial_law.h"
#include "lyapgrad/network.h"
#include "lyapgrad/precision.h"

/* Distribution of a layer's initial weights or biases: shift + scale * a uniform or normal draw. */
struct lyap_law {
    bool normal;
    double shift, scale;
};

/* What a plan says of them, in its terms (lyapgrad/ensemble.h). */
struct lyap_initial {
    enum lyap_init_kind init;
    double init_a, init_b;
    enum lyap_bias_kind bias;
    double bias_a, bias_b;
    enum lyap_precision precision;
};

/* The laws of each layer's weights and biases, [layers][2]. */
void lyap_init_laws(const struct lyap_network *net, const struct lyap_initial *initial,
                    struct lyap_law laws[2 * LYAP_MAX_LAYERS]);

#endif
