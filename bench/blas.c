#include "blas.h"

#include <math.h>
#include <string.h>

size_t bench_blas_room(const struct lyap_network *net, const struct lyap_dataset *data, size_t trajectories) {
    size_t units = 0;
    for (int l = 0; l <= net->layers; l++) units += (size_t)net->sizes[l];
    return data->samples * (data->outputs + 2 * units) + (trajectories + 1) * lyap_network_parameters(net);
}

size_t bench_blas_large_room(const struct lyap_network *net, const struct lyap_dataset *data, size_t trajectories) {
    size_t hidden = (size_t)net->sizes[1] * BENCH_LANES, outputs = data->outputs;
    size_t state = trajectories * lyap_network_parameters(net) * BENCH_LANES;
    return 2 * state + data->samples * (data->inputs + 3 * outputs + 2 * hidden) + 64 + BENCH_SLEEF_ROOM;
}

/* SLEEF's loop takes steps of 128 numbers, at 64 bytes. */
static size_t bench_blas_padded(size_t n) {
    return (n + 127) / 128 * 128;
}

size_t bench_blas_one_room(const struct bench_training *training, bool stacked) {
    const struct lyap_network *net = training->net;
    const struct lyap_dataset *data = training->data;
    size_t nets = stacked ? training->trajectories : 1;
    return 2 * bench_blas_padded(data->samples * nets * (size_t)net->sizes[1]) +
           2 * bench_blas_padded(data->samples * data->outputs) + data->samples * (data->inputs + data->outputs) +
           training->trajectories * lyap_network_parameters(net);
}

#ifdef BENCH_OPENBLAS_FOUND

#include <cblas.h>

bool bench_blas_available(void) {
    openblas_set_num_threads(1);
    return true;
}

void bench_blas_threads(int threads) {
    openblas_set_num_threads(threads);
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
#define UNITS units_f32
#define ARRAYS arrays_f32
#define TRAIN bench_blas_f32
#define COLUMNS columns_f32
#define LARGE_STEP large_step_f32
#define LARGE_DISTANCE large_distance_f32
#define LARGE bench_blas_large_f32
#define PLACE bench_blas_place_f32
#define ONE bench_blas_one_f32
#define ARRAYS_ONE arrays_one_f32
#define PLACE_OF place_of_f32
#define SIDE_DISTANCE side_distance_f32
#define PLACE_ONE bench_blas_place_one_f32
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
#define UNITS units_f64
#define ARRAYS arrays_f64
#define TRAIN bench_blas_f64
#define COLUMNS columns_f64
#define LARGE_STEP large_step_f64
#define LARGE_DISTANCE large_distance_f64
#define LARGE bench_blas_large_f64
#define PLACE bench_blas_place_f64
#define ONE bench_blas_one_f64
#define ARRAYS_ONE arrays_one_f64
#define PLACE_OF place_of_f64
#define SIDE_DISTANCE side_distance_f64
#define PLACE_ONE bench_blas_place_one_f64
#include "blas_body.h"

#else

bool bench_blas_available(void) {
    return false;
}

void bench_blas_threads(int threads) {
    (void)threads;
}

const char *bench_blas_core(void) {
    return "";
}

void bench_blas_f32(const struct bench_training *training, float *w, float *distance, float *room) {
    (void)training, (void)w, (void)distance, (void)room;
}
void bench_blas_f64(const struct bench_training *training, double *w, double *distance, double *room) {
    (void)training, (void)w, (void)distance, (void)room;
}

void bench_blas_place_f32(const struct lyap_network *net, const struct lyap_dataset *data, bool stacked, const float *w,
                          size_t trajectories, float *room) {
    (void)net, (void)data, (void)stacked, (void)w, (void)trajectories, (void)room;
}
void bench_blas_place_f64(const struct lyap_network *net, const struct lyap_dataset *data, bool stacked,
                          const double *w, size_t trajectories, double *room) {
    (void)net, (void)data, (void)stacked, (void)w, (void)trajectories, (void)room;
}
void bench_blas_large_f32(const struct bench_training *training, const struct lyap_kernels *sleef, bool stacked,
                          float *distance, float *room) {
    (void)training, (void)sleef, (void)stacked, (void)distance, (void)room;
}
void bench_blas_large_f64(const struct bench_training *training, const struct lyap_kernels *sleef, bool stacked,
                          double *distance, double *room) {
    (void)training, (void)sleef, (void)stacked, (void)distance, (void)room;
}

void bench_blas_one_f32(const struct bench_training *training, const struct lyap_kernels *sleef, bool stacked,
                        const float *start, float *parent, float *distance, float *room) {
    (void)training, (void)sleef, (void)stacked, (void)start, (void)parent, (void)distance, (void)room;
}
void bench_blas_one_f64(const struct bench_training *training, const struct lyap_kernels *sleef, bool stacked,
                        const double *start, double *parent, double *distance, double *room) {
    (void)training, (void)sleef, (void)stacked, (void)start, (void)parent, (void)distance, (void)room;
}
void bench_blas_place_one_f32(const struct bench_training *training, bool stacked, float *room) {
    (void)training, (void)stacked, (void)room;
}
void bench_blas_place_one_f64(const struct bench_training *training, bool stacked, double *room) {
    (void)training, (void)stacked, (void)room;
}

#endif
