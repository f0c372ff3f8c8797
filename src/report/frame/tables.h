/* verdicts.csv, tests.csv and effects.csv: what the sections handed in, with one seed or two. */
#ifndef LYAP_REPORT_FRAME_TABLES_H
#define LYAP_REPORT_FRAME_TABLES_H

#include "io/schema.h"
#include "report/frame/findings.h"

extern const struct lyap_schema lyap_verdicts_schema, lyap_tests_schema, lyap_effects_schema;
/* All of them, NULL-terminated. */
extern const struct lyap_schema *const lyap_frame_tables[];

/* `second`: of the second seed; without one (NULL) its columns are left out. */
void lyap_verdicts_write(FILE *file, const struct lyap_findings *findings, const struct lyap_findings *second);
void lyap_tests_write(FILE *file, const struct lyap_findings *findings, const struct lyap_findings *second);
void lyap_effects_write(FILE *file, const struct lyap_findings *findings, const struct lyap_findings *second);

#endif
