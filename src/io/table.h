/* A table of finite numbers, as readers of files fill it. */
#ifndef LYAP_IO_TABLE_H
#define LYAP_IO_TABLE_H

#include <stdbool.h>
#include <stddef.h>

struct lyap_table {
    size_t rows, columns;
    double *values; /* [rows][columns], owned */
    char **names;   /* [columns] from a CSV file's header line, owned; NULL when the file has none */
    int dimensions; /* of the array in the file: the first is `rows`, the product of the others `columns`; 2 for CSV */
    size_t second;  /* its second dimension, 1 where it has none */
    bool bytes;     /* its numbers are unsigned bytes */
};

/* Frees the table and zeroes it; a zeroed one is allowed. */
void lyap_table_free(struct lyap_table *table);

#endif
