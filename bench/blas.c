#include "blas.h"

#include <math.h>

size_t bench_blas_room(const struct lyap_network *net, const struct lyap_dataset *data, size_t trajectories) {
    size_t units = 0;
    for (int l = 0; l <= net->layers; l++) units += (size_t)net->sizes[l];
    return data->samples * (data->outputs + 2 * units) + (trajectories + 1) * lyap_network_parameters(net);
}

#ifdef BENCH_OPENBLAS_FOUND

#include <cblas.h>

bool bench_blas_available(void) {
    openblas_set_num_threads(1);
    return true;
}

const char *bench_blas_core(void) {
    return openblas_get_corename();
}

#define REAL float
#define GEMM cblas_sgemm
#define EXP expf
#define TANH tanhf
#define SQRT sqrtf
#define LAYER layer_f32
#define DERIVE derive_f32
#define STEP step_f32
#define TRAIN bench_blas_f32
#include "blas_body.h"
#undef REAL
#undef GEMM
#undef EXP
#undef TANH
#undef SQRT

#define REAL double
#define GEMM cblas_dgemm
#define EXP exp
#define TANH tanh
#define SQRT sqrt
#define LAYER layer_f64
#define DERIVE derive_f64
#define STEP step_f64
#define TRAIN bench_blas_f64
#include "blas_body.h"

#else

bool bench_blas_available(void) {
    return false;
}

const char *bench_blas_core(void) {
    return "";
}

void bench_blas_f32(const struct lyap_network *net, const struct lyap_dataset *data, float *w, size_t trajectories,
                    double lr, size_t epochs, float *distance, float *room) {
    (void)net, (void)data, (void)w, (void)trajectories, (void)lr, (void)epochs, (void)distance, (void)room;
}
void bench_blas_f64(const struct lyap_network *net, const struct lyap_dataset *data, double *w, size_t trajectories,
                    double lr, size_t epochs, double *distance, double *room) {
    (void)net, (void)data, (void)w, (void)trajectories, (void)lr, (void)epochs, (void)distance, (void)room;
}

#endif
