/* Kernels for AVX2 with FMA, float64. */
#define LYAP_REAL_BITS 64
#define LYAP_AVX2 1
#define LYAP_TABLE lyap_kernels_avx2_f64
#define LYAP_TABLE_ISA LYAP_ISA_AVX2
#include "simd/kernels/body.h"
