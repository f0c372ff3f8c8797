/* Parts of a step alone: back-propagation from activations, the distances. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kernel.h"
#include "lyapgrad/reference.h"

static double networks(const struct bench_case *c) {
    return (double)LYAP_BLOCK * (1.0 + c->neighbours);
}
static size_t units_of(const struct lyap_network *net) {
    size_t units = 0;
    for (int l = 0; l < net->layers; l++) units += (size_t)net->sizes[l + 1];
    return units;
}

/* The weights of a trajectory, which neither kernel changes, in double. */
static void weights_of(const struct bench_work *work, size_t lane, size_t t, double *w) {
    size_t parameters = work->run.shape.parameters;
    for (size_t p = 0; p < parameters; p++)
        w[p] = bench_real_at(work, work->worker.block.weights, (t * parameters + p) * LYAP_BLOCK + lane);
}

static int out_part(struct bench_work *work, const void *part[BENCH_MOST_PARTS], size_t bytes[BENCH_MOST_PARTS]) {
    part[0] = work->out;
    bytes[0] = work->out_bytes;
    return 1;
}

/* Back-propagation. Its activations come from plain loops and the C library, so that what it gives can be held against the
 * reference's gradient. */

static double activation_of(enum lyap_activation f, double z) {
    switch (f) {
    case LYAP_SIGMOID:
        return 1 / (1 + exp(-z));
    case LYAP_TANH:
        return tanh(z);
    case LYAP_RELU:
        return z > 0 ? z : 0;
    default:
        return z;
    }
}

/* The activations of one sample, all layers, to a[units]. */
static void forward_sample(const struct lyap_network *net, const double *w, const double *x, double *a) {
    const double *in = x;
    for (int l = 0; l < net->layers; l++) {
        size_t inputs = (size_t)net->sizes[l], outputs = (size_t)net->sizes[l + 1];
        const double *layer = w + lyap_network_offset(net, l);
        for (size_t o = 0; o < outputs; o++) {
            double z = layer[inputs * outputs + o];
            for (size_t k = 0; k < inputs; k++) z += in[k] * layer[k * outputs + o];
            a[o] = activation_of(net->activation[l], z);
        }
        in = a;
        a += outputs;
    }
}

static void fill_activations(struct bench_work *work, double *w, double *a) {
    const struct bench_case *c = work->the_case;
    size_t units = units_of(&c->net), samples = c->data->samples;
    for (size_t lane = 0; lane < LYAP_BLOCK; lane++)
        for (size_t t = 0; t < work->worker.block.trajectories; t++) {
            weights_of(work, lane, t, w);
            for (size_t s = 0; s < samples; s++) {
                forward_sample(&c->net, w, c->data->x + s * c->data->inputs, a);
                for (size_t u = 0; u < units; u++) {
                    size_t at = ((t * samples + s) * units + u) * LYAP_BLOCK + lane;
                    if (c->precision == LYAP_FLOAT64)
                        ((double *)work->in)[at] = a[u];
                    else
                        ((float *)work->in)[at] = (float)a[u];
                }
            }
        }
}

static bool open_backward(struct bench_work *work) {
    size_t units = units_of(&work->the_case->net), parameters = work->run.shape.parameters;
    size_t numbers = work->worker.block.trajectories * work->run.shape.samples * units * LYAP_BLOCK;
    work->out_bytes = numbers * work->run.real_size;
    work->in = lyap_aligned(work->out_bytes, 1);
    work->out = lyap_aligned(work->out_bytes, 1);
    double *scratch = malloc((parameters + units) * sizeof *scratch);
    bool ok = work->in && work->out && scratch;
    if (ok) fill_activations(work, scratch, scratch + parameters);
    free(scratch);
    return ok;
}
static void run_backward(void *context) {
    struct bench_work *work = context;
    work->run.kernels->backward(&work->worker.block, work->in, work->out);
}

/* Adds one sample's share of the gradient, from its activations and what the kernel gave. */
static void add_gradient(const struct bench_work *work, size_t lane, size_t t, size_t s, double *gradient) {
    const struct lyap_network *net = &work->the_case->net;
    const struct lyap_dataset *data = work->the_case->data;
    size_t units = units_of(net), first = (t * data->samples + s) * units, below = first, above = first;
    for (int l = 0; l < net->layers; l++) {
        size_t inputs = (size_t)net->sizes[l], outputs = (size_t)net->sizes[l + 1];
        double *layer = gradient + lyap_network_offset(net, l);
        for (size_t o = 0; o < outputs; o++) {
            double d = bench_real_at(work, work->out, (above + o) * LYAP_BLOCK + lane);
            for (size_t k = 0; k < inputs; k++) {
                double in = l == 0 ? data->x[s * data->inputs + k]
                                   : bench_real_at(work, work->in, (below + k) * LYAP_BLOCK + lane);
                layer[k * outputs + o] += in * d;
            }
            layer[inputs * outputs + o] += d;
        }
        below = above;
        above += outputs;
    }
}

/* The gradient's largest difference relative to its largest entry. */
static double backward_residual(struct bench_work *work) {
    const struct bench_case *c = work->the_case;
    size_t parameters = work->run.shape.parameters;
    double *w = calloc(3 * parameters, sizeof *w), worst = w ? 0 : INFINITY;
    double scale = 2 / (double)(c->data->samples * c->data->outputs);
    for (size_t lane = 0; lane < LYAP_BLOCK && w; lane += 5)
        for (size_t t = 0; t < work->worker.block.trajectories; t += 8) {
            double *expected = w + parameters, *found = expected + parameters, largest = 1e-3;
            weights_of(work, lane, t, w);
            lyap_reference_gradient(&c->net, c->data, w, expected);
            memset(found, 0, parameters * sizeof *found);
            for (size_t s = 0; s < c->data->samples; s++) add_gradient(work, lane, t, s, found);
            for (size_t p = 0; p < parameters; p++) largest = fmax(largest, fabs(expected[p]));
            for (size_t p = 0; p < parameters; p++) {
                double off = fabs(found[p] * scale - expected[p]) / largest;
                if (!(off <= worst)) worst = off;
            }
        }
    free(w);
    return worst;
}
static struct bench_count backward_count(const struct bench_case *c) {
    return bench_count_backward(&c->net, c->data->samples, bench_real_size(c));
}
static double backward_set(const struct bench_case *c) {
    double numbers = 2 * (double)(c->data->samples * units_of(&c->net)) + (double)lyap_network_parameters(&c->net);
    return networks(c) * numbers * (double)bench_real_size(c);
}

const struct bench_kernel bench_backward = {
    .name = "backward",
    .item = "network",
    .networks = true,
    .activations = true,
    .tolerance = {1e-4, 1e-12},
    .residual_of = "the reference's gradient",
    .open = open_backward,
    .run = run_backward,
    .residual = backward_residual,
    .result = out_part,
    .items = networks,
    .count = backward_count,
    .working_set = backward_set,
};

/* Distances. */

static bool open_distance(struct bench_work *work) {
    work->out_bytes = LYAP_BLOCK * work->run.real_size;
    work->out = lyap_aligned(work->out_bytes, 1);
    return work->out != NULL;
}
static void run_distance(void *context) {
    struct bench_work *work = context;
    work->run.kernels->distance(&work->worker.block, work->out);
}

/* The reference's distance after a step of no length. */
static double distance_residual(struct bench_work *work) {
    const struct bench_case *c = work->the_case;
    size_t parameters = work->run.shape.parameters, trajectories = work->worker.block.trajectories;
    double *w = malloc(trajectories * parameters * sizeof *w), worst = w ? 0 : INFINITY;
    for (size_t lane = 0; lane < LYAP_BLOCK && w; lane++) {
        double distance, loss, off = INFINITY;
        for (size_t t = 0; t < trajectories; t++) weights_of(work, lane, t, w + t * parameters);
        if (!lyap_reference_run(&c->net, c->data, w, trajectories, 0, 1, &distance, &loss, NULL))
            off = fabs(bench_real_at(work, work->out, lane) - distance) / distance;
        if (!(off <= worst)) worst = off;
    }
    free(w);
    return worst;
}
static struct bench_count distance_count(const struct bench_case *c) {
    return bench_count_distance(lyap_network_parameters(&c->net), c->neighbours, bench_real_size(c));
}
static double distance_set(const struct bench_case *c) {
    return networks(c) * (double)(lyap_network_parameters(&c->net) * bench_real_size(c));
}

const struct bench_kernel bench_distance = {
    .name = "distance",
    .item = "network",
    .networks = true,
    .tolerance = {1e-5, 1e-13},
    .residual_of = "the reference's distance, relative",
    .open = open_distance,
    .run = run_distance,
    .residual = distance_residual,
    .result = out_part,
    .items = networks,
    .count = distance_count,
    .working_set = distance_set,
};
