#include "report/frame/verdict.h"

const char *lyap_verdict_name(enum lyap_verdict verdict) {
    static const char *const names[] = {"holds", "holds in part", "does not hold", "cannot be told"};
    return names[verdict];
}

enum lyap_verdict lyap_verdict_of(uint64_t seen, uint64_t all) {
    return seen == all ? LYAP_HOLDS : seen > 0 ? LYAP_HOLDS_IN_PART : LYAP_DOES_NOT_HOLD;
}
