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

/* Differences of final losses that count, fixed in advance, and the fewest chaotic starts of a case. */
static const double LYAP_CHAOS_MATTERS = 0.001;
enum { LYAP_CHAOS_LEAST = 10 };

struct lyap_chaos_counts {
    size_t told; /* cases with enough chaotic starts; of these: */
    /* The median difference from the low rate is surely below -LYAP_CHAOS_MATTERS, above it, within both */
    size_t chaos_lower, chaos_higher, cooled_lower, cooled_higher, cooled_same;
};
struct lyap_chaos_counts lyap_chaos_count(const struct lyap_chaos *q);
/* The differences of these cases, with their intervals. */
void lyap_chaos_list(const struct lyap_chaos *q, bool cooled, char *text, size_t size);

#endif
