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
#ifndef LYAP_KERNEL_TANGENT_H
#define LYAP_KERNEL_TANGENT_H

#include "simd/kernels/network.h"

/* The parent's factors for its tangents, laid out like tile.d, and the scratch of one tangent. */
struct tangent_tile {
    vec *slope; /* hidden units f'(z); output units the factor of R{z} above */
    vec *bend;  /* hidden units d f''/f' */
    vec *ra;    /* R{a} */
    vec *rd;    /* R{z}, then R{d} */
};

/* f' and d f''/f' of n units, with f = a. The piecewise linear activations need neither. */
ALWAYS_INLINE void hidden_factors(enum lyap_activation activation, const vec *a, const vec *d, vec *slope, vec *bend,
                                  size_t n) {
    if (activation == LYAP_SIGMOID) {
        for (size_t i = 0; i < n; i++) {
            slope[i] = v_fnma(a[i], a[i], a[i]);
            bend[i] = v_mul(d[i], v_fnma(v_set1(2), a[i], v_set1(1)));
        }
    } else if (activation == LYAP_TANH) {
        for (size_t i = 0; i < n; i++) {
            slope[i] = v_fnma(a[i], a[i], v_set1(1));
            bend[i] = v_mul(d[i], v_mul(v_set1(-2), a[i]));
        }
    }
}

/* The factor of R{z} in R{d} of n output units. */
ALWAYS_INLINE void output_factors(enum lyap_activation activation, enum lyap_loss loss, const vec *a, const vec *d,
                                  vec *slope, size_t n) {
    for (size_t i = 0; i < n; i++) {
        vec first, bend;
        if (activation != LYAP_SIGMOID && activation != LYAP_TANH) return;
        hidden_factors(activation, a + i, d + i, &first, &bend, 1);
        slope[i] = loss == LYAP_BCE ? first : v_fma(first, first, bend);
    }
}

ALWAYS_INLINE void factors_at(const struct lyap_shape *shape, const struct tile *tile,
                              const struct tangent_tile *tangent, int l) {
    size_t n = tile->samples * (size_t)shape->sizes[l + 1], at = deltas_at(shape, tile, l);
    const vec *a = tile->a + units_at(shape, tile, l, 0), *d = tile->d + at;
    if (l == shape->layers - 1)
        output_factors(shape->activation[l], shape->loss, a, d, tangent->slope + at, n);
    else
        hidden_factors(shape->activation[l], a, d, tangent->slope + at, tangent->bend + at, n);
}

/* The parent's factors, after its forward and backward pass (a tile of one, of a shape of two layers that the compiler
 * knows, as all here; kernels/layers_tangent.h serves every shape). */
ALWAYS_INLINE void factors(const struct lyap_shape *shape, const struct tile *tile,
                           const struct tangent_tile *tangent) {
    factors_at(shape, tile, tangent, 0);
    factors_at(shape, tile, tangent, 1);
}

/* x times the slope of a unit: R{a} from R{z}. `slope` is read only where factors wrote it. */
ALWAYS_INLINE vec along_slope(enum lyap_activation activation, vec a, const vec *slope, vec x) {
    switch (activation) {
    case LYAP_SIGMOID:
    case LYAP_TANH:
        return v_mul(*slope, x);
    case LYAP_RELU:
        return v_gate(a, x);
    default:
        return x;
    }
}

/* R{z}[s][o .. o+width), for all samples. w and v are this layer's. */
ALWAYS_INLINE void tangent_forward_columns(bool first, const real *x, const vec *below, const vec *ra_below,
                                           const real *w, const real *v, vec *rz, size_t samples, size_t inputs,
                                           size_t outputs, size_t o, int width) {
    for (size_t s = 0; s < samples; s++) {
        vec sum[WIDTH];
        for (int j = 0; j < width; j++) sum[j] = v_load(v + (inputs * outputs + o + (size_t)j) * BLOCK);
        for (size_t k = 0; k < inputs; k++) {
            vec in = layer_input(first, x, below, s * inputs + k);
            for (int j = 0; j < width; j++) {
                size_t p = (k * outputs + o + (size_t)j) * BLOCK;
                sum[j] = v_fma(in, v_load(v + p), sum[j]);
                if (!first) sum[j] = v_fma(ra_below[s * inputs + k], v_load(w + p), sum[j]);
            }
        }
        for (int j = 0; j < width; j++) rz[s * outputs + o + (size_t)j] = sum[j];
    }
}

ALWAYS_INLINE void tangent_forward_layer(bool first, const real *x, const vec *below, const vec *ra_below,
                                         const real *w, const real *v, vec *rz, size_t samples, size_t inputs,
                                         size_t outputs) {
    size_t o = 0;
    for (; o + WIDTH <= outputs; o += WIDTH)
        tangent_forward_columns(first, x, below, ra_below, w, v, rz, samples, inputs, outputs, o, WIDTH);
    for (; o < outputs; o++)
        tangent_forward_columns(first, x, below, ra_below, w, v, rz, samples, inputs, outputs, o, 1);
}

/* R{z} and R{a} of layer l; of the last layer R{d} instead. */
ALWAYS_INLINE void tangent_forward_at(const struct lyap_shape *shape, const struct tile *tile,
                                      const struct tangent_tile *tangent, const real *v, int l) {
    size_t inputs = (size_t)shape->sizes[l], outputs = (size_t)shape->sizes[l + 1], at = deltas_at(shape, tile, l);
    const real *w = tile->w + shape->offset[l] * BLOCK, *vl = v + shape->offset[l] * BLOCK;
    vec *rz = tangent->rd + at;
    if (l == 0)
        tangent_forward_layer(true, tile->x, NULL, NULL, w, vl, rz, tile->samples, inputs, outputs);
    else
        tangent_forward_layer(false, NULL, tile->a + units_at(shape, tile, l - 1, 0),
                              tangent->ra + deltas_at(shape, tile, l - 1), w, vl, rz, tile->samples, inputs, outputs);
    const vec *a = tile->a + units_at(shape, tile, l, 0);
    vec *out = l == shape->layers - 1 ? rz : tangent->ra + at;
    for (size_t i = 0; i < tile->samples * outputs; i++)
        out[i] = along_slope(shape->activation[l], a[i], tangent->slope + at + i, rz[i]);
}

/* R{d} of the units below, [s][k .. k+width); rd_below holds their R{z}. */
ALWAYS_INLINE void tangent_backward_rows(enum lyap_activation activation, const vec *d, const vec *rd, const real *w,
                                         const real *v, const vec *a, const vec *slope, const vec *bend, vec *rd_below,
                                         size_t samples, size_t inputs, size_t outputs, size_t k, int width) {
    for (size_t s = 0; s < samples; s++) {
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
            vec along = along_slope(activation, a[i], slope + i, sum[j]);
            bool curved = activation == LYAP_SIGMOID || activation == LYAP_TANH;
            rd_below[i] = curved ? v_fma(bend[i], rd_below[i], along) : along;
        }
    }
}

/* R{d} of layer l - 1 from R{d} of layer l. */
ALWAYS_INLINE void tangent_backward_at(const struct lyap_shape *shape, const struct tile *tile,
                                       const struct tangent_tile *tangent, const real *v, int l) {
    size_t above = (size_t)shape->sizes[l + 1], inputs = (size_t)shape->sizes[l], at = deltas_at(shape, tile, l);
    size_t below = deltas_at(shape, tile, l - 1);
    enum lyap_activation activation = shape->activation[l - 1];
    const real *w = tile->w + shape->offset[l] * BLOCK, *vl = v + shape->offset[l] * BLOCK;
    const vec *a = tile->a + units_at(shape, tile, l - 1, 0);
    size_t k = 0;
    for (; k + WIDTH <= inputs; k += WIDTH)
        tangent_backward_rows(activation, tile->d + at, tangent->rd + at, w, vl, a, tangent->slope + below,
                              tangent->bend + below, tangent->rd + below, tile->samples, inputs, above, k, WIDTH);
    for (; k < inputs; k++)
        tangent_backward_rows(activation, tile->d + at, tangent->rd + at, w, vl, a, tangent->slope + below,
                              tangent->bend + below, tangent->rd + below, tile->samples, inputs, above, k, 1);
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
ALWAYS_INLINE void tangent_weights(bool first, const real *x, const vec *below, const vec *ra_below, const vec *d,
                                   const vec *rd, size_t offset, size_t samples, size_t inputs, size_t outputs,
                                   size_t k, size_t o, int width, struct tangent_update *u) {
    vec sum[WIDTH];
    size_t p = offset + k * outputs + o;
    vec in = layer_input(first, x, below, k);
    for (int j = 0; j < width; j++) {
        size_t i = o + (size_t)j;
        sum[j] = v_mul(in, rd[i]);
        if (!first) sum[j] = v_fma(ra_below[k], d[i], sum[j]);
    }
    for (size_t s = 1; s < samples; s++) {
        in = layer_input(first, x, below, s * inputs + k);
        for (int j = 0; j < width; j++) {
            size_t i = s * outputs + o + (size_t)j;
            sum[j] = v_fma(in, rd[i], sum[j]);
            if (!first) sum[j] = v_fma(ra_below[s * inputs + k], d[i], sum[j]);
        }
    }
    for (int j = 0; j < width; j++) finish_tangent(u, p + (size_t)j, sum[j]);
}

ALWAYS_INLINE void tangent_layer(bool first, const real *x, const vec *below, const vec *ra_below, const vec *d,
                                 const vec *rd, size_t offset, size_t samples, size_t inputs, size_t outputs,
                                 struct tangent_update *u) {
    for (size_t k = 0; k < inputs; k++) {
        size_t o = 0;
        for (; o + WIDTH <= outputs; o += WIDTH)
            tangent_weights(first, x, below, ra_below, d, rd, offset, samples, inputs, outputs, k, o, WIDTH, u);
        for (; o < outputs; o++)
            tangent_weights(first, x, below, ra_below, d, rd, offset, samples, inputs, outputs, k, o, 1, u);
    }
    for (size_t o = 0; o < outputs; o++) {
        size_t p = offset + inputs * outputs + o;
        vec sum = rd[o];
        for (size_t s = 1; s < samples; s++) sum = v_add(sum, rd[s * outputs + o]);
        finish_tangent(u, p, sum);
    }
}

ALWAYS_INLINE void tangent_at(const struct lyap_shape *shape, const struct tile *tile,
                              const struct tangent_tile *tangent, int l, struct tangent_update *u) {
    size_t inputs = (size_t)shape->sizes[l], outputs = (size_t)shape->sizes[l + 1], at = deltas_at(shape, tile, l);
    const vec *d = tile->d + at, *rd = tangent->rd + at;
    if (l == 0)
        tangent_layer(true, tile->x, NULL, NULL, d, rd, shape->offset[l], tile->samples, inputs, outputs, u);
    else
        tangent_layer(false, NULL, tile->a + units_at(shape, tile, l - 1, 0),
                      tangent->ra + deltas_at(shape, tile, l - 1), d, rd, shape->offset[l], tile->samples, inputs,
                      outputs, u);
}

/* One direction through the tile (of one trajectory), after forward, backward and factors. */
ALWAYS_INLINE void tangent_pass(const struct lyap_shape *shape, const struct tile *tile,
                                const struct tangent_tile *tangent, struct tangent_update *u) {
    tangent_forward_at(shape, tile, tangent, u->v, 0);
    tangent_forward_at(shape, tile, tangent, u->v, 1);
    tangent_backward_at(shape, tile, tangent, u->v, 1);
    u->step = u->steps[0];
    tangent_at(shape, tile, tangent, 0, u);
    u->step = u->steps[1];
    tangent_at(shape, tile, tangent, 1, u);
}

#endif
