#include "limits.h"

#include <stdlib.h>

#include "engine/aligned.h"
#include "engine/worker.h"

enum { REGISTER_WORK = 1 << 18, ARRAY = 2048 };

/* One loop of lyap_kernels.rate. */
struct loop {
    const struct lyap_kernels *kernels;
    enum lyap_throughput_loop what;
    void *in, *out;
    size_t n;
};

static void run_loop(void *context) {
    struct loop *loop = context;
    loop->kernels->throughput(loop->what, loop->in, loop->out, loop->n);
}

/* Values in (0.1, 1): normal numbers that every function takes by its common path. */
static void fill(void *array, size_t n, enum lyap_precision precision) {
    for (size_t i = 0; i < n; i++) {
        double value = 0.1 + 0.9 * (double)(i * 7919 % 1024) / 1024;
        if (precision == LYAP_FLOAT64)
            ((double *)array)[i] = value;
        else
            ((float *)array)[i] = (float)value;
    }
}

static void set_ones(void *array, size_t n, enum lyap_precision precision) {
    for (size_t i = 0; i < n; i++) {
        if (precision == LYAP_FLOAT64)
            ((double *)array)[i] = 1;
        else
            ((float *)array)[i] = 1;
    }
}

static double larger(double a, double b) {
    return a > b ? a : b;
}

/* GB/s of reading and of updating `bytes`. */
static bool bandwidth(const struct lyap_kernels *kernels, size_t bytes, struct bench_effort effort, double *read,
                      double *update) {
    size_t real = kernels->precision == LYAP_FLOAT64 ? sizeof(double) : sizeof(float);
    size_t n = bytes / real / 128 * 128;
    void *array = lyap_aligned(n, real);
    _Alignas(LYAP_ALIGNMENT) double sink[LYAP_BLOCK], ones[LYAP_BLOCK];
    if (!array) return false;
    set_ones(array, n, kernels->precision);
    set_ones(ones, LYAP_BLOCK, kernels->precision);
    struct loop loops[2] = {{kernels, LYAP_LOOP_READ, array, sink, n}, {kernels, LYAP_LOOP_UPDATE, ones, array, n}};
    struct bench_subject subjects[2] = {{.run = run_loop, .context = &loops[0]},
                                        {.run = run_loop, .context = &loops[1]}};
    bench_measure(subjects, 2, effort);
    *read = (double)(n * real) / subjects[0].best * 1e-9;
    *update = 2 * (double)(n * real) / subjects[1].best * 1e-9;
    free(array);
    return true;
}

/* Seconds of each register loop, and from them the costs. */
static void register_rates(struct bench_limits *limits, const struct lyap_kernels *kernels,
                           struct bench_effort effort) {
    enum { LOOPS = LYAP_LOOP_WORDS - LYAP_LOOP_FMA + 1 };
    _Alignas(LYAP_ALIGNMENT) double sink[2 * LYAP_BLOCK];
    struct loop loops[LOOPS];
    struct bench_subject subjects[LOOPS];
    for (int i = 0; i < LOOPS; i++) {
        loops[i] = (struct loop){kernels, (enum lyap_throughput_loop)i, NULL, sink, REGISTER_WORK};
        subjects[i] = (struct bench_subject){.run = run_loop, .context = &loops[i]};
    }
    set_ones(sink, 2 * LYAP_BLOCK, kernels->precision);
    bench_measure(subjects, LOOPS, effort);
    double fma = subjects[LYAP_LOOP_FMA].best, beside = REGISTER_WORK * (double)kernels->beside / kernels->chains;
    double extra[LOOPS];
    limits->fma = fma / REGISTER_WORK * 1e9;
    limits->any = limits->fma;
    for (int i = LYAP_LOOP_FMA_ADD; i < LYAP_LOOP_WORDS; i++) {
        double any = subjects[i].best / (REGISTER_WORK + beside) * 1e9;
        extra[i] = larger(0, subjects[i].best - fma) / beside * 1e9;
        /* Under a tenth of a multiply-add is the loop's own edge. */
        if (extra[i] < 0.1 * limits->fma) extra[i] = 0;
        if (any < limits->any) limits->any = any;
    }
    limits->add = extra[LYAP_LOOP_FMA_ADD];
    limits->relu = extra[LYAP_LOOP_FMA_RELU];
    limits->gate = extra[LYAP_LOOP_FMA_GATE];
    limits->words = subjects[LYAP_LOOP_WORDS].best / REGISTER_WORK * 1e9;
}

bool bench_limits_measure(struct bench_limits *limits, const struct lyap_kernels *kernels,
                          const struct bench_machine *machine, struct bench_effort effort) {
    *limits = (struct bench_limits){0};
    register_rates(limits, kernels, effort);

    _Alignas(LYAP_ALIGNMENT) static double in[ARRAY], out[ARRAY];
    fill(in, ARRAY, kernels->precision);
    double *const to[] = {&limits->div,   &limits->sqrt, &limits->exp,     &limits->log,
                          &limits->log1p, &limits->tanh, &limits->sincospi};
    enum { FUNCTIONS = sizeof to / sizeof *to };
    struct loop loops[FUNCTIONS];
    struct bench_subject subjects[FUNCTIONS];
    for (int i = 0; i < FUNCTIONS; i++) {
        loops[i] = (struct loop){kernels, (enum lyap_throughput_loop)(LYAP_LOOP_DIV + i), in, out, ARRAY};
        subjects[i] = (struct bench_subject){.run = run_loop, .context = &loops[i]};
    }
    bench_measure(subjects, FUNCTIONS, effort);
    for (int i = 0; i < FUNCTIONS; i++) *to[i] = subjects[i].best / ARRAY * 1e9;

    struct bench_effort few = {.repetitions = effort.repetitions < 7 ? effort.repetitions : 7,
                               .seconds = effort.seconds};
    return bandwidth(kernels, machine->l1 / 2, effort, &limits->read_l1, &limits->update_l1) &&
           bandwidth(kernels, machine->l2 / 2, effort, &limits->read_l2, &limits->update_l2) &&
           bandwidth(kernels, 4 * machine->l3, few, &limits->read_memory, &limits->update_memory);
}

double bench_limits_peak(const struct bench_limits *limits) {
    return 2 / limits->fma;
}

double bench_limits_bound(const struct bench_limits *m, const struct bench_count *c, double working_set,
                          const struct bench_machine *machine, const char **which) {
    double fma = c->fma + c->mul;
    double all = fma + c->add + c->relu + c->gate;
    double issue = larger(fma * m->fma + c->add * m->add + c->relu * m->relu + c->gate * m->gate, all * m->any);
    double calls = c->exp * m->exp + c->log * m->log + c->tanh * m->tanh + c->sincospi * m->sincospi;
    double divider = c->div * m->div + c->sqrt * m->sqrt, words = c->words * m->words;
    bool l1 = working_set <= (double)machine->l1, l2 = working_set <= (double)machine->l2;
    double update = l1 ? m->update_l1 : l2 ? m->update_l2 : m->update_memory;
    const struct {
        const char *name;
        double time;
    } bounds[] = {{calls > 0 ? "sleef" : "issue", calls + issue},
                  {"divider", divider},
                  {"words", words},
                  {l1   ? "L1"
                   : l2 ? "L2"
                        : "memory",
                   update > 0 ? c->bytes / update : 0}};
    double bound = 0;
    for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++)
        if (bounds[i].time > bound) {
            bound = bounds[i].time;
            *which = bounds[i].name;
        }
    return bound;
}
