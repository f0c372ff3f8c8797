/* C1: src/report/rate/rate.c computes, src/report/rate/write.c writes. */
#ifndef LYAP_REPORT_RATE_RATE_H
#define LYAP_REPORT_RATE_RATE_H

#include "report/rate/state.h"
#include "lyapgrad/status.h"

/* The verdicts C1a to C1d, src/report/rate/verdict.c. */
void lyap_rate_verdicts(struct lyap_report *report, const struct lyap_rate_state *state);

/* The data files, src/report/rate/data.c. */
extern const struct lyap_schema *const lyap_rate_tables[];
enum lyap_status lyap_rate_data(struct lyap_report *report, const struct lyap_rate_state *state,
                                struct lyap_error *error);

/* The work of the section, and freeing it. */
enum lyap_status lyap_rate_compute(struct lyap_report *report, void **state, struct lyap_error *error);
void lyap_rate_release(void *state);

#endif
