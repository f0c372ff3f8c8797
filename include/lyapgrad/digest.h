/* A 64-bit digest of results: FNV-1a (Fowler, Noll, Vo) over the little-endian bytes of each value. Equal
 * digests of the results of equal plans mean equal bits; it guards against accidents, not against malice. Records are digested by lyap_digest_record
 * (lyapgrad/ensemble.h) and lyap_digest_spectrum (lyapgrad/spectrum.h). */
#ifndef LYAPGRAD_DIGEST_H
#define LYAPGRAD_DIGEST_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct lyap_exponent;
struct lyap_record;
struct lyap_spectrum_record;

#define LYAP_DIGEST_START UINT64_C(0xcbf29ce484222325)

/* Each returns the digest extended by its argument. NaNs never occur in results; -0.0 and 0.0 are different bits. */
uint64_t lyap_digest_u64(uint64_t digest, uint64_t value);
uint64_t lyap_digest_double(uint64_t digest, double value);

#ifdef __cplusplus
}
#endif
#endif
