/* The independent reference: backpropagation as in a textbook (Rumelhart, Hinton and Williams, Nature 323, 533 (1986)),
 * one sample after the other. */
#include "bench/reference/reference.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/reference/activation.h"
#include "bench/reference/gradient.h"

/* Values of one sample, each [layer][unit]; layer 0 is the input. */
struct workspace {
    double *block;                      /* the allocation behind the pointers below */
    double *z[LYAP_MAX_LAYERS + 1];     /* pre-activations (unused in layer 0) */
    double *a[LYAP_MAX_LAYERS + 1];     /* activations */
    double *delta[LYAP_MAX_LAYERS + 1]; /* derivative of the sample's loss by z */
};

/* 0 when out of memory. */
static int workspace_open(struct workspace *work, const struct lyap_network *net) {
    size_t units = 0;
    for (int l = 0; l <= net->layers; l++) units += (size_t)net->sizes[l];
    work->block = calloc(3 * units, sizeof *work->block);
    if (work->block == NULL) return 0;
    double *next = work->block;
    for (int l = 0; l <= net->layers; l++) {
        work->z[l] = next;
        work->a[l] = next + units;
        work->delta[l] = next + 2 * units;
        next += net->sizes[l];
    }
    return 1;
}

static void workspace_close(struct workspace *work) {
    free(work->block);
}

static double activate(enum lyap_activation activation, double z) {
    double f[3];
    lyap_reference_activation(activation, z, f);
    return f[0];
}

static double derivative(enum lyap_activation activation, double z) {
    double f[3];
    lyap_reference_activation(activation, z, f);
    return f[1];
}

/* Fills z and a of every layer for the input x. */
static void forward(const struct lyap_network *net, const double *w, const double *x, struct workspace *work) {
    /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): a network has at least one layer */
    memcpy(work->a[0], x, (size_t)net->sizes[0] * sizeof *x);
    for (int l = 0; l < net->layers; l++) {
        int inputs = net->sizes[l];
        int outputs = net->sizes[l + 1];
        const double *weight = w + lyap_network_offset(net, l); /* [inputs][outputs] */
        const double *bias = weight + (size_t)inputs * (size_t)outputs;
        for (int o = 0; o < outputs; o++) {
            double z = bias[o];
            for (int i = 0; i < inputs; i++) z += work->a[l][i] * weight[(size_t)i * (size_t)outputs + (size_t)o];
            work->z[l + 1][o] = z;
            work->a[l + 1][o] = activate(net->activation[l], z);
        }
    }
}

/* Sum over the outputs of the sample's loss; the mean is the caller's. With softmax the activations become the
 * probabilities. */
static double sample_loss(const struct lyap_network *net, const double *target, const struct workspace *work) {
    double sum = 0;
    int last = net->layers;
    if (net->loss == LYAP_SOFTMAX) {
        double whole = lyap_reference_softmax(work->z[last], work->a[last], (size_t)net->sizes[last]);
        for (int o = 0; o < net->sizes[last]; o++) sum += target[o] * (whole - work->z[last][o]);
        return sum;
    }
    for (int o = 0; o < net->sizes[net->layers]; o++) {
        double z = work->z[net->layers][o];
        double difference = work->a[net->layers][o] - target[o];
        if (net->loss == LYAP_BCE) {
            sum += (z > 0 ? z : 0) - z * target[o] + log1p(exp(-fabs(z)));
        } else {
            sum += difference * difference;
        }
    }
    return sum;
}

/* Fills delta of every layer from the sample's z and a, and adds the sample's share to the gradient. `scale` is
 * 1 / (samples * outputs), with softmax 1 / samples. */
static void backward(const struct lyap_network *net, const double *w, const double *target, double scale,
                     struct workspace *work, double *gradient) {
    int last = net->layers;
    for (int o = 0; o < net->sizes[last]; o++) {
        double difference = work->a[last][o] - target[o];
        if (net->loss == LYAP_MSE) {
            work->delta[last][o] = scale * 2 * difference * derivative(net->activation[last - 1], work->z[last][o]);
        } else {
            work->delta[last][o] = scale * difference; /* the output's derivative cancels */
        }
    }
    for (int l = last - 1; l >= 0; l--) {
        size_t inputs = (size_t)net->sizes[l];
        size_t outputs = (size_t)net->sizes[l + 1];
        const double *weight = w + lyap_network_offset(net, l);
        double *weight_gradient = gradient + lyap_network_offset(net, l);
        double *bias_gradient = weight_gradient + inputs * outputs;
        for (size_t o = 0; o < outputs; o++) bias_gradient[o] += work->delta[l + 1][o];
        for (size_t i = 0; i < inputs; i++) {
            double back = 0;
            for (size_t o = 0; o < outputs; o++) {
                weight_gradient[i * outputs + o] += work->a[l][i] * work->delta[l + 1][o];
                back += weight[i * outputs + o] * work->delta[l + 1][o];
            }
            if (l > 0) work->delta[l][i] = back * derivative(net->activation[l - 1], work->z[l][i]);
        }
    }
}

/* Loss, and the gradient unless that is NULL. */
static double evaluate(const struct lyap_network *net, const struct lyap_dataset *data, const double *w,
                       struct workspace *work, double *gradient) {
    double scale = 1 / ((double)data->samples * (net->loss == LYAP_SOFTMAX ? 1 : (double)data->outputs));
    double sum = 0;
    if (gradient != NULL) memset(gradient, 0, lyap_network_parameters(net) * sizeof *gradient);
    for (size_t s = 0; s < data->samples; s++) {
        const double *target = data->y + s * data->outputs;
        forward(net, w, data->x + s * data->inputs, work);
        sum += sample_loss(net, target, work);
        if (gradient != NULL) backward(net, w, target, scale, work, gradient);
    }
    return sum * scale;
}

bool lyap_reference_evaluate(const struct lyap_network *net, const struct lyap_dataset *data, const double *w,
                             double *gradient, double *loss) {
    struct workspace work;
    if (!workspace_open(&work, net)) return false;
    *loss = evaluate(net, data, w, &work, gradient);
    workspace_close(&work);
    return true;
}

double lyap_reference_gradient(const struct lyap_network *net, const struct lyap_dataset *data, const double *w,
                               double *gradient) {
    double loss;
    if (lyap_network_check(net, NULL)) return NAN;
    return lyap_reference_evaluate(net, data, w, gradient, &loss) ? loss : NAN;
}

double lyap_reference_loss(const struct lyap_network *net, const struct lyap_dataset *data, const double *w) {
    return lyap_reference_gradient(net, data, w, NULL);
}

static double euclidean(const double *a, const double *b, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sqrt(sum);
}

enum lyap_status lyap_reference_run(const struct lyap_reference_training *of, double *w, size_t trajectories,
                                    double *distance, double *loss, struct lyap_error *error) {
    const struct lyap_network *net = of->net;
    enum lyap_status status = lyap_network_check(net, error);
    if (status != LYAP_OK) return status;
    size_t parameters = lyap_network_parameters(net);
    struct workspace work = {0};
    double *gradient = malloc(parameters * sizeof *gradient);
    if (gradient == NULL || !workspace_open(&work, net)) {
        free(gradient);
        return lyap_fail(error, LYAP_ERROR_MEMORY, "reference: out of memory for %zu parameters", parameters);
    }
    for (size_t t = 0; t < of->steps; t++) {
        for (size_t k = 0; k < trajectories; k++) {
            double *wk = w + k * parameters;
            double lk = evaluate(net, of->data, wk, &work, gradient);
            if (k == 0) loss[t] = lk;
            for (size_t i = 0; i < parameters; i++) wk[i] -= of->lr * gradient[i];
        }
        double sum = 0;
        for (size_t k = 1; k < trajectories; k++) sum += euclidean(w, w + k * parameters, parameters);
        distance[t] = trajectories > 1 ? sum / (double)(trajectories - 1) : 0;
    }
    workspace_close(&work);
    free(gradient);
    return LYAP_OK;
}

enum lyap_status lyap_reference_rescaled(const struct lyap_reference_training *of, double *w, double band,
                                         double *lambda, struct lyap_error *error) {
    struct lyap_reference_training one = *of;
    one.steps = 1;
    enum lyap_status status = lyap_network_check(of->net, error);
    if (status != LYAP_OK) return status;
    size_t parameters = lyap_network_parameters(of->net);
    double *second = w + parameters, ignored[2], sum = 0;
    double initial = euclidean(w, second, parameters), last = initial, distance = initial;
    for (size_t t = 0; t < of->steps; t++) {
        status = lyap_reference_run(&one, w, 2, ignored, ignored + 1, error);
        if (status != LYAP_OK) return status;
        distance = euclidean(w, second, parameters);
        if (distance >= initial / band && distance <= initial * band) continue;
        sum += log(distance / last);
        for (size_t i = 0; i < parameters; i++) second[i] = w[i] + (second[i] - w[i]) * (initial / distance);
        last = distance = euclidean(w, second, parameters);
    }
    *lambda = (sum + log(distance / last)) / (double)of->steps;
    return LYAP_OK;
}
