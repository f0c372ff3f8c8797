/* Tests that cannot run here say so: one line each on standard output, which scripts/run-tests.sh counts. Check itself has
 * no such outcome. */
#ifndef LYAP_TEST_SKIP_H
#define LYAP_TEST_SKIP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "lyapgrad/isa.h"
#include "simd/isa/list.h"
#include "lyapgrad/version.h"

/* What gcc says of sanitizers, of clang, too. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer) && !defined(__SANITIZE_ADDRESS__)
#define __SANITIZE_ADDRESS__ 1
#endif
#if __has_feature(thread_sanitizer) && !defined(__SANITIZE_THREAD__)
#define __SANITIZE_THREAD__ 1
#endif
#endif
static inline bool under_sanitizer(void) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return true;
#else
    return false;
#endif
}

/* Check's name of the function of a test may end with "_fn". */
#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
static inline void
report_skip(const char *what, const char *function, const char *format, ...) {
    size_t length = strlen(function);
    if (length > 3 && strcmp(function + length - 3, "_fn") == 0) length -= 3;
    va_list arguments;
    va_start(arguments, format);
    printf("%s: %.*s: ", what, (int)length, function);
    vprintf(format, arguments);
    putchar('\n');
    fflush(stdout);
    va_end(arguments);
}

/* Ends the test that it stands in. The reason is a format with its values. */
#define SKIP(...)                                                                                                      \
    do {                                                                                                               \
        report_skip("skipped", __func__, __VA_ARGS__);                                                                 \
        return;                                                                                                        \
    } while (0)

/* The test goes on without a part of it. */
#define SKIP_PART(...) report_skip("skipped in part", __func__, __VA_ARGS__)

/* The instruction sets of this architecture, whether this CPU has them or not. */
#define BUILT_ISA(constant, name, has, flags) LYAP_ISA_##constant,
static const enum lyap_isa built_isas[] = {LYAP_BUILT_ISAS(BUILT_ISA)};
enum { BUILT_ISAS = sizeof built_isas / sizeof *built_isas };

/* Whether there are kernels of an instruction set; if this CPU lacks one of its architecture, one line says so. */
static inline bool has_isa(enum lyap_isa isa, const char *test) {
    static unsigned told;
    bool built = false;
    for (int i = 0; i < BUILT_ISAS; i++) built = built || built_isas[i] == isa;
    if (lyap_isa_available(isa)) return true;
    if (built && !(told >> isa & 1)) report_skip("skipped in part", test, "this CPU has no %s", lyap_isa_name(isa));
    told |= 1u << isa;
    return false;
}
#define HAS_ISA(isa) has_isa((enum lyap_isa)(isa), __func__)

/* SLEEF's versions whose functions were compared and have the same bits: digests in the tests were recorded with the first
 * and hold for all. */
static inline bool sleef_is_recorded(void) {
    static const char *const versions[] = {"3.5.1", "3.6.1", "3.7.0", "3.8.0", "3.9.0"};
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++)
        if (strcmp(lyap_sleef_version(), versions[i]) == 0) return true;
    return false;
}
#define SKIP_UNLESS_RECORDED()                                                                                         \
    do {                                                                                                               \
        if (!sleef_is_recorded()) SKIP("its digests are not known for SLEEF %s", lyap_sleef_version());                \
    } while (0)

#endif
