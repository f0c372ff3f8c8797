/* Which kernels run: what this build holds, what the CPU can do, and what was asked for. */
#include <stdio.h>
#include <string.h>

#include "simd/isa/list.h"
#include "simd/kernels.h"

#define NAMED(constant, name, has, flags) [LYAP_ISA_##constant] = #name,
static const char *const names[] = {LYAP_ISA_LIST(NAMED, NAMED, NAMED)};
_Static_assert(sizeof names / sizeof *names == LYAP_ISA_COUNT,
               "simd/isa/list.h has a line for each constant of enum lyap_isa");

const char *lyap_isa_name(enum lyap_isa isa) {
    return (unsigned)isa < LYAP_ISA_COUNT ? names[isa] : "unknown";
}

#define AVAILABLE(constant, name, has, flags)                                                                          \
    if (isa == LYAP_ISA_##constant) return (has);
bool lyap_isa_available(enum lyap_isa isa) {
    LYAP_BUILT_ISAS(AVAILABLE)
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
    if (!lyap_isa_available(LYAP_ISA_SCALAR))
        return lyap_fail(error, LYAP_ERROR_ISA,
                         "this CPU lacks the fused multiply-add (AVX2 with FMA) that the results are defined by");
    if (!name || !*name) {
        int fastest = LYAP_ISA_COUNT - 1;
        while (!lyap_isa_available((enum lyap_isa)fastest)) fastest--;
        *isa = (enum lyap_isa)fastest;
        return LYAP_OK;
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

#define CHOSEN(constant, name, has, flags)                                                                             \
    case LYAP_ISA_##constant:                                                                                          \
        return precision == LYAP_FLOAT64 ? &lyap_kernels_##name##_f64 : &lyap_kernels_##name##_f32;
const struct lyap_kernels *lyap_kernels_get(enum lyap_isa isa, enum lyap_precision precision) {
    if (!lyap_isa_available(isa)) return NULL;
    switch ((int)isa) { LYAP_BUILT_ISAS(CHOSEN) }
    return NULL;
}

#define CHOSEN_ONE(constant, name, has, flags)                                                                         \
    case LYAP_ISA_##constant:                                                                                          \
        return precision == LYAP_FLOAT64 ? &lyap_kernels_one_##name##_f64 : &lyap_kernels_one_##name##_f32;
const struct lyap_kernels *lyap_kernels_one(enum lyap_isa isa, enum lyap_precision precision) {
    if (!lyap_isa_available(isa)) return NULL;
    switch ((int)isa) { LYAP_BUILT_ISAS(CHOSEN_ONE) }
    return NULL;
}
