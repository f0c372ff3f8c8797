/* Starting points of a vector of cells: parents drawn until their loss lies in the window, then perturbed neighbours. */
#ifndef LYAP_SIMD_KERNELS_INIT_H
#define LYAP_SIMD_KERNELS_INIT_H

#include <float.h>

#include "lyapgrad/random.h"
#include "simd/kernels/draw.h"
#include "simd/kernels/instance.h"
#include "simd/kernels/layers.h"
#include "simd/kernels/network.h"

/* The parameters from..to-1 of attempt `attempt` to candidate[parameters][BLOCK] (at this vector's lanes): shift + scale *
 * draw number p, one rounding. Draws come in batches that begin at multiples of four. */
static inline void draw_law(const struct lyap_law *law, const struct source *source, uint32_t attempt, size_t from,
                            size_t to, real *candidate) {
    _Alignas(LYAP_ALIGNMENT) real draws[DRAW_BATCH * VEC_LANES];
    const vec shift = v_set1((real)law->shift), scale = v_set1((real)law->scale);
    for (size_t p = from / 4 * 4; p < to; p += DRAW_BATCH) {
        size_t left = to - p;
        int n = left < DRAW_BATCH ? (int)left : DRAW_BATCH;
        draw_batch(source, law->normal, (uint64_t)attempt << 32 | p, (n + 3) / 4 * 4, draws);
        for (int i = p < from ? (int)(from - p) : 0; i < n; i++)
            v_store(candidate + (p + (size_t)i) * BLOCK, v_fma(scale, v_load(draws + i * VEC_LANES), shift));
    }
}

static inline bool same_law(const struct lyap_law *a, const struct lyap_law *b) {
    return a->normal == b->normal && a->shift == b->shift && a->scale == b->scale;
}

/* Draws all parameters of an attempt; neighbouring layers of one law in one go. */
static inline void draw_parent(const struct lyap_shape *shape, const struct lyap_block *block,
                               const struct source *source, uint32_t attempt, real *candidate) {
    size_t parts = 2 * (size_t)shape->layers, from = 0, to = 0;
    for (size_t i = 0; i < parts; i++) {
        size_t l = i / 2, weights = (size_t)shape->sizes[l] * (size_t)shape->sizes[l + 1];
        to += i % 2 ? (size_t)shape->sizes[l + 1] : weights;
        if (i + 1 < parts && same_law(&block->laws[i], &block->laws[i + 1])) continue;
        draw_law(&block->laws[i], source, attempt, from, to, candidate);
        from = to;
    }
}

/* A function of its own: inlined beside the calls of SLEEF it slows an attempt under AVX-512 by half. */
NEVER_INLINE void draw_parent_apart(const struct lyap_block *block, const struct source *source, uint32_t attempt,
                                    real *candidate) {
    draw_parent(block->whole, block, source, attempt, candidate);
}

/* The loss of one network a lane; BLOCK stride like the weights. */
ALWAYS_INLINE vec loss_of(const struct lyap_shape *shape, const struct lyap_block *block, bool any, real *w) {
    vec sum = v_set1(0);
    struct tile tile = {.w = w, .count = 1, .a = block->workspace};
    if (any) tile = layers_tile(shape, block, w, block->workspace, 1);
    for (size_t from = 0; from < shape->samples; from += shape->chunk) {
        tile_chunk(shape, &tile, block->whole_x, block->whole_y, from);
        sum = any ? layers_forward(shape, &tile, true, sum) : forward(shape, &tile, true, sum);
    }
    return v_div(sum, v_set1(loss_terms(shape)));
}

/* Attempts first .. first+count-1 at parents for the pending lanes. A lane's result depends on its own draws alone: lanes
 * that have theirs are not touched while others go on. */
ALWAYS_INLINE void draw_parents_group(const struct lyap_shape *shape, struct lyap_block *block, enum instance form,
                                      size_t lane, uint32_t first, uint32_t count) {
    const unsigned all = (1u << VEC_LANES) - 1u;
    struct source source =
        source_of(block->seed, LYAP_STREAM_INITIAL, block->start_low + lane, block->start_high + lane);
    real *parent = (real *)block->weights + lane;
    size_t parameters = shape->parameters;
    real *candidate = parent + shape->dimension * BLOCK; /* the first neighbour's place, filled later */
    const vec low = v_set1((real)block->window_low), high = v_set1((real)block->window_high);
    unsigned pending = block->pending >> lane & all;
    for (uint32_t i = 0; pending && i < count; i++) {
        uint32_t attempt = first + i;
        if (form == FUSED)
            draw_parent(shape, block, &source, attempt, candidate);
        else
            draw_parent_apart(block, &source, attempt, candidate);
        unsigned accepted = pending;
        if (block->window) {
            vec loss = loss_of(shape, block, form == TILES, candidate);
            accepted &= m_bits(m_and(v_le(low, loss), v_le(loss, high)));
        }
        if (!accepted) continue;
        vmask mask = m_from_bits(accepted);
        for (size_t p = 0; p < parameters; p++) {
            real *w = parent + p * BLOCK;
            v_store(w, v_select(mask, v_load(candidate + p * BLOCK), v_load(w)));
        }
        for (size_t j = 0; j < VEC_LANES; j++)
            if (accepted >> j & 1) block->draws[lane + j] = attempt + 1;
        pending &= ~accepted;
    }
    block->pending = (block->pending & ~((uint32_t)all << lane)) | (uint32_t)pending << lane;
}

/* Neighbour t = parent + perturbation * N(0, 1) on every parameter p, with draw index (t - 1) * parameters + p. The
 * optimiser's buffers start at zero. */
static inline void perturb_group(struct lyap_block *block, size_t lane) {
    _Alignas(LYAP_ALIGNMENT) real draws[DRAW_BATCH * VEC_LANES], sigma[BLOCK];
    struct source source =
        source_of(block->seed, LYAP_STREAM_PERTURBATION, block->start_low + lane, block->start_high + lane);
    for (size_t i = 0; i < VEC_LANES; i++) sigma[i] = (real)block->perturbation[lane + i];
    const vec scale = v_load(sigma);
    const real *parent = (real *)block->weights + lane;
    size_t parameters = block->shape->parameters, dimension = block->shape->dimension, p = 0;
    real *neighbour = (real *)block->weights + dimension * BLOCK + lane;
    for (size_t t = 0; t < block->trajectories; t++)
        for (size_t b = parameters; b < dimension; b++)
            v_store((real *)block->weights + (t * dimension + b) * BLOCK + lane, v_set1(0));
    size_t total = (block->trajectories - 1) * parameters;
    for (size_t first = 0; first < total; first += DRAW_BATCH) {
        size_t left = total - first;
        int n = left < DRAW_BATCH ? (int)left : DRAW_BATCH;
        draw_batch(&source, true, first, (n + 3) / 4 * 4, draws);
        for (int i = 0; i < n; i++) {
            vec w = v_fma(scale, v_load(draws + i * VEC_LANES), v_load(parent + p * BLOCK));
            v_store(neighbour + p * BLOCK, w);
            if (++p < parameters) continue;
            p = 0;
            neighbour += dimension * BLOCK;
        }
    }
}

#endif
