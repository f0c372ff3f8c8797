/* The independent reference of the optimisers: each rule written once in dual numbers (W. K. Clifford 1873; x + d e with
 * e^2 = 0), so that the same text gives the update and its derivative along a direction. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/reference/reference.h"
#include "bench/reference/gradient.h"
#include "lyapgrad/optimiser.h"

struct dual {
    double x, d;
};

static struct dual add(struct dual a, struct dual b) {
    return (struct dual){a.x + b.x, a.d + b.d};
}
static struct dual times(double c, struct dual a) {
    return (struct dual){c * a.x, c * a.d};
}
static struct dual product(struct dual a, struct dual b) {
    return (struct dual){a.x * b.x, a.x * b.d + a.d * b.x};
}
static struct dual quotient(struct dual a, struct dual b) {
    return (struct dual){a.x / b.x, (a.d - a.x / b.x * b.d) / b.x};
}
static struct dual root(struct dual a) {
    double r = sqrt(a.x);
    return (struct dual){r, r > 0 ? a.d / (2 * r) : 0};
}

/* One parameter's update at step t = 1, 2, ...; m and s are the buffers it has. */
static struct dual update(const struct lyap_optimiser *o, double lr, double t, struct dual g, struct dual w,
                          struct dual *m, struct dual *s) {
    const struct dual epsilon = {o->epsilon, 0};
    if (!lyap_optimiser_traits(o->kind)->decoupled) g = add(g, times(o->weight_decay, w));
    switch (o->kind) {
    case LYAP_MOMENTUM:
        *m = add(times(o->momentum, *m), g);
        return add(w, times(-lr, *m));
    case LYAP_NESTEROV:
        *m = add(times(o->momentum, *m), g);
        return add(w, times(-lr, add(g, times(o->momentum, *m))));
    case LYAP_RMSPROP:
        *s = add(times(o->decay, *s), times(1 - o->decay, product(g, g)));
        return add(w, times(-lr, quotient(g, add(root(*s), epsilon))));
    case LYAP_ADAMW:
        w = times(1 - lr * o->weight_decay, w);
        /* fallthrough */
    case LYAP_ADAM:
        *m = add(times(o->momentum, *m), times(1 - o->momentum, g));
        *s = add(times(o->decay, *s), times(1 - o->decay, product(g, g)));
        return add(w, times(-lr, quotient(times(1 / (1 - pow(o->momentum, t)), *m),
                                          add(root(times(1 / (1 - pow(o->decay, t)), *s)), epsilon))));
    case LYAP_NADAM:
        *m = add(times(o->momentum, *m), times(1 - o->momentum, g));
        *s = add(times(o->decay, *s), times(1 - o->decay, product(g, g)));
        return add(w, times(-lr, quotient(times(1 / (1 - pow(o->momentum, t)),
                                                add(times(o->momentum, *m), times(1 - o->momentum, g))),
                                          add(root(times(1 / (1 - pow(o->decay, t)), *s)), epsilon))));
    default:
        return add(w, times(-lr, g));
    }
}

/* What drives a step t = 0, 1, ... */
struct drive {
    double lr;
    size_t t;
    const double *gradient;
    const double *change; /* H dw; NULL without a tangent */
};

/* Takes state [w | buffers] through a step, or the tangent where that is not NULL. */
static void update_all(const struct lyap_reference_training *of, const struct drive *by, double *state,
                       double *tangent) {
    const struct lyap_network *net = of->net;
    const struct lyap_optimiser *o = of->optimiser;
    const struct lyap_optimiser_traits *traits = lyap_optimiser_traits(o->kind);
    const bool has_m = traits->momentum, has_s = traits->squares;
    const size_t n = lyap_network_parameters(net), at_s = has_m ? 2 * n : n;
    int layer = 0;
    for (size_t p = 0; p < n; p++) {
        while (layer + 1 < net->layers && p >= lyap_network_offset(net, layer + 1)) layer++;
        struct dual g = {by->gradient[p], by->change ? by->change[p] : 0}, w = {state[p], tangent ? tangent[p] : 0};
        struct dual m = {has_m ? state[n + p] : 0, has_m && tangent ? tangent[n + p] : 0};
        struct dual s = {has_s ? state[at_s + p] : 0, has_s && tangent ? tangent[at_s + p] : 0};
        w = update(o, by->lr * o->layer_rate[layer], (double)(by->t + 1), g, w, &m, &s);
        double *out = tangent ? tangent : state;
        out[p] = tangent ? w.d : w.x;
        if (has_m) out[n + p] = tangent ? m.d : m.x;
        if (has_s) out[at_s + p] = tangent ? s.d : s.x;
    }
}

/* The samples of a step: all, or its mini-batch. */
struct batches {
    const struct lyap_optimiser *optimiser;
    const struct lyap_dataset *all;
    struct lyap_dataset batch;
    size_t *order;
};

static bool batches_open(struct batches *b, const struct lyap_optimiser *o, const struct lyap_dataset *data) {
    size_t size = (size_t)o->batch;
    *b = (struct batches){.optimiser = o, .all = data, .batch = *data};
    if (!size) return true;
    b->batch = (struct lyap_dataset){size, data->inputs, data->outputs, NULL, NULL};
    b->batch.x = malloc(size * data->inputs * sizeof(double));
    b->batch.y = malloc(size * data->outputs * sizeof(double));
    b->order = malloc(data->samples * sizeof *b->order);
    return b->batch.x && b->batch.y && b->order;
}

static void batches_close(struct batches *b) {
    if (!b->optimiser->batch) return;
    free(b->batch.x);
    free(b->batch.y);
    free(b->order);
}

static const struct lyap_dataset *batch_at(struct batches *b, size_t t) {
    if (!b->optimiser->batch) return b->all;
    size_t size = b->batch.samples, per_pass = b->all->samples / size;
    lyap_optimiser_order(b->optimiser, t / per_pass, b->all->samples, b->order);
    for (size_t s = 0; s < size; s++) {
        size_t from = b->order[t % per_pass * size + s];
        memcpy(b->batch.x + s * b->all->inputs, b->all->x + from * b->all->inputs, b->all->inputs * sizeof(double));
        memcpy(b->batch.y + s * b->all->outputs, b->all->y + from * b->all->outputs, b->all->outputs * sizeof(double));
    }
    return &b->batch;
}

static double length(const double *a, const double *b, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += (a[i] - (b ? b[i] : 0)) * (a[i] - (b ? b[i] : 0));
    return sqrt(sum);
}

static enum lyap_status check(const struct lyap_network *net, const struct lyap_dataset *data,
                              const struct lyap_optimiser *optimiser, struct lyap_error *error) {
    enum lyap_status status = lyap_network_check(net, error);
    return status ? status : lyap_optimiser_check(optimiser, net->layers, data->samples, error);
}

enum lyap_status lyap_reference_train(const struct lyap_reference_training *of, double *state, size_t trajectories,
                                      double *distance, double *loss, struct lyap_error *error) {
    const struct lyap_network *net = of->net;
    const struct lyap_dataset *data = of->data;
    const struct lyap_optimiser *optimiser = of->optimiser;
    const size_t steps = of->steps;
    enum lyap_status status = check(net, data, optimiser, error);
    if (status) return status;
    size_t n = lyap_network_parameters(net), dimension = n * (1 + lyap_optimiser_buffers(optimiser->kind));
    size_t measured = optimiser->full_state ? dimension : n;
    struct batches batches;
    double *gradient = malloc(n * sizeof *gradient);
    bool ok = batches_open(&batches, optimiser, data) && gradient;
    for (size_t t = 0; ok && t < steps; t++) {
        const struct lyap_dataset *batch = batch_at(&batches, t);
        double rate = of->lr * lyap_optimiser_rate(optimiser, t, steps);
        for (size_t k = 0; ok && k < trajectories; k++) {
            double value;
            ok = lyap_reference_evaluate(net, batch, state + k * dimension, gradient, &value);
            if (!ok) break;
            if (k == 0) loss[t] = value;
            update_all(of, &(const struct drive){rate, t, gradient, NULL}, state + k * dimension, NULL);
        }
        distance[t] = 0;
        for (size_t k = 1; k < trajectories; k++)
            distance[t] += length(state, state + k * dimension, measured) / (double)(trajectories - 1);
    }
    batches_close(&batches);
    free(gradient);
    return ok ? LYAP_OK : lyap_fail(error, LYAP_ERROR_MEMORY, "reference: out of memory for %zu parameters", n);
}

enum lyap_status lyap_reference_tangent(const struct lyap_reference_training *of, double *state, double *v,
                                        double *lambda, struct lyap_error *error) {
    const struct lyap_network *net = of->net;
    const struct lyap_dataset *data = of->data;
    const struct lyap_optimiser *optimiser = of->optimiser;
    const size_t steps = of->steps;
    enum lyap_status status = check(net, data, optimiser, error);
    if (status) return status;
    size_t n = lyap_network_parameters(net), dimension = n * (1 + lyap_optimiser_buffers(optimiser->kind));
    size_t measured = optimiser->full_state ? dimension : n;
    struct batches batches;
    double *gradient = malloc(2 * n * sizeof *gradient), sum = 0, size;
    bool ok = batches_open(&batches, optimiser, data) && gradient;
    size = length(v, NULL, measured);
    for (size_t i = 0; i < dimension; i++) v[i] /= size;
    for (size_t t = 0; ok && !status && t < steps; t++) {
        const struct lyap_dataset *batch = batch_at(&batches, t);
        double rate = of->lr * lyap_optimiser_rate(optimiser, t, steps);
        double loss;
        ok = lyap_reference_evaluate(net, batch, state, gradient, &loss);
        if (!ok) break;
        status = lyap_reference_hessian(net, batch, state, v, gradient + n, error);
        if (status) break;
        update_all(of, &(const struct drive){rate, t, gradient, gradient + n}, state, v);
        update_all(of, &(const struct drive){rate, t, gradient, NULL}, state, NULL);
        size = length(v, NULL, measured);
        for (size_t i = 0; i < dimension; i++) v[i] /= size;
        sum += log(size);
    }
    *lambda = sum / (double)steps;
    batches_close(&batches);
    free(gradient);
    if (!ok) return lyap_fail(error, LYAP_ERROR_MEMORY, "reference: out of memory for %zu parameters", n);
    return status;
}
