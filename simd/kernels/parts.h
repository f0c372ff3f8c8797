/* Parts of a step that the step itself never has alone, for benchmarks: back-propagation from activations in memory, and
 * the distance of trajectories in memory. */
#ifndef LYAP_KERNEL_PARTS_H
#define LYAP_KERNEL_PARTS_H

#include "simd/kernels/train.h"

/* Layer l of one trajectory's chunk between `memory`, [samples][units][BLOCK] over all layers, and `vectors`, laid out like
 * tile.a or tile.d. */
ALWAYS_INLINE void load_layer(const struct lyap_shape *shape, const struct tile *tile, int l, const real *memory,
                              vec *vectors) {
    size_t units = shape->unit[shape->layers], outputs = (size_t)shape->sizes[l + 1];
    vec *layer = vectors + units_at(shape, tile, l, 0);
    for (size_t s = 0; s < tile->samples; s++)
        for (size_t o = 0; o < outputs; o++)
            layer[s * outputs + o] = v_load(memory + (s * units + shape->unit[l] + o) * BLOCK);
}
ALWAYS_INLINE void store_layer(const struct lyap_shape *shape, const struct tile *tile, int l, const vec *vectors,
                               real *memory) {
    size_t units = shape->unit[shape->layers], outputs = (size_t)shape->sizes[l + 1];
    const vec *layer = vectors + deltas_at(shape, tile, l);
    for (size_t s = 0; s < tile->samples; s++)
        for (size_t o = 0; o < outputs; o++)
            v_store(memory + (s * units + shape->unit[l] + o) * BLOCK, layer[s * outputs + o]);
}

/* Back-propagation of all trajectories, from activations that store no slopes. `known` is a constant that says so of a shape known to the compiler, which has two
 * layers. */
ALWAYS_INLINE void backward_group(const struct lyap_shape *shape, const struct lyap_block *block, size_t lane,
                                  bool known, const real *activations, real *deltas) {
    vec local[2][REGISTER_UNITS];
    size_t units = shape->unit[shape->layers];
    for (size_t t = 0; t < block->trajectories; t++)
        for (size_t from = 0; from < shape->samples; from += shape->chunk) {
            size_t at = (t * shape->samples + from) * units * BLOCK + lane;
            real *w = (real *)block->weights + t * shape->dimension * BLOCK + lane;
            struct tile tile = {.w = w, .count = 1, .a = local[0], .d = local[1]};
            if (!known) tile = layers_tile(shape, w, block->workspace, 1);
            layers_chunk(shape, &tile, block->x, block->y, from);
            if (known) {
                load_layer(shape, &tile, 0, activations + at, tile.a);
                load_layer(shape, &tile, 1, activations + at, tile.a);
                backward(shape, &tile, 0);
                store_layer(shape, &tile, 0, tile.d, deltas + at);
                store_layer(shape, &tile, 1, tile.d, deltas + at);
                continue;
            }
            for (int l = 0; l < shape->layers; l++) load_layer(shape, &tile, l, activations + at, tile.a);
            layers_backward(shape, &tile, 0);
            for (int l = 0; l < shape->layers; l++) store_layer(shape, &tile, l, tile.d, deltas + at);
        }
}

/* The neighbours' mean distance from the parent, as an epoch gives it. */
ALWAYS_INLINE void distance_group(const struct lyap_block *block, size_t parameters, size_t lane, real *out) {
    const real *parent = (const real *)block->weights + lane;
    vec sum = v_set1(0);
    for (size_t t = 1; t < block->trajectories; t++) {
        const real *w = parent + t * parameters * BLOCK;
        vec squares = v_set1(0);
        for (size_t p = 0; p < parameters; p++) {
            vec difference = v_sub(v_load(w + p * BLOCK), v_load(parent + p * BLOCK));
            squares = v_fma(difference, difference, squares);
        }
        sum = v_add(sum, v_sqrt(squares));
    }
    v_store(out + lane, v_div(sum, v_set1((real)(block->trajectories - 1))));
}

#endif
