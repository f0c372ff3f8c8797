/* Loops over arrays of vectors that are to stay in registers: at some size compilers no longer unroll them on their own, and then leave the
 * array in memory. */
#ifndef LYAP_SIMD_PASSES_UNROLLED_H
#define LYAP_SIMD_PASSES_UNROLLED_H

/* Before a loop of at most 16 rounds. */
#if defined(__clang__)
#define UNROLLED _Pragma("clang loop unroll(full)")
#elif defined(__GNUC__)
#define UNROLLED _Pragma("GCC unroll 16")
#else
#define UNROLLED
#endif

#endif
