/* The numbers of a CSV record. */
#ifndef LYAP_IO_CSV_ROW_H
#define LYAP_IO_CSV_ROW_H

#include "io/csv_records.h"
#include "io/table.h"

/* What is known of a file while its rows are read. */
struct lyap_csv_rows {
    const struct lyap_table_options *options;
    struct lyap_csv_records *records; /* the record at hand */
    size_t columns;                   /* of the table */
    bool row_names;                   /* the first field of a record is none of them */
    unsigned long first_line;         /* where the number of columns was set */
    unsigned long row_line;           /* of the first row */
    unsigned long point_line,
        comma_line; /* the first decimal point and the first decimal comma, where ';' separates; 0: none yet */
    bool last_is_words;
    struct lyap_word_set *words;
};

/* Reads the record's fields into row[columns]. LYAP_ERROR_FILE, naming the place, for what is not as it should be; LYAP_ERROR_MEMORY. */
enum lyap_status lyap_csv_read_row(struct lyap_csv_rows *rows, double *row, struct lyap_error *error);

#endif
