/* Functions that are always inlined: only then do compilers see the constants of a shape or an instance that is known at
 * compile time, unroll, and keep values in registers. Structures passed to them by pointer fall apart into registers. */
#ifndef LYAP_SIMD_KERNELS_INLINE_H
#define LYAP_SIMD_KERNELS_INLINE_H

#if defined(__GNUC__)
#define ALWAYS_INLINE static inline __attribute__((always_inline))
#define NEVER_INLINE static __attribute__((noinline))
#else
#define ALWAYS_INLINE static inline
#define NEVER_INLINE static
#endif

#endif
