/* The replication report: what each claim of arXiv 2410.05988 comes to with far more data than the paper had.
 *
 * A section answers one question. All sections first compute, and hand in the p-values of the tests they will argue from; these
 * are adjusted together (Holm); then each section writes its text, tables, figures and data files, and gives its verdict. Numbers
 * in the text come from the run, so a sentence must be true for every outcome: choose words by the numbers. */
#ifndef LYAP_REPORT_H
#define LYAP_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "figure/document.h"
#include "lyapgrad/isa.h"
#include "lyapgrad/progress.h"
#include "lyapgrad/status.h"
#include "io/output_set.h"
#include "base/text.h"

enum lyap_verdict { LYAP_HOLDS, LYAP_HOLDS_IN_PART, LYAP_DOES_NOT_HOLD, LYAP_CANNOT_BE_TOLD };
const char *
lyap_verdict_name(enum lyap_verdict verdict); /* "holds", "holds in part", "does not hold", "cannot be told" */
/* Of a claim about `all` cases that is seen in `seen`: holds for all of them, in part for some, not for none. */
enum lyap_verdict lyap_verdict_of(uint64_t seen, uint64_t all);

struct lyap_report_options {
    uint64_t seed; /* default 1 */
    bool full;     /* more starts, finer grids, longer horizons; else at most two minutes in all on a laptop */
    enum lyap_isa isa;
    int threads;
    double scale;           /* default 1: multiplies the numbers of starts; tests use less */
    lyap_progress progress; /* told in thousandths of the whole; may be NULL */
    void *progress_context;
    struct lyap_text *summary; /* gets one line a verdict; may be NULL */
    /* An open set of the report's directory, which gets the files; then committing it is the caller's. NULL: the report has its own. */
    struct lyap_output_set *outputs;
};

struct lyap_report;
const struct lyap_report_options *lyap_report_options_of(const struct lyap_report *report);
struct lyap_document *lyap_report_document(struct lyap_report *report);

/* `starts` times options.scale, at least `least`. */
uint64_t lyap_report_starts(const struct lyap_report *report, uint64_t starts, uint64_t least);

/* Whether runs are shorter, too: under a scale of 1/1000, where a section can show no more than that it runs. */
static inline bool lyap_report_is_brief(const struct lyap_report_options *options) {
    return options->scale < 0.001;
}

/* The length of a run: `steps`, or a tenth of it in a brief report. */
uint32_t lyap_report_steps(const struct lyap_report *report, uint32_t steps);

/* A progress function and its context for the plans of a section that makes `share` (in 0 .. 1) of its work with it: it maps the
 * run's own progress into the section's place in the whole. Call before each run, in order. */
void lyap_report_progress(struct lyap_report *report, double share, lyap_progress *progress, void **context);

/* Hands in a two-sided p; gives the number under which lyap_report_adjusted has it while writing. `what` is copied. */
size_t lyap_report_test(struct lyap_report *report, const char *what, double p);
double lyap_report_adjusted(const struct lyap_report *report, size_t test);

/* A data file <name>.csv in the report's directory (written at once under a temporary name, which becomes its own when the whole report is written). The
 * caller prints rows to the FILE, first the head. NULL with *error filled when it cannot be opened. */
FILE *lyap_report_data(struct lyap_report *report, const char *name, struct lyap_error *error);

/* A field of a data file and what follows it: the digits that restore every bit, nothing where it is no finite number. */
void lyap_report_field(FILE *file, double value, char end);
/* The same behind a comma, without an end. */
void lyap_put(FILE *file, double value);

/* The verdict on the section's question with one sentence of reason. Also goes to the table on the first page and to verdicts.csv
 * with the columns id, claim, verdict, reason. A section may give several (claims C1a, C1b). */
void lyap_report_verdict(struct lyap_report *report, const char *id, const char *claim, enum lyap_verdict verdict,
                         const char *format, ...) LYAP_PRINTF(5, 6);

struct lyap_section {
    const char *id;    /* "C1" */
    const char *title; /* the question */
    double weight;     /* share of the run's time, for the progress bar; the weights need not sum to 1 */
    /* *state is the section's own, allocated by compute, freed by `release` (called also after a failure, with NULL if never set) */
    enum lyap_status (*compute)(struct lyap_report *report, void **state, struct lyap_error *error);
    enum lyap_status (*write)(struct lyap_report *report, void *state, struct lyap_error *error);
    void (*release)(void *state);
};
/* The sections in the order of the report, NULL-terminated; each is defined in its own src/report/<name>/<name>.c. */
extern const struct lyap_section *const lyap_sections[];
extern const struct lyap_section lyap_section_rate, lyap_section_bifurcation, lyap_section_activation,
    lyap_section_choice, lyap_section_selection, lyap_section_published, lyap_section_precision, lyap_section_further,
    lyap_section_estimators, lyap_section_neighbouring;

/* Runs every section and writes report.md, report.html, figures/<name>.svg, <name>.csv, verdicts.csv, tests.csv and timings.txt
 * into `directory`, which is created. All bytes but those of timings.txt depend on seed, full and scale alone. Nothing is left
 * behind by a run that fails or is interrupted. `only` names one section by its id to be run alone; NULL for all. */
enum lyap_status lyap_report_run(const struct lyap_report_options *options, const char *directory, const char *only,
                                 struct lyap_error *error);

/* What lyap_report_run checks before it makes a directory: LYAP_ERROR_ARGUMENT for an unknown section or a scale out of range. */
enum lyap_status lyap_report_check(const struct lyap_report_options *options, const char *only,
                                   struct lyap_error *error);

/* lyap_report_run with other sections: `sections` is NULL-terminated. */
enum lyap_status lyap_report_sections_run(const struct lyap_report_options *options,
                                          const struct lyap_section *const *sections, const char *directory,
                                          const char *only, struct lyap_error *error);

#endif
