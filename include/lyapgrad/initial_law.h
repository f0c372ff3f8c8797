/* Distributions of the initial weights and biases. */
#ifndef LYAPGRAD_INITIAL_LAW_H
#define LYAPGRAD_INITIAL_LAW_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Distribution of the initial weights. For the kinds named after their authors the layer sets the scale: standard deviation
 * sqrt(2 / (inputs + outputs)) (Glorot and Bengio 2010), sqrt(2 / inputs) (He et al. 2015), sqrt(1 / inputs) (LeCun et al.
 * 1998), mean 0, normal or uniform in +- sqrt(3) of that. */
enum lyap_init_kind {
    LYAP_INIT_UNIFORM, /* a = low, b = high: a + (b - a) * u, u in [0, 1) */
    LYAP_INIT_NORMAL,  /* a = mean, b = standard deviation: a + b * n */
    LYAP_INIT_GLOROT_UNIFORM,
    LYAP_INIT_GLOROT_NORMAL,
    LYAP_INIT_HE_UNIFORM,
    LYAP_INIT_HE_NORMAL,
    LYAP_INIT_LECUN_UNIFORM,
    LYAP_INIT_LECUN_NORMAL,
    LYAP_INIT_TORCH, /* PyTorch's own for a linear layer: weights and biases uniform in +- 1 / sqrt(inputs) */
    LYAP_INIT_COUNT
};

/* "uniform", "normal", "glorot-uniform", ... */
const char *lyap_init_name(enum lyap_init_kind kind);

/* True for the laws whose width follows from the layer's units: init_a and init_b of the plan are not used. */
bool lyap_init_is_scaled(enum lyap_init_kind kind);

/* Distribution of the initial biases. */
enum lyap_bias_kind {
    LYAP_BIAS_DEFAULT, /* that of the weights for uniform, normal and torch, zero for the other scaled kinds */
    LYAP_BIAS_ZERO,
    LYAP_BIAS_UNIFORM, /* bias_a = low, bias_b = high */
    LYAP_BIAS_NORMAL   /* bias_a = mean, bias_b = standard deviation */
};

#ifdef __cplusplus
}
#endif
#endif
