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
/* Where a section writes. The text is read by everybody: its part of the report (report/frame/section.h) has one figure, one table and plain
 * paragraphs. Protocols, further tables and figures go to the appendix, under the section's title. */
struct lyap_document *lyap_report_document(struct lyap_report *report);
struct lyap_document *lyap_report_appendix(struct lyap_report *report);

/* `starts` times options.scale, at least `least`. */
uint64_t lyap_report_starts(const struct lyap_report *report, uint64_t starts, uint64_t least);

/* The length of a run: `steps`, or a tenth of it in a brief report. */
uint32_t lyap_report_steps(const struct lyap_report *report, uint32_t steps);

/* A progress function and its context for the plans of a section that makes `share` (in 0 .. 1) of its work with it: it
 * maps the run's own progress into the section's place in the whole. Call before each run, in order. */
void lyap_report_progress(struct lyap_report *report, double share, lyap_progress *progress, void **context);

/* Shuffles of a permutation test, where a section has no reason for another number. */
enum { LYAP_SHUFFLES = 10000 };

/* Hands in a two-sided p of a test that was named in advance. Tests of one family, which is the id of the claim that they decide, are
 * adjusted together by Holm's method. NaN: the test is undefined, and the family is as if it were not there. `resamples`: those of a
 * permutation or bootstrap test, whose p is at least 1/(resamples + 1); 0 for other tests. Gives the number under which the other functions
 * have the test while writing. The words are copied; as for effects, they hold no number that another seed changes. */
size_t lyap_report_test(struct lyap_report *report, const char *family, double p, uint32_t resamples,
                        const char *format, ...) LYAP_PRINTF(5, 6);
double lyap_report_adjusted(const struct lyap_report *report, size_t test);
/* The adjusted p to two digits, "<= 0.002" where the test's resamples allow no smaller one, "-" where undefined; to text[32], which is
 * returned. */
const char *lyap_report_p_text(const struct lyap_report *report, size_t test, char text[32]);

/* A data file in the report's directory, by the name in its description, with its head (written at once under a
 * temporary name, which becomes its own when the whole report is written); lyap_schema_row with the same `repeat` adds
 * rows. NULL with *error filled when it cannot be opened. */
FILE *lyap_report_table(struct lyap_report *report, const struct lyap_schema *schema, const struct lyap_repeat *repeat,
                        struct lyap_error *error);

/* A correlation or a rank agreement, in -1 .. 1, with its 95 % interval: a row of the figure of all effects and of effects.csv. `claim` is the
 * id of the claim that it bears on; +1 is what the claim says. The words are copied; they say what was measured and no number that another seed changes,
 * because the effects of two seeds are paired by them. */
struct lyap_estimate;
void lyap_report_effect(struct lyap_report *report, const char *claim, const struct lyap_estimate *effect,
                        const char *format, ...) LYAP_PRINTF(4, 5);

/* A verdict. The ids C1, C2, C3, L1 and L2 are claims of the paper, and make the first table (L1 and L2 are limits that it admits: they hold where the
 * limit is real); C1a and the like are steps towards them and
 * stand in the appendix. `effect`: the numbers that decide, such as "r = 0.08 to 0.18 of 1"; the words of the format: one sentence of
 * reason. */
struct lyap_report_judgement {
    const char *id, *claim;
    enum lyap_verdict verdict;
    const char *effect;
};
void lyap_report_judge(struct lyap_report *report, const struct lyap_report_judgement *judgement, const char *format,
                       ...) LYAP_PRINTF(3, 4);

/* The sentence of the abstract that answers a claim of the paper: "C1", "C2", "C3", "limits" (both limits in one sentence), or "instead":
 * what to use in place of the exponent, chosen by the numbers of the run. The sentences of one id become one, with semicolons between them; the frame makes one
 * of its own of the judgement where none is handed in ("instead": none). It begins with a capital, ends with a point, and says the effect. The words are
 * copied. */
void lyap_report_sentence(struct lyap_report *report, const char *id, const char *format, ...) LYAP_PRINTF(3, 4);

/* A work for the list of references, such as "A. Author, \"Title\", Journal 1, 2 (1990)", which the text then calls Author (1990). The frame has those of
 * the methods that it names (report/frame/references.c); one that is handed in twice is listed once. */
void lyap_report_cite(struct lyap_report *report, const char *reference);

#endif
