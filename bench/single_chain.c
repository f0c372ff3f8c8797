#include "single_chain.h"

#include "native.h"
#include "timer.h"

enum { CHAIN = 20000, CALLS = 2000, TIMES = 40 };

struct bench_chain bench_chain_of(const struct lyap_network *net, size_t samples) {
    struct bench_chain c = {0};
    for (int l = 0; l < net->layers; l++) {
        c.fma += net->sizes[l];
        c.tanh += net->activation[l] == LYAP_TANH;
        c.relu += net->activation[l] == LYAP_RELU;
    }
    for (int l = net->layers - 1; l >= 0; l--) {
        bool tanh = net->activation[l] == LYAP_TANH, top = l == net->layers - 1;
        if (top) {
            c.fma += tanh;
            c.add += !tanh;
        } else {
            c.mul += 1;
            c.fma += net->sizes[l + 2] - 1;
        }
        c.mul += tanh; /* below the top 1 - a a is there before the sum */
        c.gate += net->activation[l] == LYAP_RELU;
    }
    c.mul += 1;
    c.fma += (double)samples; /* samples - 1, and the update */
    return c;
}

/* Best ns of an operation in a register's chain. */
static double register_chain(enum bench_native_chain what) {
    double best = 1;
    for (int i = 0; i < TIMES; i++) {
        double begin = bench_seconds();
        volatile double sink = bench_native_chain(what, CHAIN);
        double took = bench_seconds() - begin;
        (void)sink;
        if (took < best) best = took;
    }
    return best / CHAIN * 1e9;
}

/* Best ns of a pass over 16 values in place. What a gate waits for is its second operand, since the unit that opens it was there long
 * before. */
static double pass(const struct lyap_kernels *kernels, int operation, void *values, const void *others) {
    const void *first = operation == LYAP_OP_GATE ? others : values, *second = first == others ? values : others;
    double best = 1;
    for (int i = 0; i < TIMES; i++) {
        double begin = bench_seconds();
        for (int call = 0; call < CALLS; call++)
            kernels->elementwise(operation, first, second, others, values, LYAP_BLOCK);
        double took = bench_seconds() - begin;
        if (took < best) best = took;
    }
    return best / CALLS * 1e9;
}

union numbers {
    float narrow[LYAP_BLOCK];
    double wide[LYAP_BLOCK];
};

struct bench_latency bench_latency_measure(const struct lyap_kernels *kernels) {
    struct bench_latency m = {.fma = register_chain(BENCH_CHAIN_FMA),
                              .mul = register_chain(BENCH_CHAIN_MUL),
                              .add = register_chain(BENCH_CHAIN_ADD)};
    static const int operations[] = {LYAP_OP_RELU, LYAP_OP_GATE, LYAP_OP_TANH};
    double *const to[] = {&m.relu, &m.gate, &m.tanh};
    enum { OPERATIONS = sizeof to / sizeof *to };
    _Alignas(64) union numbers values, others;
    for (int k = -1; k < OPERATIONS; k++) {
        static double sum;
        for (size_t i = 0; i < LYAP_BLOCK; i++) {
            if (kernels->precision == LYAP_FLOAT32)
                values.narrow[i] = others.narrow[i] = 0.5F;
            else
                values.wide[i] = others.wide[i] = 0.5;
        }
        double took = pass(kernels, k < 0 ? LYAP_OP_ADD : operations[k], &values, &others);
        if (k < 0)
            sum = took;
        else
            *to[k] = took - sum + m.add > 0 ? took - sum + m.add : 0;
    }
    return m;
}

double bench_chain_ns(const struct bench_chain *c, const struct bench_latency *m) {
    return c->fma * m->fma + c->mul * m->mul + c->add * m->add + c->relu * m->relu + c->gate * m->gate +
           c->tanh * m->tanh;
}
