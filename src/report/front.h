/* The first page of the report, and the tables of its verdicts and tests. */
#ifndef LYAP_REPORT_FRONT_H
#define LYAP_REPORT_FRONT_H

#include "report/report.h"

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

void lyap_front_write(struct lyap_document *document, const struct lyap_findings *findings,
                      const struct lyap_report_options *options, const char *only);

/* verdicts.csv: id,claim,verdict,reason. tests.csv: section,test,p,adjusted; an undefined p is an empty field. */
void lyap_front_verdicts(FILE *file, const struct lyap_findings *findings);
void lyap_front_tests(FILE *file, const struct lyap_findings *findings);

/* One line a verdict. */
void lyap_front_summary(struct lyap_text *text, const struct lyap_findings *findings);

#endif
