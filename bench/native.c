#include "native.h"

#include <math.h>

#define REAL float
#define EXP expf
#define TANH tanhf
#define SQRT sqrtf
#define WIDTH 1
#define ACTIVATE activate_plain_f32
#define DERIVE derive_plain_f32
#define SAMPLE sample_plain_f32
#define STEP step_plain_f32
#define TRAIN bench_plain_f32
#include "native_body.h"

#define WIDTH 16
#define ACTIVATE activate_vectorised_f32
#define DERIVE derive_vectorised_f32
#define SAMPLE sample_vectorised_f32
#define STEP step_vectorised_f32
#define TRAIN bench_vectorised_f32
#include "native_body.h"
#undef REAL
#undef EXP
#undef TANH
#undef SQRT

#define REAL double
#define EXP exp
#define TANH tanh
#define SQRT sqrt
#define WIDTH 1
#define ACTIVATE activate_plain_f64
#define DERIVE derive_plain_f64
#define SAMPLE sample_plain_f64
#define STEP step_plain_f64
#define TRAIN bench_plain_f64
#include "native_body.h"

#define WIDTH 16
#define ACTIVATE activate_vectorised_f64
#define DERIVE derive_vectorised_f64
#define SAMPLE sample_vectorised_f64
#define STEP step_vectorised_f64
#define TRAIN bench_vectorised_f64
#include "native_body.h"

double bench_native_chain(enum bench_native_chain what, int count) {
    volatile double given = 0.5;
    double x = given, factor = given + 0.5, term = given - 0.5;
    for (int i = 0; i < count; i++) switch (what) {
        case BENCH_CHAIN_FMA:
            x = x * factor + term;
            break;
        case BENCH_CHAIN_MUL:
            x = x * factor;
            break;
        default:
            x = x + term;
            break;
        }
    return x;
}

size_t bench_native_room(const struct lyap_network *net, const struct lyap_dataset *data, size_t trajectories) {
    size_t units = 0;
    for (int l = 0; l <= net->layers; l++) units += (size_t)net->sizes[l];
    return data->samples * (data->inputs + data->outputs) +
           BENCH_LANES * ((trajectories + 1) * lyap_network_parameters(net) + 2 * units);
}
