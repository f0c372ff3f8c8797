/* Kernels for ARM64 NEON, float64. */
#define LYAP_REAL_BITS 64
#define LYAP_NEON 1
#define LYAP_TABLE lyap_kernels_neon_f64
#define LYAP_TABLE_ISA LYAP_ISA_NEON
#include "simd/kernels/body.h"
