/* One network on OpenBLAS, as bench/blas_large.h writes it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "blas.h"
#include "engine/aligned.h"
#include "single_peers.h"

enum { MOST_STEPS = 1 << 16 };

struct blas_one {
    const struct lyap_kernels *sleef; /* the best this CPU has, for its functions */
    bool stacked;                     /* parent and neighbours side by side */
    void *start, *parent, *distance, *room;
};

static struct bench_training training_of(const struct bench_job *job, uint32_t steps) {
    return (struct bench_training){&job->net, &job->data, job->trajectories, job->lr, steps};
}

static bool wide(const struct bench_job *job) {
    return job->precision == LYAP_FLOAT64;
}

static bool run(struct bench_single_peer *peer, uint32_t steps, double *seconds) {
    struct blas_one *o = peer->own;
    const struct bench_job *job = peer->job;
    const struct bench_training training = training_of(job, steps);
    if (steps > MOST_STEPS) return false;
    bench_blas_threads(peer->threads);
    double begin = bench_single_clock(peer->threads);
    if (wide(job))
        bench_blas_one_f64(&training, o->sleef, o->stacked, o->start, o->parent, o->distance, o->room);
    else
        bench_blas_one_f32(&training, o->sleef, o->stacked, o->start, o->parent, o->distance, o->room);
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
    const struct bench_training training = training_of(job, 1);
    double *initial = malloc(n * sizeof *initial);
    o->start = lyap_aligned(n, real);
    o->parent = lyap_aligned(job->parameters, real);
    o->distance = lyap_aligned(MOST_STEPS, real);
    o->room = lyap_aligned(bench_blas_one_room(&training, o->stacked), real);
    bool ok = initial && o->start && o->parent && o->distance && o->room && !bench_job_initial(job, initial, NULL);
    if (ok) {
        to_reals(job, initial, n, o->start);
        if (wide(job))
            bench_blas_place_one_f64(&training, o->stacked, o->room);
        else
            bench_blas_place_one_f32(&training, o->stacked, o->room);
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
    to_doubles(peer->job, o->parent, peer->job->parameters, result.weights);
    bench_single_compare(peer->job, steps, expected, &result, &peer->residual, &peer->state_residual);
    free(found);
    return true;
}

static bool open_way(struct bench_single_peer *peer, enum lyap_isa isa, bool stacked, uint32_t steps,
                     const struct bench_single_result *expected) {
    struct blas_one *o = calloc(1, sizeof *o);
    peer->own = o;
    if (o) {
        o->sleef = lyap_kernels_get(isa, peer->job->precision);
        o->stacked = stacked;
    }
    peer->forms++;
    if (!o || !prepare(peer) || !compare(peer, steps, expected)) return false;
    peer->agreeing += bench_single_agrees(peer->job, peer->residual, peer->state_residual);
    return true;
}

/* Seconds of the best of three runs. */
static double best_of_three(struct bench_single_peer *peer) {
    double best = HUGE_VAL, took;
    for (int i = 0; i < 3; i++)
        if (run(peer, 4, &took) && took < best) best = took;
    return best;
}

/* Keeps the faster of two ways where both agree, else the one that does not. */
static void keep_better(struct bench_single_peer *peer, struct bench_single_peer *other) {
    bool first = peer->agreeing > 0, second = other->agreeing > 0;
    if (first && (!second || best_of_three(other) < best_of_three(peer))) {
        struct bench_single_peer kept = *other;
        *other = *peer;
        *peer = kept;
    }
    peer->forms = 2;
    peer->agreeing = first + second;
    bench_single_blas_close(other);
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
    struct bench_single_peer stacked = *peer;
    bool ok = open_way(peer, isa, false, steps, expected);
    if (ok && !job->task->alone) {
        ok = open_way(&stacked, isa, true, steps, expected);
        if (ok)
            keep_better(peer, &stacked);
        else
            bench_single_blas_close(&stacked);
    }
    if (!ok) {
        bench_single_blas_close(peer);
        snprintf(peer->note, sizeof peer->note, "out of memory");
        return BENCH_PEER_MISSING;
    }
    snprintf(peer->note, sizeof peer->note, "kernels for %s; %s%s", bench_blas_core(),
             ((struct blas_one *)peer->own)->stacked ? "side by side" : "one network after the other",
             threads > 1 ? "; its threads do the products alone" : "");
    return peer->agreeing == peer->forms ? BENCH_PEER_AGREES : BENCH_PEER_DIFFERS;
}

void bench_single_blas_close(struct bench_single_peer *peer) {
    struct blas_one *o = peer->own;
    if (!o) return;
    free(o->start);
    free(o->parent);
    free(o->distance);
    free(o->room);
    free(o);
    peer->own = NULL;
    bench_blas_threads(1);
}
