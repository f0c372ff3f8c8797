#include "baseline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "blas.h"
#include "native.h"

bool bench_other_open(struct bench_other *other, enum bench_baseline which, const struct bench_work *work) {
    const struct bench_case *c = work->the_case;
    size_t trajectories = work->worker.block.trajectories, real = bench_real_size(c);
    memset(other, 0, sizeof *other);
    other->which = which;
    other->work = work;
    if (which == BENCH_OPENBLAS && !bench_blas_available()) return false;
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
    const struct bench_case *c = o->work->the_case;
    size_t trajectories = o->work->worker.block.trajectories;
    double lr = o->work->plan.setting.lr;
    memcpy(o->weights, o->work->initial, o->work->weight_bytes);
    if (c->precision == LYAP_FLOAT64) {
        void (*train)(const struct lyap_network *, const struct lyap_dataset *, double *, size_t, double, size_t,
                      double *, double *) = o->which == BENCH_PLAIN        ? bench_plain_f64
                                            : o->which == BENCH_VECTORISED ? bench_vectorised_f64
                                                                           : bench_blas_f64;
        train(&c->net, c->data, o->weights, trajectories, lr, c->epochs, o->distance, o->room);
    } else {
        void (*train)(const struct lyap_network *, const struct lyap_dataset *, float *, size_t, double, size_t,
                      float *, float *) = o->which == BENCH_PLAIN        ? bench_plain_f32
                                          : o->which == BENCH_VECTORISED ? bench_vectorised_f32
                                                                         : bench_blas_f32;
        train(&c->net, c->data, o->weights, trajectories, lr, c->epochs, o->distance, o->room);
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
