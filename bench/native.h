/* The plain loops that the compiler is left alone with (-O3 -march=native): the honest alternative to kernels. */
#ifndef BENCH_NATIVE_H
#define BENCH_NATIVE_H

#include <stddef.h>

#include "lyapgrad/dataset.h"
#include "lyapgrad/network.h"

enum { BENCH_LANES = 16 };

/* The training that all programs do. */
struct bench_training {
    const struct lyap_network *net;
    const struct lyap_dataset *data;
    size_t trajectories;
    double lr;
    size_t epochs;
};

/* Trains 16 cells of `trajectories` networks in lock-step; w [trajectories][parameters][16] and distance [epochs][16] as
 * the kernels have them. `room` holds bench_native_room reals.
 *
 *   plain        one network after the other, the loops of a textbook; it gathers its weights first and puts them back
 *                after the last epoch
 *   vectorised   every statement over 16 cells, in loops that the compiler vectorises; calls of the C library stay calls */
void bench_plain_f32(const struct bench_training *training, float *w, float *distance, float *room);
void bench_plain_f64(const struct bench_training *training, double *w, double *distance, double *room);
void bench_vectorised_f32(const struct bench_training *training, float *w, float *distance, float *room);
void bench_vectorised_f64(const struct bench_training *training, double *w, double *distance, double *room);

size_t bench_native_room(const struct lyap_network *net, const struct lyap_dataset *data, size_t trajectories);

/* `count` operations in a register, each of which waits for the one before; returns the last result. */
enum bench_native_chain { BENCH_CHAIN_FMA, BENCH_CHAIN_MUL, BENCH_CHAIN_ADD };
double bench_native_chain(enum bench_native_chain what, int count);

#endif
