/* Steps of a parent with tangent vectors, Gram-Schmidt and logarithms included: one vector, and a whole spectrum. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/reference/reference.h"
#include "engine/spectrum_worker.h"
#include "kernel.h"
#include "lyapgrad/random.h"

enum { MOST_VECTORS = 9, QR_ONE = 10, QR_ALL = 2 }; /* the defaults of --qr-every */

/* What a tangent run has beside the worker that all kernels have. */
struct followed_case {
    struct lyap_spectrum_plan plan;
    struct lyap_spectrum_run run;
    struct lyap_spectrum_worker worker;
    void *weights, *vectors; /* as they began */
    size_t weight_bytes, vector_bytes;
};

static void close_tangent(struct bench_work *work) {
    struct followed_case *r = work->more;
    if (!r) return;
    lyap_spectrum_worker_free(&r->worker);
    lyap_spectrum_release(&r->run);
    free(r->weights);
    free(r->vectors);
    free(r);
}

static bool copy_start(struct followed_case *r) {
    r->weights = lyap_aligned(r->weight_bytes, 1);
    r->vectors = lyap_aligned(r->vector_bytes, 1);
    if (!r->weights || !r->vectors) return false;
    memcpy(r->weights, r->worker.worker.block.weights, r->weight_bytes);
    memcpy(r->vectors, r->worker.tangents.v, r->vector_bytes);
    return true;
}

static bool open_rider(struct bench_work *work, size_t vectors, unsigned qr_every) {
    struct followed_case *r = lyap_aligned(1, sizeof *r);
    work->more = r;
    if (!r) return false;
    const struct bench_case *c = work->the_case;
    size_t parameters = lyap_network_parameters(&c->net);
    lyap_spectrum_defaults(&r->plan, &c->net, c->data);
    unsigned steps = r->plan.base.setting.epochs;
    r->plan.base = work->plan;
    r->plan.base.setting.epochs = steps;
    r->plan.base.setting.lr = 0.1;
    r->plan.exponents = vectors < parameters ? vectors : parameters;
    r->plan.qr_every = qr_every;
    if (lyap_spectrum_prepare(&r->run, &r->plan, NULL) || lyap_spectrum_worker_new(&r->worker, &r->run, NULL) ||
        lyap_worker_start(&r->worker.worker, 0, LYAP_BLOCK, NULL, NULL))
        return false;
    struct lyap_tangents *t = &r->worker.tangents;
    struct lyap_block *block = &r->worker.worker.block;
    const struct lyap_draws draws = {
        true, 1, LYAP_STREAM_PERTURBATION, block->start_low, block->start_high, 0, t->vectors * parameters};
    work->run.kernels->draw(&draws, t->v);
    work->run.kernels->tangent_start(block, t);
    r->weight_bytes = parameters * LYAP_BLOCK * work->run.real_size;
    r->vector_bytes = t->vectors * r->weight_bytes;
    return copy_start(r);
}
static bool open_tangent(struct bench_work *work) {
    return open_rider(work, 1, QR_ONE);
}
static bool open_spectrum(struct bench_work *work) {
    return open_rider(work, MOST_VECTORS, QR_ALL);
}

static void run_rider(void *context) {
    struct bench_work *work = context;
    struct followed_case *r = work->more;
    struct lyap_spectrum_worker *w = &r->worker;
    struct lyap_tangents *t = &w->tangents;
    size_t rows = t->vectors * LYAP_BLOCK;
    memcpy(w->worker.block.weights, r->weights, r->weight_bytes);
    memcpy(t->v, r->vectors, r->vector_bytes);
    for (size_t i = 0; i < rows; i++) {
        w->growth.product[i] = 1;
        w->growth.sum[i] = 0;
    }
    bool wide = work->the_case->precision == LYAP_FLOAT64;
    uint32_t steps = work->the_case->epochs;
    for (uint32_t first = 0; first < steps;) {
        uint32_t left = steps - first, now = left < r->run.slice ? left : r->run.slice;
        size_t events = (now - 1) / t->qr_every + 1;
        work->run.kernels->tangent(&w->worker.block, t, first, now);
        for (size_t i = 0; !wide && i < events * rows; i++) w->norms64[i] = (double)((const float *)t->norms)[i];
        first += now;
        work->run.log_kernels->log_norms(wide ? t->norms : w->norms64, events, t->vectors, first == steps, &w->growth);
    }
}

/* Largest difference of an exponent from the reference's in tangent space, nats per step. */
static double rider_residual(struct bench_work *work) {
    struct followed_case *r = work->more;
    const struct bench_case *c = work->the_case;
    size_t parameters = lyap_network_parameters(&c->net), k = r->worker.tangents.vectors;
    double *w = malloc((parameters + k * parameters + k) * sizeof *w), worst = w ? 0 : INFINITY;
    for (size_t lane = 0; lane < LYAP_BLOCK && w; lane++) {
        double *v = w + parameters, *lambda = v + k * parameters;
        for (size_t i = 0; i < parameters; i++) w[i] = bench_real_at(work, r->weights, i * LYAP_BLOCK + lane);
        for (size_t i = 0; i < k * parameters; i++) v[i] = bench_real_at(work, r->vectors, i * LYAP_BLOCK + lane);
        if (lyap_reference_spectrum(&(const struct lyap_reference_training){&c->net, c->data, NULL, 0.1, c->epochs}, w,
                                    v, k, lambda, NULL, NULL))
            worst = INFINITY;
        for (size_t i = 0; i < k; i++) {
            double off = fabs(r->worker.growth.sum[i * LYAP_BLOCK + lane] / c->epochs - lambda[i]);
            if (!(off <= worst)) worst = off;
        }
    }
    free(w);
    return worst;
}

static int rider_parts(struct bench_work *work, const void *part[BENCH_MOST_PARTS], size_t bytes[BENCH_MOST_PARTS]) {
    struct followed_case *r = work->more;
    part[0] = r->worker.worker.block.weights;
    bytes[0] = r->weight_bytes;
    part[1] = r->worker.tangents.v;
    bytes[1] = r->vector_bytes;
    part[2] = r->worker.growth.sum;
    bytes[2] = r->worker.tangents.vectors * LYAP_BLOCK * sizeof(double);
    return 3;
}

static double rider_items(const struct bench_case *the_case) {
    return (double)LYAP_BLOCK * the_case->epochs;
}

static size_t spectrum_vectors(const struct bench_case *c) {
    size_t parameters = lyap_network_parameters(&c->net);
    return parameters < MOST_VECTORS ? parameters : MOST_VECTORS;
}
static struct bench_count tangent_count(const struct bench_case *c) {
    return bench_count_tangent(&c->net, c->data->samples, 1, QR_ONE, bench_real_size(c));
}
static struct bench_count spectrum_count(const struct bench_case *c) {
    return bench_count_tangent(&c->net, c->data->samples, spectrum_vectors(c), QR_ALL, bench_real_size(c));
}
static double rider_bytes(const struct bench_case *c, size_t vectors) {
    return (double)(1 + vectors) * (double)(lyap_network_parameters(&c->net) * LYAP_BLOCK * bench_real_size(c));
}
static double tangent_set(const struct bench_case *c) {
    return rider_bytes(c, 1);
}
static double spectrum_set(const struct bench_case *c) {
    return rider_bytes(c, spectrum_vectors(c));
}

const struct bench_kernel bench_tangent = {
    .name = "tangent",
    .item = "parent-step",
    .networks = true,
    .activations = true,
    .tolerance = {1e-3, 1e-12},
    .residual_of = "the reference's exponents in tangent space",
    .open = open_tangent,
    .close = close_tangent,
    .run = run_rider,
    .residual = rider_residual,
    .result = rider_parts,
    .items = rider_items,
    .count = tangent_count,
    .working_set = tangent_set,
};

const struct bench_kernel bench_spectrum = {
    .name = "spectrum",
    .item = "parent-step",
    .networks = true,
    .activations = true,
    .tolerance = {1e-3, 1e-12},
    .residual_of = "the reference's exponents in tangent space",
    .open = open_spectrum,
    .close = close_tangent,
    .run = run_rider,
    .residual = rider_residual,
    .result = rider_parts,
    .items = rider_items,
    .count = spectrum_count,
    .working_set = spectrum_set,
};
