/* Kernels for AVX-512F, float32. */
#define LYAP_REAL_BITS 32
#define LYAP_AVX512 1
#define LYAP_TABLE lyap_kernels_avx512_f32
#define LYAP_TABLE_ISA LYAP_ISA_AVX512
#include "simd/kernels/body.h"
