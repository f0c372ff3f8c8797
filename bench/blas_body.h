/* Training by matrix products, one network at a time: set REAL, GEMM and the C library's functions before including. */

static void LAYER(enum lyap_activation activation, const REAL *bias, REAL *z, size_t samples, size_t outputs) {
    for (size_t s = 0; s < samples; s++)
        for (size_t o = 0; o < outputs; o++) {
            REAL v = z[s * outputs + o] + bias[o];
            switch (activation) {
            case LYAP_SIGMOID:
                v = 1 / (1 + EXP(-v));
                break;
            case LYAP_TANH:
                v = TANH(v);
                break;
            case LYAP_RELU:
                v = v > 0 ? v : 0;
                break;
            default:
                break;
            }
            z[s * outputs + o] = v;
        }
}

static void DERIVE(enum lyap_activation activation, const REAL *a, REAL *d, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (activation == LYAP_SIGMOID) d[i] *= a[i] * (1 - a[i]);
        if (activation == LYAP_TANH) d[i] *= 1 - a[i] * a[i];
        if (activation == LYAP_RELU && !(a[i] > 0)) d[i] = 0;
    }
}

/* Units of all layers. */
static size_t UNITS(const struct lyap_network *net) {
    size_t units = 0;
    for (int l = 0; l <= net->layers; l++) units += (size_t)net->sizes[l];
    return units;
}

/* One update of w [parameters]. Behind y [samples][outputs] lie the layers' activations, with the inputs first, and deltas, both
 * [samples][units], and the gradient. */
static void STEP(const struct lyap_network *net, size_t samples, REAL *w, REAL step, REAL *y) {
    REAL *a = y + samples * (size_t)net->sizes[net->layers], *d = a + UNITS(net) * samples;
    REAL *g = d + UNITS(net) * samples;
    int rows = (int)samples;
    size_t offset = 0, parameters = lyap_network_parameters(net);
    REAL *in = a;
    for (int l = 0; l < net->layers; l++) {
        int inputs = net->sizes[l], outputs = net->sizes[l + 1];
        REAL *out = in + samples * (size_t)inputs, *weights = w + offset;
        GEMM(CblasRowMajor, CblasNoTrans, CblasNoTrans, rows, outputs, inputs, 1, in, inputs, weights, outputs, 0, out,
             outputs);
        LAYER(net->activation[l], weights + (size_t)(inputs * outputs), out, samples, (size_t)outputs);
        offset += (size_t)((inputs + 1) * outputs);
        in = out;
    }
    size_t terms = samples * (size_t)net->sizes[net->layers];
    REAL *delta = d + (in - a);
    for (size_t i = 0; i < terms; i++) delta[i] = in[i] - y[i];
    DERIVE(net->activation[net->layers - 1], in, delta, terms);
    for (int l = net->layers - 1; l >= 0; l--) {
        int inputs = net->sizes[l], outputs = net->sizes[l + 1];
        offset -= (size_t)((inputs + 1) * outputs);
        REAL *bias = g + offset + inputs * outputs, *back = delta - samples * (size_t)inputs;
        in -= samples * (size_t)inputs;
        GEMM(CblasRowMajor, CblasTrans, CblasNoTrans, inputs, outputs, rows, 1, in, inputs, delta, outputs, 0,
             g + offset, outputs);
        for (int o = 0; o < outputs; o++) {
            bias[o] = 0;
            for (size_t s = 0; s < samples; s++) bias[o] += delta[s * (size_t)outputs + (size_t)o];
        }
        if (l == 0) break;
        GEMM(CblasRowMajor, CblasNoTrans, CblasTrans, rows, inputs, outputs, 1, delta, outputs, w + offset, outputs, 0,
             back, inputs);
        DERIVE(net->activation[l - 1], in, back, samples * (size_t)inputs);
        delta = back;
    }
    for (size_t p = 0; p < parameters; p++) w[p] -= step * g[p];
}

void TRAIN(const struct bench_training *training, REAL *w, REAL *distance, REAL *room) {
    const struct lyap_network *net = training->net;
    const struct lyap_dataset *data = training->data;
    const size_t trajectories = training->trajectories, epochs = training->epochs;
    size_t parameters = lyap_network_parameters(net), outputs = data->samples * data->outputs;
    REAL step = (REAL)(training->lr * 2 / (double)outputs);
    REAL *y = room, *a = y + outputs, *own = a + 2 * UNITS(net) * data->samples + parameters;
    for (size_t i = 0; i < outputs; i++) y[i] = (REAL)data->y[i];
    for (size_t i = 0; i < data->samples * data->inputs; i++) a[i] = (REAL)data->x[i];
    for (size_t cell = 0; cell < BENCH_LANES; cell++) {
        for (size_t p = 0; p < trajectories * parameters; p++) own[p] = w[p * BENCH_LANES + cell];
        for (size_t t = 0; t < epochs; t++) {
            REAL sum = 0;
            for (size_t k = 0; k < trajectories; k++) {
                REAL *wk = own + k * parameters, squares = 0;
                STEP(net, data->samples, wk, step, y);
                for (size_t p = 0; p < parameters; p++) squares += (wk[p] - own[p]) * (wk[p] - own[p]);
                sum += SQRT(squares);
            }
            distance[t * BENCH_LANES + cell] = sum / (REAL)(trajectories - 1);
        }
        for (size_t p = 0; p < trajectories * parameters; p++) w[p * BENCH_LANES + cell] = own[p];
    }
}

#include "blas_large.h"

#undef COLUMNS
#undef LARGE_STEP
#undef LARGE_DISTANCE
#undef LARGE
#undef PLACE
#undef ONE
#undef ARRAYS_ONE
#undef PLACE_OF
#undef SIDE_DISTANCE
#undef PLACE_ONE
#undef LAYER
#undef DERIVE
#undef STEP
#undef UNITS
#undef ARRAYS
#undef TRAIN
