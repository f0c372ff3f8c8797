/* Kernels for AVX2 with FMA, float32. */
#define LYAP_REAL_BITS 32
#define LYAP_AVX2 1
#define LYAP_TABLE lyap_kernels_avx2_f32
#define LYAP_TABLE_ISA LYAP_ISA_AVX2
#include "simd/kernels/body.h"
