/* Q: what the intervals surely say, counted over the cases, for text and verdicts. */
#ifndef LYAP_REPORT_QUESTIONS_COUNTS_H
#define LYAP_REPORT_QUESTIONS_COUNTS_H

#include "report/questions/questions.h"

struct lyap_depth_counts {
    size_t early,
        near; /* networks whose median positive onset is surely below half of 2/sharpness; surely within a factor of two of it */
    size_t reached;             /* networks in which more than half of the starts grow by ten nats at some rate */
    double least, most;         /* medians of that onset; NaN without one */
    size_t told, agree, oppose; /* networks with a partial correlation; surely positive, surely negative */
};
struct lyap_depth_counts lyap_depth_count(const struct lyap_depth *q);

struct lyap_chaos_counts {
    size_t told;                                                   /* cases with enough chaotic starts */
    size_t chaos_lower, chaos_higher, cooled_lower, cooled_higher; /* surely, than at the low rate */
};
struct lyap_chaos_counts lyap_chaos_count(const struct lyap_chaos *q);

#endif
