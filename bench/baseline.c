#include "baseline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "blas.h"
#include "measure.h"
#include "native.h"

static void place(struct bench_other *o) {
    const struct bench_case *c = o->work->the_case;
    size_t trajectories = o->work->worker.block.trajectories;
    if (c->precision == LYAP_FLOAT64)
        bench_blas_place_f64(&c->net, c->data, o->stacked, o->work->initial, trajectories, o->room);
    else
        bench_blas_place_f32(&c->net, c->data, o->stacked, o->work->initial, trajectories, o->room);
}

static struct bench_training training_of(const struct bench_work *work) {
    return (struct bench_training){.net = &work->the_case->net,
                                   .data = work->the_case->data,
                                   .trajectories = work->worker.block.trajectories,
                                   .lr = work->plan.setting.lr,
                                   .epochs = work->the_case->epochs};
}

static void run_large(struct bench_other *o) {
    const struct bench_training training = training_of(o->work);
    if (o->work->the_case->precision == LYAP_FLOAT64)
        bench_blas_large_f64(&training, o->sleef, o->stacked, o->distance, o->room);
    else
        bench_blas_large_f32(&training, o->sleef, o->stacked, o->distance, o->room);
}

/* Both ways in turn, with the better one kept. */
static bool open_large(struct bench_other *o) {
    const struct bench_case *c = o->work->the_case;
    size_t room = bench_blas_large_room(&c->net, c->data, o->work->worker.block.trajectories),
           real = bench_real_size(c);
    enum lyap_isa isa;
    if (c->net.layers != 2 || c->net.activation[0] != LYAP_TANH || lyap_isa_select("", &isa, NULL)) return false;
    o->sleef = lyap_kernels_get(isa, c->precision);
    struct bench_other single = *o, stacked = *o;
    single.distance = lyap_aligned((size_t)c->epochs * LYAP_BLOCK, real);
    stacked.distance = lyap_aligned((size_t)c->epochs * LYAP_BLOCK, real);
    single.room = lyap_aligned(room, real);
    stacked.room = lyap_aligned(room, real);
    stacked.stacked = true;
    if (!single.distance || !stacked.distance || !single.room || !stacked.room) {
        bench_other_close(&single);
        bench_other_close(&stacked);
        return false;
    }
    place(&single);
    place(&stacked);
    struct bench_subject ways[2] = {{.run = bench_other_run, .context = &single},
                                    {.run = bench_other_run, .context = &stacked}};
    bench_measure(ways, 2, (struct bench_effort){.repetitions = 5, .seconds = 1e-3});
    bool better = ways[1].best < ways[0].best;
    *o = better ? stacked : single;
    bench_other_close(better ? &single : &stacked);
    return true;
}

bool bench_other_open(struct bench_other *other, enum bench_baseline which, const struct bench_work *work) {
    const struct bench_case *c = work->the_case;
    size_t trajectories = work->worker.block.trajectories, real = bench_real_size(c);
    memset(other, 0, sizeof *other);
    other->which = which;
    other->work = work;
    if (which == BENCH_OPENBLAS && !bench_blas_available()) return false;
    other->large = c->kernel == &bench_large_step;
    if (other->large) return open_large(other);
    size_t room = which == BENCH_OPENBLAS ? bench_blas_room(&c->net, c->data, trajectories)
                                          : bench_native_room(&c->net, c->data, trajectories);
    other->weights = lyap_aligned(work->weight_bytes, 1);
    other->distance = lyap_aligned((size_t)c->epochs * LYAP_BLOCK, real);
    other->room = lyap_aligned(room, real);
    if (other->weights && other->distance && other->room) return true;
    bench_other_close(other);
    return false;
}

void bench_other_close(struct bench_other *other) {
    free(other->weights);
    free(other->distance);
    free(other->room);
    memset(other, 0, sizeof *other);
}

void bench_other_run(void *context) {
    struct bench_other *o = context;
    const struct bench_training training = training_of(o->work);
    if (o->large) {
        run_large(o);
        return;
    }
    memcpy(o->weights, o->work->initial, o->work->weight_bytes);
    if (o->work->the_case->precision == LYAP_FLOAT64) {
        void (*train)(const struct bench_training *, double *, double *, double *) =
            o->which == BENCH_PLAIN        ? bench_plain_f64
            : o->which == BENCH_VECTORISED ? bench_vectorised_f64
                                           : bench_blas_f64;
        train(&training, o->weights, o->distance, o->room);
    } else {
        void (*train)(const struct bench_training *, float *, float *, float *) =
            o->which == BENCH_PLAIN        ? bench_plain_f32
            : o->which == BENCH_VECTORISED ? bench_vectorised_f32
                                           : bench_blas_f32;
        train(&training, o->weights, o->distance, o->room);
    }
}

double bench_other_residual(const struct bench_other *other) {
    const struct bench_work *work = other->work;
    double worst = 0;
    for (size_t i = 0; i < (size_t)work->the_case->epochs * LYAP_BLOCK; i++) {
        double ours = bench_real_at(work, work->worker.slice_distance, i);
        double off = fabs(bench_real_at(work, other->distance, i) - ours) / ours;
        if (!(off <= worst)) worst = off;
    }
    return worst;
}
