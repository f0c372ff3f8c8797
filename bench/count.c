#include "count.h"

#include <stdbool.h>

/* n values f(z). */
static void count_activation(struct bench_count *c, enum lyap_activation activation, double n) {
    switch (activation) {
    case LYAP_SIGMOID: /* 1 / (1 + exp(0 - z)) */
        c->add += 2 * n;
        c->exp += n;
        c->div += n;
        break;
    case LYAP_TANH:
        c->tanh += n;
        break;
    case LYAP_RELU:
        c->relu += n;
        break;
    default:
        break;
    }
}

/* n products g * f'(z). */
static void count_derivative(struct bench_count *c, enum lyap_activation activation, double n) {
    switch (activation) {
    case LYAP_SIGMOID: /* g * (a - a a) */
    case LYAP_TANH:    /* g * (1 - a a) */
        c->fma += n;
        c->mul += n;
        break;
    case LYAP_RELU:
        c->gate += n;
        break;
    default:
        break;
    }
}

struct bench_count bench_count_forward(const struct lyap_network *net, size_t samples, size_t real_size) {
    struct bench_count c = {0};
    double s = (double)samples;
    for (int l = 0; l < net->layers; l++) {
        double inputs = net->sizes[l], outputs = net->sizes[l + 1];
        c.fma += s * inputs * outputs;
        count_activation(&c, net->activation[l], s * outputs);
    }
    c.bytes = (double)lyap_network_parameters(net) * (double)real_size;
    return c;
}

struct bench_count bench_count_backward(const struct lyap_network *net, size_t samples, size_t real_size) {
    struct bench_count c = {0};
    double s = (double)samples, numbers = 0;
    int last = net->layers - 1;
    c.add += s * net->sizes[net->layers];
    if (net->loss == LYAP_MSE) count_derivative(&c, net->activation[last], s * net->sizes[net->layers]);
    for (int l = 0; l < net->layers; l++) {
        double inputs = net->sizes[l], outputs = net->sizes[l + 1];
        /* What a linear hidden unit gave is in no derivative. */
        bool read = l == last || net->activation[l] != LYAP_LINEAR;
        numbers += s * outputs * (read ? 2 : 1);
        if (l == 0) continue;
        numbers += inputs * outputs;
        c.mul += s * inputs;
        c.fma += s * inputs * (outputs - 1);
        count_derivative(&c, net->activation[l - 1], s * inputs);
    }
    c.bytes = numbers * (double)real_size;
    return c;
}

struct bench_count bench_count_gradient(const struct lyap_network *net, size_t samples, size_t real_size) {
    struct bench_count c =
        bench_count_add(bench_count_forward(net, samples, real_size), 1, bench_count_backward(net, samples, real_size));
    double s = (double)samples;
    for (int l = 0; l < net->layers; l++) {
        double inputs = net->sizes[l], outputs = net->sizes[l + 1];
        c.mul += inputs * outputs;
        c.fma += inputs * outputs * (s - 1);
        c.add += outputs * (s - 1);
    }
    c.bytes = 2 * (double)lyap_network_parameters(net) * (double)real_size;
    return c;
}

struct bench_count bench_count_distance(size_t parameters, unsigned neighbours, size_t real_size) {
    double p = (double)parameters, neighbour = neighbours / (1.0 + neighbours);
    return (struct bench_count){
        .fma = neighbour * p, .add = neighbour * (p + 1), .sqrt = neighbour, .bytes = p * (double)real_size};
}

struct bench_count bench_count_step(const struct lyap_network *net, size_t samples, unsigned neighbours,
                                    size_t real_size) {
    struct bench_count c = bench_count_gradient(net, samples, real_size);
    size_t parameters = lyap_network_parameters(net);
    double parent = 1 / (1.0 + neighbours), neighbour = neighbours / (1.0 + neighbours), p = (double)parameters;
    c.fma += p + parent * (double)samples * net->sizes[net->layers];
    c = bench_count_add(c, 1, bench_count_distance(parameters, neighbours, real_size));
    c.bytes = (2 + neighbour) * p * (double)real_size;
    return c;
}

/* The factors of R{z} and R{d} of n units, shared by all directions; f' is there from back-propagation. */
static void count_factors(struct bench_count *c, enum lyap_activation activation, bool output, double n) {
    switch (activation) {
    case LYAP_SIGMOID: /* d (1 - 2 a) */
        c->fma += n;
        c->mul += n;
        break;
    case LYAP_TANH: /* d (-2 a) */
        c->mul += 2 * n;
        break;
    default:
        return;
    }
    if (output) c->fma += n; /* f'^2 + d f''/f' */
}

/* n products of a number with a unit's slope. */
static void count_slope(struct bench_count *c, enum lyap_activation activation, double n) {
    if (activation == LYAP_RELU) c->gate += n;
    if (activation == LYAP_SIGMOID || activation == LYAP_TANH) c->mul += n;
}

/* One direction through the network: R{z} and R{a}, R{d}, the sums of H v, the update. */
static struct bench_count count_direction(const struct lyap_network *net, double s) {
    struct bench_count c = {.fma = (double)lyap_network_parameters(net)};
    for (int l = 0; l < net->layers; l++) {
        double inputs = net->sizes[l], outputs = net->sizes[l + 1], terms = l > 0 ? 2 : 1;
        c.fma += terms * s * inputs * outputs;
        count_slope(&c, net->activation[l], s * outputs);
        if (l > 0) {
            enum lyap_activation below = net->activation[l - 1];
            c.mul += s * inputs;
            c.fma += s * inputs * (2 * outputs - 1);
            count_slope(&c, below, s * inputs);
            if (below == LYAP_SIGMOID || below == LYAP_TANH) c.fma += s * inputs;
        }
        c.mul += inputs * outputs;
        c.fma += inputs * outputs * (terms * s - 1);
        c.add += outputs * (s - 1);
    }
    return c;
}

struct bench_count bench_count_orthonormal(size_t dimension, size_t vectors) {
    double n = (double)dimension, k = (double)vectors, pairs = k * (k - 1) / 2;
    return (struct bench_count){
        .fma = k * (n - 1) + pairs * 2 * n, .mul = k * (n + 2) + pairs * 2, .div = k + (k - 1), .sqrt = k};
}

struct bench_count bench_count_tangent(const struct lyap_network *net, size_t samples, size_t vectors,
                                       unsigned qr_every, size_t real_size) {
    size_t parameters = lyap_network_parameters(net);
    struct bench_count c = bench_count_step(net, samples, 0, real_size);
    for (int l = 0; l < net->layers; l++)
        count_factors(&c, net->activation[l], l == net->layers - 1, (double)samples * net->sizes[l + 1]);
    c = bench_count_add(c, (double)vectors, count_direction(net, (double)samples));
    c = bench_count_add(c, 1.0 / qr_every, bench_count_orthonormal(parameters, vectors));
    c.bytes = 2 * (1 + (double)vectors) * (double)parameters * (double)real_size;
    return c;
}

struct bench_count bench_count_draw(int normal, size_t real_size) {
    struct bench_count c = {.words = real_size == sizeof(float) ? 5 : 10, .mul = 1, .bytes = (double)real_size};
    if (!normal) return c;
    c.log = c.sincospi = c.sqrt = 0.5;
    c.add = 0.5;
    c.mul += 2;
    return c;
}

struct bench_count bench_count_add(struct bench_count a, double factor, struct bench_count b) {
    a.fma += factor * b.fma;
    a.mul += factor * b.mul;
    a.add += factor * b.add;
    a.relu += factor * b.relu;
    a.gate += factor * b.gate;
    a.div += factor * b.div;
    a.sqrt += factor * b.sqrt;
    a.exp += factor * b.exp;
    a.log += factor * b.log;
    a.tanh += factor * b.tanh;
    a.sincospi += factor * b.sincospi;
    a.words += factor * b.words;
    a.bytes += factor * b.bytes;
    return a;
}

double bench_count_flops(const struct bench_count *c) {
    return 2 * c->fma + c->mul + c->add + c->relu + c->gate + c->div + c->sqrt + c->exp + c->log + c->tanh +
           c->sincospi;
}
