/* The tasks, their data and starting points, and how the library runs them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lyapgrad/ensemble.h"
#include "lyapgrad/random.h"
#include "lyapgrad/spectrum.h"
#include "single.h"
#include "timer.h"

#define IMAGES "784-64-10"
#define DIGITS "64-32-10"

enum { SEED = 1, MID_SAMPLES = 32, MID_NEIGHBOURS = 24 };

static const double rate = 0.05;

const struct bench_task bench_tasks[] = {
    {"gradient-step", "network-step", IMAGES, 1024, LYAP_TANH, 1, 0, .peers = true, .alone = true},
    {"gradient-step", "network-step", DIGITS, 1797, LYAP_TANH, 1, 0, .peers = true, .alone = true},
    {"tangent-step", "parent-step", IMAGES, 1024, LYAP_TANH, 0, 1, .peers = true},
    {"tangent-step", "parent-step", DIGITS, 1797, LYAP_TANH, 0, 1, .peers = true},
    {"neighbours-1", "parent-step", IMAGES, 1024, LYAP_TANH, 1, 0, .peers = true},
    {"neighbours-3", "parent-step", IMAGES, 1024, LYAP_TANH, 3, 0, .peers = true},
    {"neighbours-7", "parent-step", IMAGES, 1024, LYAP_TANH, 7, 0, .peers = true},
    {"exponents-5", "parent-step", IMAGES, 1024, LYAP_TANH, 0, 5, .peers = true},
    {"small-step", "parent-step", "2-8-1", 0, LYAP_RELU, 1, 0, .latency = true},
    {"small-step", "parent-step", "2-8-1", 0, LYAP_TANH, 1, 0, .latency = true},
    {"small-step", "parent-step", "2-16-1", 0, LYAP_RELU, 1, 0, .latency = true},
    {"small-step", "parent-step", "2-16-1", 0, LYAP_TANH, 1, 0, .latency = true},
    {"small-tangent", "parent-step", "2-8-1", 0, LYAP_TANH, 0, 1, .peers = false},
    {"small-tangent", "parent-step", "2-16-1", 0, LYAP_TANH, 0, 1, .peers = false},
    {"mid-step", "network-step", "8-16-4", MID_SAMPLES, LYAP_RELU, MID_NEIGHBOURS, 0, .block = true},
    {"mid-step", "network-step", "16-32-8", MID_SAMPLES, LYAP_RELU, MID_NEIGHBOURS, 0, .block = true},
    {"mid-step", "network-step", DIGITS, MID_SAMPLES, LYAP_RELU, MID_NEIGHBOURS, 0, .block = true},
    {"memory-5", "parent-step", "784-512-512-10", 10000, LYAP_TANH, 0, 5, .memory = true},
};
const size_t bench_task_count = sizeof bench_tasks / sizeof *bench_tasks;

const char *const bench_task_names[] = {"gradient-step",
                                        "tangent-step",
                                        "neighbours-1",
                                        "neighbours-3",
                                        "neighbours-7",
                                        "exponents-5",
                                        "small-step",
                                        "small-tangent",
                                        "mid-step",
                                        "memory-5",
                                        NULL};

static enum lyap_status make_data(struct bench_job *job, size_t samples, struct lyap_error *error) {
    struct lyap_dataset *data = &job->data;
    if (!job->task->samples) return lyap_dataset_xor(data, error);
    data->samples = samples ? samples : job->task->samples;
    data->inputs = (size_t)job->net.sizes[0];
    data->outputs = (size_t)job->net.sizes[job->net.layers];
    size_t x = data->samples * data->inputs, y = data->samples * data->outputs;
    data->x = malloc(x * sizeof *data->x);
    data->y = malloc(y * sizeof *data->y);
    if (!data->x || !data->y) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the data");
    lyap_random_uniform(SEED, LYAP_STREAM_DATA, 0, 0, x, data->x);
    lyap_random_uniform(SEED, LYAP_STREAM_DATA, 1, 0, y, data->y);
    /* Exact in float32, so that all programs read the same numbers. */
    for (size_t i = 0; i < x; i++) data->x[i] = (double)(float)(2 * data->x[i] - 1);
    for (size_t i = 0; i < y; i++) data->y[i] = (double)(float)(data->y[i] - 0.5);
    return LYAP_OK;
}

static void draw_weights(struct bench_job *job) {
    lyap_random_normal(SEED, LYAP_STREAM_INITIAL, 0, 0, job->starts * job->parameters, job->weights);
    for (size_t start = 0; start < job->starts; start++)
        for (int l = 0; l < job->net.layers; l++) {
            size_t inputs = (size_t)job->net.sizes[l], outputs = (size_t)job->net.sizes[l + 1];
            double *layer = job->weights + start * job->parameters + lyap_network_offset(&job->net, l);
            for (size_t i = 0; i < (inputs + 1) * outputs; i++)
                layer[i] = (double)(float)(layer[i] / sqrt((double)inputs));
        }
}

enum lyap_status bench_job_open(struct bench_job *job, const struct bench_task *task, enum lyap_precision precision,
                                size_t samples, uint64_t starts, struct lyap_error *error) {
    *job = (struct bench_job){
        .task = task, .precision = precision, .lr = rate, .trajectories = 1 + (size_t)task->neighbours};
    enum lyap_status status =
        lyap_network_init(&job->net, task->shape, task->activation, task->activation, LYAP_MSE, error);
    if (!status) status = make_data(job, samples, error);
    if (status) return status;
    job->parameters = lyap_network_parameters(&job->net);
    job->starts = starts > BENCH_SINGLE_BLOCK || task->memory ? (size_t)starts : BENCH_SINGLE_BLOCK;
    job->weights = malloc(job->starts * job->parameters * sizeof *job->weights);
    if (!job->weights) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the starting points");
    draw_weights(job);
    return LYAP_OK;
}

void bench_job_close(struct bench_job *job) {
    lyap_dataset_free(&job->data);
    free(job->weights);
    memset(job, 0, sizeof *job);
}

double bench_job_step(const struct bench_job *job) {
    return job->lr * 2 / (double)(job->data.samples * job->data.outputs);
}

static void plan_of(const struct bench_job *job, uint64_t starts, uint32_t steps, struct lyap_plan *plan) {
    plan->precision = job->precision;
    plan->seed = SEED;
    plan->starts = starts;
    plan->setting.lr = job->lr;
    plan->setting.epochs = steps;
    plan->window = false;
    plan->weights = job->weights;
}

static struct lyap_plan ensemble_plan(const struct bench_job *job, uint64_t starts, uint32_t steps) {
    struct lyap_plan plan;
    lyap_plan_defaults(&plan, &job->net, &job->data);
    plan_of(job, starts, steps, &plan);
    plan.neighbours = job->task->neighbours;
    return plan;
}

static struct lyap_spectrum_plan spectrum_plan(const struct bench_job *job, uint64_t starts, uint32_t steps) {
    struct lyap_spectrum_plan plan;
    lyap_spectrum_defaults(&plan, &job->net, &job->data);
    plan_of(job, starts, steps, &plan.base);
    plan.exponents = job->task->exponents;
    return plan;
}

uint32_t bench_job_unit(const struct bench_job *job) {
    if (job->task->neighbours) return 1;
    const struct lyap_spectrum_plan plan = spectrum_plan(job, 1, 1);
    return lyap_spectrum_qr_every(&plan);
}

enum lyap_status bench_job_initial(const struct bench_job *job, double *out, struct lyap_error *error) {
    if (!job->task->neighbours) {
        memcpy(out, job->weights, job->parameters * sizeof *out);
        return LYAP_OK;
    }
    const struct lyap_plan plan = ensemble_plan(job, 1, 1);
    return lyap_ensemble_initial(&plan, 0, 1, out, error);
}

void bench_job_directions(const struct bench_job *job, double *out) {
    lyap_random_normal(SEED, LYAP_STREAM_PERTURBATION, 0, 0, job->task->exponents * job->parameters, out);
}

/* Keeps the first cell. */
static enum lyap_status keep_ensemble(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    struct bench_single_result *result = context;
    (void)error;
    if (!result || chunk->first_cell) return LYAP_OK;
    memcpy(result->distance, chunk->distance, chunk->records->length * sizeof *result->distance);
    memcpy(result->weights, chunk->weights, chunk->parameters * sizeof *result->weights);
    result->loss = chunk->records->final_loss;
    return LYAP_OK;
}

static enum lyap_status keep_spectrum(const struct lyap_spectrum_chunk *chunk, void *context,
                                      struct lyap_error *error) {
    struct bench_single_result *result = context;
    (void)error;
    if (!result || chunk->first_cell) return LYAP_OK;
    for (size_t k = 0; k < chunk->exponents; k++)
        result->growth[k] = chunk->lambda[k].lambda * (double)chunk->records->steps;
    result->loss = chunk->records->final_loss;
    return LYAP_OK;
}

double bench_single_clock(int threads) {
    return threads == 1 ? bench_cpu_seconds() : bench_seconds();
}

double bench_ours_run(struct bench_ours *ours, uint32_t steps, struct bench_single_result *result) {
    const struct bench_job *job = ours->job;
    enum lyap_status status;
    double begin;
    if (job->task->neighbours) {
        struct lyap_plan plan = ensemble_plan(job, ours->starts, steps);
        plan.isa = ours->isa;
        plan.threads = ours->threads;
        plan.series = plan.last_weights = result != NULL;
        begin = bench_single_clock(ours->threads);
        status = lyap_ensemble_run(&plan, keep_ensemble, result, &ours->error);
    } else {
        struct lyap_spectrum_plan plan = spectrum_plan(job, ours->starts, steps);
        plan.base.isa = ours->isa;
        plan.base.threads = ours->threads;
        begin = bench_single_clock(ours->threads);
        status = lyap_spectrum_run(&plan, keep_spectrum, result, &ours->error);
    }
    return status ? -1 : bench_single_clock(ours->threads) - begin;
}

void bench_single_tolerance(const struct bench_job *job, double *residual, double *state_residual) {
    bool wide = job->precision == LYAP_FLOAT64, tangents = !job->task->neighbours;
    *residual = tangents ? wide ? 1e-9 : 1e-4 : wide ? 1e-9 : 1e-2;
    *state_residual = wide ? 1e-12 : 1e-4;
}

static double worse(double worst, double off) {
    return off <= worst ? worst : isnan(off) ? INFINITY : off;
}

void bench_single_compare(const struct bench_job *job, uint32_t steps, const struct bench_single_result *expected,
                          const struct bench_single_result *found, double *residual, double *state_residual) {
    double largest = 0;
    *residual = *state_residual = 0;
    if (!job->task->neighbours) {
        for (size_t k = 0; k < job->task->exponents; k++)
            *residual = worse(*residual, fabs(found->growth[k] - expected->growth[k]) / steps);
        *state_residual = worse(0, fabs(found->loss - expected->loss) / expected->loss);
        return;
    }
    for (uint32_t t = 0; t < steps; t++)
        *residual = worse(*residual, fabs(found->distance[t] - expected->distance[t]) / expected->distance[t]);
    for (size_t i = 0; i < job->parameters; i++) {
        largest = fmax(largest, fabs(expected->weights[i]));
        *state_residual = worse(*state_residual, fabs(found->weights[i] - expected->weights[i]));
    }
    *state_residual /= largest;
}

bool bench_single_agrees(const struct bench_job *job, double residual, double state_residual) {
    double most, state_most;
    bench_single_tolerance(job, &most, &state_most);
    return residual <= most && state_residual <= state_most;
}
