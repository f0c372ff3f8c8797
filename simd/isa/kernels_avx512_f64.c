/* Kernels for AVX-512F, float64. */
#define LYAP_REAL_BITS 64
#define LYAP_AVX512 1
#define LYAP_TABLE lyap_kernels_avx512_f64
#define LYAP_TABLE_ISA LYAP_ISA_AVX512
#include "simd/kernels/body.h"
