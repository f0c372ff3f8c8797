/* Functions of the table that are alike for both widths of a block: loops over its vectors of cells. */
#ifndef LYAP_SIMD_KERNELS_TABLE_H
#define LYAP_SIMD_KERNELS_TABLE_H

#include "simd/kernels/evaluate.h"
#include "simd/kernels/hessian.h"
#include "simd/kernels/init.h"
#include "simd/kernels/lyapunov.h"
#include "simd/kernels/rescaled.h"

static void reset_state(struct lyap_block *block) {
    block->frozen = block->measured_out = block->alive = 0;
    for (size_t i = 0; i < BLOCK; i++) {
        block->length[i] = block->losses[i] = 0;
        block->event_epoch[i] = -1;
        block->outcome[i] = LYAP_COMPLETE;
    }
}

static void perturb(struct lyap_block *block) {
    for (size_t lane = 0; lane < BLOCK; lane += VEC_LANES) perturb_group(block, lane);
}

static size_t tangent_workspace(const struct lyap_shape *shape, size_t dimension, size_t vectors, int threads) {
    (void)dimension;
    return (vectors + (shape ? tangent_scratch(shape, vectors, threads) : 0)) * sizeof(vec);
}

static void tangent_start(struct lyap_block *block, struct lyap_tangents *t) {
    reset_state(block);
    for (size_t i = 0; i < BLOCK; i++) {
        t->steps[i] = 0;
        t->resolved[i] = (uint32_t)t->vectors;
    }
    for (size_t lane = 0; lane < BLOCK; lane += VEC_LANES) {
        const struct orthonormal o = {.v = (real *)t->v + lane,
                                      .vectors = t->vectors,
                                      .n = t->dimension,
                                      .measured = t->measured,
                                      .steps = 1,
                                      .active = m_none(),
                                      .norms = (real *)t->norms + lane,
                                      .spread = t->workspace,
                                      .resolved = t->resolved + lane};
        orthonormalise_any(&o);
    }
}

static void pair_start_all(struct lyap_block *block, struct lyap_tangents *t) {
    for (size_t lane = 0; lane < BLOCK; lane += VEC_LANES) pair_start(block, t, lane);
}

static void pair_all(struct lyap_block *block, struct lyap_tangents *t, uint32_t first, uint32_t count) {
    for (size_t lane = 0; lane < BLOCK; lane += VEC_LANES) pair_group(block, t, lane, first, count);
}

static void evaluate(struct lyap_block *block, const void *x, const void *y, size_t samples, double threshold,
                     double loss_sum[LYAP_BLOCK], uint64_t correct[LYAP_BLOCK]) {
    const struct evaluation data = {x, y, samples, (real)threshold};
    for (size_t lane = 0; lane < BLOCK; lane += VEC_LANES)
        evaluate_group(block, lane, &data, loss_sum + lane, correct + lane);
}

static void hessian(struct lyap_block *block, struct lyap_tangents *t, const void *v, void *out) {
    for (size_t lane = 0; lane < BLOCK; lane += VEC_LANES)
        hessian_group(block, t, lane, (const real *)v + lane, (real *)out + lane);
}

#endif
