/* Which instruction set runs the kernels.
 *
 *   enum lyap_isa isa;
 *   if (lyap_isa_select(getenv("LYAPGRAD_ISA"), &isa, &error)) ...   // NULL or "" picks the best one
 *
 * Every choice gives the same bits; only the speed differs. */
#ifndef LYAPGRAD_ISA_H
#define LYAPGRAD_ISA_H

#include <stdbool.h>

#include "lyapgrad/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Of those that a CPU has, a later one is faster. */
enum lyap_isa { LYAP_ISA_SCALAR, LYAP_ISA_AVX2, LYAP_ISA_AVX512, LYAP_ISA_NEON, LYAP_ISA_COUNT };

/* The name used on the command line: "scalar", "avx2", "avx512", "neon"; "unknown" for a value outside the enum. */
const char *lyap_isa_name(enum lyap_isa isa);

/* True if this build holds kernels for `isa` and this CPU and operating system run them. On x86 even the scalar path
 * needs FMA, because the fused rounding is part of the result. */
bool lyap_isa_available(enum lyap_isa isa);

/* Chooses an instruction set.
 *   name    one of the names above; NULL or "" for the fastest available one
 *   isa     receives the choice
 * Returns LYAP_ERROR_ISA, with the available names in the message, for an unknown name or one this CPU lacks, and
 * when the CPU can run none (x86 without FMA). */
enum lyap_status lyap_isa_select(const char *name, enum lyap_isa *isa, struct lyap_error *error);

#ifdef __cplusplus
}
#endif
#endif
