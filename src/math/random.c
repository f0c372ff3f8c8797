#include "lyapgrad/random.h"

#include "math/deterministic.h"

/* Salmon et al., SC 2011, section 4: multipliers and Weyl increments of Philox4x32. */
void lyap_philox4x32(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]) {
    uint32_t c[4] = {counter[0], counter[1], counter[2], counter[3]}, k[2] = {key[0], key[1]};
    for (int round = 0; round < 10; round++) {
        uint64_t first = (uint64_t)c[0] * 0xD2511F53u, second = (uint64_t)c[2] * 0xCD9E8D57u;
        c[0] = (uint32_t)(second >> 32) ^ c[1] ^ k[0];
        c[1] = (uint32_t)second;
        c[2] = (uint32_t)(first >> 32) ^ c[3] ^ k[1];
        c[3] = (uint32_t)first;
        k[0] += 0x9E3779B9u;
        k[1] += 0xBB67AE85u;
    }
    for (int i = 0; i < 4; i++) out[i] = c[i];
}

/* The float64 uniforms of the four indices of one block: 32 high bits each from the stream's block, 21 low bits from its
 * low-bits block. */
static void uniform_block(uint64_t seed, uint32_t stream, uint64_t cell, uint64_t block, double out[4]) {
    const uint32_t low_bits_stream = 0x8000;
    const uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
    uint32_t counter[4] = {(uint32_t)block, (uint32_t)(block >> 32), (uint32_t)cell,
                           (uint32_t)(cell >> 32 & 0xFFFF) | stream << 16};
    uint32_t high[4], low[4];
    lyap_philox4x32(counter, key, high);
    counter[3] |= low_bits_stream << 16;
    lyap_philox4x32(counter, key, low);
    for (int i = 0; i < 4; i++) out[i] = (double)((uint64_t)high[i] << 21 | low[i] >> 11) * 0x1p-53;
}

static double uniform(uint64_t seed, uint32_t stream, uint64_t cell, uint64_t index) {
    double u[4];
    uniform_block(seed, stream, cell, index / 4, u);
    return u[index % 4];
}

void lyap_random_uniform(uint64_t seed, enum lyap_stream stream, uint64_t cell, uint64_t first, size_t count,
                         double *out) {
    double u[4];
    for (size_t i = 0; i < count; i++) {
        uint64_t index = first + i;
        if (i == 0 || index % 4 == 0) uniform_block(seed, (uint32_t)stream, cell, index / 4, u);
        out[i] = u[index % 4];
    }
}

void lyap_random_normal(uint64_t seed, enum lyap_stream stream, uint64_t cell, uint64_t first, size_t count,
                        double *out) {
    for (size_t i = 0; i < count; i++) {
        uint64_t index = first + i;
        double pair[2] = {uniform(seed, (uint32_t)stream, cell, index & ~UINT64_C(1)),
                          uniform(seed, (uint32_t)stream, cell, index | 1)};
        lyap_box_muller(pair, 2);
        out[i] = pair[index & 1];
    }
}
