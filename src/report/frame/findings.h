/* Verdicts and tests, as the sections hand them in. */
#ifndef LYAP_REPORT_FRAME_FINDINGS_H
#define LYAP_REPORT_FRAME_FINDINGS_H

#include <stddef.h>
#include <stdint.h>

#include "lyapgrad/status.h"
#include "report/frame/verdict.h"

struct lyap_finding {
    char *id, *claim, *effect, *reason; /* owned */
    enum lyap_verdict verdict;
};
struct lyap_finding_test {
    const char *section; /* its id */
    char *family, *what; /* owned */
    double p, adjusted;  /* NaN: undefined */
    uint32_t resamples;  /* 0: none */
};
struct lyap_finding_effect {
    char *claim, *what; /* owned */
    double value, low, high;
};
struct lyap_findings {
    size_t findings, tests, effects;
    struct lyap_finding *finding;       /* [findings], owned */
    struct lyap_finding_test *test;     /* [tests], owned */
    struct lyap_finding_effect *effect; /* [effects], owned */
    const char *section;                /* that is at work */
};
void lyap_findings_free(struct lyap_findings *findings);

/* Holm's adjustment in each family over the tests whose p is defined. LYAP_ERROR_MEMORY. */
enum lyap_status lyap_findings_adjust(struct lyap_findings *findings, struct lyap_error *error);

#endif
