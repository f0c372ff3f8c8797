/* The replication report: what each claim of arXiv 2410.05988 comes to with far more data than the paper had.
 *
 * A new section is a folder here, whose `struct lyap_section lyap_section_<name>` says what it computes and writes, and its line in
 * report.c. One that fits into a file is <name>/<name>.c; a larger one computes in <name>.c with <name>.h, and writes in write.c and
 * data.c. */
#ifndef LYAP_REPORT_REPORT_H
#define LYAP_REPORT_REPORT_H

#include "report/frame/section.h"
#include "lyapgrad/status.h"

/* The sections in the order of the report, NULL-terminated. */
extern const struct lyap_section *const lyap_sections[];

/* lyap_sections_run and lyap_sections_check with them. */
enum lyap_status lyap_report_run(const struct lyap_report_options *options, const char *directory, const char *only,
                                 struct lyap_error *error);
enum lyap_status lyap_report_check(const struct lyap_report_options *options, const char *only,
                                   struct lyap_error *error);

/* Calls `take` with the name of every file that a report with these options may have, within its directory. */
void lyap_report_files(const struct lyap_report_options *options, void (*take)(const char *name, void *context),
                       void *context);

/* Whether a name within the directory of a report is that of a file in one of the directories that reports make there: figures/ and
 * seed-NUMBER/. */
bool lyap_report_owns(const char *name);

#endif
