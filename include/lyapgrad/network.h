/* The network whose training is the dynamical system: its shape, activations and loss.
 *
 *   struct lyap_network net;
 *   lyap_network_init(&net, "2-2-1", LYAP_SIGMOID, LYAP_SIGMOID, LYAP_MSE, &error);
 *   size_t p = lyap_network_parameters(&net);   // 9
 *
 * Parameter order, everywhere in the project: layer by layer from the input; within a layer first the weights
 * row-major as [input][output], then the biases [output]. "2-2-1" is
 * w00 w01 w10 w11 b0 b1 | v0 v1 c, where w01 leads from input 0 to hidden unit 1. */
#ifndef LYAPGRAD_NETWORK_H
#define LYAPGRAD_NETWORK_H

#include <stddef.h>

#include "lyapgrad/status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LYAP_MAX_LAYERS = 64, LYAP_MAX_WIDTH = 1 << 20 };

/* LYAP_LINEAR, LYAP_SIGMOID ... and their names. f(z) and its derivative: linear z, 1; sigmoid s(z) = 1/(1+exp(-z)), f(1-f); tanh, 1-f^2; ReLU max(z,0), 1 where z > 0
 * and 0 elsewhere, at 0 too; leaky ReLU z where z > 0, else 0.01 z; ELU z where z > 0, else e^z - 1; softplus ln(1+e^z),
 * s(z); GELU z Phi(z), Phi the normal distribution function (exact, no tanh); SiLU z s(z); sin z, cos z. */
#define LYAP_ACTIVATION_LIST(X)                                                                                        \
    X(LINEAR, "linear")                                                                                                \
    X(SIGMOID, "sigmoid")                                                                                              \
    X(TANH, "tanh")                                                                                                    \
    X(RELU, "relu")                                                                                                    \
    X(LEAKY_RELU, "leaky-relu")                                                                                        \
    X(ELU, "elu")                                                                                                      \
    X(SOFTPLUS, "softplus")                                                                                            \
    X(GELU, "gelu")                                                                                                    \
    X(SILU, "silu")                                                                                                    \
    X(SIN, "sin")

enum lyap_activation {
    LYAP_LINEAR,
    LYAP_SIGMOID,
    LYAP_TANH,
    LYAP_RELU,
    LYAP_LEAKY_RELU,
    LYAP_ELU,
    LYAP_SOFTPLUS,
    LYAP_GELU,
    LYAP_SILU,
    LYAP_SIN,
    LYAP_ACTIVATION_COUNT
};

/* LYAP_MSE the mean over samples and outputs of (y - target)^2, no factor 1/2. LYAP_BCE the mean over samples and outputs
 * of the binary cross-entropy in nats, which needs a sigmoid output and targets in [0, 1] and is computed from the logits z
 * as max(z,0) - z*target + ln(1 + exp(-|z|)). LYAP_SOFTMAX the mean over samples of the cross-entropy -sum_o target_o ln
 * p_o of p = softmax(z), which needs a linear output of two units or more and targets in [0, 1] that sum to 1 in each
 * sample. */
enum lyap_loss { LYAP_MSE, LYAP_BCE, LYAP_SOFTMAX, LYAP_LOSS_COUNT };

struct lyap_network {
    int layers;                                       /* weight layers, 1 .. LYAP_MAX_LAYERS */
    int sizes[LYAP_MAX_LAYERS + 1];                   /* units: sizes[0] inputs ... sizes[layers] outputs */
    enum lyap_activation activation[LYAP_MAX_LAYERS]; /* of the units that layer l feeds */
    enum lyap_loss loss;
};

/* Builds a network from text.
 *   shape    sizes joined by '-', at least two, each 1 .. LYAP_MAX_WIDTH: "2-2-1", "3-8-4-1", "2-1"
 *   hidden   activation of every hidden layer
 *   output   activation of the output layer
 *   loss     LYAP_BCE demands a sigmoid output, LYAP_SOFTMAX a linear one
 * `net` is a plain value without allocations. Returns LYAP_ERROR_ARGUMENT for a malformed shape, a size out of range,
 * too many layers, more than 2^31 parameters, or a loss that does not fit the output. */
enum lyap_status lyap_network_init(struct lyap_network *net, const char *shape, enum lyap_activation hidden,
                                   enum lyap_activation output, enum lyap_loss loss, struct lyap_error *error);

/* Gives the hidden layers their activations from text: one name for all of them, or one a hidden layer joined by commas,
 * "tanh,relu". LYAP_ERROR_ARGUMENT for an unknown name or another number of them. */
enum lyap_status lyap_network_activations(struct lyap_network *net, const char *names, struct lyap_error *error);

/* Checks a network that was filled in by hand, as every function does that trains one: LYAP_ERROR_ARGUMENT for numbers of
 * layers, sizes, activations or a loss outside of what lyap_network_init gives. The functions below take sound ones. */
enum lyap_status lyap_network_check(const struct lyap_network *net, struct lyap_error *error);

/* Number of weights and biases. */
size_t lyap_network_parameters(const struct lyap_network *net);

/* Index of the first weight of layer l, 0 <= l < layers; its biases start sizes[l]*sizes[l+1] later. */
size_t lyap_network_offset(const struct lyap_network *net, int layer);

/* Writes "2-2-1" (at most `size` bytes with the end mark); returns `text`. */
const char *lyap_network_shape(const struct lyap_network *net, char *text, size_t size);

/* Names and back. Parsing is exact (the names of the list above; "mse", "bce", "softmax"); an unknown name is LYAP_ERROR_ARGUMENT with the allowed names in the message. */
const char *lyap_activation_name(enum lyap_activation activation);
const char *lyap_loss_name(enum lyap_loss loss);
enum lyap_status lyap_activation_parse(const char *name, enum lyap_activation *activation, struct lyap_error *error);
enum lyap_status lyap_loss_parse(const char *name, enum lyap_loss *loss, struct lyap_error *error);

#ifdef __cplusplus
}
#endif
#endif
