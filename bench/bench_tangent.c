/* The tangent step against the gradient step, in one run. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../src/spectrum_worker.h"
#include "bench.h"

enum { STEPS = 64, MOST_REPETITIONS = 31, NEIGHBOURS = 24, PARAMETERS = 9 };

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* One instruction set: a block of pairs for the gradient step and one of tangents. */
struct rider {
    enum lyap_isa isa;
    struct lyap_spectrum_plan plan;
    struct lyap_plan train_plan;
    struct lyap_spectrum_run run;
    struct lyap_run train_run;
    struct lyap_spectrum_worker *worker;
    struct lyap_worker *trainer;
    void *weights, *vectors, *train_weights; /* as they began */
    size_t weight_bytes, vector_bytes, train_bytes;
    double gradient[MOST_REPETITIONS], tangent[MOST_REPETITIONS];
};

static void *copy_of(const void *from, size_t bytes) {
    void *copy = lyap_aligned(bytes, 1);
    if (copy) memcpy(copy, from, bytes);
    return copy;
}

static bool rider_new(struct rider *r, const struct lyap_network *net, const struct lyap_dataset *data,
                      enum lyap_isa isa, enum lyap_precision precision, size_t vectors, unsigned qr_every) {
    memset(r, 0, sizeof *r);
    r->isa = isa;
    lyap_spectrum_defaults(&r->plan, net, data);
    r->plan.base.isa = isa;
    r->plan.base.precision = precision;
    r->plan.base.starts = LYAP_BLOCK;
    r->plan.base.setting.lr = 0.1;
    r->plan.exponents = vectors;
    r->plan.qr_every = qr_every;
    lyap_plan_defaults(&r->train_plan, net, data);
    r->train_plan.isa = isa;
    r->train_plan.precision = precision;
    r->train_plan.starts = LYAP_BLOCK;
    r->train_plan.setting.epochs = 2 * STEPS;
    if (lyap_spectrum_prepare(&r->run, &r->plan, NULL) || lyap_run_prepare(&r->train_run, &r->train_plan, NULL))
        return false;
    r->train_run.slice = STEPS;
    r->worker = lyap_aligned(1, sizeof *r->worker);
    r->trainer = lyap_aligned(1, sizeof *r->trainer);
    if (!r->worker || !r->trainer || lyap_spectrum_worker_new(r->worker, &r->run, NULL) ||
        lyap_worker_new(r->trainer, &r->train_run, NULL) || lyap_worker_start(r->trainer, 0, LYAP_BLOCK, NULL, NULL) ||
        lyap_worker_start(&r->worker->worker, 0, LYAP_BLOCK, NULL, NULL))
        return false;
    struct lyap_tangents *t = &r->worker->tangents;
    struct lyap_block *block = &r->worker->worker.block;
    r->run.run.kernels->draw(true, 1, LYAP_STREAM_PERTURBATION, block->start_low, block->start_high, 0,
                             vectors * PARAMETERS, t->v);
    r->run.run.kernels->tangent_start(block, t);
    size_t lanes = LYAP_BLOCK * r->run.run.real_size;
    r->weight_bytes = PARAMETERS * lanes;
    r->vector_bytes = vectors * PARAMETERS * lanes;
    r->train_bytes = (NEIGHBOURS + 1) * PARAMETERS * lanes;
    r->weights = copy_of(block->weights, r->weight_bytes);
    r->vectors = copy_of(t->v, r->vector_bytes);
    r->train_weights = copy_of(r->trainer->block.weights, r->train_bytes);
    return r->weights && r->vectors && r->train_weights;
}

static void rider_free(struct rider *r) {
    if (r->worker) lyap_spectrum_worker_free(r->worker);
    if (r->trainer) lyap_worker_free(r->trainer);
    free(r->worker);
    free(r->trainer);
    free(r->weights);
    free(r->vectors);
    free(r->train_weights);
    lyap_spectrum_release(&r->run);
    lyap_run_free(&r->train_run);
}

static void run_gradient(struct rider *r) {
    memcpy(r->trainer->block.weights, r->train_weights, r->train_bytes);
    r->train_run.kernels->train(&r->trainer->block, 0, STEPS, r->trainer->slice_distance, r->trainer->slice_loss);
}

/* STEPS steps with everything that a run does at each, the logarithms at the end among it. */
static void run_tangent(struct rider *r) {
    struct lyap_spectrum_worker *w = r->worker;
    struct lyap_tangents *t = &w->tangents;
    size_t rows = t->vectors * LYAP_BLOCK;
    memcpy(w->worker.block.weights, r->weights, r->weight_bytes);
    memcpy(t->v, r->vectors, r->vector_bytes);
    for (size_t i = 0; i < rows; i++) {
        w->growth.product[i] = 1;
        w->growth.sum[i] = 0;
    }
    bool wide = r->plan.base.precision == LYAP_FLOAT64;
    for (uint32_t first = 0; first < STEPS;) {
        uint32_t left = STEPS - first, now = left < r->run.slice ? left : r->run.slice;
        size_t events = (now - 1) / t->qr_every + 1;
        r->run.run.kernels->tangent(&w->worker.block, t, first, now);
        for (size_t i = 0; !wide && i < events * rows; i++) w->norms64[i] = (double)((const float *)t->norms)[i];
        first += now;
        r->run.run.log_kernels->fold(wide ? t->norms : w->norms64, events, t->vectors, first == STEPS, &w->growth);
    }
}

static double time_of(void (*run)(struct rider *), struct rider *r) {
    int calls = 0;
    double start = seconds(), now;
    do {
        run(r);
        calls++;
        now = seconds();
    } while (now - start < 1e-3);
    return (now - start) / calls;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Largest difference of a lane's exponents from the reference's, nats per step. */
static double residual_of(const struct rider *r, const struct lyap_network *net, const struct lyap_dataset *data) {
    double worst = 0, w[PARAMETERS], v[PARAMETERS * PARAMETERS], lambda[PARAMETERS];
    size_t k = r->plan.exponents;
    for (size_t lane = 0; lane < LYAP_BLOCK; lane++) {
        bool wide = r->plan.base.precision == LYAP_FLOAT64;
        for (size_t i = 0; i < PARAMETERS; i++)
            w[i] = wide ? ((double *)r->weights)[i * LYAP_BLOCK + lane]
                        : (double)((float *)r->weights)[i * LYAP_BLOCK + lane];
        for (size_t i = 0; i < k * PARAMETERS; i++)
            v[i] = wide ? ((double *)r->vectors)[i * LYAP_BLOCK + lane]
                        : (double)((float *)r->vectors)[i * LYAP_BLOCK + lane];
        if (lyap_reference_spectrum(net, data, w, v, k, 0.1, STEPS, lambda, NULL, NULL)) return INFINITY;
        for (size_t i = 0; i < k; i++) {
            double off = fabs(r->worker->growth.sum[i * LYAP_BLOCK + lane] / STEPS - lambda[i]);
            if (!(off <= worst)) worst = off;
        }
    }
    return worst;
}

static void print_riders(struct rider *riders, int n, enum lyap_activation activation, enum lyap_precision precision,
                         int repetitions, double residual) {
    size_t vectors = riders[0].plan.exponents;
    char kernel[24];
    snprintf(kernel, sizeof kernel, "tan%zu/qr%lu", vectors, (unsigned long)riders[0].plan.qr_every);
    double scalar = 0;
    for (int j = 0; j < n; j++) {
        struct rider *r = &riders[j];
        qsort(r->gradient, (size_t)repetitions, sizeof(double), ascending);
        qsort(r->tangent, (size_t)repetitions, sizeof(double), ascending);
        double lanes = (double)LYAP_BLOCK * STEPS, tangent = r->tangent[repetitions / 2] / lanes;
        double gradient = r->gradient[repetitions / 2] / (lanes * (NEIGHBOURS + 1));
        if (j == 0) scalar = tangent;
        printf("%-9s %-8s %-8s %-7s %10.3f %10.3f %8.2f %10.1e  bits equal, %.2f gradient steps\n", kernel,
               lyap_activation_name(activation), lyap_precision_name(precision), lyap_isa_name(r->isa), tangent * 1e9,
               r->tangent[0] / lanes * 1e9, scalar / tangent, residual, tangent / gradient);
    }
    fflush(stdout);
}

bool bench_tangent(const struct lyap_dataset *data, enum lyap_activation activation, enum lyap_precision precision,
                   size_t vectors, unsigned qr_every, int repetitions) {
    struct lyap_network net;
    struct rider riders[LYAP_ISA_COUNT];
    int n = 0;
    bool ok = !lyap_network_init(&net, "2-2-1", activation, activation, LYAP_MSE, NULL);
    if (repetitions > MOST_REPETITIONS) repetitions = MOST_REPETITIONS;
    for (int isa = 0; isa < LYAP_ISA_COUNT && ok; isa++)
        if (lyap_isa_available((enum lyap_isa)isa))
            ok = rider_new(&riders[n++], &net, data, (enum lyap_isa)isa, precision, vectors, qr_every);
    ok = ok && n > 0;
    for (int j = 0; j < n && ok; j++) {
        run_tangent(&riders[j]);
        size_t bytes = vectors * LYAP_BLOCK * sizeof(double);
        if (memcmp(riders[j].worker->growth.sum, riders[0].worker->growth.sum, bytes) != 0 ||
            memcmp(riders[j].worker->tangents.v, riders[0].worker->tangents.v, riders[0].vector_bytes) != 0) {
            fprintf(stderr, "lyapgrad-bench: tangent: %s differs from scalar: not timed\n",
                    lyap_isa_name(riders[j].isa));
            ok = false;
        }
    }
    double residual = ok ? residual_of(&riders[0], &net, data) : 0;
    double tolerance = precision == LYAP_FLOAT64 ? 1e-12 : 1e-3;
    if (ok && !(residual < tolerance)) {
        fprintf(stderr, "lyapgrad-bench: tangent: off the reference by %g (allowed %g): not timed\n", residual,
                tolerance);
        ok = false;
    }
    for (int i = 0; i < repetitions && ok; i++)
        for (int j = 0; j < n; j++) {
            riders[j].gradient[i] = time_of(run_gradient, &riders[j]);
            riders[j].tangent[i] = time_of(run_tangent, &riders[j]);
        }
    if (ok) print_riders(riders, n, activation, precision, repetitions, residual);
    for (int j = 0; j < n; j++) rider_free(&riders[j]);
    return ok;
}
