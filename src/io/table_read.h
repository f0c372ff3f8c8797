/* Reading a table from a file in any of the formats known. */
#ifndef LYAP_IO_TABLE_READ_H
#define LYAP_IO_TABLE_READ_H

#include "io/table.h"
#include "lyapgrad/status.h"

/* Reads CSV, .npy or IDX, gzip-compressed or not, told by the first bytes. LYAP_ERROR_FILE names the file and the place of what
 * is wrong with it; LYAP_ERROR_MEMORY. */
enum lyap_status lyap_table_read(struct lyap_table *table, const char *path, struct lyap_error *error);

/* The same with options. */
enum lyap_status lyap_table_read_with(struct lyap_table *table, const char *path,
                                      const struct lyap_table_options *options, struct lyap_error *error);

#endif
