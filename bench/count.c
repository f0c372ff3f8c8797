#include "count.h"

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

struct bench_count bench_count_gradient(const struct lyap_network *net, size_t samples, size_t real_size) {
    struct bench_count c = bench_count_forward(net, samples, real_size);
    double s = (double)samples;
    int last = net->layers - 1;
    c.add += s * net->sizes[net->layers];
    if (net->loss == LYAP_MSE) count_derivative(&c, net->activation[last], s * net->sizes[net->layers]);
    for (int l = 0; l < net->layers; l++) {
        double inputs = net->sizes[l], outputs = net->sizes[l + 1];
        if (l > 0) {
            c.mul += s * inputs;
            c.fma += s * inputs * (outputs - 1);
            count_derivative(&c, net->activation[l - 1], s * inputs);
        }
        c.mul += inputs * outputs;
        c.fma += inputs * outputs * (s - 1);
        c.add += outputs * (s - 1);
    }
    c.bytes += (double)lyap_network_parameters(net) * (double)real_size;
    return c;
}

struct bench_count bench_count_step(const struct lyap_network *net, size_t samples, unsigned neighbours,
                                    size_t real_size) {
    struct bench_count c = bench_count_gradient(net, samples, real_size);
    double parameters = (double)lyap_network_parameters(net), trajectories = 1.0 + neighbours;
    double parent = 1 / trajectories, neighbour = neighbours / trajectories;
    double terms = (double)samples * net->sizes[net->layers];
    c.fma += parameters + parent * terms + neighbour * parameters;
    c.add += parent * terms + neighbour * (parameters + 1);
    c.sqrt += neighbour;
    c.bytes = (2 + neighbour) * parameters * (double)real_size;
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
