/* One gradient-descent step of a network whose small shape the compiler knows (kernels/body.h): loops over a layer's units that
 * unroll completely, so that activations stay in registers. kernels/loops.h runs the same layers of other small networks in
 * memory; simd/README.md has the three forms of a step.
 *
 * Order of operations, part of the result: each sum runs in ascending index into one accumulator (inputs after the bias
 * in the forward pass, outputs in back-propagation, samples in the gradient), one fused multiply-add a term. */
#ifndef LYAP_SIMD_KERNELS_NETWORK_H
#define LYAP_SIMD_KERNELS_NETWORK_H

#include "simd/kernels/activation.h"
#include "simd/kernels/loss.h"
#include "simd/kernels/tile.h"

/* Outputs or inputs that are accumulated side by side, to hide the latency of the fused multiply-add. */
enum { WIDTH = 4 };

/* A layer of one trajectory. Functions below take `first`, a constant to the compiler, for the layer that reads the data. */
struct layer {
    const real *x;    /* the data [samples][inputs], of the first layer */
    const vec *below; /* the activations below [samples][inputs], of the others */
    real *state;      /* the trajectory's parameters */
    size_t offset;    /* of the layer's among them: weights [inputs][outputs], then biases */
    const vec *d;     /* dL/dz of the layer's units [samples][outputs] */
    size_t samples, inputs, outputs;
};

/* Layer l of trajectory t. */
ALWAYS_INLINE struct layer layer_at(const struct lyap_shape *shape, const struct tile *tile, int l, size_t t) {
    return (struct layer){.x = l == 0 ? tile->x : NULL,
                          .below = l == 0 ? NULL : tile->a + units_at(shape, tile, l - 1, t),
                          .state = tile->w + t * shape->dimension * BLOCK,
                          .offset = shape->offset[l],
                          .d = tile->d + deltas_at(shape, tile, l),
                          .samples = tile->samples,
                          .inputs = (size_t)shape->sizes[l],
                          .outputs = (size_t)shape->sizes[l + 1]};
}

/* Input number `index` of the layer's samples. */
ALWAYS_INLINE vec layer_input(bool first, const struct layer *layer, size_t index) {
    return first ? v_set1(layer->x[index]) : layer->below[index];
}

/* z[s][o .. o+width) = b[o] + sum_k input[s][k] * w[k][o], for all samples. */
ALWAYS_INLINE void forward_columns(bool first, const struct layer *layer, vec *z, size_t o, int width) {
    const size_t inputs = layer->inputs, outputs = layer->outputs;
    const real *w = layer->state + layer->offset * BLOCK;
    for (size_t s = 0; s < layer->samples; s++) {
        vec sum[WIDTH];
        for (int j = 0; j < width; j++) sum[j] = v_load(w + (inputs * outputs + o + (size_t)j) * BLOCK);
        for (size_t k = 0; k < inputs; k++) {
            vec in = layer_input(first, layer, s * inputs + k);
            for (int j = 0; j < width; j++)
                sum[j] = v_fma(in, v_load(w + (k * outputs + o + (size_t)j) * BLOCK), sum[j]);
        }
        for (int j = 0; j < width; j++) z[s * outputs + o + (size_t)j] = sum[j];
    }
}

ALWAYS_INLINE void forward_layer(bool first, const struct layer *layer, vec *z) {
    size_t o = 0;
    for (; o + WIDTH <= layer->outputs; o += WIDTH) forward_columns(first, layer, z, o, WIDTH);
    for (; o < layer->outputs; o++) forward_columns(first, layer, z, o, 1);
}

/* Layer l of the forward pass; the last layer adds the chunk's summed loss to `sum` if asked (a tile of one). */
ALWAYS_INLINE vec forward_at(const struct lyap_shape *shape, const struct tile *tile, int l, bool with_loss, vec sum) {
    size_t outputs = (size_t)shape->sizes[l + 1], n = tile->count * tile->samples * outputs;
    vec *z = tile->a + units_at(shape, tile, l, 0);
    for (size_t t = 0; t < tile->count; t++) {
        struct layer layer = layer_at(shape, tile, l, t);
        vec *zt = z + t * tile->samples * outputs;
        if (l == 0)
            forward_layer(true, &layer, zt);
        else
            forward_layer(false, &layer, zt);
    }
    bool add_loss = with_loss && l == shape->layers - 1;
    if (add_loss && shape->loss == LYAP_BCE) sum = cross_entropy(z, tile->y, n, sum);
    activate(shape->activation[l], z, n);
    if (add_loss && shape->loss == LYAP_MSE) sum = squared_error(z, tile->y, n, sum);
    return sum;
}

/* Forward pass of the tile. With `with_loss` returns `sum` plus the chunk's summed loss. A shape that the compiler knows has two
 * layers, which are taken one after the other without a loop: only then do compilers see its constants. */
ALWAYS_INLINE vec forward(const struct lyap_shape *shape, const struct tile *tile, bool with_loss, vec sum) {
    sum = forward_at(shape, tile, 0, with_loss, sum);
    return forward_at(shape, tile, 1, with_loss, sum);
}

/* back[s][k .. k+width) = sum_o d[s][o] * w[k][o], times the derivative of the units below. */
ALWAYS_INLINE void backward_rows(enum lyap_activation activation, const struct layer *layer, vec *back, size_t k,
                                 int width) {
    const size_t inputs = layer->inputs, outputs = layer->outputs;
    const real *w = layer->state + layer->offset * BLOCK;
    const vec *d = layer->d;
    for (size_t s = 0; s < layer->samples; s++) {
        vec sum[WIDTH];
        for (int j = 0; j < width; j++) sum[j] = v_mul(d[s * outputs], v_load(w + (k + (size_t)j) * outputs * BLOCK));
        for (size_t o = 1; o < outputs; o++)
            for (int j = 0; j < width; j++)
                sum[j] = v_fma(d[s * outputs + o], v_load(w + ((k + (size_t)j) * outputs + o) * BLOCK), sum[j]);
        for (int j = 0; j < width; j++) {
            size_t i = s * inputs + k + (size_t)j;
            back[i] = times_derivative(activation, layer->below[i], sum[j]);
        }
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
    const struct layer layer = layer_at(shape, tile, l, t);
    enum lyap_activation activation = shape->activation[l - 1];
    vec *back = tile->d + deltas_at(shape, tile, l - 1);
    size_t k = 0;
    for (; k + WIDTH <= layer.inputs; k += WIDTH) backward_rows(activation, &layer, back, k, WIDTH);
    for (; k < layer.inputs; k++) backward_rows(activation, &layer, back, k, 1);
}

/* Back-propagation of trajectory t of the tile: fills d from a. */
ALWAYS_INLINE void backward(const struct lyap_shape *shape, const struct tile *tile, size_t t) {
    backward_output(shape, tile, t);
    backward_at(shape, tile, t, 1);
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
ALWAYS_INLINE void update_weights(bool first, const struct layer *layer, size_t k, size_t o, int width,
                                  struct update *u) {
    const size_t inputs = layer->inputs, outputs = layer->outputs, p = layer->offset + k * outputs + o;
    const vec *d = layer->d;
    vec sum[WIDTH];
    size_t s = 0;
    if (u->first_chunk) {
        vec in = layer_input(first, layer, k);
        for (int j = 0; j < width; j++) sum[j] = v_mul(in, d[o + (size_t)j]);
        s = 1;
    } else {
        for (int j = 0; j < width; j++) sum[j] = u->gradient[p + (size_t)j];
    }
    for (; s < layer->samples; s++) {
        vec in = layer_input(first, layer, s * inputs + k);
        for (int j = 0; j < width; j++) sum[j] = v_fma(in, d[s * outputs + o + (size_t)j], sum[j]);
    }
    for (int j = 0; j < width; j++) finish_parameter(u, layer->state, p + (size_t)j, sum[j]);
}

/* Gradient and update of bias o: sum_s d[s][o]. */
ALWAYS_INLINE void update_bias(const struct layer *layer, size_t o, struct update *u) {
    const size_t p = layer->offset + layer->inputs * layer->outputs + o;
    vec sum = u->first_chunk ? layer->d[o] : v_add(u->gradient[p], layer->d[o]);
    for (size_t s = 1; s < layer->samples; s++) sum = v_add(sum, layer->d[s * layer->outputs + o]);
    finish_parameter(u, layer->state, p, sum);
}

ALWAYS_INLINE void update_layer(bool first, const struct layer *layer, struct update *u) {
    for (size_t k = 0; k < layer->inputs; k++) {
        size_t o = 0;
        for (; o + WIDTH <= layer->outputs; o += WIDTH) update_weights(first, layer, k, o, WIDTH, u);
        for (; o < layer->outputs; o++) update_weights(first, layer, k, o, 1, u);
    }
    for (size_t o = 0; o < layer->outputs; o++) update_bias(layer, o, u);
}

ALWAYS_INLINE void update_at(const struct lyap_shape *shape, const struct tile *tile, size_t t, int l,
                             struct update *u) {
    const struct layer layer = layer_at(shape, tile, l, t);
    if (l == 0)
        update_layer(true, &layer, u);
    else
        update_layer(false, &layer, u);
}

/* Gradient-descent update of trajectory t of the tile, parameters in ascending order. */
ALWAYS_INLINE void update(const struct lyap_shape *shape, const struct tile *tile, size_t t, struct update *u) {
    update_at(shape, tile, t, 0, u);
    update_at(shape, tile, t, 1, u);
}

#endif
