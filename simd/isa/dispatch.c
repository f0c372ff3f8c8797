/* Which kernels run: what this build holds, what the CPU can do, and what was asked for. */
#include <stdio.h>
#include <string.h>

#include "simd/kernels.h"

static const char *const names[LYAP_ISA_COUNT] = {"scalar", "avx2", "avx512", "neon"};

const char *lyap_isa_name(enum lyap_isa isa) {
    return (unsigned)isa < LYAP_ISA_COUNT ? names[isa] : "unknown";
}

bool lyap_isa_available(enum lyap_isa isa) {
    switch (isa) {
#if defined(__x86_64__)
    /* The scalar path too: SLEEF builds its scalar fused functions for AVX2 with FMA. */
    case LYAP_ISA_SCALAR:
    case LYAP_ISA_AVX2:
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case LYAP_ISA_AVX512:
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("fma");
    case LYAP_ISA_NEON:
        return false;
#elif defined(__aarch64__)
    case LYAP_ISA_SCALAR:
    case LYAP_ISA_NEON:
        return true;
    case LYAP_ISA_AVX2:
    case LYAP_ISA_AVX512:
        return false;
#else
    case LYAP_ISA_SCALAR:
        return true;
    case LYAP_ISA_AVX2:
    case LYAP_ISA_AVX512:
    case LYAP_ISA_NEON:
        return false;
#endif
    case LYAP_ISA_COUNT:
        break;
    }
    return false;
}

/* Joins the available names with ", ". */
static void list_available(char *text, size_t size) {
    text[0] = 0;
    for (int i = 0; i < LYAP_ISA_COUNT; i++) {
        if (!lyap_isa_available((enum lyap_isa)i)) continue;
        size_t used = strlen(text);
        snprintf(text + used, size - used, "%s%s", used ? ", " : "", names[i]);
    }
}

enum lyap_status lyap_isa_select(const char *name, enum lyap_isa *isa, struct lyap_error *error) {
    static const enum lyap_isa fastest_first[] = {LYAP_ISA_AVX512, LYAP_ISA_AVX2, LYAP_ISA_NEON, LYAP_ISA_SCALAR};
    if (!lyap_isa_available(LYAP_ISA_SCALAR))
        return lyap_fail(error, LYAP_ERROR_ISA,
                         "this CPU lacks the fused multiply-add (AVX2 with FMA) that the results are defined by");
    if (!name || !*name) {
        for (size_t i = 0; i < sizeof fastest_first / sizeof *fastest_first; i++) {
            *isa = fastest_first[i];
            if (lyap_isa_available(*isa)) return LYAP_OK;
        }
    }
    char available[64];
    list_available(available, sizeof available);
    for (int i = 0; i < LYAP_ISA_COUNT; i++) {
        if (strcmp(name, names[i]) != 0) continue;
        *isa = (enum lyap_isa)i;
        if (lyap_isa_available(*isa)) return LYAP_OK;
        return lyap_fail(error, LYAP_ERROR_ISA, "LYAPGRAD_ISA: '%s' is not available here; choose one of: %s", name,
                         available);
    }
    return lyap_fail(error, LYAP_ERROR_ISA, "LYAPGRAD_ISA: unknown instruction set '%.40s'; choose one of: %s", name,
                     available);
}

const struct lyap_kernels *lyap_kernels_get(enum lyap_isa isa, enum lyap_precision precision) {
    bool wide = precision == LYAP_FLOAT64;
    if (!lyap_isa_available(isa)) return NULL;
    switch (isa) {
    case LYAP_ISA_SCALAR:
        return wide ? &lyap_kernels_scalar_f64 : &lyap_kernels_scalar_f32;
#if defined(__x86_64__)
    case LYAP_ISA_AVX2:
        return wide ? &lyap_kernels_avx2_f64 : &lyap_kernels_avx2_f32;
    case LYAP_ISA_AVX512:
        return wide ? &lyap_kernels_avx512_f64 : &lyap_kernels_avx512_f32;
#elif defined(__aarch64__)
    case LYAP_ISA_NEON:
        return wide ? &lyap_kernels_neon_f64 : &lyap_kernels_neon_f32;
#endif
    default:
        return NULL;
    }
}
