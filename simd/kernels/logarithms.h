/* Logarithms of distances and of stretchings, summed; in float64 for both precisions. */
#ifndef LYAP_SIMD_KERNELS_LOGARITHMS_H
#define LYAP_SIMD_KERNELS_LOGARITHMS_H

#include "simd/kernels.h"
#include "simd/isa/vec.h"

#if LYAP_REAL_BITS == 64
static void log_sums(const double *distance, uint32_t first, uint32_t count, const uint32_t length[LYAP_BLOCK],
                     struct lyap_log_sums *sums) {
    for (size_t lane = 0; lane < BLOCK; lane += VEC_LANES) {
        _Alignas(LYAP_ALIGNMENT) double ends[BLOCK];
        for (size_t i = 0; i < VEC_LANES; i++) ends[i] = (double)length[lane + i];
        const vec end = v_load(ends), one = v_set1(1);
        vec start = v_load(sums->first + lane), last = v_load(sums->last + lane), sum = v_load(sums->sum + lane);
        for (uint32_t i = 0; i < count; i++) {
            double epoch = (double)first + (double)i;
            vmask inside = v_le(v_set1(epoch + 1), end);
            vec value = v_log(v_select(inside, v_load(distance + i * BLOCK + lane), one));
            if (epoch == 0) {
                start = value;
                last = value;
                sum = v_set1(0);
                continue;
            }
            last = v_select(inside, value, last);
            sum = v_select(inside, v_add(sum, v_sub(value, start)), sum);
        }
        v_store(sums->first + lane, start);
        v_store(sums->last + lane, last);
        v_store(sums->sum + lane, sum);
    }
}

static void log_norms(const double *norms, size_t events, size_t vectors, bool flush, struct lyap_log_norms *sums) {
    const vec low = v_set1(0x1p-500), high = v_set1(0x1p500), one = v_set1(1);
    const unsigned all = (1u << VEC_LANES) - 1u;
    for (size_t k = 0; k < vectors; k++)
        for (size_t lane = 0; lane < BLOCK; lane += VEC_LANES) {
            size_t at = k * BLOCK + lane;
            vec product = v_load(sums->product + at), sum = v_load(sums->sum + at);
            for (size_t e = 0; e < events; e++) {
                vec next = v_mul(product, v_load(norms + e * vectors * BLOCK + at));
                vmask inside = m_and(v_le(low, next), v_le(next, high));
                if (m_bits(inside) == all) {
                    product = next;
                    continue;
                }
                sum = v_select(inside, sum, v_add(sum, v_log(product)));
                product = v_select(inside, next, v_load(norms + e * vectors * BLOCK + at));
            }
            if (flush) {
                sum = v_add(sum, v_log(product));
                product = one;
            }
            v_store(sums->product + at, product);
            v_store(sums->sum + at, sum);
        }
}
#endif

#endif
