/* One network on OpenBLAS, as bench/blas_large.h writes it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "blas.h"
#include "engine/aligned.h"
#include "single_peers.h"

enum { MOST_STEPS = 1 << 16 };

struct blas_one {
    const struct lyap_kernels *sleef; /* the best this CPU has, for its functions */
    void *start, *weights, *distance, *room;
};

static bool wide(const struct bench_job *job) {
    return job->precision == LYAP_FLOAT64;
}

static bool run(struct bench_single_peer *peer, uint32_t steps, double *seconds) {
    struct blas_one *o = peer->own;
    const struct bench_job *job = peer->job;
    const struct bench_training training = {&job->net, &job->data, job->trajectories, job->lr, steps};
    if (steps > MOST_STEPS) return false;
    bench_blas_threads(peer->threads);
    double begin = bench_single_clock(peer->threads);
    if (wide(job))
        bench_blas_one_f64(&training, o->sleef, o->start, o->weights, o->distance, o->room);
    else
        bench_blas_one_f32(&training, o->sleef, o->start, o->weights, o->distance, o->room);
    *seconds = bench_single_clock(peer->threads) - begin;
    return true;
}

static void to_reals(const struct bench_job *job, const double *from, size_t n, void *to) {
    for (size_t i = 0; i < n; i++) {
        if (wide(job))
            ((double *)to)[i] = from[i];
        else
            ((float *)to)[i] = (float)from[i];
    }
}

static void to_doubles(const struct bench_job *job, const void *from, size_t n, double *to) {
    for (size_t i = 0; i < n; i++) to[i] = wide(job) ? ((const double *)from)[i] : (double)((const float *)from)[i];
}

static bool prepare(struct bench_single_peer *peer) {
    struct blas_one *o = peer->own;
    const struct bench_job *job = peer->job;
    size_t real = wide(job) ? sizeof(double) : sizeof(float), n = job->trajectories * job->parameters;
    double *initial = malloc(n * sizeof *initial);
    o->start = lyap_aligned(n, real);
    o->weights = lyap_aligned(n, real);
    o->distance = lyap_aligned(MOST_STEPS, real);
    o->room = lyap_aligned(bench_blas_one_room(&job->net, &job->data), real);
    bool ok = initial && o->start && o->weights && o->distance && o->room && !bench_job_initial(job, initial, NULL);
    if (ok) {
        to_reals(job, initial, n, o->start);
        if (wide(job))
            bench_blas_place_one_f64(&job->net, &job->data, o->room);
        else
            bench_blas_place_one_f32(&job->net, &job->data, o->room);
    }
    free(initial);
    return ok;
}

/* Runs and compares. */
static bool compare(struct bench_single_peer *peer, uint32_t steps, const struct bench_single_result *expected) {
    const struct blas_one *o = peer->own;
    double seconds, *found = malloc((steps + peer->job->parameters) * sizeof *found);
    if (!found || !run(peer, steps, &seconds)) {
        free(found);
        return false;
    }
    struct bench_single_result result = {.distance = found, .weights = found + steps};
    to_doubles(peer->job, o->distance, steps, result.distance);
    to_doubles(peer->job, o->weights, peer->job->parameters, result.weights);
    bench_single_compare(peer->job, steps, expected, &result, &peer->residual, &peer->state_residual);
    free(found);
    return true;
}

enum bench_peer_state bench_single_blas_open(struct bench_single_peer *peer, const struct bench_job *job, int threads,
                                             uint32_t steps, const struct bench_single_result *expected) {
    enum lyap_isa isa;
    *peer = (struct bench_single_peer){.job = job, .program = "openblas", .threads = threads, .run = run};
    if (!bench_blas_available() || job->net.layers != 2 || job->net.activation[0] != LYAP_TANH ||
        !job->task->neighbours || lyap_isa_select("", &isa, NULL)) {
        snprintf(peer->note, sizeof peer->note, "%s",
                 bench_blas_available() ? "no such step is written" : "not in this build");
        return BENCH_PEER_MISSING;
    }
    struct blas_one *o = calloc(1, sizeof *o);
    peer->own = o;
    if (o) o->sleef = lyap_kernels_get(isa, job->precision);
    if (!o || !prepare(peer) || !compare(peer, steps, expected)) {
        bench_single_blas_close(peer);
        snprintf(peer->note, sizeof peer->note, "out of memory");
        return BENCH_PEER_MISSING;
    }
    snprintf(peer->note, sizeof peer->note, "kernels for %s%s", bench_blas_core(),
             threads > 1 ? "; its threads do the products alone" : "");
    return bench_single_agrees(job, peer->residual, peer->state_residual) ? BENCH_PEER_AGREES : BENCH_PEER_DIFFERS;
}

void bench_single_blas_close(struct bench_single_peer *peer) {
    struct blas_one *o = peer->own;
    if (!o) return;
    free(o->start);
    free(o->weights);
    free(o->distance);
    free(o->room);
    free(o);
    peer->own = NULL;
    bench_blas_threads(1);
}
