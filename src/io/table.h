/* A table of finite numbers, as readers of files fill it. */
#ifndef LYAP_IO_TABLE_H
#define LYAP_IO_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "io/words.h"
#include "lyapgrad/file_form.h"

struct lyap_table {
    size_t rows, columns;
    double *values; /* [rows][columns], owned */
    char **names;   /* [columns] from a CSV file's header line, owned; NULL when the file has none */
    int dimensions; /* of the array in the file: the first is `rows`, the product of the others `columns`; 2 for CSV */
    size_t second;  /* its second dimension, 1 where it has none */
    bool bytes;     /* its numbers are unsigned bytes */
    struct lyap_file_form form;
    struct lyap_word_set
        words; /* where the last column has words its values are their numbers here; empty for numbers */
};

/* How a file is read; zeroed, it is read as numbers alone. */
struct lyap_table_options {
    enum lyap_header header;
    bool loose; /* CSV: a field that is empty or no number is NaN, and no column is taken for row names */
    bool
        words; /* CSV: the last column may have words instead of numbers; they are numbered from 0 in the order of their bytes */
    const struct lyap_word_set *known; /* with `words`: only these, by these numbers, and no numbers; NULL: any */
    enum lyap_file_need *need;         /* receives what would help when the file is refused; may be NULL */
};

/* Frees the table and zeroes it; a zeroed one is allowed. */
void lyap_table_free(struct lyap_table *table);

#endif
