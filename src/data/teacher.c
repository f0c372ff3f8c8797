/* Regression data with a known answer: a linear map, and the outputs of a network drawn from the data seed. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/dataset.h"
#include "math/deterministic.h"
#include "lyapgrad/network.h"
#include "lyapgrad/random.h"
#include "base/memory.h"

/* `count` weights first, first + 1, ... of the teacher, N(0, 1) / sqrt(fan_in). */
static void draw_weights(uint64_t seed, size_t first, size_t count, size_t fan_in, double *w) {
    lyap_random_normal(seed, LYAP_STREAM_DATA, LYAP_DATA_CELL_TEACHER, first, count, w);
    double root = sqrt((double)fan_in);
    for (size_t i = 0; i < count; i++) w[i] /= root;
}

/* z[o] = start[o] + sum over i ascending of x[i] w[i][o], each step one fused multiply-add. */
static void layer(const double *x, size_t inputs, const double *w, const double *start, size_t outputs, double *z) {
    for (size_t o = 0; o < outputs; o++) z[o] = start ? start[o] : 0;
    for (size_t i = 0; i < inputs; i++)
        for (size_t o = 0; o < outputs; o++) z[o] = fma(x[i], w[i * outputs + o], z[o]);
}

static double *allocate_weights(const char *name, size_t count, struct lyap_error *error) {
    double *w = NULL;
    if (count <= SIZE_MAX / sizeof *w && lyap_memory_fits((double)count * sizeof *w)) w = malloc(count * sizeof *w);
    if (!w) lyap_fail(error, LYAP_ERROR_MEMORY, "%s: out of memory for %zu weights", name, count);
    return w;
}

enum lyap_status lyap_dataset_linear_teacher(struct lyap_dataset *data, size_t samples, size_t inputs, size_t outputs,
                                             double noise, uint64_t seed, struct lyap_error *error) {
    static const char name[] = "linear-teacher";
    memset(data, 0, sizeof *data);
    enum lyap_status status = lyap_dataset_check(name, samples, "noise", noise, error);
    if (!status && (inputs < 1 || inputs > LYAP_MAX_WIDTH || outputs < 1 || outputs > LYAP_MAX_WIDTH))
        status = lyap_fail(error, LYAP_ERROR_ARGUMENT, "%s: %zu inputs, %zu outputs; allowed are 1 to %d of each", name,
                           inputs, outputs, LYAP_MAX_WIDTH);
    if (!status) status = lyap_dataset_allocate(data, samples, inputs, outputs, error);
    if (status) return status;
    double *w = allocate_weights(name, inputs * outputs, error), *offset = allocate_weights(name, outputs, error);
    if (w && offset) {
        draw_weights(seed, 0, inputs * outputs, inputs, w);
        for (size_t s = 0; s < samples; s++) {
            double *x = data->x + s * inputs, *y = data->y + s * outputs;
            lyap_random_normal(seed, LYAP_STREAM_DATA, s, 0, inputs, x);
            lyap_random_normal(seed, LYAP_STREAM_DATA, s, inputs, outputs, offset);
            layer(x, inputs, w, NULL, outputs, y);
            for (size_t o = 0; o < outputs; o++) y[o] += noise * offset[o];
        }
    } else {
        lyap_dataset_free(data);
        status = LYAP_ERROR_MEMORY;
    }
    free(w);
    free(offset);
    return status;
}

void lyap_dataset_teacher_weights(const struct lyap_network *net, uint64_t seed, double *weights) {
    for (int l = 0; l < net->layers; l++) {
        size_t first = lyap_network_offset(net, l), fan_in = (size_t)net->sizes[l];
        draw_weights(seed, first, (fan_in + 1) * (size_t)net->sizes[l + 1], fan_in, weights + first);
    }
}

/* The outputs for one sample; z has room for two rows of the widest layer. */
static void answer(const struct lyap_network *net, const double *w, const double *x, double *z, size_t widest,
                   double *y) {
    for (int l = 0; l < net->layers; l++) {
        size_t inputs = (size_t)net->sizes[l], outputs = (size_t)net->sizes[l + 1];
        const double *weights = w + lyap_network_offset(net, l);
        double *to = l + 1 == net->layers ? y : z + (size_t)(l % 2) * widest;
        layer(x, inputs, weights, weights + inputs * outputs, outputs, to);
        if (l + 1 < net->layers) lyap_tanh_all(to, outputs);
        x = to;
    }
}

enum lyap_status lyap_dataset_teacher(struct lyap_dataset *data, const char *shape, size_t samples, uint64_t seed,
                                      struct lyap_error *error) {
    struct lyap_network net;
    memset(data, 0, sizeof *data);
    enum lyap_status status = lyap_dataset_check("teacher", samples, "noise", 0, error);
    if (!status) status = lyap_network_init(&net, shape, LYAP_TANH, LYAP_LINEAR, LYAP_MSE, error);
    if (status) return status;
    size_t inputs = (size_t)net.sizes[0], outputs = (size_t)net.sizes[net.layers], widest = 0;
    for (int l = 0; l <= net.layers; l++)
        if ((size_t)net.sizes[l] > widest) widest = (size_t)net.sizes[l];
    status = lyap_dataset_allocate(data, samples, inputs, outputs, error);
    if (status) return status;
    double *w = allocate_weights("teacher", lyap_network_parameters(&net), error),
           *z = allocate_weights("teacher", 2 * widest, error);
    if (w && z) {
        lyap_dataset_teacher_weights(&net, seed, w);
        for (size_t s = 0; s < samples; s++) {
            double *x = data->x + s * inputs;
            lyap_random_normal(seed, LYAP_STREAM_DATA, s, 0, inputs, x);
            answer(&net, w, x, z, widest, data->y + s * outputs);
        }
    } else {
        lyap_dataset_free(data);
        status = LYAP_ERROR_MEMORY;
    }
    free(w);
    free(z);
    return status;
}
