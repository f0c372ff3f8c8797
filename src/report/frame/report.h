/* What the replication report gives its sections to work with.
 *
 * A section (report/frame/section.h) answers one question. All sections first compute, and hand in the p-values of the
 * tests they will argue from; these are adjusted together (Holm); then each section writes its text, tables, figures
 * and data files, and gives its verdict. Numbers in the text come from the run, so a sentence must be true for every
 * outcome: choose words by the numbers. */
#ifndef LYAP_REPORT_FRAME_REPORT_H
#define LYAP_REPORT_FRAME_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "figure/document.h"
#include "io/schema.h"
#include "report/frame/options.h"
#include "report/frame/verdict.h"
#include "lyapgrad/progress.h"
#include "lyapgrad/status.h"

struct lyap_report;
const struct lyap_report_options *lyap_report_options_of(const struct lyap_report *report);
struct lyap_document *lyap_report_document(struct lyap_report *report);

/* `starts` times options.scale, at least `least`. */
uint64_t lyap_report_starts(const struct lyap_report *report, uint64_t starts, uint64_t least);

/* The length of a run: `steps`, or a tenth of it in a brief report. */
uint32_t lyap_report_steps(const struct lyap_report *report, uint32_t steps);

/* A progress function and its context for the plans of a section that makes `share` (in 0 .. 1) of its work with it: it
 * maps the run's own progress into the section's place in the whole. Call before each run, in order. */
void lyap_report_progress(struct lyap_report *report, double share, lyap_progress *progress, void **context);

/* Hands in a two-sided p; gives the number under which lyap_report_adjusted has it while writing. `what` is copied. */
size_t lyap_report_test(struct lyap_report *report, const char *what, double p);
double lyap_report_adjusted(const struct lyap_report *report, size_t test);

/* A data file in the report's directory, by the name in its description, with its head (written at once under a
 * temporary name, which becomes its own when the whole report is written); lyap_schema_row with the same `repeat` adds
 * rows. NULL with *error filled when it cannot be opened. */
FILE *lyap_report_table(struct lyap_report *report, const struct lyap_schema *schema, const struct lyap_repeat *repeat,
                        struct lyap_error *error);

/* The verdict on the section's question with one sentence of reason. Also goes to the table on the first page and to
 * verdicts.csv with the columns id, claim, verdict, reason. A section may give several (claims C1a, C1b). */
void lyap_report_verdict(struct lyap_report *report, const char *id, const char *claim, enum lyap_verdict verdict,
                         const char *format, ...) LYAP_PRINTF(5, 6);

#endif
