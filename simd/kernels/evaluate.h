/* Loss and accuracy of the parents over any data: of the whole training set, or of data held out. */
#ifndef LYAP_SIMD_KERNELS_EVALUATE_H
#define LYAP_SIMD_KERNELS_EVALUATE_H

#include "simd/kernels/layers.h"

/* One where the sample is classified as its targets say, else zero. */
static inline vec is_correct(const vec *a, const real *y, size_t outputs, real threshold) {
    const vec one = v_set1(1), zero = v_set1(0);
    if (outputs == 1) {
        vmask below = v_le(a[0], v_set1(threshold));
        return y[0] <= threshold ? v_select(below, one, zero) : v_select(below, zero, one);
    }
    size_t label = 0;
    for (size_t o = 1; o < outputs; o++)
        if (y[o] > y[label]) label = o;
    vec most = a[0], which = zero;
    for (size_t o = 1; o < outputs; o++) {
        vmask smaller = v_le(a[o], most);
        most = v_select(smaller, most, a[o]);
        which = v_select(smaller, which, v_set1((real)o));
    }
    return v_select(v_ne(which, v_set1((real)label)), zero, one);
}

/* The data, and what separates the classes of one output. */
struct evaluation {
    const real *x, *y;
    size_t samples;
    real threshold;
};

/* Loss sums and correct classifications of the vector's lanes; the sums run over the samples in ascending order. */
static void evaluate_group(const struct lyap_block *block, size_t lane, const struct evaluation *data, double *loss_sum,
                           uint64_t *correct) {
    struct lyap_shape all = *block->whole;
    const size_t outputs = (size_t)all.sizes[all.layers], samples = data->samples;
    _Alignas(LYAP_ALIGNMENT) real lanes[BLOCK];
    all.samples = samples;
    struct tile tile = layers_tile(&all, block, (real *)block->weights + lane, block->workspace, 1);
    vec sum = v_set1(0);
    for (size_t i = 0; i < VEC_LANES; i++) correct[i] = 0;
    for (size_t from = 0; from < samples; from += all.chunk) {
        tile_chunk(&all, &tile, data->x, data->y, from);
        sum = layers_forward(&all, &tile, true, sum);
        const vec *a = tile.a + units_at(&all, &tile, all.layers - 1, 0);
        vec right = v_set1(0);
        for (size_t s = 0; s < tile.samples; s++)
            right = v_add(right, is_correct(a + s * outputs, tile.y + s * outputs, outputs, data->threshold));
        v_store(lanes, right);
        for (size_t i = 0; i < VEC_LANES; i++) correct[i] += (uint64_t)lanes[i];
    }
    v_store(lanes, sum);
    for (size_t i = 0; i < VEC_LANES; i++) loss_sum[i] = (double)lanes[i];
}

#endif
