/* Reading tables of finite numbers from CSV text. */
#ifndef LYAP_IO_CSV_H
#define LYAP_IO_CSV_H

#include "io/source.h"
#include "io/table.h"

/* Reads `path`: comma-separated, optional header line (a first line of text, without any field that starts like a number
 * or is nan or inf: a first row with one bad number is an error, not a header), blank lines skipped, LF or CRLF, optional UTF-8 byte-order mark and spaces round fields. LYAP_ERROR_FILE names the file, the line
 * and the column of the first ragged row, text or non-finite number, and is also returned for a missing file, a
 * directory and a file without data. Numbers are read with a point in every locale. */
enum lyap_status lyap_csv_read(struct lyap_table *table, const char *path, struct lyap_error *error);

/* The same for tables of which not every column is wanted: a field that is empty or no number is NaN. */
enum lyap_status lyap_csv_read_loose(struct lyap_table *table, const char *path, struct lyap_error *error);

/* The same from a source that is open and at its beginning. */
enum lyap_status lyap_csv_read_source(struct lyap_table *table, struct lyap_source *source, bool loose,
                                      struct lyap_error *error);

#endif
