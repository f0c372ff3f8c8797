/* Hessian-vector products by Pearlmutter's R-operator (B. A. Pearlmutter, "Fast exact multiplication by the Hessian",
 * Neural Computation 6, 147 (1994)): the derivative of the forward and the backward pass along a direction v in weight
 * space, in the parent's own pass. With R{w} = v, layer by layer,
 *
 *   R{z} = R{b} + sum_k ( a_k R{w_k} + R{a_k} w_k )       R{a} = f'(z) R{z}       R{x} = 0
 *   R{d} = f'(z) sum_o ( R{d_o} w_o + d_o R{w_o} ) + d (f''/f')(z) R{z}           hidden units
 *   R{d} = ( f'(z)^2 + d (f''/f')(z) ) R{z}    MSE,       f'(z) R{z}    BCE       output units
 *   H v  = scale sum_s ( a R{d} + R{a} d )
 *
 * with d as in struct tile. The factors of R{z} and R{d} belong to the parent and are made once for all directions.
 * ReLU's second derivative is 0 and its first that of the gradient: the derivative almost everywhere.
 *
 * Gradient descent's tangent map is v <- v - lr H v (H at the weights BEFORE the update). Other
 * optimisers' maps are in kernels/optimise.h.
 *
 * Order of operations, part of the result: each sum in ascending index into one accumulator; in a term the product with
 * the parent's value first, then the one with the parent's weight or delta. */
#ifndef LYAP_SIMD_KERNELS_TANGENT_H
#define LYAP_SIMD_KERNELS_TANGENT_H

#include "simd/kernels/network.h"

/* The parent's factors for its tangents, laid out like tile.d, and the scratch of one tangent. */
struct tangent_tile {
    vec *slope; /* hidden units f'(z); output units the factor of R{z} above */
    vec *bend;  /* hidden units d f''/f' */
    vec *ra;    /* R{a} */
    vec *rd;    /* R{z}, then R{d} */
};

ALWAYS_INLINE void factors_at(const struct lyap_shape *shape, const struct tile *tile,
                              const struct tangent_tile *tangent, int l) {
    size_t n = tile->samples * (size_t)shape->sizes[l + 1], at = deltas_at(shape, tile, l);
    const vec *a = tile->a + units_at(shape, tile, l, 0), *d = tile->d + at;
    vec *slope = tangent->slope + at;
    enum lyap_activation activation = shape->activation[l];
    if (!is_curved(activation)) return;
    if (l < shape->layers - 1) {
        slope_and_bend(activation, a, d, slope, tangent->bend + at, n);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        vec first, bend;
        slope_and_bend(activation, a + i, d + i, &first, &bend, 1);
        slope[i] = shape->loss == LYAP_BCE ? first : v_fma(first, first, bend);
    }
}

/* The parent's factors of the curved functions, after its forward and backward pass (a tile of one, of a shape of two layers that the compiler
 * knows, as all here; kernels/layers_tangent.h serves every shape). */
ALWAYS_INLINE void factors(const struct lyap_shape *shape, const struct tile *tile,
                           const struct tangent_tile *tangent) {
    factors_at(shape, tile, tangent, 0);
    factors_at(shape, tile, tangent, 1);
}

/* A layer beside one tangent. */
struct tangent_layer {
    struct layer layer;
    const real *v;       /* the layer's weights and biases in the direction, R{w} */
    const vec *ra_below; /* R{a} of the activations below */
    const vec *rd;       /* R{d} of the layer's units */
};

ALWAYS_INLINE struct tangent_layer tangent_layer_at(const struct lyap_shape *shape, const struct tile *tile,
                                                    const struct tangent_tile *tangent, const real *v, int l) {
    return (struct tangent_layer){.layer = layer_at(shape, tile, l, 0),
                                  .v = v + shape->offset[l] * BLOCK,
                                  .ra_below = l == 0 ? NULL : tangent->ra + deltas_at(shape, tile, l - 1),
                                  .rd = tangent->rd + deltas_at(shape, tile, l)};
}

/* R{z}[s][o .. o+width), for all samples. */
ALWAYS_INLINE void tangent_forward_columns(bool first, const struct tangent_layer *t, vec *rz, size_t o, int width) {
    const size_t inputs = t->layer.inputs, outputs = t->layer.outputs;
    const real *w = t->layer.state + t->layer.offset * BLOCK, *v = t->v;
    for (size_t s = 0; s < t->layer.samples; s++) {
        vec sum[WIDTH];
        for (int j = 0; j < width; j++) sum[j] = v_load(v + (inputs * outputs + o + (size_t)j) * BLOCK);
        for (size_t k = 0; k < inputs; k++) {
            vec in = layer_input(first, &t->layer, s * inputs + k);
            for (int j = 0; j < width; j++) {
                size_t p = (k * outputs + o + (size_t)j) * BLOCK;
                sum[j] = v_fma(in, v_load(v + p), sum[j]);
                if (!first) sum[j] = v_fma(t->ra_below[s * inputs + k], v_load(w + p), sum[j]);
            }
        }
        for (int j = 0; j < width; j++) rz[s * outputs + o + (size_t)j] = sum[j];
    }
}

ALWAYS_INLINE void tangent_forward_layer(bool first, const struct tangent_layer *t, vec *rz) {
    size_t o = 0;
    for (; o + WIDTH <= t->layer.outputs; o += WIDTH) tangent_forward_columns(first, t, rz, o, WIDTH);
    for (; o < t->layer.outputs; o++) tangent_forward_columns(first, t, rz, o, 1);
}

/* R{z} and R{a} of layer l; of the last layer R{d} instead. */
ALWAYS_INLINE void tangent_forward_at(const struct lyap_shape *shape, const struct tile *tile,
                                      const struct tangent_tile *tangent, const real *v, int l) {
    const struct tangent_layer t = tangent_layer_at(shape, tile, tangent, v, l);
    size_t at = deltas_at(shape, tile, l);
    vec *rz = tangent->rd + at;
    if (l == 0)
        tangent_forward_layer(true, &t, rz);
    else
        tangent_forward_layer(false, &t, rz);
    const vec *a = tile->a + units_at(shape, tile, l, 0);
    vec *out = l == shape->layers - 1 ? rz : tangent->ra + at;
    along_slope(shape->activation[l], a, tangent->slope + at, rz, out, tile->samples * t.layer.outputs);
}

/* R{d} of the units below, [s][k .. k+width), to back, which holds their R{z}; slope and bend are theirs. */
ALWAYS_INLINE void tangent_backward_rows(enum lyap_activation activation, const struct tangent_layer *t,
                                         const struct tangent_tile *below, size_t k, int width) {
    const size_t inputs = t->layer.inputs, outputs = t->layer.outputs;
    const real *w = t->layer.state + t->layer.offset * BLOCK, *v = t->v;
    const vec *d = t->layer.d, *rd = t->rd;
    for (size_t s = 0; s < t->layer.samples; s++) {
        vec sum[WIDTH];
        for (int j = 0; j < width; j++) {
            size_t p = (k + (size_t)j) * outputs * BLOCK;
            sum[j] = v_fma(d[s * outputs], v_load(v + p), v_mul(rd[s * outputs], v_load(w + p)));
        }
        for (size_t o = 1; o < outputs; o++)
            for (int j = 0; j < width; j++) {
                size_t p = ((k + (size_t)j) * outputs + o) * BLOCK;
                sum[j] = v_fma(rd[s * outputs + o], v_load(w + p), sum[j]);
                sum[j] = v_fma(d[s * outputs + o], v_load(v + p), sum[j]);
            }
        for (int j = 0; j < width; j++) {
            size_t i = s * inputs + k + (size_t)j;
            vec along;
            along_slope(activation, t->layer.below + i, below->slope + i, &sum[j], &along, 1);
            below->rd[i] = is_curved(activation) ? v_fma(below->bend[i], below->rd[i], along) : along;
        }
    }
}

/* R{d} of layer l - 1 from R{d} of layer l. */
ALWAYS_INLINE void tangent_backward_at(const struct lyap_shape *shape, const struct tile *tile,
                                       const struct tangent_tile *tangent, const real *v, int l) {
    const struct tangent_layer t = tangent_layer_at(shape, tile, tangent, v, l);
    const size_t at = deltas_at(shape, tile, l - 1);
    const struct tangent_tile below = {
        .slope = tangent->slope + at, .bend = tangent->bend + at, .rd = tangent->rd + at};
    enum lyap_activation activation = shape->activation[l - 1];
    size_t k = 0;
    for (; k + WIDTH <= t.layer.inputs; k += WIDTH) tangent_backward_rows(activation, &t, &below, k, WIDTH);
    for (; k < t.layer.inputs; k++) tangent_backward_rows(activation, &t, &below, k, 1);
}

/* What becomes of the sums. */
struct tangent_update {
    real *v;          /* the direction, [dimension][BLOCK]; becomes v - lr H v */
    const vec *steps; /* lr * scale of both layers */
    vec step;         /* of the layer at hand */
    bool careful;     /* keep the lanes outside `active` still and collect `alive` */
    vmask active;
    vmask alive; /* lanes with an entry of H v that is not zero */
};

/* Takes one sum to the tangent. */
ALWAYS_INLINE void finish_tangent(struct tangent_update *u, size_t p, vec sum) {
    vec old = v_load(u->v + p * BLOCK), new = v_fnma(u->step, sum, old);
    if (u->careful) {
        new = v_select(u->active, new, old);
        u->alive = m_or(u->alive, v_ne(sum, v_set1(0)));
    }
    v_store(u->v + p * BLOCK, new);
}

/* Rows (k, o .. o+width) of H v: sum_s a_k R{d_o} + R{a_k} d_o. */
ALWAYS_INLINE void tangent_weights(bool first, const struct tangent_layer *t, size_t k, size_t o, int width,
                                   struct tangent_update *u) {
    const size_t inputs = t->layer.inputs, outputs = t->layer.outputs, p = t->layer.offset + k * outputs + o;
    const vec *d = t->layer.d, *rd = t->rd;
    vec sum[WIDTH], in = layer_input(first, &t->layer, k);
    for (int j = 0; j < width; j++) {
        size_t i = o + (size_t)j;
        sum[j] = v_mul(in, rd[i]);
        if (!first) sum[j] = v_fma(t->ra_below[k], d[i], sum[j]);
    }
    for (size_t s = 1; s < t->layer.samples; s++) {
        in = layer_input(first, &t->layer, s * inputs + k);
        for (int j = 0; j < width; j++) {
            size_t i = s * outputs + o + (size_t)j;
            sum[j] = v_fma(in, rd[i], sum[j]);
            if (!first) sum[j] = v_fma(t->ra_below[s * inputs + k], d[i], sum[j]);
        }
    }
    for (int j = 0; j < width; j++) finish_tangent(u, p + (size_t)j, sum[j]);
}

ALWAYS_INLINE void tangent_layer(bool first, const struct tangent_layer *t, struct tangent_update *u) {
    const size_t inputs = t->layer.inputs, outputs = t->layer.outputs;
    for (size_t k = 0; k < inputs; k++) {
        size_t o = 0;
        for (; o + WIDTH <= outputs; o += WIDTH) tangent_weights(first, t, k, o, WIDTH, u);
        for (; o < outputs; o++) tangent_weights(first, t, k, o, 1, u);
    }
    for (size_t o = 0; o < outputs; o++) {
        vec sum = t->rd[o];
        for (size_t s = 1; s < t->layer.samples; s++) sum = v_add(sum, t->rd[s * outputs + o]);
        finish_tangent(u, t->layer.offset + inputs * outputs + o, sum);
    }
}

ALWAYS_INLINE void tangent_at(const struct lyap_shape *shape, const struct tile *tile,
                              const struct tangent_tile *tangent, int l, struct tangent_update *u) {
    const struct tangent_layer t = tangent_layer_at(shape, tile, tangent, u->v, l);
    u->step = u->steps[l];
    if (l == 0)
        tangent_layer(true, &t, u);
    else
        tangent_layer(false, &t, u);
}

/* One direction through the tile (of one trajectory), after forward, backward and factors. */
ALWAYS_INLINE void tangent_pass(const struct lyap_shape *shape, const struct tile *tile,
                                const struct tangent_tile *tangent, struct tangent_update *u) {
    tangent_forward_at(shape, tile, tangent, u->v, 0);
    tangent_forward_at(shape, tile, tangent, u->v, 1);
    tangent_backward_at(shape, tile, tangent, u->v, 1);
    tangent_at(shape, tile, tangent, 0, u);
    tangent_at(shape, tile, tangent, 1, u);
}

#endif
