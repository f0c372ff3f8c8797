/* A run against an older table: what became slower beyond the noise of both. */
#ifndef BENCH_COMPARE_H
#define BENCH_COMPARE_H

#include <stdio.h>

#include "row.h"

/* Reads the rows of a table that bench_rows_csv wrote: the words and the times. LYAP_ERROR_FILE names the file and what is
 * wrong with it. */
enum lyap_status bench_rows_read(struct bench_rows *rows, const char *path, struct lyap_error *error);

/* Relative excess of a best time that is still noise: 5 % and, of each run, the excess of its median over its best, up to
 * 25 %. */
double bench_noise(const struct bench_row *before, const struct bench_row *after);

/* Prints the rows whose best time grew by more than that, and a last line with the counts; returns how many there are.
 * Baselines and peers are compared too; rows that only one run has are not. */
int bench_compare(FILE *file, const struct bench_rows *before, const struct bench_rows *after);

#endif
