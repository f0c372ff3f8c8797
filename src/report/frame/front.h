/* The first page of the report, and the tables of its verdicts and tests. */
#ifndef LYAP_REPORT_FRAME_FRONT_H
#define LYAP_REPORT_FRAME_FRONT_H

#include "figure/document.h"
#include "io/schema.h"
#include "report/frame/findings.h"
#include "report/frame/options.h"

void lyap_front_write(struct lyap_document *document, const struct lyap_findings *findings,
                      const struct lyap_report_options *options, const char *only);

/* verdicts.csv and tests.csv, and their columns. */
extern const struct lyap_schema lyap_verdicts_schema, lyap_tests_schema;
void lyap_front_verdicts(FILE *file, const struct lyap_findings *findings);
void lyap_front_tests(FILE *file, const struct lyap_findings *findings);

/* One line a verdict. */
void lyap_front_summary(struct lyap_text *text, const struct lyap_findings *findings);

#endif
