/* Long vectors of sixteen cells (simd/kernels/vectors.h). */
#ifndef LYAP_SIMD_BLOCK_VECTORS_H
#define LYAP_SIMD_BLOCK_VECTORS_H

#include <stdbool.h>
#include <stddef.h>

ALWAYS_INLINE void vectors_dot(const real *u, const real *v, size_t n, size_t measured, int width, vec *dot) {
    for (int j = 0; j < width; j++) dot[j] = v_mul(v_load(u), v_load(v + (size_t)j * n * BLOCK));
    for (size_t p = 1; p < measured; p++)
        for (int j = 0; j < width; j++)
            dot[j] = v_fma(v_load(u + p * BLOCK), v_load(v + ((size_t)j * n + p) * BLOCK), dot[j]);
}

ALWAYS_INLINE void vectors_subtract(vec part, const real *u, real *v, size_t n, struct written where) {
    for (size_t p = 0; p < n; p++) {
        real *at = v + p * BLOCK;
        vec old = v_load(at), new = v_fnma(part, v_load(u + p * BLOCK), old);
        v_store(at, where.careful ? v_select(where.active, new, old) : new);
    }
}

ALWAYS_INLINE void vectors_scale(real *u, vec factor, size_t n, struct written where, bool zeroes, vmask usable) {
    const vec zero = v_set1(0);
    for (size_t p = 0; p < n; p++) {
        vec old = v_load(u + p * BLOCK), new = v_mul(old, factor);
        if (zeroes) new = v_select(usable, new, zero);
        v_store(u + p * BLOCK, where.careful ? v_select(where.active, new, old) : new);
    }
}

#endif
