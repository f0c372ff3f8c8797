/* Kernels for one lane at a time, float64. */
#define LYAP_REAL_BITS 64
#define LYAP_TABLE lyap_kernels_scalar_f64
#define LYAP_TABLE_ISA LYAP_ISA_SCALAR
#include "simd/kernels/body.h"
