/* Forward pass and gradient of a tile of trajectories for every shape, activation and loss, in memory: matrix products
 * (kernels/matrix.h) with passes over the activations between them. What kernels/network.h does in registers for the paper's
 * shape gives the same bits here.
 *
 * A gradient's sums run over the samples of all chunks in ascending order, so they do not depend on the chunk. */
#ifndef LYAP_KERNEL_LAYERS_H
#define LYAP_KERNEL_LAYERS_H

#include "simd/kernels/matrix.h"
#include "simd/kernels/network.h"

/* The terms that the loss is the mean of. */
static inline real loss_terms(const struct lyap_shape *shape) {
    real samples = (real)shape->samples;
    return shape->loss == LYAP_SOFTMAX ? samples : samples * (real)shape->sizes[shape->layers];
}

/* The batch factor: d(loss)/dz = scale * d, with d as in struct tile. */
static inline real batch_scale(const struct lyap_shape *shape) {
    return (shape->loss == LYAP_MSE ? (real)2 : (real)1) / loss_terms(shape);
}

static bool stores_slopes(const struct lyap_shape *shape) {
    for (int l = 0; l < shape->layers; l++)
        if (slope_is_stored(shape->activation[l])) return true;
    return shape->loss == LYAP_SOFTMAX; /* whose exponentials use the room */
}

/* Vectors of workspace that layers_tile hands out. */
static size_t layers_room(const struct lyap_shape *shape, size_t most) {
    size_t units = shape->unit[shape->layers] * shape->chunk;
    return (stores_slopes(shape) ? 2 * most + 1 : most + 1) * units + MATRIX_SCRATCH;
}

/* A tile of up to `most` trajectories, their state at w, with its arrays in the workspace. */
static struct tile layers_tile(const struct lyap_shape *shape, real *w, vec *workspace, size_t most) {
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
        size_t inputs = (size_t)shape->sizes[l], outputs = (size_t)shape->sizes[l + 1];
        for (size_t t = 0; t < tile->count; t++) {
            const real *w = tile->w + (t * shape->dimension + shape->offset[l]) * BLOCK;
            matrix_forward(layer_operand(shape, tile, l, t), w, w + inputs * outputs * BLOCK,
                           tile->a + units_at(shape, tile, l, t), tile->samples, inputs, outputs, tile->scratch);
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
        size_t below = deltas_at(shape, tile, l - 1);
        const real *w = tile->w + (t * shape->dimension + shape->offset[l]) * BLOCK;
        matrix_backward(tile->d + deltas_at(shape, tile, l), w, tile->d + below, tile->samples, (size_t)shape->sizes[l],
                        (size_t)shape->sizes[l + 1], false, tile->scratch);
        layers_through(shape, tile, l - 1, t, tile->d + below, tile->bend ? tile->bend + below : NULL);
    }
}

/* Adds the chunk to the gradient's sums[parameters] of trajectory t, or begins them. */
static void layers_gradient(const struct lyap_shape *shape, const struct tile *tile, size_t t, vec *sums,
                            bool first_chunk) {
    for (int l = 0; l < shape->layers; l++) {
        size_t inputs = (size_t)shape->sizes[l], outputs = (size_t)shape->sizes[l + 1];
        const vec *d = tile->d + deltas_at(shape, tile, l);
        vec *g = sums + shape->offset[l];
        matrix_gradient(layer_operand(shape, tile, l, t), d, g, tile->samples, inputs, outputs, !first_chunk,
                        tile->scratch);
        matrix_bias(d, g + inputs * outputs, tile->samples, outputs, !first_chunk);
    }
}

/* The samples from..from+chunk-1 of x [samples][inputs] and y [samples][outputs]. */
static void layers_chunk(const struct lyap_shape *shape, struct tile *tile, const real *x, const real *y, size_t from) {
    size_t left = shape->samples - from;
    tile->samples = left < shape->chunk ? left : shape->chunk;
    tile->x = x + from * (size_t)shape->sizes[0];
    tile->y = y + from * (size_t)shape->sizes[shape->layers];
}

/* The same samples by columns, for the gradient of the first layer; steps over batches have none. */
static void layers_columns(struct tile *tile, const struct lyap_block *block, size_t from) {
    if (!block->columns || block->batches) return;
    tile->columns = (const real *)block->columns + from;
    tile->stride = block->whole->samples;
}

#endif
