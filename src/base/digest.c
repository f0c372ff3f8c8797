/* FNV-1a, 64 bits (Fowler, Noll and Vo; parameters as in RFC 9923, section 5). */
#include "lyapgrad/digest.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/spectrum.h"

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

/* Every field enters as 64 bits, in the order of its declaration; integers narrower than that are widened. */
uint64_t lyap_digest_record(uint64_t digest, const struct lyap_record *record) {
    digest = lyap_digest_u64(digest, record->cell);
    digest = lyap_digest_u64(digest, record->value);
    digest = lyap_digest_u64(digest, record->start);
    digest = lyap_digest_double(digest, record->lr);
    digest = lyap_digest_double(digest, record->initial_loss);
    digest = lyap_digest_double(digest, record->final_loss);
    digest = lyap_digest_double(digest, record->lambda_kw);
    digest = lyap_digest_double(digest, record->lambda_step);
    digest = lyap_digest_u64(digest, record->terms);
    digest = lyap_digest_u64(digest, record->length);
    digest = lyap_digest_u64(digest, (uint64_t)record->event_epoch);
    return lyap_digest_u64(digest, (uint64_t)record->outcome);
}

uint64_t lyap_digest_spectrum(uint64_t digest, const struct lyap_spectrum_record *record,
                              const struct lyap_exponent *lambda, size_t n) {
    const struct lyap_spectrum_record *r = record;
    const uint64_t counts[] = {r->cell,    r->value,    r->start,  r->steps,
                               r->batches, r->resolved, r->period, (uint64_t)r->event_epoch,
                               r->outcome, r->regime,   r->stop};
    const double values[] = {r->lr,
                             r->initial_loss,
                             r->final_loss,
                             r->sum,
                             r->dimension,
                             r->growth,
                             r->sharpness_first,
                             r->sharpness_last,
                             r->smallest_first,
                             r->smallest_last};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) digest = lyap_digest_u64(digest, counts[i]);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) digest = lyap_digest_double(digest, values[i]);
    for (size_t k = 0; k < n; k++) {
        digest = lyap_digest_double(digest, lambda[k].lambda);
        digest = lyap_digest_double(digest, lambda[k].low);
        digest = lyap_digest_double(digest, lambda[k].high);
    }
    return digest;
}
