/* Long vectors of one network (simd/kernels/vectors.h). The sums are chains, of which as many as may run side by side; the other loops are
 * left to the compiler. */
#ifndef LYAP_SIMD_ONE_VECTORS_H
#define LYAP_SIMD_ONE_VECTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

ALWAYS_INLINE void vectors_dot(const real *u, const real *v, size_t n, size_t measured, int width, vec *dot) {
    for (int j = 0; j < width; j++) dot[j] = u[0] * v[(size_t)j * n];
    for (size_t p = 1; p < measured; p++)
        for (int j = 0; j < width; j++) dot[j] = v_fma(u[p], v[(size_t)j * n + p], dot[j]);
}

static inline void vectors_subtract(vec part, const real *restrict u, real *restrict v, size_t n,
                                    struct written where) {
    if (where.careful && !where.active) return;
    for (size_t p = 0; p < n; p++) v[p] = v_fnma(part, u[p], v[p]);
}

static inline void vectors_scale(real *u, vec factor, size_t n, struct written where, bool zeroes, vmask usable) {
    if (where.careful && !where.active) return;
    if (zeroes && !usable) {
        memset(u, 0, n * sizeof *u);
        return;
    }
    for (size_t p = 0; p < n; p++) u[p] = u[p] * factor;
}

#endif
