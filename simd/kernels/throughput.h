/* What bounds a kernel on this core: the throughput of the vocabulary's operations, of SLEEF's functions and of loads and stores,
 * as loops that do nothing else. bench/ times them. */
#ifndef LYAP_SIMD_KERNELS_THROUGHPUT_H
#define LYAP_SIMD_KERNELS_THROUGHPUT_H

#include "simd/kernels/draw.h"
#include "simd/kernels/network.h"
#include "simd/kernels.h"

/* Independent chains that hide an operation's latency: latency times operations a cycle (4 x 2 on today's x86, 4 x 4 on
 * Apple's cores) must fit in the registers, of which AVX2 has 16 and the others 32. */
enum { CHAINS = VEC_REGISTERS == 32 ? 16 : 8, BESIDE = VEC_REGISTERS == 32 ? 12 : 4 };

/* The operation that runs beside the fused multiply-adds; `one` is 1, which keeps all values normal numbers. */
ALWAYS_INLINE vec beside(enum lyap_throughput_loop what, vec a, vec one) {
    switch (what) {
    case LYAP_LOOP_FMA_ADD:
        return v_add(a, one);
    case LYAP_LOOP_FMA_RELU:
        return v_relu(a);
    default:
        return v_gate(a, a);
    }
}

/* `rounds` rounds of CHAINS multiply-adds and, but for LYAP_LOOP_FMA, BESIDE other operations. The chains begin with values
 * of their own from memory, else compilers would make one of them. */
ALWAYS_INLINE void chains(enum lyap_throughput_loop what, size_t rounds, real *values) {
    const vec one = v_load(values);
    vec fma[CHAINS], other[BESIDE];
    for (int j = 0; j < CHAINS; j++) fma[j] = v_set1(values[j]);
    for (int j = 0; j < BESIDE; j++) other[j] = v_set1(values[j]);
    for (size_t i = 0; i < rounds; i++) {
        for (int j = 0; j < CHAINS; j++) fma[j] = v_fma(fma[j], one, one);
        if (what != LYAP_LOOP_FMA)
            for (int j = 0; j < BESIDE; j++) other[j] = beside(what, other[j], one);
    }
    vec sum = one;
    for (int j = 0; j < CHAINS; j++) sum = v_add(sum, fma[j]);
    for (int j = 0; j < BESIDE; j++) sum = v_add(sum, other[j]);
    v_store(values + BLOCK, sum);
}

/* What is read is added up in eight sums side by side. */
static inline void read_all(const real *in, real *out, size_t n) {
    vec sum[8];
    for (int j = 0; j < 8; j++) sum[j] = v_set1(0);
    for (size_t i = 0; i + 8 * VEC_LANES <= n; i += 8 * VEC_LANES)
        for (int j = 0; j < 8; j++) sum[j] = v_add(sum[j], v_load(in + i + j * VEC_LANES));
    for (int j = 1; j < 8; j++) sum[0] = v_add(sum[0], sum[j]);
    v_store(out, sum[0]);
}

static inline void multiply_words(size_t n, real *out) {
    vuint c[8], high;
    for (int j = 0; j < 8; j++) c[j] = u_set1(0x9E3779B9u + (uint32_t)j);
    for (size_t i = 0; i < n; i += 8 * VEC_LANES)
        for (int j = 0; j < 8; j++) {
            vuint low;
            u_mul(c[j], 0xD2511F53u, &high, &low);
            c[j] = u_xor(high, low);
        }
    for (int j = 1; j < 8; j++) c[0] = u_xor(c[0], c[j]);
    v_store(out, v_unit(c[0], c[0]));
}

/* One loop a function, so that the call is all there is in it. */
#define THROUGHPUT_LOOP(expression)                                                                                    \
    for (size_t i = 0; i < n; i += VEC_LANES) {                                                                        \
        vec a = v_load(in + i);                                                                                        \
        v_store(out + i, expression);                                                                                  \
    }                                                                                                                  \
    break

static inline vec sine_plus_cosine(vec a) {
    vec sine, cosine;
    v_sincospi(a, &sine, &cosine);
    return v_add(sine, cosine);
}

static inline vec activated(enum lyap_activation activation, vec a) {
    activate(activation, &a, 1);
    return a;
}

static void throughput(enum lyap_throughput_loop what, const void *input, void *output, size_t n) {
    const real *in = input;
    real *out = output;
    const vec one = v_set1(1);
    const vec factor = what == LYAP_LOOP_UPDATE ? v_load(in) : one;
    size_t rounds = n / ((size_t)CHAINS * VEC_LANES);
    switch (what) {
    case LYAP_LOOP_FMA:
        chains(LYAP_LOOP_FMA, rounds, out);
        break;
    case LYAP_LOOP_FMA_ADD:
        chains(LYAP_LOOP_FMA_ADD, rounds, out);
        break;
    case LYAP_LOOP_FMA_RELU:
        chains(LYAP_LOOP_FMA_RELU, rounds, out);
        break;
    case LYAP_LOOP_FMA_GATE:
        chains(LYAP_LOOP_FMA_GATE, rounds, out);
        break;
    case LYAP_LOOP_WORDS:
        multiply_words(n, out);
        break;
    case LYAP_LOOP_READ:
        read_all(in, out, n);
        break;
    case LYAP_LOOP_UPDATE:
        for (size_t i = 0; i < n; i += VEC_LANES) v_store(out + i, v_mul(v_load(out + i), factor));
        break;
    case LYAP_LOOP_DIV:
        THROUGHPUT_LOOP(v_div(one, a));
    case LYAP_LOOP_SQRT:
        THROUGHPUT_LOOP(v_sqrt(a));
    case LYAP_LOOP_EXP:
        THROUGHPUT_LOOP(v_exp(a));
    case LYAP_LOOP_LOG:
        THROUGHPUT_LOOP(v_log(a));
    case LYAP_LOOP_LOG1P:
        THROUGHPUT_LOOP(v_log1p(a));
    case LYAP_LOOP_TANH:
        THROUGHPUT_LOOP(v_tanh(a));
    case LYAP_LOOP_SINCOSPI:
        THROUGHPUT_LOOP(sine_plus_cosine(a));
    case LYAP_LOOP_SIGMOID:
        THROUGHPUT_LOOP(activated(LYAP_SIGMOID, a));
    case LYAP_LOOP_RELU:
        THROUGHPUT_LOOP(activated(LYAP_RELU, a));
    case LYAP_LOOP_COUNT:
        break;
    }
}

#endif
