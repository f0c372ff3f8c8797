/* Kernels over a network: passes, starting points, steps, whole trajectories. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/reference/reference.h"
#include "kernel.h"
#include "engine/train.h"
#include "lyapgrad/estimator.h"
#include "lyapgrad/random.h"

enum { ATTEMPTS = 32 };

static size_t samples_of(const struct bench_work *work) {
    return work->run.shape.samples;
}
static double networks(const struct bench_case *the_case) {
    return (double)LYAP_BLOCK * (1.0 + the_case->neighbours);
}

/* Weights, and what a pass writes. */
static double block_bytes(const struct bench_case *the_case) {
    return networks(the_case) * (double)lyap_network_parameters(&the_case->net) * (double)bench_real_size(the_case);
}

/* The weights of trajectory t of a lane, before training, in double. */
static void weights_of(const struct bench_work *work, size_t lane, size_t t, double *w) {
    size_t parameters = work->run.shape.parameters;
    for (size_t p = 0; p < parameters; p++)
        w[p] = bench_real_at(work, work->initial, (t * parameters + p) * LYAP_BLOCK + lane);
}

static int out_part(struct bench_work *work, const void *part[BENCH_MOST_PARTS], size_t bytes[BENCH_MOST_PARTS]) {
    part[0] = work->out;
    bytes[0] = work->out_bytes;
    return 1;
}

/* Passes. */

static bool open_pass(struct bench_work *work, size_t numbers) {
    work->out_bytes = numbers * work->worker.block.trajectories * LYAP_BLOCK * work->run.real_size;
    work->out = lyap_aligned(work->out_bytes, 1);
    return work->out != NULL;
}
static bool open_forward(struct bench_work *work) {
    return open_pass(work, samples_of(work) * work->the_case->data->outputs);
}
static bool open_gradient(struct bench_work *work) {
    return open_pass(work, work->run.shape.parameters);
}
static void run_forward(void *context) {
    struct bench_work *work = context;
    work->run.kernels->pass(&work->worker.block, false, work->out);
}
static void run_gradient(void *context) {
    struct bench_work *work = context;
    work->run.kernels->pass(&work->worker.block, true, work->out);
}

/* Of one network: the outputs' mean squared error against the reference's loss, or the gradient's largest difference
 * relative to its largest entry. */
static double pass_residual_of(struct bench_work *work, size_t lane, size_t t, bool gradient, double *w, double *g) {
    const struct bench_case *c = work->the_case;
    size_t parameters = work->run.shape.parameters, terms = samples_of(work) * c->data->outputs;
    weights_of(work, lane, t, w);
    double loss = lyap_reference_gradient(&c->net, c->data, w, g);
    if (!gradient) {
        double sum = 0;
        for (size_t i = 0; i < terms; i++) {
            double off = bench_real_at(work, work->out, (t * terms + i) * LYAP_BLOCK + lane) - c->data->y[i];
            sum += off * off;
        }
        return fabs(sum / (double)terms - loss) / fmax(loss, 1e-3);
    }
    double largest = 1e-3, worst = 0, scale = 2 / (double)terms;
    for (size_t p = 0; p < parameters; p++) largest = fmax(largest, fabs(g[p]));
    for (size_t p = 0; p < parameters; p++) {
        double ours = bench_real_at(work, work->out, (t * parameters + p) * LYAP_BLOCK + lane) * scale;
        double off = fabs(ours - g[p]) / largest;
        if (!(off <= worst)) worst = off;
    }
    return worst;
}

static double pass_residual(struct bench_work *work, bool gradient) {
    size_t parameters = work->run.shape.parameters;
    double *w = malloc(2 * parameters * sizeof *w), worst = w ? 0 : INFINITY;
    for (size_t lane = 0; lane < LYAP_BLOCK && w; lane += 5)
        for (size_t t = 0; t < work->worker.block.trajectories; t += 8) {
            double off = pass_residual_of(work, lane, t, gradient, w, w + parameters);
            if (!(off <= worst)) worst = off;
        }
    free(w);
    return worst;
}
static double forward_residual(struct bench_work *work) {
    return pass_residual(work, false);
}
static double gradient_residual(struct bench_work *work) {
    return pass_residual(work, true);
}
static struct bench_count forward_count(const struct bench_case *c) {
    return bench_count_forward(&c->net, c->data->samples, bench_real_size(c));
}
static struct bench_count gradient_count(const struct bench_case *c) {
    return bench_count_gradient(&c->net, c->data->samples, bench_real_size(c));
}
static double forward_set(const struct bench_case *c) {
    return block_bytes(c) + networks(c) * (double)(c->data->samples * c->data->outputs * bench_real_size(c));
}
static double gradient_set(const struct bench_case *c) {
    return 2 * block_bytes(c);
}

const struct bench_kernel bench_forward = {
    .name = "forward",
    .item = "network",
    .networks = true,
    .activations = true,
    .tolerance = {1e-4, 1e-12},
    .residual_of = "the reference's loss",
    .open = open_forward,
    .run = run_forward,
    .residual = forward_residual,
    .result = out_part,
    .items = networks,
    .count = forward_count,
    .working_set = forward_set,
};

const struct bench_kernel bench_gradient = {
    .name = "gradient",
    .item = "network",
    .networks = true,
    .activations = true,
    .tolerance = {1e-4, 1e-12},
    .residual_of = "the reference's gradient",
    .open = open_gradient,
    .run = run_gradient,
    .residual = gradient_residual,
    .result = out_part,
    .items = networks,
    .count = gradient_count,
    .working_set = gradient_set,
};

/* Attempts at a starting point: draws, forward pass, loss, with a window that none meets. */

static bool open_start(struct bench_work *work) {
    struct lyap_block *block = &work->worker.block;
    block->window = true;
    block->window_low = 1e30;
    block->window_high = 2e30;
    return true;
}
static void run_start(void *context) {
    struct bench_work *work = context;
    work->worker.block.pending = (1u << LYAP_BLOCK) - 1;
    work->run.kernels->draw_parents(&work->worker.block, 0, ATTEMPTS);
}

/* The last candidate, which lies in the first neighbour's place. */
static int start_part(struct bench_work *work, const void *part[BENCH_MOST_PARTS], size_t bytes[BENCH_MOST_PARTS]) {
    bytes[0] = work->run.shape.parameters * LYAP_BLOCK * work->run.real_size;
    part[0] = (const char *)work->worker.block.weights + bytes[0];
    return 1;
}
static double start_residual(struct bench_work *work) {
    size_t parameters = work->run.shape.parameters;
    const struct lyap_plan *plan = &work->plan;
    double *expected = malloc(parameters * sizeof *expected), worst = expected ? 0 : INFINITY;
    for (size_t lane = 0; lane < LYAP_BLOCK && expected; lane++) {
        bool normal = plan->init == LYAP_INIT_NORMAL;
        (normal ? lyap_random_normal : lyap_random_uniform)(plan->seed, LYAP_STREAM_INITIAL, lane,
                                                            (uint64_t)(ATTEMPTS - 1) << 32, parameters, expected);
        for (size_t p = 0; p < parameters; p++) {
            double scale = normal ? plan->init_b : plan->init_b - plan->init_a;
            double ours = bench_real_at(work, work->worker.block.weights, (parameters + p) * LYAP_BLOCK + lane);
            double off = fabs(ours - (plan->init_a + scale * expected[p]));
            if (!(off <= worst)) worst = off;
        }
    }
    free(expected);
    return worst;
}
static double start_items(const struct bench_case *the_case) {
    (void)the_case;
    return (double)ATTEMPTS * LYAP_BLOCK;
}
static struct bench_count start_count(const struct bench_case *c) {
    double parameters = (double)lyap_network_parameters(&c->net), terms = (double)(c->data->samples * c->data->outputs);
    struct bench_count forward = forward_count(c), loss = {.add = terms, .fma = terms + parameters};
    bool normal = lyap_network_parameters(&c->net) != 9;
    return bench_count_add(bench_count_add(forward, 1, loss), parameters, bench_count_draw(normal, bench_real_size(c)));
}
static double start_set(const struct bench_case *c) {
    return 2 * block_bytes(c) / (1.0 + c->neighbours);
}

const struct bench_kernel bench_start = {
    .name = "start",
    .item = "attempt",
    .networks = true,
    .activations = true,
    .tolerance = {1e-2, 1e-14}, /* that of the draws */
    .residual_of = "the generator in double",
    .open = open_start,
    .run = run_start,
    .residual = start_residual,
    .result = start_part,
    .items = start_items,
    .count = start_count,
    .working_set = start_set,
};

/* Steps. Not to the cells' last epoch, whose bookkeeping is its own and happens once in a run. */

static bool open_step(struct bench_work *work) {
    for (size_t lane = 0; lane < LYAP_BLOCK; lane++) work->worker.block.epochs[lane] = 2 * work->the_case->epochs;
    return true;
}
static void run_step(void *context) {
    struct bench_work *work = context;
    struct lyap_worker *worker = &work->worker;
    memcpy(worker->block.weights, work->initial, work->weight_bytes);
    work->run.kernels->train(&worker->block, 0, work->the_case->epochs, worker->slice_distance, worker->slice_loss);
}
static int step_parts(struct bench_work *work, const void *part[BENCH_MOST_PARTS], size_t bytes[BENCH_MOST_PARTS]) {
    part[0] = work->worker.block.weights;
    bytes[0] = work->weight_bytes;
    part[1] = work->worker.slice_distance;
    part[2] = work->worker.slice_loss;
    bytes[1] = bytes[2] = work->the_case->epochs * LYAP_BLOCK * work->run.real_size;
    return 3;
}

/* Trains lane after lane with the reference; the callback compares. */
static double against_reference(struct bench_work *work, size_t stride,
                                double (*compare)(struct bench_work *, size_t lane, const double *distance,
                                                  const double *loss)) {
    const struct bench_case *c = work->the_case;
    size_t parameters = work->run.shape.parameters, trajectories = work->worker.block.trajectories;
    double *w = malloc((trajectories * parameters + 2 * c->epochs) * sizeof *w), worst = w ? 0 : INFINITY;
    for (size_t lane = 0; lane < LYAP_BLOCK && w; lane += stride) {
        double *distance = w + trajectories * parameters, *loss = distance + c->epochs;
        for (size_t t = 0; t < trajectories; t++) weights_of(work, lane, t, w + t * parameters);
        double off = INFINITY;
        if (!lyap_reference_run(
                &(const struct lyap_reference_training){&c->net, c->data, NULL, work->plan.setting.lr, c->epochs}, w,
                trajectories, distance, loss, NULL))
            off = compare(work, lane, distance, loss);
        if (!(off <= worst)) worst = off;
    }
    free(w);
    return worst;
}

static double compare_series(struct bench_work *work, size_t lane, const double *distance, const double *loss) {
    double worst = 0;
    for (size_t t = 0; t < work->the_case->epochs; t++) {
        double d = bench_real_at(work, work->worker.slice_distance, t * LYAP_BLOCK + lane);
        double l = bench_real_at(work, work->worker.slice_loss, t * LYAP_BLOCK + lane);
        worst = fmax(worst, fabs(d - distance[t]) / distance[t]);
        worst = fmax(worst, fabs(l - loss[t]) / fmax(loss[t], 1e-3));
        if (!isfinite(d) || !isfinite(l)) return INFINITY;
    }
    return worst;
}
static double step_residual(struct bench_work *work) {
    return against_reference(work, 3, compare_series);
}
/* A large network takes the reference a second a lane. */
static double large_step_residual(struct bench_work *work) {
    return against_reference(work, LYAP_BLOCK, compare_series);
}
static double step_items(const struct bench_case *the_case) {
    return networks(the_case) * the_case->epochs;
}
static struct bench_count step_count(const struct bench_case *c) {
    return bench_count_step(&c->net, c->data->samples, c->neighbours, bench_real_size(c));
}

const struct bench_kernel bench_step = {
    .name = "step",
    .item = "network-step",
    .networks = true,
    .activations = true,
    .tolerance = {1e-2, 1e-9}, /* float32: a distance of 3e-4 between weights of size 1 has four digits */
    .residual_of = "the reference's distances and losses, relative",
    .open = open_step,
    .run = run_step,
    .residual = step_residual,
    .result = step_parts,
    .items = step_items,
    .count = step_count,
    .working_set = block_bytes,
};

const struct bench_kernel bench_large_step = {
    .name = "large-step",
    .item = "network-step",
    .networks = true,
    .activations = true,
    .shape = BENCH_LARGE_SHAPE,
    .samples = BENCH_LARGE_SAMPLES,
    .tolerance = {1e-2, 1e-9},
    .residual_of = "the reference's distances and losses, relative",
    .open = open_step,
    .run = run_step,
    .residual = large_step_residual,
    .result = step_parts,
    .items = step_items,
    .count = step_count,
    .working_set = block_bytes,
};

/* Whole trajectories: starts, neighbours, five epochs, exponents. */

static void run_trajectory(void *context) {
    struct bench_work *work = context;
    memset(work->records, 0, sizeof work->records);
    lyap_worker_start(&work->worker, 0, LYAP_BLOCK, NULL, NULL);
    lyap_worker_train(&work->worker, work->records, NULL, NULL, NULL, NULL);
}
static int trajectory_parts(struct bench_work *work, const void *part[BENCH_MOST_PARTS],
                            size_t bytes[BENCH_MOST_PARTS]) {
    part[0] = work->worker.block.weights;
    bytes[0] = work->weight_bytes;
    part[1] = work->records;
    bytes[1] = sizeof work->records;
    return 2;
}
static double compare_record(struct bench_work *work, size_t lane, const double *distance, const double *loss) {
    const struct lyap_record *r = &work->records[lane];
    struct lyap_exponents e = lyap_kantz_wolf(distance, work->the_case->epochs);
    double last = loss[work->the_case->epochs - 1];
    return fmax(fabs(r->lambda_kw - e.lambda_kw), fabs(r->final_loss - last) / fmax(last, 1e-3));
}
static double trajectory_residual(struct bench_work *work) {
    return against_reference(work, 1, compare_record);
}
static struct bench_count trajectory_count(const struct bench_case *c) {
    double parameters = (double)lyap_network_parameters(&c->net), n = c->neighbours, steps = (1 + n) * c->epochs;
    struct bench_count one = bench_count_add(start_count(c), n * parameters, bench_count_draw(1, bench_real_size(c)));
    one.fma += n * parameters;
    return bench_count_add(step_count(c), 1 / steps, one);
}

const struct bench_kernel bench_trajectory = {
    .name = "trajectory",
    .item = "network-step",
    .networks = true,
    .activations = true,
    .tolerance = {1e-2, 1e-9},
    .residual_of = "the reference's exponent (absolute) and final loss (relative)",
    .run = run_trajectory,
    .residual = trajectory_residual,
    .result = trajectory_parts,
    .items = step_items,
    .count = trajectory_count,
    .working_set = block_bytes,
};
