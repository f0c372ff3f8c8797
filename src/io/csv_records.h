/* CSV text (RFC 4180) cut into records and fields: quotes, line breaks inside quotes, comments, all ends of lines. */
#ifndef LYAP_IO_CSV_RECORDS_H
#define LYAP_IO_CSV_RECORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "io/source.h"

/* What stands between fields: ',', ';', '\t', or ' ' for one or more blanks and tabs. */
typedef char lyap_delimiter;

/* The records of a source, one at a time. */
struct lyap_csv_records {
    struct lyap_source *source;
    lyap_delimiter delimiter;
    unsigned long line;  /* where the record begins, from 1 */
    unsigned long lines; /* begun so far */
    char *text;          /* the record without its end, quotes and all, with an end mark; owned */
    size_t length, capacity;
    size_t first;  /* all before it are blanks */
    size_t closed; /* the position behind the last closing quote */
    bool quoted;   /* in a quoted field, which began in this line and column: */
    unsigned long quote_line;
    size_t quote_at;
};

/* Reads the next record that is neither blank nor a comment (a line whose first character is '#') into `text`. *more is false at the
 * end. LYAP_ERROR_FILE, naming line and column, for a NUL byte, a quoted field that does not end or exceeds 2^20 bytes, a record above
 * 2^30 bytes, and what the source fails with; LYAP_ERROR_MEMORY. */
enum lyap_status lyap_csv_next_record(struct lyap_csv_records *records, bool *more, struct lyap_error *error);
void lyap_csv_records_free(struct lyap_csv_records *records);

/* A field in the text of a record: without the blanks round it, inside its quotes. */
struct lyap_csv_field {
    char *begin;
    size_t length;
    bool quoted, doubled; /* it has quotes; there are doubled ones inside */
    bool trailed;         /* text follows its closing quote */
};

/* Cuts off the field at *rest. *rest becomes what is behind its delimiter, NULL after the last field. The text must end with a mark. */
struct lyap_csv_field lyap_csv_next_field(char **rest, lyap_delimiter delimiter);

/* Ends the field with a mark where it lies, with doubled quotes made single. Returns it; what `rest` points to stays. */
char *lyap_csv_field_text(struct lyap_csv_field *field);

/* The number of fields in a text. */
size_t lyap_csv_count_fields(char *text, lyap_delimiter delimiter);

#endif
