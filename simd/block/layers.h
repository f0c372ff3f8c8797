/* Forward pass and gradient of a tile of trajectories for every shape, activation and loss, in memory: matrix products
 * (kernels/matrix.h) with passes over the activations between them. The other forms of a step (simd/README.md) give the same
 * bits.
 *
 * A gradient's sums run over the samples of all chunks in ascending order, so they do not depend on the chunk. */
#ifndef LYAP_SIMD_BLOCK_LAYERS_H
#define LYAP_SIMD_BLOCK_LAYERS_H

#include "simd/kernels/matrix.h"
#include "simd/kernels/loss.h"
#include "simd/kernels/tile.h"

/* The threads that share the block's work: its own. */
static inline int block_threads(const struct lyap_block *block) {
    (void)block;
    return 1;
}

/* Vectors of workspace that layers_tile hands out. */
static size_t layers_room(const struct lyap_shape *shape, size_t most, int threads) {
    (void)threads;
    size_t units = shape->unit[shape->layers] * shape->chunk;
    return (stores_slopes(shape) ? 2 * most + 1 : most + 1) * units + MATRIX_SCRATCH;
}

/* A tile of up to `most` trajectories, their state at w, with its arrays in the workspace. */
static struct tile layers_tile(const struct lyap_shape *shape, const struct lyap_block *block, real *w, vec *workspace,
                               size_t most) {
    (void)block;
    size_t units = shape->unit[shape->layers] * shape->chunk;
    struct tile tile = {.w = w, .count = most, .a = workspace, .d = workspace + most * units};
    tile.scratch = tile.d + units;
    if (stores_slopes(shape)) {
        tile.slope = tile.scratch;
        tile.scratch += most * units;
    }
    return tile;
}

static struct operand layer_operand(const struct lyap_shape *shape, const struct tile *tile, int l, size_t t) {
    if (l == 0) return (struct operand){.x = tile->x, .columns = tile->columns, .stride = tile->stride};
    return (struct operand){.a = tile->a + units_at(shape, tile, l - 1, t)};
}

static struct matrix_size layer_size(const struct lyap_shape *shape, const struct tile *tile, int l) {
    return (struct matrix_size){tile->samples, (size_t)shape->sizes[l], (size_t)shape->sizes[l + 1]};
}

/* f of layer l's pre-activations, over all trajectories of the tile; of the last layer also the loss, if asked (a tile of
 * one). */
static vec layers_activate(const struct lyap_shape *shape, const struct tile *tile, int l, bool with_loss, vec sum) {
    size_t outputs = (size_t)shape->sizes[l + 1], at = units_at(shape, tile, l, 0);
    size_t rows = tile->count * tile->samples, n = rows * outputs;
    vec *z = tile->a + at;
    bool last = l == shape->layers - 1;
    if (last && shape->loss == LYAP_SOFTMAX)
        return softmax(z, with_loss ? tile->y : NULL, tile->slope + at, rows, outputs, sum);
    if (last && with_loss && shape->loss == LYAP_BCE) sum = cross_entropy(z, tile->y, n, sum);
    if (slope_is_stored(shape->activation[l]))
        activate_stored(shape->activation[l], z, tile->slope + at, tile->curve ? tile->curve + at : NULL, n);
    else
        activate(shape->activation[l], z, n);
    if (last && with_loss && shape->loss == LYAP_MSE) sum = squared_error(z, tile->y, n, sum);
    return sum;
}

/* Forward pass of the tile. With `with_loss` returns `sum` plus the chunk's summed loss. */
static vec layers_forward(const struct lyap_shape *shape, const struct tile *tile, bool with_loss, vec sum) {
    for (int l = 0; l < shape->layers; l++) {
        const struct matrix_size size = layer_size(shape, tile, l);
        for (size_t t = 0; t < tile->count; t++) {
            const real *w = tile->w + (t * shape->dimension + shape->offset[l]) * BLOCK;
            matrix_forward(layer_operand(shape, tile, l, t), w, w + size.inputs * size.outputs * BLOCK,
                           tile->a + units_at(shape, tile, l, t), &size, tile->scratch);
        }
        sum = layers_activate(shape, tile, l, with_loss, sum);
    }
    return sum;
}

/* g f' in place of g = dL/da, in layer l of trajectory t; with tile->bend also d f''/f' = g f''. */
static void layers_through(const struct lyap_shape *shape, const struct tile *tile, int l, size_t t, vec *g,
                           vec *bend) {
    enum lyap_activation activation = shape->activation[l];
    size_t n = tile->samples * (size_t)shape->sizes[l + 1], at = units_at(shape, tile, l, t);
    if (!slope_is_stored(activation)) {
        for (size_t i = 0; i < n; i++) g[i] = times_derivative(activation, tile->a[at + i], g[i]);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        if (bend) bend[i] = v_mul(g[i], tile->curve[at + i]);
        g[i] = v_mul(g[i], tile->slope[at + i]);
    }
}

/* Back-propagation of trajectory t: fills d from a, for tangents also bend. */
static void layers_backward(const struct lyap_shape *shape, const struct tile *tile, size_t t) {
    int last = shape->layers - 1;
    size_t n = tile->samples * (size_t)shape->sizes[shape->layers];
    const vec *a = tile->a + units_at(shape, tile, last, t);
    vec *d = tile->d + deltas_at(shape, tile, last);
    for (size_t i = 0; i < n; i++) d[i] = v_sub(a[i], v_set1(tile->y[i]));
    /* Under the cross-entropies of sigmoid and softmax the derivatives cancel to a - y. */
    if (shape->loss == LYAP_MSE)
        layers_through(shape, tile, last, t, d, tile->bend ? tile->bend + deltas_at(shape, tile, last) : NULL);
    for (int l = last; l > 0; l--) {
        const struct matrix_size size = layer_size(shape, tile, l);
        size_t below = deltas_at(shape, tile, l - 1);
        const real *w = tile->w + (t * shape->dimension + shape->offset[l]) * BLOCK;
        matrix_backward(tile->d + deltas_at(shape, tile, l), w, tile->d + below, &size, false, tile->scratch);
        layers_through(shape, tile, l - 1, t, tile->d + below, tile->bend ? tile->bend + below : NULL);
    }
}

/* Adds the chunk to the gradient's sums[parameters] of trajectory t, or begins them. */
static void layers_gradient(const struct lyap_shape *shape, const struct tile *tile, size_t t, vec *sums,
                            bool first_chunk) {
    for (int l = 0; l < shape->layers; l++) {
        const struct matrix_size size = layer_size(shape, tile, l);
        const vec *d = tile->d + deltas_at(shape, tile, l);
        vec *g = sums + shape->offset[l];
        matrix_gradient(layer_operand(shape, tile, l, t), d, g, &size, !first_chunk, tile->scratch);
        matrix_bias(d, g + size.inputs * size.outputs, tile->samples, size.outputs, !first_chunk);
    }
}

/* The chunk's samples by columns, for the gradient of the first layer; steps over batches have none. */
static void layers_columns(struct tile *tile, const struct lyap_block *block, size_t from) {
    if (!block->columns || block->batches) return;
    tile->columns = (const real *)block->columns + from;
    tile->stride = block->whole->samples;
}

#endif
