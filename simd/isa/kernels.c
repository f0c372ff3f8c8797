/* The kernels of one instruction set and precision. The Makefile compiles this file for each pair, with LYAP_ISA its name in
 * simd/isa/list.h, LYAP_VEC_HEADER its vocabulary and LYAP_REAL_BITS 32 or 64. */
#define TABLE_NAME(isa, bits) lyap_kernels_##isa##_f##bits
#define TABLE_OF(isa, bits) TABLE_NAME(isa, bits)
#define LYAP_TABLE TABLE_OF(LYAP_ISA, LYAP_REAL_BITS)
#define TEXT(word) #word
#define TEXT_OF(word) TEXT(word)
#define LYAP_TABLE_ISA TEXT_OF(LYAP_ISA)
#include "simd/kernels/body.h"
