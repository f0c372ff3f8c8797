/* The network's shape, and names of its activations and losses. */
#include "lyapgrad/network.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* The constants are in the order of the list. */
#define PLACE(constant, ...) PLACE_##constant,
#define IN_ORDER(constant, ...) _Static_assert((int)PLACE_##constant == (int)LYAP_##constant, #constant);
enum { LYAP_ACTIVATION_LIST(PLACE) PLACES };
LYAP_ACTIVATION_LIST(IN_ORDER)
_Static_assert((int)PLACES == (int)LYAP_ACTIVATION_COUNT, "as many");

static const uint64_t max_parameters = UINT64_C(1) << 31;

#define NAMED(constant, name) [LYAP_##constant] = (name),
static const char *const activation_names[LYAP_ACTIVATION_COUNT] = {LYAP_ACTIVATION_LIST(NAMED)};
static const char *const loss_names[LYAP_LOSS_COUNT] = {"mse", "bce", "softmax"};

const char *lyap_activation_name(enum lyap_activation activation) {
    return (unsigned)activation < LYAP_ACTIVATION_COUNT ? activation_names[activation] : "unknown";
}

const char *lyap_loss_name(enum lyap_loss loss) {
    return (unsigned)loss < LYAP_LOSS_COUNT ? loss_names[loss] : "unknown";
}

enum lyap_status lyap_activation_parse(const char *name, enum lyap_activation *activation, struct lyap_error *error) {
    for (int i = 0; name != NULL && i < LYAP_ACTIVATION_COUNT; i++) {
        if (strcmp(name, activation_names[i]) == 0) {
            *activation = (enum lyap_activation)i;
            return LYAP_OK;
        }
    }
    char names[240] = "";
    for (size_t i = 0, used = 0; i < LYAP_ACTIVATION_COUNT && used < sizeof names; i++)
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s",
                                 i == 0                           ? ""
                                 : i + 1 == LYAP_ACTIVATION_COUNT ? " and "
                                                                  : ", ",
                                 activation_names[i]);
    return lyap_fail(error, LYAP_ERROR_ARGUMENT, "unknown activation '%.60s': allowed are %s", name ? name : "", names);
}

enum lyap_status lyap_loss_parse(const char *name, enum lyap_loss *loss, struct lyap_error *error) {
    for (int i = 0; name != NULL && i < LYAP_LOSS_COUNT; i++) {
        if (strcmp(name, loss_names[i]) == 0) {
            *loss = (enum lyap_loss)i;
            return LYAP_OK;
        }
    }
    return lyap_fail(error, LYAP_ERROR_ARGUMENT, "unknown loss '%.60s': allowed are mse, bce and softmax",
                     name ? name : "");
}

/* Reads one size and moves *text behind it; 0 for no digits or a size out of range. */
static int parse_size(const char **text) {
    const char *c = *text;
    int size = 0;
    for (; *c >= '0' && *c <= '9'; c++) {
        size = size * 10 + (*c - '0');
        if (size > LYAP_MAX_WIDTH) return 0;
    }
    *text = c;
    return size;
}

static enum lyap_status parse_shape(struct lyap_network *net, const char *shape, struct lyap_error *error) {
    const char *text = shape;
    int count = 0;
    for (;;) {
        if (count > LYAP_MAX_LAYERS) {
            return lyap_fail(error, LYAP_ERROR_ARGUMENT, "network '%.60s' has too many layers: allowed are %d sizes",
                             shape, LYAP_MAX_LAYERS + 1);
        }
        int size = parse_size(&text);
        if (size == 0 || (*text != '-' && *text != '\0')) break;
        net->sizes[count++] = size;
        if (*text == '\0') {
            net->layers = count - 1;
            if (count >= 2) return LYAP_OK;
            break;
        }
        text++;
    }
    return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                     "network '%.60s' is malformed: give at least two sizes from 1 to %d joined by '-', as in 2-2-1",
                     shape, LYAP_MAX_WIDTH);
}

static enum lyap_status check_activation(enum lyap_activation activation, struct lyap_error *error) {
    if ((unsigned)activation < LYAP_ACTIVATION_COUNT) return LYAP_OK;
    return lyap_fail(error, LYAP_ERROR_ARGUMENT, "activation number %d is unknown: allowed are 0 to %d",
                     (int)activation, LYAP_ACTIVATION_COUNT - 1);
}

static enum lyap_status check_loss(const struct lyap_network *net, struct lyap_error *error) {
    const enum lyap_activation output = net->activation[net->layers - 1];
    if ((unsigned)net->loss >= LYAP_LOSS_COUNT)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "loss number %d is unknown: allowed are 0 to %d", (int)net->loss,
                         LYAP_LOSS_COUNT - 1);
    if (net->loss == LYAP_BCE && output != LYAP_SIGMOID)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                         "loss bce needs the output activation sigmoid, not %s: choose sigmoid or the loss mse",
                         lyap_activation_name(output));
    if (net->loss == LYAP_SOFTMAX && output != LYAP_LINEAR)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                         "loss softmax needs the output activation linear, not %s: it makes the probabilities itself",
                         lyap_activation_name(output));
    if (net->loss == LYAP_SOFTMAX && net->sizes[net->layers] < 2)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                         "loss softmax needs 2 outputs or more, one a class; for one output choose bce");
    return LYAP_OK;
}

static enum lyap_status check_layers(const struct lyap_network *net, struct lyap_error *error) {
    if (net->layers >= 1 && net->layers <= LYAP_MAX_LAYERS) return LYAP_OK;
    return lyap_fail(error, LYAP_ERROR_ARGUMENT, "network: %d layers of weights; allowed are 1 to %d", net->layers,
                     LYAP_MAX_LAYERS);
}

enum lyap_status lyap_network_check(const struct lyap_network *net, struct lyap_error *error) {
    char shape[64];
    uint64_t parameters = 0; /* at most 64 * 2^41: no overflow */
    enum lyap_status status = check_layers(net, error);
    if (status) return status;
    for (int l = 0; l <= net->layers; l++)
        if (net->sizes[l] < 1 || net->sizes[l] > LYAP_MAX_WIDTH)
            return lyap_fail(error, LYAP_ERROR_ARGUMENT, "network: size %d of layer %d; allowed are 1 to %d",
                             net->sizes[l], l, LYAP_MAX_WIDTH);
    for (int l = 0; l < net->layers && !status; l++) {
        parameters += ((uint64_t)net->sizes[l] + 1) * (uint64_t)net->sizes[l + 1];
        status = check_activation(net->activation[l], error);
    }
    if (status) return status;
    if (parameters > max_parameters)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "network '%.60s' has %llu parameters: allowed are %llu",
                         lyap_network_shape(net, shape, sizeof shape), (unsigned long long)parameters,
                         (unsigned long long)max_parameters);
    return check_loss(net, error);
}

enum lyap_status lyap_network_init(struct lyap_network *net, const char *shape, enum lyap_activation hidden,
                                   enum lyap_activation output, enum lyap_loss loss, struct lyap_error *error) {
    struct lyap_network result = {.loss = loss};
    enum lyap_status status = check_activation(hidden, error);
    if (!status) status = parse_shape(&result, shape ? shape : "", error);
    if (status) return status;
    for (int l = 0; l < result.layers; l++) result.activation[l] = l + 1 < result.layers ? hidden : output;
    status = lyap_network_check(&result, error);
    if (!status) *net = result;
    return status;
}

enum lyap_status lyap_network_activations(struct lyap_network *net, const char *names, struct lyap_error *error) {
    int given = 1, hidden = net->layers - 1;
    enum lyap_status status = check_layers(net, error);
    if (status) return status;
    for (const char *c = names; *c; c++) given += *c == ',';
    if (given > 1 && given != hidden)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "%d activations for %d hidden layers: give one, or one each",
                         given, hidden);
    for (int l = 0; l < (hidden > given ? hidden : given); l++) {
        char name[64];
        size_t length = strcspn(names, ",");
        snprintf(name, sizeof name, "%.*s", (int)(length < sizeof name ? length : sizeof name - 1), names);
        enum lyap_activation activation = LYAP_LINEAR;
        status = lyap_activation_parse(name, &activation, error);
        if (status != LYAP_OK) return status;
        if (l < hidden) net->activation[l] = activation;
        if (given > 1) names += length + (names[length] == ',');
    }
    return LYAP_OK;
}

size_t lyap_network_offset(const struct lyap_network *net, int layer) {
    size_t offset = 0;
    for (int l = 0; l < layer; l++) offset += ((size_t)net->sizes[l] + 1) * (size_t)net->sizes[l + 1];
    return offset;
}

size_t lyap_network_parameters(const struct lyap_network *net) {
    return lyap_network_offset(net, net->layers);
}

const char *lyap_network_shape(const struct lyap_network *net, char *text, size_t size) {
    size_t used = 0;
    if (size > 0) text[0] = '\0';
    for (int l = 0; l <= net->layers && used < size; l++) {
        int length = snprintf(text + used, size - used, l == 0 ? "%d" : "-%d", net->sizes[l]);
        if (length < 0) break;
        used += (size_t)length;
    }
    return text;
}
