/* Hessian-vector products of every shape, activation and loss, in memory: kernels/tangent.h has the equations and does the
 * same in registers for the paper's shape. With the softmax's cross-entropy, R{d} = p (R{z} - sum_o p_o R{z_o}).
 *
 * The two sums of H v, over a R{d} and over R{a} d, are carried apart from chunk to chunk and added at the end, so the
 * result does not depend on the chunk. */
#ifndef LYAP_SIMD_BLOCK_LAYERS_TANGENT_H
#define LYAP_SIMD_BLOCK_LAYERS_TANGENT_H

#include "simd/kernels/layers.h"

/* Scratch of one tangent, laid out like tile.d, and the sums of H v. */
struct layers_tangent {
    vec *ra;      /* R{a} */
    vec *rd;      /* R{z}, then R{d} */
    vec *back;    /* R{d} of a layer before its activation */
    vec *sums;    /* [parameters] over a R{d} */
    vec *crossed; /* [parameters] over R{a} d; not used in the first layer */
};

/* Vectors of workspace of a tile with tangents and of one tangent's scratch. */
static size_t layers_tangent_scratch(const struct lyap_shape *shape, int threads) {
    (void)threads;
    return 8 * shape->unit[shape->layers] * shape->chunk + MATRIX_SCRATCH;
}

/* A tile of the parent with room for slopes and bends. */
static struct tile layers_tangent_tile(const struct lyap_shape *shape, const struct lyap_block *block, real *w,
                                       vec *room, struct layers_tangent *tangent) {
    (void)block;
    size_t units = shape->unit[shape->layers] * shape->chunk;
    struct tile tile = {.w = w,
                        .count = 1,
                        .a = room,
                        .d = room + units,
                        .slope = room + 2 * units,
                        .curve = room + 3 * units,
                        .bend = room + 4 * units,
                        .scratch = room + 8 * units};
    *tangent = (struct layers_tangent){.ra = room + 5 * units, .rd = room + 6 * units, .back = room + 7 * units};
    return tile;
}

/* Slopes and bends of the curved functions that the passes did not store, and the factor of R{z} in R{d} of the output units. */
static void layers_factors(const struct lyap_shape *shape, const struct tile *tile) {
    for (int l = 0; l < shape->layers; l++) {
        enum lyap_activation activation = shape->activation[l];
        bool last = l == shape->layers - 1;
        size_t at = deltas_at(shape, tile, l), n = tile->samples * (size_t)shape->sizes[l + 1];
        if (last && shape->loss == LYAP_SOFTMAX) continue;
        if (!is_curved(activation)) continue;
        if (!slope_is_stored(activation))
            slope_and_bend(activation, tile->a + at, tile->d + at, tile->slope + at, tile->bend + at, n);
        if (!last || shape->loss != LYAP_MSE) continue;
        for (size_t i = 0; i < n; i++)
            tile->slope[at + i] = v_fma(tile->slope[at + i], tile->slope[at + i], tile->bend[at + i]);
    }
}

/* R{d} of the output units in place of their R{z}. */
static void layers_output_tangent(const struct lyap_shape *shape, const struct tile *tile, vec *rz) {
    int last = shape->layers - 1;
    size_t outputs = (size_t)shape->sizes[shape->layers], at = deltas_at(shape, tile, last);
    size_t n = tile->samples * outputs;
    const vec *a = tile->a + at, *slope = tile->slope + at;
    if (shape->loss == LYAP_SOFTMAX) {
        for (size_t s = 0; s < tile->samples; s++) {
            const vec *p = a + s * outputs;
            vec *r = rz + s * outputs, mean = v_mul(p[0], r[0]);
            for (size_t o = 1; o < outputs; o++) mean = v_fma(p[o], r[o], mean);
            for (size_t o = 0; o < outputs; o++) r[o] = v_mul(p[o], v_sub(r[o], mean));
        }
        return;
    }
    enum lyap_activation activation = shape->activation[last];
    along_slope(activation, a, slope, rz, rz, n);
    /* The factors of curved functions hold the square already. */
    if (shape->loss == LYAP_MSE && !is_curved(activation)) along_slope(activation, a, slope, rz, rz, n);
}

/* One direction v [dimension] through the chunk, after forward, backward and factors. */
static void layers_tangent_pass(const struct lyap_shape *shape, const struct tile *tile,
                                const struct layers_tangent *tangent, const real *v, bool first_chunk) {
    const size_t samples = tile->samples;
    const int last = shape->layers - 1;
    for (int l = 0; l <= last; l++) {
        const struct matrix_size size = layer_size(shape, tile, l);
        const size_t inputs = size.inputs, outputs = size.outputs, at = deltas_at(shape, tile, l);
        const real *w = tile->w + shape->offset[l] * BLOCK, *vl = v + shape->offset[l] * BLOCK;
        vec *rz = tangent->rd + at;
        matrix_forward(layer_operand(shape, tile, l, 0), vl, vl + inputs * outputs * BLOCK, rz, &size, tile->scratch);
        if (l > 0) {
            struct operand below = {.a = tangent->ra + deltas_at(shape, tile, l - 1)};
            matrix_forward(below, w, NULL, rz, &size, tile->scratch);
        }
        if (l == last)
            layers_output_tangent(shape, tile, rz);
        else
            along_slope(shape->activation[l], tile->a + at, tile->slope + at, rz, tangent->ra + at, samples * outputs);
    }
    for (int l = last; l > 0; l--) {
        const struct matrix_size size = layer_size(shape, tile, l);
        const size_t at = deltas_at(shape, tile, l);
        size_t below = deltas_at(shape, tile, l - 1), n = samples * size.inputs;
        enum lyap_activation activation = shape->activation[l - 1];
        const real *w = tile->w + shape->offset[l] * BLOCK, *vl = v + shape->offset[l] * BLOCK;
        vec *back = tangent->back, *rd = tangent->rd + below;
        matrix_backward(tangent->rd + at, w, back, &size, false, tile->scratch);
        matrix_backward(tile->d + at, vl, back, &size, true, tile->scratch);
        along_slope(activation, tile->a + below, tile->slope + below, back, back, n);
        for (size_t i = 0; i < n; i++)
            rd[i] = is_curved(activation) ? v_fma(tile->bend[below + i], rd[i], back[i]) : back[i];
    }
    for (int l = 0; l <= last; l++) {
        const struct matrix_size size = layer_size(shape, tile, l);
        const size_t inputs = size.inputs, outputs = size.outputs, at = deltas_at(shape, tile, l);
        vec *sums = tangent->sums + shape->offset[l];
        matrix_gradient(layer_operand(shape, tile, l, 0), tangent->rd + at, sums, &size, !first_chunk, tile->scratch);
        matrix_bias(tangent->rd + at, sums + inputs * outputs, samples, outputs, !first_chunk);
        if (l == 0) continue;
        struct operand below = {.a = tangent->ra + deltas_at(shape, tile, l - 1)};
        matrix_gradient(below, tile->d + at, tangent->crossed + shape->offset[l], &size, !first_chunk, tile->scratch);
    }
}

/* The sums of H v after the last chunk. */
static void layers_tangent_sums(const struct lyap_shape *shape, const struct layers_tangent *tangent) {
    for (int l = 1; l < shape->layers; l++) {
        size_t weights = (size_t)shape->sizes[l] * (size_t)shape->sizes[l + 1];
        for (size_t p = shape->offset[l]; p < shape->offset[l] + weights; p++)
            tangent->sums[p] = v_add(tangent->sums[p], tangent->crossed[p]);
    }
}

#endif
