/* FNV-1a, 64 bits (Fowler, Noll and Vo; parameters as in RFC 9923, section 5). */
#include "lyapgrad/digest.h"

#include <string.h>

uint64_t lyap_digest_u64(uint64_t digest, uint64_t value) {
    for (int byte = 0; byte < 8; byte++) {
        digest ^= (value >> (8 * byte)) & 0xff;
        digest *= UINT64_C(0x100000001b3);
    }
    return digest;
}

uint64_t lyap_digest_double(uint64_t digest, double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return lyap_digest_u64(digest, bits);
}
