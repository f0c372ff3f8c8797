/* Reading tables of finite numbers from CSV text. */
#ifndef LYAP_IO_CSV_H
#define LYAP_IO_CSV_H

#include "io/source.h"
#include "io/table.h"

/* Reads `path`, CSV as RFC 4180 says, with more: fields are separated by a comma, ';', a tab, or blanks and tabs, which the content
 * tells (io/csv_form.h); with ';' the decimal point may be a comma, but not both in one file; lines end with LF, CR LF or CR; blank lines
 * and lines that begin with '#' are skipped; a UTF-8 byte-order mark and blanks round fields have no meaning. The first line may name the
 * columns (lyapgrad/file_form.h). A first column whose name is empty, or that has no name where the header is one field short as R's
 * write.table leaves it, holds names of rows and is left out. LYAP_ERROR_FILE names the file, the line and the column of the first ragged
 * row, text or non-finite number, and is also returned for a missing file, a directory, a file without data and one of a format
 * that is known and not read, such as zip. Numbers are read with a point in every locale. */
enum lyap_status lyap_csv_read(struct lyap_table *table, const char *path, struct lyap_error *error);

/* The same for tables of which not every column is wanted: a field that is empty or no number is NaN, and no column is left out. */
enum lyap_status lyap_csv_read_loose(struct lyap_table *table, const char *path, struct lyap_error *error);

/* The same from a source that is open and at its beginning. */
enum lyap_status lyap_csv_read_source(struct lyap_table *table, struct lyap_source *source,
                                      const struct lyap_table_options *options, struct lyap_error *error);

#endif
