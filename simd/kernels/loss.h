/* Losses over arrays of one vector of cells, summed in ascending order. */
#ifndef LYAP_SIMD_KERNELS_LOSS_H
#define LYAP_SIMD_KERNELS_LOSS_H

#include "simd/kernels.h"
#include "simd/kernels/inline.h"
#include "simd/isa/vec.h"

/* The terms that the loss is the mean of. */
static inline real loss_terms(const struct lyap_shape *shape) {
    real samples = (real)shape->samples;
    return shape->loss == LYAP_SOFTMAX ? samples : samples * (real)shape->sizes[shape->layers];
}

/* The batch factor: d(loss)/dz = scale * d, with d as in struct tile. */
static inline real batch_scale(const struct lyap_shape *shape) {
    return (shape->loss == LYAP_MSE ? (real)2 : (real)1) / loss_terms(shape);
}

/* Binary cross-entropy summed over samples and outputs, from the logits: max(z,0) - z*y + ln(1 + exp(-|z|)). */
ALWAYS_INLINE vec cross_entropy(const vec *z, const real *y, size_t n, vec sum) {
    for (size_t i = 0; i < n; i++) {
        vec tail = v_log1p(v_exp(v_sub(v_set1(0), v_abs(z[i]))));
        sum = v_add(sum, v_add(v_fnma(z[i], v_set1(y[i]), v_relu(z[i])), tail));
    }
    return sum;
}

/* Squared error summed over samples and outputs. */
ALWAYS_INLINE vec squared_error(const vec *a, const real *y, size_t n, vec sum) {
    for (size_t i = 0; i < n; i++) {
        vec error = v_sub(a[i], v_set1(y[i]));
        sum = v_fma(error, error, sum);
    }
    return sum;
}

/* Softmax over each sample's outputs, in place of their logits z[samples][outputs]: e^(z - m) / S with m the largest and S
 * the sum. Given y, returns `sum` plus the samples' cross-entropies ln S - sum_o y_o (z_o - m), which assumes that the
 * targets of a sample sum to one. room[samples][outputs] is scratch. */
static inline vec softmax(vec *z, const real *y, vec *room, size_t samples, size_t outputs, vec sum) {
    for (size_t s = 0; s < samples; s++) {
        vec *row = z + s * outputs, most = row[0];
        for (size_t o = 1; o < outputs; o++) most = v_select(v_le(row[o], most), most, row[o]);
        for (size_t o = 0; o < outputs; o++) row[o] = v_sub(row[o], most);
    }
    for (size_t i = 0; i < samples * outputs; i++) room[i] = v_exp(z[i]);
    for (size_t s = 0; s < samples; s++) {
        vec *row = z + s * outputs, *e = room + s * outputs, total = e[0];
        for (size_t o = 1; o < outputs; o++) total = v_add(total, e[o]);
        if (y) {
            vec entropy = v_log(total);
            for (size_t o = 0; o < outputs; o++) entropy = v_fnma(v_set1(y[s * outputs + o]), row[o], entropy);
            sum = v_add(sum, entropy);
        }
        vec inverse = v_div(v_set1(1), total);
        for (size_t o = 0; o < outputs; o++) row[o] = v_mul(e[o], inverse);
    }
    return sum;
}

#endif
