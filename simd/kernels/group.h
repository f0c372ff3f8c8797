/* What the vector of cells that a kernel works on has to do with its block, and what one step gives. */
#ifndef LYAP_SIMD_KERNELS_GROUP_H
#define LYAP_SIMD_KERNELS_GROUP_H

#include "simd/kernels/instance.h"
#include "simd/kernels/layers.h"

/* The vector's view of its block. */
struct group {
    const struct lyap_block *block;
    size_t lane;       /* first lane of the vector */
    real *w;           /* states at that lane */
    const real *x, *y; /* of this step */
    vec *workspace;
    vec *a, *d, *gradient;
    vec lr, step; /* of this step; step = lr * batch factor */
    real correction[2];
    vmask active;
};

/* What one epoch gives. */
struct epoch_result {
    vec loss_sum;
    vec distance_sum;
    vmask alive;
};

/* The trajectories that a call steps: `count` from `first` on. The parent (trajectory 0) is stepped alone and gives the loss. */
struct span {
    size_t first, count;
    bool is_parent;
    bool careful; /* keep the lanes outside group.active still and collect `alive` */
};

/* The data, learning rate and corrections of step i of a call. */
ALWAYS_INLINE void set_step_inputs(const struct lyap_shape *shape, struct group *group, vec lr, uint32_t i) {
    const struct lyap_block *block = group->block;
    if (block->batches) {
        group->x = (const real *)block->x + (size_t)i * shape->samples * (size_t)shape->sizes[0];
        group->y = (const real *)block->y + (size_t)i * shape->samples * (size_t)shape->sizes[shape->layers];
    }
    if (block->rate) {
        group->lr = v_mul(lr, v_load((const real *)block->rate + (size_t)i * BLOCK + group->lane));
        group->step = v_mul(group->lr, v_set1(batch_scale(shape)));
    }
    for (int c = 0; block->correction && c < 2; c++)
        group->correction[c] = (real)block->correction[2 * i + (uint32_t)c];
}

/* The vector's view of the block; the workspace's first part is for the passes, its end for the gradient. */
ALWAYS_INLINE struct group group_of(const struct lyap_shape *shape, const struct lyap_block *block, size_t lane,
                                    enum instance instance) {
    struct group group = {.block = block,
                          .lane = lane,
                          .w = (real *)block->weights + lane,
                          .x = block->x,
                          .y = block->y,
                          .a = block->workspace,
                          .workspace = block->workspace,
                          .correction = {1, 1}};
    if (instance == LOOPS) group.d = group.a + shape->tile * shape->unit[shape->layers] * shape->chunk;
    if (instance == LOOPS || instance == TILES)
        group.gradient = group.workspace + layers_room(shape, shape->tile, block_threads(block));
    _Alignas(LYAP_ALIGNMENT) real lr[BLOCK];
    for (size_t i = 0; i < VEC_LANES; i++) lr[i] = (real)block->lr[lane + i];
    group.lr = v_load(lr);
    group.step = v_mul(group.lr, v_set1(batch_scale(shape)));
    return group;
}

#endif
