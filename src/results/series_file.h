/* A series out of a file, and the files that tell what was made of it. */
#ifndef LYAP_RESULTS_SERIES_FILE_H
#define LYAP_RESULTS_SERIES_FILE_H

#include <stdint.h>
#include <stdio.h>

#include "io/schema.h"
#include "lyapgrad/file_form.h"
#include "lyapgrad/series.h"
#include "lyapgrad/status.h"

/* Which samples of a file. */
struct lyap_series_choice {
    const char *path;
    const char *column;   /* a name of the header, or a number from 1; NULL: the only column */
    const char *where;    /* "COLUMN=NUMBER": only rows in which that column has that value; NULL: all */
    uint64_t first, last; /* of the rows left, from 1, both ends in; last 0: to the end */
    enum lyap_header header;
};

/* What the file was found to be. */
struct lyap_series_found {
    char column[64]; /* the name of the column; its number when there is no header */
    size_t rows, columns;
    struct lyap_file_form form;
    enum lyap_file_need need; /* after LYAP_ERROR_FILE: the setting that would help */
};

/* Reads the samples to *x[*n], the caller's to free, from a file in any format that lyap_table_read_with knows: CSV, or an array of one
 * dimension or of samples by columns. LYAP_ERROR_FILE names the file and what does not fit: a file that is refused when read loosely, no such
 * column, no such rows, a sample that is no number. LYAP_ERROR_ARGUMENT for a malformed `where`. */
enum lyap_status lyap_series_read(const struct lyap_series_choice *choice, double **x, size_t *n,
                                  struct lyap_series_found *found, struct lyap_error *error);

/* divergence.csv, and the description of its columns. */
extern const struct lyap_schema lyap_divergence_schema;
void lyap_series_write_curve(FILE *file, const struct lyap_series_result *result);

/* divergence.gp: a gnuplot script that draws divergence.csv beside it to divergence.png and divergence.svg. `title`
 * names the series. */
void lyap_series_write_script(FILE *file, const struct lyap_series_result *result, const char *title);

#endif
