/* C1: src/report/rate/rate.c computes, src/report/rate/write.c writes. */
#ifndef LYAP_REPORT_RATE_RATE_H
#define LYAP_REPORT_RATE_RATE_H

#include "report/rate/state.h"
#include "lyapgrad/status.h"

/* The work of the section, and freeing it. */
enum lyap_status lyap_rate_compute(struct lyap_report *report, void **state, struct lyap_error *error);
void lyap_rate_release(void *state);

/* The claim C1 and the steps C1a to C1d: src/report/rate/verdict.c. */
void lyap_rate_verdicts(struct lyap_report *report, const struct lyap_rate_state *state);

/* What explains the published figure: src/report/rate/explain.c. */
void lyap_rate_explain(struct lyap_document *d, const struct lyap_rate_state *state);

/* The section's part of the appendix: src/report/rate/appendix.c. */
void lyap_rate_appendix(struct lyap_report *report, const struct lyap_rate_state *state);

/* The data files, src/report/rate/data.c. */
extern const struct lyap_schema *const lyap_rate_tables[];
enum lyap_status lyap_rate_data(struct lyap_report *report, const struct lyap_rate_state *state,
                                struct lyap_error *error);

static inline const char *lyap_rate_activation(int panel) {
    return lyap_paper_activation[panel] == LYAP_RELU ? "ReLU" : lyap_activation_name(lyap_paper_activation[panel]);
}
static inline double lyap_percent(uint64_t part, uint64_t whole) {
    return whole ? 100 * (double)part / (double)whole : 0;
}

#endif
