/* Modified Gram-Schmidt, lane by lane: vectors become orthonormal, and the lengths taken off them (the diagonal of R) are
 * the stretching since the last time (G. Benettin, L. Galgani, A. Giorgilli, J.-M. Strelcyn, Meccanica 15, 9 and 21
 * (1980); A. Bjorck, BIT 7, 1 (1967)).
 *
 * The right-looking order, each finished vector taken out of all later ones, is the same arithmetic as the left-looking one
 * and has dot products side by side to hide the latency. */
#ifndef LYAP_SIMD_KERNELS_ORTHOGONAL_H
#define LYAP_SIMD_KERNELS_ORTHOGONAL_H

#include <float.h>

#include "simd/kernels/network.h"
#include "simd/kernels/vectors.h"

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

/* Vectors of up to SMALL components, as the paper's network and the known systems have them, are taken two at a time through
 * registers. */
enum { SMALL = 9, PAIR = 2 };

/* Vectors to be made orthonormal over their first `measured` components, in the lanes of `active` if `careful`. */
struct orthonormal {
    real *v; /* [vectors][n][BLOCK] */
    size_t vectors, n, measured;
    uint32_t steps; /* of the map after the last time */
    bool careful;
    vmask active;
    real *norms;        /* out: lengths [vectors][BLOCK]; 1 where a length is zero or infinite, and in other lanes */
    vec *spread;        /* [vectors], scratch */
    uint32_t *resolved; /* [VEC_LANES], falls to the index of the first vector that was lost */
};

/* u.v over `measured` components of `width` vectors from number j on, and what is left of them without their part along u.
 * `inverse` is 1/(u.u), so that u need not be of unit length and the root stays out of the way. */
ALWAYS_INLINE void project(const struct orthonormal *o, const real *u, size_t first, int width, vec inverse) {
    const size_t n = o->n;
    const struct written where = {o->careful, o->active};
    real *v = o->v + first * n * BLOCK;
    vec dot[WIDTH];
    vectors_dot(u, v, n, o->measured, width, dot);
    for (int j = 0; j < width; j++) {
        vec part = v_mul(dot[j], inverse);
        vectors_subtract(part, u, v + (size_t)j * n * BLOCK, n, where);
        o->spread[first + (size_t)j] = v_fma(dot[j], part, o->spread[first + (size_t)j]);
    }
}

/* The arithmetic of `project` on vectors that fit into registers. */
ALWAYS_INLINE void project_small(const struct orthonormal *o, const vec *u, size_t first, int width, vec inverse) {
    const size_t n = o->n;
    real *v = o->v + first * n * BLOCK;
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
            v_store(v + ((size_t)j * n + p) * BLOCK, o->careful ? v_select(o->active, new, x[j][p]) : new);
        }
        o->spread[first + (size_t)j] = v_fma(dot[j], part, o->spread[first + (size_t)j]);
    }
}

/* The vectors after number k lose their part along it: x in registers if `small`, u in memory. */
ALWAYS_INLINE void project_others(const struct orthonormal *o, bool small, size_t k, const vec *x, vec inverse) {
    const real *u = o->v + k * o->n * BLOCK;
    size_t j = k + 1;
    if (small) {
        for (; j + PAIR <= o->vectors; j += PAIR) project_small(o, x, j, PAIR, inverse);
        for (; j < o->vectors; j++) project_small(o, x, j, 1, inverse);
    } else {
        for (; j + WIDTH <= o->vectors; j += WIDTH) project(o, u, j, WIDTH, inverse);
        for (; j < o->vectors; j++) project(o, u, j, 1, inverse);
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

/* Orthonormalises the vectors. A vector of no length becomes 0. `small` is a constant that says n is one too, of SMALL at most. */
ALWAYS_INLINE struct orthogonal_events orthonormalise(const struct orthonormal *o, bool small) {
    struct orthogonal_events events = {0, 0};
    const size_t n = o->n;
    const unsigned all = (1u << VEC_LANES) - 1u, moving = o->careful ? m_bits(o->active) : all;
    const vec one = v_set1(1), zero = v_set1(0), smallest = v_set1((real)SMALLEST_LENGTH * (real)SMALLEST_LENGTH),
              largest = v_set1((real)LARGEST_LENGTH * (real)LARGEST_LENGTH);
    const real noise = (real)n * (real)REAL_EPSILON, shortest = noise_length(n, o->steps);
    const vec floor = v_set1(noise * noise), least = v_set1(shortest * shortest);
    for (size_t k = 0; k < o->vectors; k++) o->spread[k] = zero;
    for (size_t k = 0; k < o->vectors; k++) {
        real *u = o->v + k * n * BLOCK;
        vec x[SMALL], first = v_load(u), square = v_mul(first, first);
        for (size_t p = 0; small && p < n; p++) x[p] = v_load(u + p * BLOCK);
        for (size_t p = 1; p < o->measured; p++) {
            vec entry = small ? x[p] : v_load(u + p * BLOCK);
            square = v_fma(entry, entry, square);
        }
        vmask usable = m_and(v_le(smallest, square), v_le(square, largest));
        unsigned good = m_bits(m_and(v_le(least, square), m_and(usable, v_le(v_mul(floor, o->spread[k]), square))));
        good &= moving;
        vec inverse_square = v_div(one, square);
        if (good != moving) inverse_square = v_select(usable, inverse_square, zero);
        project_others(o, small, k, x, inverse_square);

        vec length = v_sqrt(square), inverse = v_div(one, length);
        vec kept = o->careful ? v_select(o->active, length, one) : length;
        if (good != moving) {
            unsigned infinite = moving & ~m_bits(v_le(square, largest)), lost = moving & ~good & ~infinite;
            events.infinite |= infinite;
            events.lost |= lost;
            for (size_t i = 0; i < VEC_LANES; i++)
                if ((lost >> i & 1) && o->resolved[i] > k) o->resolved[i] = (uint32_t)k;
            kept = v_select(usable, kept, one);
        }
        v_store(o->norms + k * BLOCK, kept);
        const struct written where = {o->careful, o->active};
        if (!small) {
            vectors_scale(u, inverse, n, where, good != moving, usable);
            continue;
        }
        for (size_t p = 0; p < n; p++) {
            vec new = v_mul(x[p], inverse);
            if (good != moving) new = v_select(usable, new, zero);
            v_store(u + p * BLOCK, o->careful ? v_select(o->active, new, x[p]) : new);
        }
    }
    return events;
}

/* The instances: one function each, since they are long. */
ALWAYS_INLINE struct orthogonal_events orthonormalise_large(struct orthonormal o, bool careful) {
    o.careful = careful;
    return orthonormalise(&o, false);
}
NEVER_INLINE struct orthogonal_events orthonormalise_any(const struct orthonormal *given) {
    return orthonormalise_large(*given, false);
}
NEVER_INLINE struct orthogonal_events orthonormalise_any_careful(const struct orthonormal *given) {
    return orthonormalise_large(*given, true);
}
/* Of n components, a constant, all of them measured. */
ALWAYS_INLINE struct orthogonal_events orthonormalise_small(struct orthonormal o, bool careful, size_t n) {
    o.n = o.measured = n;
    o.careful = careful;
    return orthonormalise(&o, true);
}
#define ORTHONORMALISE(n)                                                                                              \
    NEVER_INLINE struct orthogonal_events orthonormalise_##n(const struct orthonormal *given) {                        \
        return orthonormalise_small(*given, false, n);                                                                 \
    }
ORTHONORMALISE(1)
ORTHONORMALISE(2)
ORTHONORMALISE(3)
ORTHONORMALISE(9)
NEVER_INLINE struct orthogonal_events orthonormalise_9_careful(const struct orthonormal *given) {
    return orthonormalise_small(*given, true, 9);
}
/* One vector needs no projection. */
ALWAYS_INLINE struct orthogonal_events normalise_9(struct orthonormal o, bool careful) {
    o.vectors = 1;
    return orthonormalise_small(o, careful, 9);
}

#endif
