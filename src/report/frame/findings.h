/* Verdicts and tests, as the sections hand them in. */
#ifndef LYAP_REPORT_FRAME_FINDINGS_H
#define LYAP_REPORT_FRAME_FINDINGS_H

#include <stddef.h>

#include "lyapgrad/status.h"
#include "report/frame/verdict.h"

struct lyap_finding {
    char *id, *claim, *reason; /* owned */
    enum lyap_verdict verdict;
};
struct lyap_finding_test {
    const char *section; /* its id */
    char *what;          /* owned */
    double p, adjusted;  /* NaN: undefined */
};
struct lyap_findings {
    size_t findings, tests;
    struct lyap_finding *finding;   /* [findings], owned */
    struct lyap_finding_test *test; /* [tests], owned */
    const char *section;            /* that is at work */
};
void lyap_findings_free(struct lyap_findings *findings);

/* Holm's adjustment over every test whose p is defined. LYAP_ERROR_MEMORY. */
enum lyap_status lyap_findings_adjust(struct lyap_findings *findings, struct lyap_error *error);

#endif
