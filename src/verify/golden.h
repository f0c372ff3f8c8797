/* Digests of the fixed workload (src/verify/workload.c), by SLEEF version in ascending order. `make golden` adds or
 * replaces the row of the version that the build has. */
#ifndef LYAP_GOLDEN_H
#define LYAP_GOLDEN_H

#include <stdint.h>

static const struct lyap_golden {
    const char *sleef;
    uint64_t digest[2]; /* float32, float64 */
} lyap_golden[] = {
    {"3.5.1", {UINT64_C(0x5244abbb293f8920), UINT64_C(0x0953716f3458b998)}},
    {"3.6.1", {UINT64_C(0x5244abbb293f8920), UINT64_C(0x0953716f3458b998)}},
    {"3.7.0", {UINT64_C(0x5244abbb293f8920), UINT64_C(0x0953716f3458b998)}},
    {"3.8.0", {UINT64_C(0x5244abbb293f8920), UINT64_C(0x0953716f3458b998)}},
    {"3.9.0", {UINT64_C(0x5244abbb293f8920), UINT64_C(0x0953716f3458b998)}},
};

#endif
