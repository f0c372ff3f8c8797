/* Draws and activations: kernels without a network. */
#include <math.h>

#include "kernel.h"
#include "lyapgrad/random.h"

enum { DRAWS = 1024, VALUES = 2048 };

static const uint32_t cells[LYAP_BLOCK] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, zero[LYAP_BLOCK];

static bool open_draws(struct bench_work *work) {
    work->out_bytes = (size_t)DRAWS * LYAP_BLOCK * work->run.real_size;
    work->out = lyap_aligned(work->out_bytes, 1);
    return work->out != NULL;
}

static void draw(struct bench_work *work, bool normal) {
    const struct lyap_draws draws = {normal, 1, LYAP_STREAM_PERTURBATION, cells, zero, 0, DRAWS};
    work->run.kernels->draw(&draws, work->out);
}
static void run_uniform(void *work) {
    draw(work, false);
}
static void run_normal(void *work) {
    draw(work, true);
}

/* The public generator in float64, another implementation of the same stream. */
static double draw_residual(struct bench_work *work, bool normal) {
    static double expected[DRAWS];
    double worst = 0;
    for (size_t lane = 0; lane < LYAP_BLOCK; lane++) {
        (normal ? lyap_random_normal : lyap_random_uniform)(1, LYAP_STREAM_PERTURBATION, lane, 0, DRAWS, expected);
        for (size_t i = 0; i < DRAWS; i++) {
            double off = fabs(bench_real_at(work, work->out, i * LYAP_BLOCK + lane) - expected[i]);
            if (!(off <= worst)) worst = off;
        }
    }
    return worst;
}
static double uniform_residual(struct bench_work *work) {
    return draw_residual(work, false);
}
static double normal_residual(struct bench_work *work) {
    return draw_residual(work, true);
}

static int out_part(struct bench_work *work, const void *part[BENCH_MOST_PARTS], size_t bytes[BENCH_MOST_PARTS]) {
    part[0] = work->out;
    bytes[0] = work->out_bytes;
    return 1;
}

static double draw_items(const struct bench_case *the_case) {
    (void)the_case;
    return (double)DRAWS * LYAP_BLOCK;
}
static struct bench_count uniform_count(const struct bench_case *the_case) {
    return bench_count_draw(0, bench_real_size(the_case));
}
static struct bench_count normal_count(const struct bench_case *the_case) {
    return bench_count_draw(1, bench_real_size(the_case));
}
static double draw_set(const struct bench_case *the_case) {
    return (double)DRAWS * LYAP_BLOCK * (double)bench_real_size(the_case);
}

const struct bench_kernel bench_uniform = {
    .name = "uniform",
    .item = "draw",
    .tolerance = {1e-7, 0x1p-53}, /* 24 of the 53 bits */
    .residual_of = "the generator in double",
    .open = open_draws,
    .run = run_uniform,
    .residual = uniform_residual,
    .result = out_part,
    .items = draw_items,
    .count = uniform_count,
    .working_set = draw_set,
};

const struct bench_kernel bench_normal = {
    .name = "normal",
    .item = "draw",
    .tolerance = {1e-2, 1e-14}, /* float32: ln u has few bits left where u is next to 1 */
    .residual_of = "the generator in double",
    .open = open_draws,
    .run = run_normal,
    .residual = normal_residual,
    .result = out_part,
    .items = draw_items,
    .count = normal_count,
    .working_set = draw_set,
};

static double value_at(size_t i) {
    return -6 + 12 * (double)(i * 977 % VALUES) / VALUES;
}

static bool open_values(struct bench_work *work) {
    work->out_bytes = VALUES * work->run.real_size;
    work->in = lyap_aligned(work->out_bytes, 1);
    work->out = lyap_aligned(work->out_bytes, 1);
    if (!work->in || !work->out) return false;
    for (size_t i = 0; i < VALUES; i++) {
        if (work->the_case->precision == LYAP_FLOAT64)
            ((double *)work->in)[i] = value_at(i);
        else
            ((float *)work->in)[i] = (float)value_at(i);
    }
    return true;
}

static void run_activation(void *context) {
    struct bench_work *work = context;
    static const enum lyap_throughput_loop loops[BENCH_ACTIVATIONS] = {
        [LYAP_SIGMOID] = LYAP_LOOP_SIGMOID, [LYAP_TANH] = LYAP_LOOP_TANH, [LYAP_RELU] = LYAP_LOOP_RELU};
    work->run.kernels->throughput(loops[work->the_case->net.activation[0]], work->in, work->out, VALUES);
}

static double activation_residual(struct bench_work *work) {
    double worst = 0;
    for (size_t i = 0; i < VALUES; i++) {
        double z = bench_real_at(work, work->in, i), expected = z > 0 ? z : 0;
        if (work->the_case->net.activation[0] == LYAP_SIGMOID) expected = 1 / (1 + exp(-z));
        if (work->the_case->net.activation[0] == LYAP_TANH) expected = tanh(z);
        double off = fabs(bench_real_at(work, work->out, i) - expected);
        if (!(off <= worst)) worst = off;
    }
    return worst;
}

static double activation_items(const struct bench_case *the_case) {
    (void)the_case;
    return VALUES;
}
static struct bench_count activation_count(const struct bench_case *the_case) {
    struct bench_count c = {.bytes = 2 * (double)bench_real_size(the_case)};
    switch (the_case->net.activation[0]) {
    case LYAP_SIGMOID:
        c.add = 2;
        c.exp = c.div = 1;
        break;
    case LYAP_TANH:
        c.tanh = 1;
        break;
    default:
        c.relu = 1;
        break;
    }
    return c;
}
static double activation_set(const struct bench_case *the_case) {
    return 2 * VALUES * (double)bench_real_size(the_case);
}

const struct bench_kernel bench_activation = {
    .name = "activation",
    .item = "value",
    .activations = true,
    .tolerance = {4e-7, 1e-15}, /* 3.5 units in the last place of values up to 1; 0 for ReLU */
    .residual_of = "the C library in double",
    .open = open_values,
    .run = run_activation,
    .residual = activation_residual,
    .result = out_part,
    .items = activation_items,
    .count = activation_count,
    .working_set = activation_set,
};
