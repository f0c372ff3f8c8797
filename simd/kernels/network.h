/* Forward pass, back-propagation and gradient-descent update of a tile of trajectories, for the cells of one vector, of
 * networks whose small shape the compiler knows (kernels/body.h), where all loops unroll and activations stay in registers,
 * and of other small networks, in memory. kernels/layers.h does the same for every other shape, optimiser and activation.
 *
 * Order of operations, part of the result: each sum runs in ascending index into one accumulator (inputs after the bias
 * in the forward pass, outputs in back-propagation, samples in the gradient), one fused multiply-add a term. */
#ifndef LYAP_KERNEL_NETWORK_H
#define LYAP_KERNEL_NETWORK_H

#include "simd/kernels/activation.h"

/* Outputs or inputs that are accumulated side by side, to hide the latency of the fused multiply-add. */
enum { WIDTH = 4 };

/* A tile: `count` trajectories of one vector of cells, and the samples from..from+samples-1 of the batch. */
struct tile {
    real *w; /* first trajectory's state, at this vector's lanes: [count][dimension][BLOCK], weights first */
    size_t count;
    const real *x;  /* [samples][inputs] */
    const real *y;  /* [samples][outputs] */
    size_t samples; /* in this chunk */
    vec *a;         /* activations, layer by layer [count][samples][units] */
    vec *d;         /* dL/dz of one trajectory, layer by layer [samples][units], up to the factor
                         1/(samples*outputs) and, for MSE, 2 */

    /* Of kernels/layers.h alone: x by columns, input k of sample s at k * stride + s, or NULL. */
    const real *columns;
    size_t stride;

    /* Of kernels/layers.h alone, laid out like a; NULL where they are not asked for. */
    vec *slope;   /* f' of the activations that store it */
    vec *curve;   /* f'' of the same, for tangents */
    vec *bend;    /* d f''/f' of the curved activations, for tangents */
    vec *scratch; /* for the matrix products */
};

/* Where layer l's units start in `d`. */
ALWAYS_INLINE size_t deltas_at(const struct lyap_shape *shape, const struct tile *tile, int layer) {
    return shape->unit[layer] * tile->samples;
}

/* Where layer l's units of trajectory t start in `a`. */
ALWAYS_INLINE size_t units_at(const struct lyap_shape *shape, const struct tile *tile, int layer, size_t t) {
    return shape->unit[layer] * tile->count * tile->samples + t * tile->samples * (size_t)shape->sizes[layer + 1];
}

/* Input k of sample s of a layer: the data for the first layer, the activations below for the others. */
ALWAYS_INLINE vec layer_input(bool first, const real *x, const vec *below, size_t index) {
    return first ? v_set1(x[index]) : below[index];
}

/* z[s][o .. o+width) = b[o] + sum_k input[s][k] * w[k][o], for all samples. */
ALWAYS_INLINE void forward_columns(bool first, const real *x, const vec *below, const real *w, vec *z, size_t samples,
                                   size_t inputs, size_t outputs, size_t o, int width) {
    for (size_t s = 0; s < samples; s++) {
        vec sum[WIDTH];
        for (int j = 0; j < width; j++) sum[j] = v_load(w + (inputs * outputs + o + (size_t)j) * BLOCK);
        for (size_t k = 0; k < inputs; k++) {
            vec in = layer_input(first, x, below, s * inputs + k);
            for (int j = 0; j < width; j++)
                sum[j] = v_fma(in, v_load(w + (k * outputs + o + (size_t)j) * BLOCK), sum[j]);
        }
        for (int j = 0; j < width; j++) z[s * outputs + o + (size_t)j] = sum[j];
    }
}

ALWAYS_INLINE void forward_layer(bool first, const real *x, const vec *below, const real *w, vec *z, size_t samples,
                                 size_t inputs, size_t outputs) {
    size_t o = 0;
    for (; o + WIDTH <= outputs; o += WIDTH) forward_columns(first, x, below, w, z, samples, inputs, outputs, o, WIDTH);
    for (; o < outputs; o++) forward_columns(first, x, below, w, z, samples, inputs, outputs, o, 1);
}

/* Layer l of the forward pass; the last layer adds the chunk's summed loss to `sum` if asked (a tile of one). */
ALWAYS_INLINE vec forward_at(const struct lyap_shape *shape, const struct tile *tile, int l, bool with_loss, vec sum) {
    size_t inputs = (size_t)shape->sizes[l], outputs = (size_t)shape->sizes[l + 1];
    size_t n = tile->count * tile->samples * outputs;
    vec *z = tile->a + units_at(shape, tile, l, 0);
    for (size_t t = 0; t < tile->count; t++) {
        const real *w = tile->w + (t * shape->dimension + shape->offset[l]) * BLOCK;
        vec *zt = z + t * tile->samples * outputs;
        if (l == 0)
            forward_layer(true, tile->x, NULL, w, zt, tile->samples, inputs, outputs);
        else
            forward_layer(false, NULL, tile->a + units_at(shape, tile, l - 1, t), w, zt, tile->samples, inputs,
                          outputs);
    }
    bool add_loss = with_loss && l == shape->layers - 1;
    if (add_loss && shape->loss == LYAP_BCE) sum = cross_entropy(z, tile->y, n, sum);
    activate(shape->activation[l], z, n);
    if (add_loss && shape->loss == LYAP_MSE) sum = squared_error(z, tile->y, n, sum);
    return sum;
}

/* Forward pass of the tile. With `with_loss` returns `sum` plus the chunk's summed loss.
 *
 * Here and below, a two-layer network is walked without a loop: only then do compilers see the constants of a shape
 * known at compile time, unroll everything and keep the activations in registers. */
ALWAYS_INLINE vec forward(const struct lyap_shape *shape, const struct tile *tile, bool with_loss, vec sum) {
    if (shape->layers == 2) {
        sum = forward_at(shape, tile, 0, with_loss, sum);
        return forward_at(shape, tile, 1, with_loss, sum);
    }
    for (int l = 0; l < shape->layers; l++) sum = forward_at(shape, tile, l, with_loss, sum);
    return sum;
}

/* below[s][k .. k+width) = sum_o d[s][o] * w[k][o], times the derivative of the units below. */
ALWAYS_INLINE void backward_rows(enum lyap_activation activation, const vec *d, const real *w, const vec *a, vec *below,
                                 size_t samples, size_t inputs, size_t outputs, size_t k, int width) {
    for (size_t s = 0; s < samples; s++) {
        vec sum[WIDTH];
        for (int j = 0; j < width; j++) sum[j] = v_mul(d[s * outputs], v_load(w + (k + (size_t)j) * outputs * BLOCK));
        for (size_t o = 1; o < outputs; o++)
            for (int j = 0; j < width; j++)
                sum[j] = v_fma(d[s * outputs + o], v_load(w + ((k + (size_t)j) * outputs + o) * BLOCK), sum[j]);
        for (int j = 0; j < width; j++)
            below[s * inputs + k + (size_t)j] = times_derivative(activation, a[s * inputs + k + (size_t)j], sum[j]);
    }
}

/* d of the output layer from its activations. */
ALWAYS_INLINE void backward_output(const struct lyap_shape *shape, const struct tile *tile, size_t t) {
    int last = shape->layers - 1;
    size_t outputs = (size_t)shape->sizes[shape->layers];
    const vec *a = tile->a + units_at(shape, tile, last, t);
    vec *d = tile->d + deltas_at(shape, tile, last);
    for (size_t i = 0; i < tile->samples * outputs; i++) {
        vec error = v_sub(a[i], v_set1(tile->y[i]));
        /* Sigmoid under cross-entropy: the derivatives cancel to a - y. */
        d[i] = shape->loss == LYAP_BCE ? error : times_derivative(shape->activation[last], a[i], error);
    }
}

/* d of layer l - 1 from d of layer l. */
ALWAYS_INLINE void backward_at(const struct lyap_shape *shape, const struct tile *tile, size_t t, int l) {
    size_t above = (size_t)shape->sizes[l + 1], inputs = (size_t)shape->sizes[l];
    enum lyap_activation activation = shape->activation[l - 1];
    const real *w = tile->w + (t * shape->dimension + shape->offset[l]) * BLOCK;
    const vec *d = tile->d + deltas_at(shape, tile, l);
    const vec *a = tile->a + units_at(shape, tile, l - 1, t);
    vec *below = tile->d + deltas_at(shape, tile, l - 1);
    size_t k = 0;
    for (; k + WIDTH <= inputs; k += WIDTH)
        backward_rows(activation, d, w, a, below, tile->samples, inputs, above, k, WIDTH);
    for (; k < inputs; k++) backward_rows(activation, d, w, a, below, tile->samples, inputs, above, k, 1);
}

/* Back-propagation of trajectory t of the tile: fills d from a. */
ALWAYS_INLINE void backward(const struct lyap_shape *shape, const struct tile *tile, size_t t) {
    backward_output(shape, tile, t);
    if (shape->layers == 2) {
        backward_at(shape, tile, t, 1);
        return;
    }
    for (int l = shape->layers - 1; l > 0; l--) backward_at(shape, tile, t, l);
}

/* What the update needs beside the tile, and what it gives back. */
struct update {
    const real *parent; /* parent's weights after its own update, [parameters][BLOCK]; NULL for the parent */
    vec step;           /* lr * (1 or 2) / (samples * outputs) */
    vec *gradient;      /* [parameters] sums carried from chunk to chunk; unused when the batch is one chunk */
    bool first_chunk, last_chunk;
    bool careful; /* keep the lanes outside `active` still and collect `alive` */
    vmask active;
    vmask alive; /* lanes with a gradient entry that is not zero */
    vec squares; /* sum of squared differences to the parent, ascending over the parameters */
};

/* Takes one gradient sum to the weight (last chunk) or stores it for the next chunk. */
ALWAYS_INLINE void finish_parameter(struct update *u, real *w, size_t p, vec sum) {
    if (!u->last_chunk) {
        u->gradient[p] = sum;
        return;
    }
    vec old = v_load(w + p * BLOCK);
    vec new = v_fnma(u->step, sum, old);
    if (u->careful) {
        new = v_select(u->active, new, old);
        u->alive = m_or(u->alive, v_ne(sum, v_set1(0)));
    }
    v_store(w + p * BLOCK, new);
    if (u->parent) {
        vec difference = v_sub(new, v_load(u->parent + p * BLOCK));
        u->squares = v_fma(difference, difference, u->squares);
    }
}

/* Gradient and update of the weights (k, o .. o+width): sum_s input[s][k] * d[s][o]. */
ALWAYS_INLINE void update_weights(bool first, const real *x, const vec *below, const vec *d, real *w, size_t offset,
                                  size_t samples, size_t inputs, size_t outputs, size_t k, size_t o, int width,
                                  struct update *u) {
    vec sum[WIDTH];
    size_t p = offset + k * outputs + o, s = 0;
    if (u->first_chunk) {
        vec in = layer_input(first, x, below, k);
        for (int j = 0; j < width; j++) sum[j] = v_mul(in, d[o + (size_t)j]);
        s = 1;
    } else {
        for (int j = 0; j < width; j++) sum[j] = u->gradient[p + (size_t)j];
    }
    for (; s < samples; s++) {
        vec in = layer_input(first, x, below, s * inputs + k);
        for (int j = 0; j < width; j++) sum[j] = v_fma(in, d[s * outputs + o + (size_t)j], sum[j]);
    }
    for (int j = 0; j < width; j++) finish_parameter(u, w, p + (size_t)j, sum[j]);
}

/* Gradient and update of one bias: sum_s d[s][o]. */
ALWAYS_INLINE void update_bias(const vec *d, real *w, size_t p, size_t samples, size_t outputs, size_t o,
                               struct update *u) {
    vec sum = u->first_chunk ? d[o] : v_add(u->gradient[p], d[o]);
    for (size_t s = 1; s < samples; s++) sum = v_add(sum, d[s * outputs + o]);
    finish_parameter(u, w, p, sum);
}

ALWAYS_INLINE void update_layer(bool first, const real *x, const vec *below, const vec *d, real *w, size_t offset,
                                size_t samples, size_t inputs, size_t outputs, struct update *u) {
    for (size_t k = 0; k < inputs; k++) {
        size_t o = 0;
        for (; o + WIDTH <= outputs; o += WIDTH)
            update_weights(first, x, below, d, w, offset, samples, inputs, outputs, k, o, WIDTH, u);
        for (; o < outputs; o++) update_weights(first, x, below, d, w, offset, samples, inputs, outputs, k, o, 1, u);
    }
    for (size_t o = 0; o < outputs; o++) update_bias(d, w, offset + inputs * outputs + o, samples, outputs, o, u);
}

ALWAYS_INLINE void update_at(const struct lyap_shape *shape, const struct tile *tile, size_t t, int l,
                             struct update *u) {
    real *w = tile->w + t * shape->dimension * BLOCK;
    size_t inputs = (size_t)shape->sizes[l], outputs = (size_t)shape->sizes[l + 1];
    const vec *d = tile->d + deltas_at(shape, tile, l);
    if (l == 0)
        update_layer(true, tile->x, NULL, d, w, shape->offset[l], tile->samples, inputs, outputs, u);
    else
        update_layer(false, NULL, tile->a + units_at(shape, tile, l - 1, t), d, w, shape->offset[l], tile->samples,
                     inputs, outputs, u);
}

/* Gradient-descent update of trajectory t of the tile, parameters in ascending order. */
ALWAYS_INLINE void update(const struct lyap_shape *shape, const struct tile *tile, size_t t, struct update *u) {
    if (shape->layers == 2) {
        update_at(shape, tile, t, 0, u);
        update_at(shape, tile, t, 1, u);
        return;
    }
    for (int l = 0; l < shape->layers; l++) update_at(shape, tile, t, l, u);
}

#endif
