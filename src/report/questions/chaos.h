/* Q4: where chaos is real, does it raise or lower the final loss? The computing half.
 *
 * tanh networks whose starts are chaotic at some learning rate (lyapgrad/regime.h, over the second half of the steps). For each start the
 * lowest such rate of a grid from 2 to 16 times the low rate is taken; three trainings of as many steps are compared:
 *
 *   chaos    at that rate to the end
 *   calm     at a low rate, at which the start is neither chaotic nor lost
 *   cooled   at that rate for the first half, at the low rate for the second */
#ifndef LYAP_REPORT_QUESTIONS_CHAOS_H
#define LYAP_REPORT_QUESTIONS_CHAOS_H

#include "report/common/sample.h"

enum { LYAP_CHAOS_CASES = 4, LYAP_CHAOS_RATES = 7, LYAP_CHAOS_RESAMPLES = 400 };
extern const struct lyap_subject lyap_chaos_subjects[LYAP_CHAOS_CASES]; /* lr: the low rate */

extern const char *const lyap_chaos_name[LYAP_CHAOS_CASES]; /* "XOR" and so on */

/* A start that is chaotic. */
struct lyap_chaos_start {
    size_t start;
    double lr;                  /* the lowest chaotic rate */
    double chaos, calm, cooled; /* final losses */
};

struct lyap_chaos_result {
    size_t chaotic;               /* starts with a chaotic rate and a calm one */
    struct lyap_chaos_start *run; /* [starts], the first `chaotic` are used; owned */
    /* Median over these starts of the difference of final losses, and the share of them with a lower loss. */
    struct lyap_estimate chaos_calm, cooled_calm, chaos_lower, cooled_lower;
};

struct lyap_chaos {
    size_t starts;
    uint32_t steps;
    struct lyap_chaos_result result[LYAP_CHAOS_CASES];
};

enum lyap_status lyap_chaos_run(struct lyap_chaos *q, size_t starts, uint32_t steps,
                                const struct lyap_report_options *options, struct lyap_report *report,
                                struct lyap_error *error);
void lyap_chaos_free(struct lyap_chaos *q);

#endif
