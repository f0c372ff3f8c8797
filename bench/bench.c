/* lyapgrad-bench: verifies each kernel on each instruction set, then times it.
 *
 *   build/lyapgrad-bench            the whole table, about half a minute
 *   build/lyapgrad-bench --fast     fewer repetitions
 *   build/lyapgrad-bench --scale    time against the number of cells, 10^3 .. 10^7, in bounded memory
 *
 * Every kernel runs on one core. What does not match the scalar path bit for bit, and the double-precision reference to
 * the stated tolerance, is not timed. Repetitions of all instruction sets are interleaved, so that a change of clock
 * hits them alike; ratios are of the medians. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../simd/kernels.h"
#include "../src/worker.h"
#include "bench.h"
#include "lyapgrad/lyapgrad.h"

enum { EPOCHS = 40, NEIGHBOURS = 24, DRAWS = 1024, MAX_REPETITIONS = 31, MOST_PARAMETERS = 128 };

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* One thing to time on one instruction set. */
struct job {
    enum lyap_isa isa;
    void (*run)(struct job *job);
    struct lyap_run prepared;
    struct lyap_worker *worker;
    void *initial; /* weights before training */
    size_t weight_bytes;
    bool normal;
    void *draws;
    uint64_t digest;
    double time[MAX_REPETITIONS];
};

static void run_training(struct job *job) {
    memcpy(job->worker->block.weights, job->initial, job->weight_bytes);
    job->prepared.kernels->train(&job->worker->block, 0, EPOCHS, job->worker->slice_distance, job->worker->slice_loss);
}

static void run_draws(struct job *job) {
    static const uint32_t cell[LYAP_BLOCK] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, zero[LYAP_BLOCK];
    job->prepared.kernels->draw(job->normal, 1, LYAP_STREAM_PERTURBATION, cell, zero, 0, DRAWS, job->draws);
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Calls each job in turn, `repetitions` times; a call is repeated inside until it takes about a millisecond. */
static void time_jobs(struct job *jobs, int n, int repetitions) {
    for (int j = 0; j < n; j++) jobs[j].run(&jobs[j]);
    for (int r = 0; r < repetitions; r++)
        for (int j = 0; j < n; j++) {
            int calls = 0;
            double start = seconds(), now;
            do {
                jobs[j].run(&jobs[j]);
                calls++;
                now = seconds();
            } while (now - start < 1e-3);
            jobs[j].time[r] = (now - start) / calls;
        }
    for (int j = 0; j < n; j++) qsort(jobs[j].time, (size_t)repetitions, sizeof(double), ascending);
}

/* Rows of the table; work = items a call handles (network steps, draws). */
static void print_jobs(const char *kernel, const char *what, enum lyap_precision precision, const struct job *jobs,
                       int n, int repetitions, double work, double residual) {
    for (int j = 0; j < n; j++) {
        double median = jobs[j].time[repetitions / 2], fastest = jobs[j].time[0];
        printf("%-9s %-8s %-8s %-7s %10.3f %10.3f %8.2f %10.1e  bits equal\n", kernel, what,
               lyap_precision_name(precision), lyap_isa_name(jobs[j].isa), median / work * 1e9, fastest / work * 1e9,
               jobs[0].time[repetitions / 2] / median, residual);
    }
    fflush(stdout);
}

static uint64_t digest_bytes(const void *bytes, size_t n) {
    const unsigned char *p = bytes;
    uint64_t digest = LYAP_DIGEST_START;
    for (size_t i = 0; i < n; i++) digest = lyap_digest_u64(digest, p[i]);
    return digest;
}

/* Largest difference of the block's distances from the reference, relative. */
static double training_residual(const struct job *job, const struct lyap_network *net, const struct lyap_dataset *data,
                                double lr) {
    static double w[(NEIGHBOURS + 1) * MOST_PARAMETERS], distance[EPOCHS], loss[EPOCHS];
    size_t parameters = lyap_network_parameters(net), n = (NEIGHBOURS + 1) * parameters;
    bool wide = job->prepared.kernels->precision == LYAP_FLOAT64;
    const struct lyap_worker *worker = job->worker;
    double worst = 0;
    for (size_t lane = 0; lane < LYAP_BLOCK; lane++) {
        for (size_t i = 0; i < n; i++)
            w[i] = wide ? ((double *)job->initial)[i * LYAP_BLOCK + lane]
                        : (double)((float *)job->initial)[i * LYAP_BLOCK + lane];
        if (lyap_reference_run(net, data, w, NEIGHBOURS + 1, lr, EPOCHS, distance, loss, NULL)) return INFINITY;
        for (size_t t = 0; t < EPOCHS; t++) {
            size_t at = t * LYAP_BLOCK + lane;
            double ours = wide ? ((double *)worker->slice_distance)[at] : (double)((float *)worker->slice_distance)[at];
            double residual = fabs(ours - distance[t]) / distance[t];
            if (!(residual <= worst)) worst = residual;
        }
    }
    return worst;
}

static bool add_job(struct job *jobs, int *n, const struct lyap_plan *plan, enum lyap_isa isa) {
    struct job *job = &jobs[(*n)++];
    struct lyap_plan own = *plan;
    struct lyap_error error = {0};
    memset(job, 0, sizeof *job);
    own.isa = isa;
    job->isa = isa;
    if (lyap_run_prepare(&job->prepared, &own, &error)) goto failed;
    job->prepared.slice = EPOCHS;
    job->worker = lyap_aligned(1, sizeof *job->worker);
    if (!job->worker || lyap_worker_new(job->worker, &job->prepared, &error)) goto failed;
    /* The prepared run points at `own`, which ends here: start while it lives, train without it. */
    if (lyap_worker_start(job->worker, 0, LYAP_BLOCK, NULL, NULL)) goto failed;
    job->weight_bytes = (NEIGHBOURS + 1) * job->prepared.shape.parameters * LYAP_BLOCK * job->prepared.real_size;
    job->initial = lyap_aligned(job->weight_bytes, 1);
    job->draws = lyap_aligned(DRAWS * LYAP_BLOCK, job->prepared.real_size);
    if (!job->initial || !job->draws) goto failed;
    memcpy(job->initial, job->worker->block.weights, job->weight_bytes);
    return true;
failed:
    fprintf(stderr, "lyapgrad-bench: %s: %s\n", lyap_isa_name(isa), error.message[0] ? error.message : "out of memory");
    return false;
}

static void drop_jobs(struct job *jobs, int n) {
    for (int j = 0; j < n; j++) {
        if (jobs[j].worker) lyap_worker_free(jobs[j].worker);
        free(jobs[j].worker);
        free(jobs[j].initial);
        free(jobs[j].draws);
        lyap_run_free(&jobs[j].prepared);
    }
}

static bool same_bits(const char *kernel, const struct job *jobs, int n) {
    for (int j = 1; j < n; j++)
        if (jobs[j].digest != jobs[0].digest) {
            fprintf(stderr, "lyapgrad-bench: %s: %s differs from scalar: not timed\n", kernel,
                    lyap_isa_name(jobs[j].isa));
            return false;
        }
    return true;
}

static bool bench_training(const struct lyap_dataset *data, const char *shape, enum lyap_activation activation,
                           enum lyap_precision precision, int repetitions) {
    struct lyap_network net;
    struct lyap_plan plan;
    struct job jobs[LYAP_ISA_COUNT];
    int n = 0;
    bool ok = !lyap_network_init(&net, shape, activation, activation, LYAP_MSE, NULL);
    lyap_plan_defaults(&plan, &net, data);
    plan.precision = precision;
    plan.starts = LYAP_BLOCK;
    plan.setting.epochs = 2 * EPOCHS; /* the last epoch takes another path: time the common one */
    for (int isa = 0; isa < LYAP_ISA_COUNT && ok; isa++)
        if (lyap_isa_available((enum lyap_isa)isa)) ok = add_job(jobs, &n, &plan, (enum lyap_isa)isa);
    double residual = 0;
    for (int j = 0; j < n && ok; j++) {
        jobs[j].run = run_training;
        run_training(&jobs[j]);
        jobs[j].digest = digest_bytes(jobs[j].worker->slice_distance, EPOCHS * LYAP_BLOCK * jobs[j].prepared.real_size);
        if (j == 0) residual = training_residual(&jobs[j], &net, data, plan.setting.lr);
    }
    double tolerance = precision == LYAP_FLOAT64 ? 1e-9 : 1e-2;
    if (ok && !(residual < tolerance)) {
        fprintf(stderr, "lyapgrad-bench: %s: off the reference by %g (allowed %g): not timed\n",
                lyap_activation_name(activation), residual, tolerance);
        ok = false;
    }
    ok = ok && same_bits(lyap_activation_name(activation), jobs, n);
    if (ok) {
        time_jobs(jobs, n, repetitions);
        print_jobs(shape, lyap_activation_name(activation), precision, jobs, n, repetitions,
                   (double)LYAP_BLOCK * (NEIGHBOURS + 1) * EPOCHS, residual);
    }
    drop_jobs(jobs, n);
    return ok;
}

static bool bench_draws(const struct lyap_dataset *data, bool normal, enum lyap_precision precision, int repetitions) {
    struct lyap_network net;
    struct lyap_plan plan;
    struct job jobs[LYAP_ISA_COUNT];
    int n = 0;
    bool ok = !lyap_network_init(&net, "2-2-1", LYAP_SIGMOID, LYAP_SIGMOID, LYAP_MSE, NULL);
    lyap_plan_defaults(&plan, &net, data);
    plan.precision = precision;
    plan.starts = LYAP_BLOCK;
    for (int isa = 0; isa < LYAP_ISA_COUNT && ok; isa++)
        if (lyap_isa_available((enum lyap_isa)isa)) ok = add_job(jobs, &n, &plan, (enum lyap_isa)isa);
    double residual = 0, expected[DRAWS] = {0};
    for (int j = 0; j < n && ok; j++) {
        jobs[j].run = run_draws;
        jobs[j].normal = normal;
        run_draws(&jobs[j]);
        jobs[j].digest = digest_bytes(jobs[j].draws, DRAWS * LYAP_BLOCK * jobs[j].prepared.real_size);
    }
    (normal ? lyap_random_normal : lyap_random_uniform)(1, LYAP_STREAM_PERTURBATION, 0, 0, DRAWS, expected);
    for (size_t i = 0; i < DRAWS && ok; i++) {
        double ours = precision == LYAP_FLOAT64 ? ((double *)jobs[0].draws)[i * LYAP_BLOCK]
                                                : (double)((float *)jobs[0].draws)[i * LYAP_BLOCK];
        residual = fmax(residual, fabs(ours - expected[i]));
    }
    double tolerance = precision == LYAP_FLOAT64 ? 1e-14 : 1e-2; /* float32: u1 near 1 has few bits in ln u1 */
    ok = ok && residual < tolerance && same_bits(normal ? "normal" : "uniform", jobs, n);
    if (ok) {
        time_jobs(jobs, n, repetitions);
        print_jobs("draw", normal ? "normal" : "uniform", precision, jobs, n, repetitions, (double)DRAWS * LYAP_BLOCK,
                   residual);
    }
    drop_jobs(jobs, n);
    return ok;
}

static enum lyap_status count_cells(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    (void)error;
    *(uint64_t *)context += chunk->count;
    return LYAP_OK;
}

/* The cost is linear in the number of starts. */
static int bench_scale(const struct lyap_dataset *data, uint64_t most) {
    struct lyap_network net;
    struct lyap_plan plan;
    if (lyap_network_init(&net, "2-2-1", LYAP_RELU, LYAP_RELU, LYAP_MSE, NULL)) return 1;
    lyap_plan_defaults(&plan, &net, data);
    if (lyap_isa_select(getenv("LYAPGRAD_ISA"), &plan.isa, NULL)) return 1;
    plan.setting.epochs = 5;
    plan.threads = 1;
    printf("# whole cells: draws, 5 epochs, 24 neighbours, 2-2-1 ReLU float32, %s, one thread\n",
           lyap_isa_name(plan.isa));
    printf("%-10s %12s %14s\n", "# cells", "seconds", "us per cell");
    for (uint64_t cells = 1000; cells <= most; cells *= 10) {
        struct lyap_error error = {0};
        uint64_t seen = 0;
        plan.starts = cells;
        double start = seconds();
        if (lyap_ensemble_run(&plan, count_cells, &seen, &error) || seen != cells) {
            fprintf(stderr, "lyapgrad-bench: %s\n", error.message);
            return 1;
        }
        double took = seconds() - start;
        printf("%-10llu %12.4f %14.4f\n", (unsigned long long)cells, took, took / (double)cells * 1e6);
        fflush(stdout);
    }
    return 0;
}

int main(int argc, char **argv) {
    bool fast = argc == 2 && strcmp(argv[1], "--fast") == 0, scale = argc == 2 && strcmp(argv[1], "--scale") == 0;
    if (argc > 2 || (argc == 2 && !fast && !scale)) {
        fprintf(stderr, "lyapgrad-bench: unknown option '%s'; allowed: --fast, --scale\n", argv[fast || scale ? 2 : 1]);
        return 2;
    }
    struct lyap_dataset data = {0};
    struct lyap_error error = {0};
    enum lyap_isa best;
    if (lyap_isa_select(NULL, &best, &error) || lyap_dataset_xor(&data, &error)) {
        fprintf(stderr, "lyapgrad-bench: %s\n", error.message);
        return 1;
    }
    int repetitions = fast ? 7 : MAX_REPETITIONS, failures = 0;
    if (scale) {
        failures = bench_scale(&data, 10000000);
    } else {
        printf("# lyapgrad %s, %s, SLEEF %s, one core\n", lyap_version(), lyap_compiler(), lyap_sleef_version());
        printf("# 2-2-1, 2-8-4-1: ns per network per gradient-descent step on XOR, with the distance; draw: ns per "
               "draw\n");
        printf("%-9s %-8s %-8s %-7s %10s %10s %8s %10s\n", "# kernel", "what", "precision", "isa", "median ns",
               "best ns", "ratio", "residual");
        for (int p = 0; p < 2; p++) {
            enum lyap_precision precision = p ? LYAP_FLOAT64 : LYAP_FLOAT32;
            for (int a = 0; a < LYAP_ACTIVATION_COUNT; a++)
                failures += !bench_training(&data, "2-2-1", (enum lyap_activation)a, precision, repetitions);
            failures += !bench_training(&data, "2-8-4-1", LYAP_TANH, precision, repetitions);
            for (int a = 0; a < LYAP_ACTIVATION_COUNT; a++) {
                enum lyap_activation activation = (enum lyap_activation)a;
                failures += !bench_tangent(&data, activation, precision, 1, 10, repetitions);
                failures += !bench_tangent(&data, activation, precision, 9, 2, repetitions);
            }
            failures += !bench_draws(&data, false, precision, repetitions);
            failures += !bench_draws(&data, true, precision, repetitions);
        }
        puts("# tanK/qrM: ns per step of a parent with K tangent vectors, orthonormalised every M steps, logarithms "
             "included");
        puts("# ratio: to the scalar path of the same kernel, built with FMA; residual: to the double reference");
    }
    lyap_dataset_free(&data);
    return failures ? 1 : 0;
}
