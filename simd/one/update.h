/* The update of one network's state and of its tangents (simd/kernels/update.h): passes over parts of the parameters, of which each thread has
 * some, and the distance from the parent, which is one chain. */
#ifndef LYAP_SIMD_ONE_UPDATE_H
#define LYAP_SIMD_ONE_UPDATE_H

#include <stdatomic.h>

#include "simd/kernels/optimise.h"
#include "simd/one/split.h"
#include "simd/passes.h"

_Static_assert(sizeof(struct optimise_numbers) == 12 * sizeof(real), "the numbers of lyap_array_update");

struct update_job {
    const struct lyap_shape *shape;
    struct lyap_array_update update; /* but for numbers and range */
    const struct optimise *optimise;
    atomic_bool *alive;
};

static void update_piece(const void *context, int piece, int pieces) {
    const struct update_job *job = context;
    const struct lyap_shape *shape = job->shape;
    const size_t begin = piece_begin(shape->parameters, piece, pieces, LYAP_ALIGNMENT / sizeof(real));
    const size_t end = piece_begin(shape->parameters, piece + 1, pieces, LYAP_ALIGNMENT / sizeof(real));
    bool alive = false;
    for (int l = 0; l < shape->layers; l++) {
        const struct optimise_numbers numbers = optimise_numbers(job->optimise, l);
        const size_t from = shape->offset[l], to = l + 1 < shape->layers ? shape->offset[l + 1] : shape->parameters;
        struct lyap_array_update update = job->update;
        update.numbers = &numbers;
        update.from = from > begin ? from : begin;
        update.to = to < end ? to : end;
        if (update.from >= update.to) continue;
        alive |= update.tangent ? LYAP_PASSES.update_tangent(&update) : LYAP_PASSES.update(&update);
    }
    if (alive) atomic_store(job->alive, true);
}

/* Multiply-adds that the update of a parameter counts for: it waits for memory. */
enum { UPDATE_WORK = 16 };

static void update_all(const struct lyap_shape *shape, struct optimise *u, struct lyap_array_update update) {
    atomic_bool alive;
    atomic_init(&alive, false);
    update.kind = u->rule->kind;
    update.decays = u->rule->weight_decay > 0;
    update.still = u->careful && !u->active;
    update.parameters = shape->parameters;
    update.sums = u->sums;
    const struct update_job job = {shape, update, u, &alive};
    split_over(u->block, update_piece, &job, UPDATE_WORK * (double)shape->parameters);
    if (u->careful && atomic_load(&alive)) u->alive = true;
}

static void optimise(const struct lyap_shape *shape, struct optimise *u, real *state) {
    update_all(shape, u, (struct lyap_array_update){.state = state});
}

static void optimise_tangent(const struct lyap_shape *shape, struct optimise *u, const real *state, const vec *products,
                             real *tangent) {
    /* The state is read alone. */
    update_all(shape, u,
               (struct lyap_array_update){.state = (real *)(uintptr_t)state, .products = products, .tangent = tangent});
}

#endif
