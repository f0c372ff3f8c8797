/* The instruction sets that kernels are written for, one a line in the order of enum lyap_isa, faster ones later:
 *
 *   processor(constant LYAP_ISA_..., name, whether this CPU has it, flags of the compiler)
 *
 * Names, declarations, dispatch and the Makefile, which reads names and flags from these lines, come from here.
 * simd/isa/vec_<name>.h has a set's vocabulary. */
#ifndef LYAP_SIMD_ISA_LIST_H
#define LYAP_SIMD_ISA_LIST_H

/* clang-format off */
#define LYAP_ISA_LIST(ANY, X86, ARM)                                                               \
    ANY(SCALAR, scalar, LYAP_CPU_FUSES, "-fno-tree-vectorize -fno-tree-slp-vectorize")             \
    X86(AVX2, avx2, LYAP_CPU_FUSES, "-mavx2 -mfma")                                                \
    X86(AVX512, avx512, __builtin_cpu_supports("avx512f") && LYAP_CPU_FUSES, "-mavx512f -mavx2 -mfma") \
    ARM(NEON, neon, true, "")
/* clang-format on */

/* Whether the CPU has the fused multiply-add that the results are defined by. On x86 the scalar path needs AVX2 too: SLEEF
 * builds its scalar fused functions for both. */
#if defined(__x86_64__)
#define LYAP_CPU_FUSES (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
#else
#define LYAP_CPU_FUSES true
#endif

/* The sets that this build holds: ENTRY of each. */
#define LYAP_ISA_ABSENT(constant, name, has, flags)
#if defined(__x86_64__)
#define LYAP_BUILT_ISAS(ENTRY) LYAP_ISA_LIST(ENTRY, ENTRY, LYAP_ISA_ABSENT)
#elif defined(__aarch64__)
#define LYAP_BUILT_ISAS(ENTRY) LYAP_ISA_LIST(ENTRY, LYAP_ISA_ABSENT, ENTRY)
#else
#define LYAP_BUILT_ISAS(ENTRY) LYAP_ISA_LIST(ENTRY, LYAP_ISA_ABSENT, LYAP_ISA_ABSENT)
#endif

#endif
