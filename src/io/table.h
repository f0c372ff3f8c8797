/* A table of finite numbers, and reading one from a file in any of the formats known. */
#ifndef LYAP_TABLE_H
#define LYAP_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "lyapgrad/status.h"

struct lyap_table {
    size_t rows, columns;
    double *values; /* [rows][columns], owned */
    char **names;   /* [columns] from a CSV file's header line, owned; NULL when the file has none */
    int dimensions; /* of the array in the file: the first is `rows`, the product of the others `columns`; 2 for CSV */
    size_t second;  /* its second dimension, 1 where it has none */
    bool bytes;     /* its numbers are unsigned bytes */
};

/* Reads CSV, .npy or IDX, gzip-compressed or not, told by the first bytes. LYAP_ERROR_FILE names the file and the place of what
 * is wrong with it; LYAP_ERROR_MEMORY. */
enum lyap_status lyap_table_read(struct lyap_table *table, const char *path, struct lyap_error *error);

/* Frees the table and zeroes it; a zeroed one is allowed. */
void lyap_table_free(struct lyap_table *table);

#endif
