/* Modified Gram-Schmidt, lane by lane: vectors become orthonormal, and the lengths taken off them (the diagonal of R) are
 * the stretching since the last time (G. Benettin, L. Galgani, A. Giorgilli, J.-M. Strelcyn, Meccanica 15, 9 and 21
 * (1980); A. Bjorck, BIT 7, 1 (1967)).
 *
 * The right-looking order, each finished vector taken out of all later ones, is the same arithmetic as the left-looking one
 * and has dot products side by side to hide the latency. */
#ifndef LYAP_KERNEL_ORTHOGONAL_H
#define LYAP_KERNEL_ORTHOGONAL_H

#include <float.h>

#include "simd/kernels/network.h"

#if LYAP_REAL_BITS == 32
#define REAL_EPSILON FLT_EPSILON
#define SMALLEST_LENGTH 0x1p-63f /* its square is the smallest normal number */
#define LARGEST_LENGTH 0x1p63f
#else
#define REAL_EPSILON DBL_EPSILON
#define SMALLEST_LENGTH 0x1p-511
#define LARGEST_LENGTH 0x1p511
#endif

/* Lanes in which a vector's length was of no use. */
struct orthogonal_events {
    unsigned infinite; /* not a number or beyond LARGEST_LENGTH */
    unsigned lost;     /* below the rounding error of its projection or of the map, or below SMALLEST_LENGTH */
};

/* Vectors of up to SMALL components, known to the compiler, are taken two at a time through registers. */
enum { SMALL = 9, PAIR = 2 };

/* u.v over `measured` components of `width` vectors at `v`, n components each, and what is left of them without their part along u. `inverse` is
 * 1/(u.u), so that u need not be of unit length and the root stays out of the way. */
ALWAYS_INLINE void project(const real *u, real *v, size_t n, size_t measured, int width, vec inverse, bool careful,
                           vmask active, vec *spread) {
    vec dot[WIDTH];
    for (int j = 0; j < width; j++) dot[j] = v_mul(v_load(u), v_load(v + (size_t)j * n * BLOCK));
    for (size_t p = 1; p < measured; p++)
        for (int j = 0; j < width; j++)
            dot[j] = v_fma(v_load(u + p * BLOCK), v_load(v + ((size_t)j * n + p) * BLOCK), dot[j]);
    for (int j = 0; j < width; j++) {
        vec part = v_mul(dot[j], inverse);
        for (size_t p = 0; p < n; p++) {
            real *at = v + ((size_t)j * n + p) * BLOCK;
            vec old = v_load(at), new = v_fnma(part, v_load(u + p * BLOCK), old);
            v_store(at, careful ? v_select(active, new, old) : new);
        }
        spread[j] = v_fma(dot[j], part, spread[j]);
    }
}

/* The same arithmetic on vectors that fit into registers. */
ALWAYS_INLINE void project_small(const vec *u, real *v, size_t n, int width, vec inverse, bool careful, vmask active,
                                 vec *spread) {
    vec x[PAIR][SMALL], dot[PAIR];
    for (int j = 0; j < width; j++)
        for (size_t p = 0; p < n; p++) x[j][p] = v_load(v + ((size_t)j * n + p) * BLOCK);
    for (int j = 0; j < width; j++) dot[j] = v_mul(u[0], x[j][0]);
    for (size_t p = 1; p < n; p++)
        for (int j = 0; j < width; j++) dot[j] = v_fma(u[p], x[j][p], dot[j]);
    for (int j = 0; j < width; j++) {
        vec part = v_mul(dot[j], inverse);
        for (size_t p = 0; p < n; p++) {
            vec new = v_fnma(part, u[p], x[j][p]);
            v_store(v + ((size_t)j * n + p) * BLOCK, careful ? v_select(active, new, x[j][p]) : new);
        }
        spread[j] = v_fma(dot[j], part, spread[j]);
    }
}

/* The length to which rounding alone brings a unit vector whose image is zero, in `steps` steps of a map in n dimensions: a
 * few last places a step. In one dimension there is nothing to cancel. */
ALWAYS_INLINE real noise_length(size_t n, uint32_t steps) {
    const real noise = (real)16 * (real)n * (real)REAL_EPSILON;
    real length = n > 1 ? noise : (real)SMALLEST_LENGTH;
    for (uint32_t i = 1; i < steps && length > (real)SMALLEST_LENGTH; i++) length *= noise;
    return length > (real)SMALLEST_LENGTH ? length : (real)SMALLEST_LENGTH;
}

/* Orthonormalises v[vectors][n][BLOCK] over their first `measured` components, `steps` steps of the map after the last
 * time, in the lanes of `active` and writes the lengths to norms[vectors][BLOCK] (1 where a
 * length is zero or infinite, and in other lanes). A vector of no length becomes 0. spread[vectors] is scratch;
 * resolved[VEC_LANES] falls to the index of the first vector that was lost. `small` is a constant that says n <= SMALL is
 * known to the compiler. */
ALWAYS_INLINE struct orthogonal_events orthonormalise(real *v, size_t vectors, size_t n, size_t measured, bool small,
                                                      uint32_t steps, bool careful, vmask active, real *norms,
                                                      vec *spread, uint32_t *resolved) {
    struct orthogonal_events events = {0, 0};
    const unsigned all = (1u << VEC_LANES) - 1u, moving = careful ? m_bits(active) : all;
    const vec one = v_set1(1), zero = v_set1(0), smallest = v_set1((real)SMALLEST_LENGTH * (real)SMALLEST_LENGTH),
              largest = v_set1((real)LARGEST_LENGTH * (real)LARGEST_LENGTH);
    const real noise = (real)n * (real)REAL_EPSILON, shortest = noise_length(n, steps);
    const vec floor = v_set1(noise * noise), least = v_set1(shortest * shortest);
    for (size_t k = 0; k < vectors; k++) spread[k] = zero;
    for (size_t k = 0; k < vectors; k++) {
        real *u = v + k * n * BLOCK;
        vec x[SMALL], first = v_load(u), square = v_mul(first, first);
        for (size_t p = 0; small && p < n; p++) x[p] = v_load(u + p * BLOCK);
        for (size_t p = 1; p < measured; p++) {
            vec entry = small ? x[p] : v_load(u + p * BLOCK);
            square = v_fma(entry, entry, square);
        }
        vmask usable = m_and(v_le(smallest, square), v_le(square, largest));
        unsigned good = m_bits(m_and(v_le(least, square), m_and(usable, v_le(v_mul(floor, spread[k]), square))));
        good &= moving;
        vec inverse_square = v_div(one, square);
        if (good != moving) inverse_square = v_select(usable, inverse_square, zero);

        size_t j = k + 1;
        if (small) {
            for (; j + PAIR <= vectors; j += PAIR)
                project_small(x, v + j * n * BLOCK, n, PAIR, inverse_square, careful, active, spread + j);
            for (; j < vectors; j++)
                project_small(x, v + j * n * BLOCK, n, 1, inverse_square, careful, active, spread + j);
        } else {
            for (; j + WIDTH <= vectors; j += WIDTH)
                project(u, v + j * n * BLOCK, n, measured, WIDTH, inverse_square, careful, active, spread + j);
            for (; j < vectors; j++)
                project(u, v + j * n * BLOCK, n, measured, 1, inverse_square, careful, active, spread + j);
        }

        vec length = v_sqrt(square), inverse = v_div(one, length);
        vec kept = careful ? v_select(active, length, one) : length;
        if (good != moving) {
            unsigned infinite = moving & ~m_bits(v_le(square, largest)), lost = moving & ~good & ~infinite;
            events.infinite |= infinite;
            events.lost |= lost;
            for (size_t i = 0; i < VEC_LANES; i++)
                if ((lost >> i & 1) && resolved[i] > k) resolved[i] = (uint32_t)k;
            kept = v_select(usable, kept, one);
        }
        v_store(norms + k * BLOCK, kept);
        for (size_t p = 0; p < n; p++) {
            vec old = small ? x[p] : v_load(u + p * BLOCK), new = v_mul(old, inverse);
            if (good != moving) new = v_select(usable, new, zero);
            v_store(u + p * BLOCK, careful ? v_select(active, new, old) : new);
        }
    }
    return events;
}

#endif
