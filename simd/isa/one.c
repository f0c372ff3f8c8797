/* The kernels of one network on one instruction set and precision; the Makefile compiles this file as it does kernels.c, but with the scalar
 * vocabulary: what is long is done by the set's passes. */
#define TABLE_NAME(prefix, isa, bits) lyap_##prefix##_##isa##_f##bits
#define TABLE_OF(prefix, isa, bits) TABLE_NAME(prefix, isa, bits)
#define LYAP_TABLE TABLE_OF(kernels_one, LYAP_ISA, LYAP_REAL_BITS)
#define LYAP_PASSES TABLE_OF(passes, LYAP_ISA, LYAP_REAL_BITS)
#define TEXT(word) #word
#define TEXT_OF(word) TEXT(word)
#define LYAP_TABLE_ISA TEXT_OF(LYAP_ISA)
#define LYAP_WIDTH 1
#include "simd/one/body.h"
