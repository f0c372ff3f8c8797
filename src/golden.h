/* Digests of the fixed workload (src/workload.c), by SLEEF version in ascending order. `make golden` adds or
 * replaces the row of the version that the build has. */
#ifndef LYAP_GOLDEN_H
#define LYAP_GOLDEN_H

#include <stdint.h>

static const struct lyap_golden {
    const char *sleef;
    uint64_t digest[2]; /* float32, float64 */
} lyap_golden[] = {
    {"3.5.1", {UINT64_C(0x5a4e613992b6ded0), UINT64_C(0xd3884da21b86e620)}},
};

#endif
