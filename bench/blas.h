/* The same training by matrix products of OpenBLAS, where the build found it. */
#ifndef BENCH_BLAS_H
#define BENCH_BLAS_H

#include <stdbool.h>
#include <stddef.h>

#include "simd/kernels.h"
#include "native.h"

/* True if this build has OpenBLAS. On first use it sets one thread. `core` names the kernels that it chose. */
bool bench_blas_available(void);
const char *bench_blas_core(void);

/* How many threads its products take from now on. */
void bench_blas_threads(int threads);

/* As in bench/native.h, one network at a time. */
void bench_blas_f32(const struct bench_training *training, float *w, float *distance, float *room);
void bench_blas_f64(const struct bench_training *training, double *w, double *distance, double *room);
size_t bench_blas_room(const struct lyap_network *net, const struct lyap_dataset *data, size_t trajectories);

/* The same for a network of two tanh layers, as fast as one can write it: weights updated by the product of the
 * gradient itself, activations by SLEEF's functions (the throughput loop of `sleef`), rows added where a compiler vectorises
 * them. The networks go one after the other or, `stacked`, with the first layers of all 16 side by side in one product, so
 * that the data are read once. `room` holds bench_blas_large_room reals; `place` puts the weights, as in bench/native.h,
 * and the data in there, and `large` trains what was placed, each time from the start. */
enum { BENCH_SLEEF_ROOM = 128 };
size_t bench_blas_large_room(const struct lyap_network *net, const struct lyap_dataset *data, size_t trajectories);
void bench_blas_place_f32(const struct lyap_network *net, const struct lyap_dataset *data, bool stacked, const float *w,
                          size_t trajectories, float *room);
void bench_blas_place_f64(const struct lyap_network *net, const struct lyap_dataset *data, bool stacked,
                          const double *w, size_t trajectories, double *room);
void bench_blas_large_f32(const struct bench_training *training, const struct lyap_kernels *sleef, bool stacked,
                          float *distance, float *room);
void bench_blas_large_f64(const struct bench_training *training, const struct lyap_kernels *sleef, bool stacked,
                          double *distance, double *room);

/* One network of two tanh layers and its neighbours, in the same way: after each other or, `stacked`, with their first layers side by
 * side in one product. `start` [trajectories][parameters] in the project's order, the parent first; `parent` [parameters] gets its last
 * weights, distance [epochs] the mean distances. `room` holds bench_blas_one_room reals, at 64 bytes; `place_one` puts the data in
 * there. */
size_t bench_blas_one_room(const struct bench_training *training, bool stacked);
void bench_blas_place_one_f32(const struct bench_training *training, bool stacked, float *room);
void bench_blas_place_one_f64(const struct bench_training *training, bool stacked, double *room);
void bench_blas_one_f32(const struct bench_training *training, const struct lyap_kernels *sleef, bool stacked,
                        const float *start, float *parent, float *distance, float *room);
void bench_blas_one_f64(const struct bench_training *training, const struct lyap_kernels *sleef, bool stacked,
                        const double *start, double *parent, double *distance, double *room);

#endif
