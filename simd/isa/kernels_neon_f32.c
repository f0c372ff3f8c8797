/* Kernels for ARM64 NEON, float32. */
#define LYAP_REAL_BITS 32
#define LYAP_NEON 1
#define LYAP_TABLE lyap_kernels_neon_f32
#define LYAP_TABLE_ISA LYAP_ISA_NEON
#include "simd/kernels/body.h"
