/* Counter-based random numbers: Philox4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2,
 * 3", SC 2011). A draw is a pure function of (seed, stream, cell, index): it depends on no thread, lane or order.
 *
 * Layout. key = (seed low, seed high). counter = (index / 4 low 32 bits, index >> 34, cell low, cell bits 32..47 |
 * stream << 16), and draw `index` takes word index % 4 of the block. A float64 draw takes its low bits from the same
 * word of a second block whose stream number has bit 15 set, so that the float32 uniform of the same index is the float64
 * one cut to 24 bits: they differ by less than 2^-24. Normal draws, which are made of them, are near each other and not the same: of
 * 60 million pairs the mean difference was 2.3e-7, 0.9 % differed by more than 1e-6, 0.05 % by more than 1e-5, and the largest
 * difference was 0.096, at -5.03. Far out a normal is ruled by the few bits that u1 has near 0: float32 ends at 5.77, float64 at 8.57.
 *
 * Uniform: float32 (w >> 8) * 2^-24; float64 (w << 21 | w' >> 11) * 2^-53; both in [0, 1).
 * Normal: Box-Muller over the pair of uniforms (2j, 2j+1), u1 in (0, 1]: sqrt(-2 ln u1) * cos(2 pi u2) for the even
 * index and * sin for the odd one (Box and Muller 1958), with SLEEF's deterministic log and sincospi. */
#ifndef LYAPGRAD_RANDOM_H
#define LYAPGRAD_RANDOM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Streams keep the uses of one seed apart. */
enum lyap_stream {
    LYAP_STREAM_INITIAL = 0,      /* starting weights; index = attempt << 32 | parameter */
    LYAP_STREAM_PERTURBATION = 1, /* neighbours; index = (trajectory - 1) * parameters + parameter, trajectory 1 .. N */
    LYAP_STREAM_DATA = 2,      /* data sets; cell = sample, index = input; lyapgrad/dataset.h has the cells from 2^40 */
    LYAP_STREAM_BOOTSTRAP = 3, /* resampling in statistics */
    LYAP_STREAM_BATCH = 4,     /* order of mini-batches; cell = pass, index = position */
    LYAP_STREAM_DIRECTION = 5, /* directions in weight space; cell = direction, index = parameter */
    LYAP_STREAM_TRIAL = 6,     /* learning rates that a selection tries; cell = search, index = setting */
    LYAP_STREAM_VERIFY = 7     /* configurations of `verify --random`; cell = configuration */
};

/* One Philox4x32-10 block: out[4] = bijection of counter[4] under key[2]. */
void lyap_philox4x32(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/* `count` float64 draws first, first + 1, ... of (seed, stream, cell) to out[count].
 * uniform: [0, 1); normal: mean 0, standard deviation 1. `cell` < 2^48. */
void lyap_random_uniform(uint64_t seed, enum lyap_stream stream, uint64_t cell, uint64_t first, size_t count,
                         double *out);
void lyap_random_normal(uint64_t seed, enum lyap_stream stream, uint64_t cell, uint64_t first, size_t count,
                        double *out);

#ifdef __cplusplus
}
#endif
#endif
