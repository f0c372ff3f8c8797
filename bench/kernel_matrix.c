/* The matrix products of a large layer: each alone, and all those of a step (without activations and update). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kernel.h"

/* Buffers for one chunk, vector by vector, the gradients, and the data by columns, chunk by chunk. */
struct products {
    size_t sizes[3]; /* inputs, hidden units, outputs */
    size_t most;     /* samples of a chunk, as many as in a step */
    void *hidden, *delta, *out, *target, *gradient, *scratch, *columns;
};

static double numbers(const struct bench_case *c, int layer) {
    return (double)c->net.sizes[layer] * c->net.sizes[layer + 1];
}

static void close_matrix(struct bench_work *work) {
    struct products *m = work->more;
    if (!m) return;
    free(m->hidden);
    free(m->delta);
    free(m->out);
    free(m->target);
    free(m->gradient);
    free(m->scratch);
    free(m->columns);
    free(m);
}

/* Numbers in (-0.1, 0.1). */
static void fill(const struct bench_work *work, void *array, size_t n) {
    for (size_t i = 0; i < n; i++) {
        double value = 0.2 * ((double)(i * 7919 % 1021) / 1021 - 0.5);
        if (work->the_case->precision == LYAP_FLOAT64)
            ((double *)array)[i] = value;
        else
            ((float *)array)[i] = (float)value;
    }
}

static void turn(const struct bench_work *work, struct products *m) {
    size_t samples = work->run.shape.samples, I = m->sizes[0];
    for (size_t from = 0; from < samples; from += m->most) {
        size_t count = samples - from < m->most ? samples - from : m->most;
        for (size_t s = 0; s < count; s++)
            for (size_t k = 0; k < I; k++) {
                double value = bench_real_at(work, work->worker.block.x, (from + s) * I + k);
                size_t to = from * I + k * count + s;
                if (work->the_case->precision == LYAP_FLOAT64)
                    ((double *)m->columns)[to] = value;
                else
                    ((float *)m->columns)[to] = (float)value;
            }
    }
}

static bool open_matrix(struct bench_work *work) {
    struct products *m = lyap_aligned(1, sizeof *m);
    work->more = m;
    if (!m) return false;
    size_t real = work->run.real_size;
    for (int l = 0; l < 3; l++) m->sizes[l] = (size_t)work->the_case->net.sizes[l];
    m->most = work->run.shape.chunk;
    size_t hidden = m->most * m->sizes[1] * LYAP_BLOCK, out = m->most * m->sizes[2] * LYAP_BLOCK;
    work->out_bytes = work->run.shape.parameters * LYAP_BLOCK * real;
    m->hidden = lyap_aligned(hidden, real);
    m->delta = lyap_aligned(hidden, real);
    m->out = lyap_aligned(out, real);
    m->target = lyap_aligned(out, real);
    m->gradient = lyap_aligned(work->out_bytes, 1);
    m->scratch = lyap_aligned(work->run.kernels->matrix_scratch, 1);
    m->columns = lyap_aligned(work->run.shape.samples * m->sizes[0], real);
    if (!m->columns || !m->hidden || !m->delta || !m->out || !m->target || !m->gradient || !m->scratch) return false;
    turn(work, m);
    fill(work, m->hidden, hidden);
    fill(work, m->delta, hidden);
    fill(work, m->out, out);
    fill(work, m->target, out);
    return true;
}

/* One chunk's view. */
struct chunk {
    const struct lyap_kernels *kernels;
    const struct products *m;
    const char *x, *columns, *first, *second; /* data, weights of both layers */
    char *second_gradient;
    size_t samples;
    bool more; /* not the batch's first */
};

static struct chunk chunk_at(const struct bench_work *work, size_t from) {
    const struct products *m = work->more;
    size_t real = work->run.real_size, first = (m->sizes[0] + 1) * m->sizes[1] * LYAP_BLOCK * real;
    size_t left = work->run.shape.samples - from;
    const char *w = work->worker.block.weights;
    return (struct chunk){.kernels = work->run.kernels,
                          .m = m,
                          .x = (const char *)work->worker.block.x + from * m->sizes[0] * real,
                          .columns = (const char *)m->columns + from * m->sizes[0] * real,
                          .first = w,
                          .second = w + first,
                          .second_gradient = (char *)m->gradient + first,
                          .samples = left < m->most ? left : m->most,
                          .more = from > 0};
}

static void forward_first(const struct chunk *c) {
    c->kernels->matrix(&(struct lyap_product){LYAP_MATRIX_FORWARD, true, false, c->x, c->first, c->samples,
                                              c->m->sizes[0], c->m->sizes[1], c->m->scratch},
                       c->m->hidden);
}
static void backward_second(const struct chunk *c) {
    c->kernels->matrix(&(struct lyap_product){LYAP_MATRIX_BACKWARD, false, false, c->m->target, c->second, c->samples,
                                              c->m->sizes[1], c->m->sizes[2], c->m->scratch},
                       c->m->delta);
}
static void gradient_first(const struct chunk *c) {
    c->kernels->matrix(&(struct lyap_product){LYAP_MATRIX_GRADIENT_BY_COLUMNS, true, c->more, c->columns, c->m->delta,
                                              c->samples, c->m->sizes[0], c->m->sizes[1], c->m->scratch},
                       c->m->gradient);
}
static void second_layer(const struct chunk *c) {
    c->kernels->matrix(&(struct lyap_product){LYAP_MATRIX_FORWARD, false, false, c->m->hidden, c->second, c->samples,
                                              c->m->sizes[1], c->m->sizes[2], c->m->scratch},
                       c->m->out);
    c->kernels->matrix(&(struct lyap_product){LYAP_MATRIX_GRADIENT, false, c->more, c->m->hidden, c->m->target,
                                              c->samples, c->m->sizes[1], c->m->sizes[2], c->m->scratch},
                       c->second_gradient);
    backward_second(c);
}

static void run_forward(void *context) {
    struct bench_work *work = context;
    for (size_t from = 0; from < work->run.shape.samples; from += work->run.shape.chunk) {
        struct chunk c = chunk_at(work, from);
        forward_first(&c);
    }
}
static void run_backward(void *context) {
    struct bench_work *work = context;
    for (size_t from = 0; from < work->run.shape.samples; from += work->run.shape.chunk) {
        struct chunk c = chunk_at(work, from);
        backward_second(&c);
    }
}
static void run_gradient(void *context) {
    struct bench_work *work = context;
    for (size_t from = 0; from < work->run.shape.samples; from += work->run.shape.chunk) {
        struct chunk c = chunk_at(work, from);
        gradient_first(&c);
    }
}
static void run_matrix(void *context) {
    struct bench_work *work = context;
    for (size_t from = 0; from < work->run.shape.samples; from += work->run.shape.chunk) {
        struct chunk c = chunk_at(work, from);
        forward_first(&c);
        second_layer(&c);
        gradient_first(&c);
    }
}

/* Number `index` of `count` of a lane in an array that lies vector by vector. */
static double lane_at(const struct bench_work *work, const void *array, size_t count, size_t index, size_t lane) {
    size_t lanes = work->run.kernels->lanes;
    return bench_real_at(work, array, (lane / lanes * count + index) * lanes + lane % lanes);
}

/* Largest difference of hidden units of the last chunk, or of first gradients, from plain sums, over the largest value. */
static double first_layer_residual(struct bench_work *work, bool gradient) {
    const struct products *m = work->more;
    size_t I = m->sizes[0], H = m->sizes[1], samples = work->run.shape.samples,
           last = (samples - 1) / m->most * m->most;
    const void *x = work->worker.block.x, *w = work->worker.block.weights;
    double worst = 0, largest = 1e-3;
    for (size_t lane = 0; lane < LYAP_BLOCK; lane += 5)
        for (size_t i = 0; i < (gradient ? I : samples - last); i += 7)
            for (size_t h = 0; h < H; h += 3) {
                size_t parameters = (I + 1) * H, here = i * H + h;
                double sum = gradient ? 0 : bench_real_at(work, w, (I * H + h) * LYAP_BLOCK + lane), got;
                if (gradient) {
                    for (size_t s = 0; s < samples; s++)
                        sum += bench_real_at(work, x, s * I + i) *
                               lane_at(work, m->delta, m->most * H, s % m->most * H + h, lane);
                    got = lane_at(work, m->gradient, parameters, here, lane);
                } else {
                    for (size_t k = 0; k < I; k++)
                        sum += bench_real_at(work, x, (last + i) * I + k) *
                               bench_real_at(work, w, (k * H + h) * LYAP_BLOCK + lane);
                    got = lane_at(work, m->hidden, (samples - last) * H, here, lane);
                }
                largest = fmax(largest, fabs(sum));
                worst = fmax(worst, isfinite(got) ? fabs(got - sum) : INFINITY);
            }
    return worst / largest;
}
static double forward_residual(struct bench_work *work) {
    return first_layer_residual(work, false);
}
static double gradient_residual(struct bench_work *work) {
    return first_layer_residual(work, true);
}
static double matrix_residual(struct bench_work *work) {
    return fmax(first_layer_residual(work, false), first_layer_residual(work, true));
}
static double backward_residual(struct bench_work *work) {
    const struct products *m = work->more;
    size_t I = m->sizes[0], H = m->sizes[1], O = m->sizes[2], rows = (work->run.shape.samples - 1) % m->most + 1;
    double worst = 0, largest = 1e-3;
    for (size_t lane = 0; lane < LYAP_BLOCK; lane += 5)
        for (size_t s = 0; s < rows; s += 7)
            for (size_t h = 0; h < H; h++) {
                double sum = 0, got = lane_at(work, m->delta, rows * H, s * H + h, lane);
                for (size_t o = 0; o < O; o++)
                    sum +=
                        lane_at(work, m->target, rows * O, s * O + o, lane) *
                        bench_real_at(work, work->worker.block.weights, ((I + 1) * H + h * O + o) * LYAP_BLOCK + lane);
                largest = fmax(largest, fabs(sum));
                worst = fmax(worst, isfinite(got) ? fabs(got - sum) : INFINITY);
            }
    return worst / largest;
}

/* Nothing to compare bit by bit: arrays lie vector by vector, in another order on each path. tests/simd/check_matrix.c does. */
static int no_parts(struct bench_work *work, const void *part[BENCH_MOST_PARTS], size_t bytes[BENCH_MOST_PARTS]) {
    (void)work, (void)part, (void)bytes;
    return 0;
}

static double networks(const struct bench_case *c) {
    (void)c;
    return LYAP_BLOCK;
}
static double weight_bytes(const struct bench_case *c) {
    return LYAP_BLOCK * (double)lyap_network_parameters(&c->net) * (double)bench_real_size(c);
}

static struct bench_count products(const struct bench_case *c, double first, double second) {
    double fma = (double)c->data->samples * (first * numbers(c, 0) + second * numbers(c, 1));
    double bytes = (first > 0 ? numbers(c, 0) : 0) + (second > 0 ? numbers(c, 1) : 0);
    return (struct bench_count){.fma = fma, .bytes = bytes * (double)bench_real_size(c)};
}
static struct bench_count matrix_count(const struct bench_case *c) {
    return products(c, 2, 3);
}
static struct bench_count first_count(const struct bench_case *c) {
    return products(c, 1, 0);
}
static struct bench_count second_count(const struct bench_case *c) {
    return products(c, 0, 1);
}

#define MATRIX_KERNEL(kernel_name, run_function, residual_function, count_function)                                    \
    {                                                                                                                  \
        .name = kernel_name, .item = "network", .networks = true, .shape = BENCH_LARGE_SHAPE,                          \
        .samples = BENCH_LARGE_SAMPLES, .tolerance = {1e-4, 1e-12}, .residual_of = "plain sums in double",             \
        .open = open_matrix, .close = close_matrix, .run = run_function, .residual = residual_function,                \
        .result = no_parts, .items = networks, .count = count_function, .working_set = weight_bytes                    \
    }

const struct bench_kernel bench_matrix = MATRIX_KERNEL("matrix", run_matrix, matrix_residual, matrix_count);
const struct bench_kernel bench_matrix_forward =
    MATRIX_KERNEL("matrix-forward", run_forward, forward_residual, first_count);
const struct bench_kernel bench_matrix_backward =
    MATRIX_KERNEL("matrix-backward", run_backward, backward_residual, second_count);
const struct bench_kernel bench_matrix_gradient =
    MATRIX_KERNEL("matrix-gradient", run_gradient, gradient_residual, first_count);
