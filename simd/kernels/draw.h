/* Counter-based draws for the cells of a vector: Philox4x32-10 and Box-Muller (lyapgrad/random.h gives the layout). */
#ifndef LYAP_SIMD_KERNELS_DRAW_H
#define LYAP_SIMD_KERNELS_DRAW_H

#include <stdbool.h>

#include "simd/isa/vec.h"
#include "simd/kernels.h"

/* Set in the stream number for the block that holds the low bits of float64 draws. */
enum { LOW_BITS_STREAM = 0x8000 };

/* Philox4x32-10, Salmon et al., SC 2011: ten rounds with multipliers D2511F53, CD9E8D57 and the key raised by 9E3779B9,
 * BB67AE85 each round. The counter's words come in and the random words go out through c[4]. */
static inline void philox(vuint c[4], uint32_t key0, uint32_t key1) {
    for (int round = 0; round < 10; round++) {
        vuint high0, low0, high1, low1;
        u_mul(c[0], 0xD2511F53u, &high0, &low0);
        u_mul(c[2], 0xCD9E8D57u, &high1, &low1);
        c[0] = u_xor(u_xor(high1, c[1]), u_set1(key0));
        c[1] = low1;
        c[2] = u_xor(u_xor(high0, c[3]), u_set1(key1));
        c[3] = low0;
        key0 += 0x9E3779B9u;
        key1 += 0xBB67AE85u;
    }
}

/* Who draws: a seed, a stream, and one cell a lane. */
struct source {
    uint32_t key0, key1;
    vuint cell;     /* bits 0..31 of the cell */
    vuint high;     /* bits 32..47 | stream << 16 */
    vuint low_high; /* the same with LOW_BITS_STREAM */
};

static inline struct source source_of(uint64_t seed, uint32_t stream, const uint32_t *cell_low,
                                      const uint32_t *cell_high) {
    struct source s = {.key0 = (uint32_t)seed, .key1 = (uint32_t)(seed >> 32), .cell = u_load(cell_low)};
    s.high = u_xor(u_load(cell_high), u_set1(stream << 16));
    s.low_high = u_xor(u_load(cell_high), u_set1((stream | LOW_BITS_STREAM) << 16));
    return s;
}

/* The four uniforms 4*block .. 4*block+3. */
static inline void uniform4(const struct source *s, uint64_t block, vec u[4]) {
    vuint c[4] = {u_set1((uint32_t)block), u_set1((uint32_t)(block >> 32)), s->cell, s->high};
    philox(c, s->key0, s->key1);
#if LYAP_REAL_BITS == 64
    vuint low[4] = {u_set1((uint32_t)block), u_set1((uint32_t)(block >> 32)), s->cell, s->low_high};
    philox(low, s->key0, s->key1);
#else
    const vuint *low = c;
#endif
    for (int i = 0; i < 4; i++) u[i] = v_unit(c[i], low[i]);
}

/* Draws are made in batches: all uniforms, then the logarithms, then sines and cosines, because a call clobbers every
 * vector register. */
enum { DRAW_BATCH = 64 };

/* Turns a batch of n uniforms (a multiple of 2) into standard normals in place, pair by pair. The radius takes
 * 1 - (1 - u1), that is u1 + one step, to keep the logarithm finite. */
static inline void box_muller(real *u, int n) {
    const vec step = v_set1(LYAP_REAL_BITS == 32 ? (real)0x1p-24 : (real)0x1p-53);
    const vec two = v_set1(2), minus_two = v_set1(-2);
    for (int i = 0; i < n; i += 2) {
        real *p = u + i * VEC_LANES;
        v_store(p, v_sqrt(v_mul(minus_two, v_log(v_add(v_load(p), step)))));
    }
    for (int i = 0; i < n; i += 2) {
        real *p = u + i * VEC_LANES;
        vec sine, cosine, radius = v_load(p);
        v_sincospi(v_mul(two, v_load(p + VEC_LANES)), &sine, &cosine);
        v_store(p, v_mul(radius, cosine));
        v_store(p + VEC_LANES, v_mul(radius, sine));
    }
}

/* Fills out[0 .. n) (vectors, n <= DRAW_BATCH, a multiple of 4) with the draws first .. first+n-1, first % 4 == 0. */
static inline void draw_batch(const struct source *s, bool normal, uint64_t first, int n, real *out) {
    for (int i = 0; i < n; i += 4) {
        vec u[4];
        uniform4(s, first / 4 + (uint64_t)i / 4, u);
        for (int j = 0; j < 4; j++) v_store(out + (i + j) * VEC_LANES, u[j]);
    }
    if (normal) box_muller(out, n);
}

/* The draws of all cells of a block. */
static inline void draw(const struct lyap_draws *what, void *out) {
    const uint64_t first = what->first;
    const size_t count = what->count;
    _Alignas(LYAP_ALIGNMENT) real draws[DRAW_BATCH * VEC_LANES];
    for (size_t lane = 0; lane < BLOCK; lane += VEC_LANES) {
        struct source source = source_of(what->seed, what->stream, what->cell_low + lane, what->cell_high + lane);
        real *column = (real *)out + lane;
        uint64_t aligned = first / 4 * 4;
        for (uint64_t i = aligned; i < first + count; i += DRAW_BATCH) {
            uint64_t left = first + count - i;
            int n = left < DRAW_BATCH ? (int)left : DRAW_BATCH;
            draw_batch(&source, what->normal, i, (n + 3) / 4 * 4, draws);
            for (int j = 0; j < n; j++)
                if (i + (uint64_t)j >= first)
                    v_store(column + (i + (uint64_t)j - first) * BLOCK, v_load(draws + j * VEC_LANES));
        }
    }
}

#endif
