/* Kernels for one lane at a time, float32. */
#define LYAP_REAL_BITS 32
#define LYAP_TABLE lyap_kernels_scalar_f32
#define LYAP_TABLE_ISA LYAP_ISA_SCALAR
#include "simd/kernels/body.h"
