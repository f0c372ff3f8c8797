/* What a claim comes to. */
#ifndef LYAP_REPORT_FRAME_VERDICT_H
#define LYAP_REPORT_FRAME_VERDICT_H

#include <stdint.h>

enum lyap_verdict { LYAP_HOLDS, LYAP_HOLDS_IN_PART, LYAP_DOES_NOT_HOLD, LYAP_CANNOT_BE_TOLD };
const char *
lyap_verdict_name(enum lyap_verdict verdict); /* "holds", "holds in part", "does not hold", "cannot be told" */
/* Of a claim about `all` cases that is seen in `seen`: holds for all of them, in part for some, not for none. */
enum lyap_verdict lyap_verdict_of(uint64_t seen, uint64_t all);

#endif
