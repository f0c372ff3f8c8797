/* What a run leaves behind: tables, pictures, and the report of it. */
#ifndef BENCH_FILES_H
#define BENCH_FILES_H

#include "scaling.h"
#include "suite.h"

/* Before the measurements: no table or picture would overwrite --compare's, and the directory has no results of something else.
 * LYAP_ERROR_ARGUMENT, LYAP_ERROR_MEMORY. */
enum lyap_status bench_files_check(const struct bench_options *options, struct lyap_error *error);

/* Writes limits.csv and bench.csv (with rows), scaling.csv (with curves), bench.json (with either), report.md and
 * manifest.txt to the options' directory, all of them or none; tables of an earlier run that this one does not write go. */
enum lyap_status bench_files_write(const struct bench_suite *suite, const struct bench_curve *curves,
                                   struct lyap_error *error);

/* Draws the pictures whose tables there are, where gnuplot is found; tells what is left out. */
void bench_files_draw(const struct bench_suite *suite, bool scaled);

/* The report's sections: limits, steps, draws, curves. */
void bench_report_write(FILE *file, const struct bench_suite *suite, const struct bench_curve *curves);

#endif
