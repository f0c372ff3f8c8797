/* The passes over arrays of one instruction set and precision; the Makefile compiles this file as it does kernels.c. */
#define TABLE_NAME(isa, bits) lyap_passes_##isa##_f##bits
#define TABLE_OF(isa, bits) TABLE_NAME(isa, bits)
#define LYAP_TABLE TABLE_OF(LYAP_ISA, LYAP_REAL_BITS)
#define TEXT(word) #word
#define TEXT_OF(word) TEXT(word)
#define LYAP_TABLE_ISA TEXT_OF(LYAP_ISA)
#include "simd/passes/body.h"
