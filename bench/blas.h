/* The same training by matrix products of OpenBLAS, where the build found it. */
#ifndef BENCH_BLAS_H
#define BENCH_BLAS_H

#include <stdbool.h>
#include <stddef.h>

#include "native.h"

/* True if this build has OpenBLAS. On first use it sets one thread. `core` names the kernels that it chose. */
bool bench_blas_available(void);
const char *bench_blas_core(void);

/* As in bench/native.h, one network at a time. */
void bench_blas_f32(const struct lyap_network *net, const struct lyap_dataset *data, float *w, size_t trajectories,
                    double lr, size_t epochs, float *distance, float *room);
void bench_blas_f64(const struct lyap_network *net, const struct lyap_dataset *data, double *w, size_t trajectories,
                    double lr, size_t epochs, double *distance, double *room);
size_t bench_blas_room(const struct lyap_network *net, const struct lyap_dataset *data, size_t trajectories);

#endif
