#include "lyapgrad/digest.h"
#include "lyapgrad/series.h"

uint64_t lyap_series_digest(const struct lyap_series_result *r) {
    uint64_t digest = LYAP_DIGEST_START;
    digest = lyap_digest_u64(digest, (uint64_t)r->status);
    digest = lyap_digest_double(digest, r->slope);
    digest = lyap_digest_double(digest, r->error);
    digest = lyap_digest_u64(digest, (uint64_t)r->used.fit_first);
    digest = lyap_digest_u64(digest, (uint64_t)r->used.fit_last);
    for (size_t i = 0; i < r->points; i++) {
        digest = lyap_digest_u64(digest, r->curve[i].step);
        digest = lyap_digest_double(digest, r->curve[i].value);
        digest = lyap_digest_double(digest, r->curve[i].error);
        digest = lyap_digest_u64(digest, r->curve[i].references);
        digest = lyap_digest_u64(digest, r->curve[i].pairs);
    }
    return digest;
}
