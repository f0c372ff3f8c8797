/* The laws of the initial weights and biases, layer by layer. */
#include "model/initial_law.h"

#include <math.h>
#include <string.h>

static const char *const names[LYAP_INIT_COUNT] = {"uniform",       "normal",       "glorot-uniform",
                                                   "glorot-normal", "he-uniform",   "he-normal",
                                                   "lecun-uniform", "lecun-normal", "torch"};

const char *lyap_init_name(enum lyap_init_kind kind) {
    return (unsigned)kind < LYAP_INIT_COUNT ? names[kind] : "unknown";
}

bool lyap_init_is_scaled(enum lyap_init_kind kind) {
    return kind > LYAP_INIT_NORMAL;
}

static double rounded(double value, enum lyap_precision precision) {
    return precision == LYAP_FLOAT64 ? value : (double)(float)value;
}

/* The width is the difference of the ends in the run's precision. */
static struct lyap_law uniform(double low, double high, enum lyap_precision precision) {
    struct lyap_law law = {false, rounded(low, precision), 0};
    law.scale = rounded(rounded(high, precision) - law.shift, precision);
    return law;
}

static struct lyap_law normal(double mean, double deviation) {
    struct lyap_law law = {true, mean, deviation};
    return law;
}

/* Standard deviation of the weights between `in` and `out` units: X. Glorot, Y. Bengio, AISTATS (2010); K. He et al.,
 * arXiv 1502.01852; Y. LeCun et al., Efficient BackProp (1998). */
static double deviation(enum lyap_init_kind kind, double in, double out) {
    switch (kind) {
    case LYAP_INIT_GLOROT_UNIFORM:
    case LYAP_INIT_GLOROT_NORMAL:
        return sqrt(2 / (in + out));
    case LYAP_INIT_HE_UNIFORM:
    case LYAP_INIT_HE_NORMAL:
        return sqrt(2 / in);
    default:
        return sqrt(1 / in);
    }
}

static struct lyap_law weight_law(const struct lyap_initial *initial, double in, double out) {
    if (initial->init == LYAP_INIT_UNIFORM) return uniform(initial->init_a, initial->init_b, initial->precision);
    if (initial->init == LYAP_INIT_NORMAL) return normal(initial->init_a, initial->init_b);
    if (initial->init == LYAP_INIT_TORCH) return uniform(-sqrt(1 / in), sqrt(1 / in), initial->precision);
    double sd = deviation(initial->init, in, out), bound = sqrt(3) * sd;
    bool gaussian = initial->init == LYAP_INIT_GLOROT_NORMAL || initial->init == LYAP_INIT_HE_NORMAL ||
                    initial->init == LYAP_INIT_LECUN_NORMAL;
    return gaussian ? normal(0, sd) : uniform(-bound, bound, initial->precision);
}

static struct lyap_law bias_law(const struct lyap_initial *initial, const struct lyap_law *weights) {
    struct lyap_law zero = {weights->normal, 0, 0};
    switch (initial->bias) {
    case LYAP_BIAS_ZERO:
        return zero;
    case LYAP_BIAS_UNIFORM:
        return uniform(initial->bias_a, initial->bias_b, initial->precision);
    case LYAP_BIAS_NORMAL:
        return normal(initial->bias_a, initial->bias_b);
    default:
        return lyap_init_is_scaled(initial->init) && initial->init != LYAP_INIT_TORCH ? zero : *weights;
    }
}

void lyap_init_laws(const struct lyap_network *net, const struct lyap_initial *initial,
                    struct lyap_law laws[2 * LYAP_MAX_LAYERS]) {
    for (int l = 0; l < net->layers; l++) {
        laws[2 * l] = weight_law(initial, net->sizes[l], net->sizes[l + 1]);
        laws[2 * l + 1] = bias_law(initial, &laws[2 * l]);
    }
}
