/* Starting points of a vector of cells: parents drawn until their loss lies in the window, then perturbed neighbours. */
#ifndef LYAP_KERNEL_INIT_H
#define LYAP_KERNEL_INIT_H

#include <float.h>

#include "lyapgrad/random.h"
#include "kernel_draw.h"
#include "kernel_network.h"

/* a + (b - a) * u or a + b * n, one rounding. */
static inline vec shifted(const struct lyap_block *block, vec draw) {
    real a = (real)block->init_a, b = (real)block->init_b;
    return v_fma(v_set1(block->init == LYAP_INIT_UNIFORM ? b - a : b), draw, v_set1(a));
}

/* Draws the parameters of attempt `attempt` of all lanes to candidate[parameters][BLOCK] (at this vector's lanes). */
static inline void draw_parent(const struct lyap_block *block, const struct source *source, uint32_t attempt,
                               real *candidate) {
    _Alignas(LYAP_ALIGNMENT) real draws[DRAW_BATCH * VEC_LANES];
    size_t parameters = block->shape->parameters;
    for (size_t p = 0; p < parameters; p += DRAW_BATCH) {
        size_t left = parameters - p;
        int n = left < DRAW_BATCH ? (int)left : DRAW_BATCH;
        draw_batch(source, block->init == LYAP_INIT_NORMAL, (uint64_t)attempt << 32 | p, (n + 3) / 4 * 4, draws);
        for (int i = 0; i < n; i++)
            v_store(candidate + (p + (size_t)i) * BLOCK, shifted(block, v_load(draws + i * VEC_LANES)));
    }
}

/* The loss of one network a lane; BLOCK stride like the weights. */
ALWAYS_INLINE vec loss_of(const struct lyap_shape *shape, const struct lyap_block *block, real *w, vec *scratch) {
    const real *x = block->x, *y = block->y;
    size_t inputs = (size_t)shape->sizes[0], outputs = (size_t)shape->sizes[shape->layers];
    vec sum = v_set1(0);
    for (size_t from = 0; from < shape->samples; from += shape->chunk) {
        size_t left = shape->samples - from;
        struct tile tile = {.w = w, .count = 1, .x = x + from * inputs, .y = y + from * outputs, .a = scratch};
        tile.samples = left < shape->chunk ? left : shape->chunk;
        sum = forward(shape, &tile, true, sum);
    }
    return v_div(sum, v_set1((real)shape->samples * (real)outputs));
}

/* Attempts first .. first+count-1 at parents for the pending lanes. A lane's result depends on its own draws alone: lanes
 * that have theirs stand aside while others go on. */
ALWAYS_INLINE void draw_parents_group(const struct lyap_shape *shape, struct lyap_block *block, size_t lane,
                                      uint32_t first, uint32_t count) {
    const unsigned all = (1u << VEC_LANES) - 1u;
    struct source source =
        source_of(block->seed, LYAP_STREAM_INITIAL, block->start_low + lane, block->start_high + lane);
    real *parent = (real *)block->weights + lane;
    size_t parameters = shape->parameters;
    real *candidate = parent + parameters * BLOCK; /* the first neighbour's place, filled later */
    const vec low = v_set1((real)block->window_low), high = v_set1((real)block->window_high);
    unsigned pending = block->pending >> lane & all;
    for (uint32_t i = 0; pending && i < count; i++) {
        uint32_t attempt = first + i;
        draw_parent(block, &source, attempt, candidate);
        unsigned accepted = pending;
        if (block->window) {
            vec loss = loss_of(shape, block, candidate, block->workspace);
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

/* Neighbour t = parent + perturbation * N(0, 1) on every parameter p, with draw index (t - 1) * parameters + p. */
static inline void perturb_group(struct lyap_block *block, size_t lane) {
    _Alignas(LYAP_ALIGNMENT) real draws[DRAW_BATCH * VEC_LANES], sigma[BLOCK];
    struct source source =
        source_of(block->seed, LYAP_STREAM_PERTURBATION, block->start_low + lane, block->start_high + lane);
    for (size_t i = 0; i < VEC_LANES; i++) sigma[i] = (real)block->perturbation[lane + i];
    const vec scale = v_load(sigma);
    const real *parent = (real *)block->weights + lane;
    size_t parameters = block->shape->parameters, p = 0;
    real *neighbours = (real *)block->weights + parameters * BLOCK + lane;
    size_t total = (block->trajectories - 1) * parameters;
    for (size_t first = 0; first < total; first += DRAW_BATCH) {
        size_t left = total - first;
        int n = left < DRAW_BATCH ? (int)left : DRAW_BATCH;
        draw_batch(&source, true, first, (n + 3) / 4 * 4, draws);
        for (int i = 0; i < n; i++) {
            vec w = v_fma(scale, v_load(draws + i * VEC_LANES), v_load(parent + p * BLOCK));
            v_store(neighbours + (first + (size_t)i) * BLOCK, w);
            if (++p == parameters) p = 0;
        }
    }
}

#endif
