/* What a CSV file looks like, from its content: the delimiter, and whether its first line names the columns. */
#ifndef LYAP_IO_CSV_FORM_H
#define LYAP_IO_CSV_FORM_H

#include "io/csv_records.h"

/* The delimiter of a file from its first bytes. Candidates with which the first two records have the same number of columns come first; of
 * these the one wins with which the largest share of the fields behind the first record are numbers. ';', a comma and a tab go before
 * blanks, which divide names, too. A comma is a decimal one where ';' separates. A file of one column has ','. `whole`: nothing follows
 * the sample. LYAP_ERROR_MEMORY. */
enum lyap_status lyap_csv_find_delimiter(const unsigned char *sample, size_t size, bool whole,
                                         lyap_delimiter *delimiter, struct lyap_error *error);

/* The first line "sep=;" with which spreadsheets tell the delimiter: its length without its end, 0 where there is none. */
size_t lyap_csv_told_delimiter(const unsigned char *sample, size_t size, lyap_delimiter *delimiter);

/* The character that seems to separate a text of one field, as '|' in "1|2|3", which no file that can be read has; 0: none. */
char lyap_csv_other_delimiter(const char *field);

/* True for text that can only have been meant as a number, well-formed or not. */
bool lyap_csv_looks_numeric(const char *field, size_t length);

/* True for nan, inf and infinity, with or without a sign, in letters of any case. */
bool lyap_csv_not_finite(const char *field);

/* True for a decimal number whose point is a comma. */
bool lyap_csv_decimal_comma(const char *field);

/* What the first record is. */
enum lyap_csv_first {
    LYAP_CSV_NAMES,
    LYAP_CSV_ROW,
    LYAP_CSV_COUNTS /* 0, 1, 2, ..., as pandas names columns without names: either of the two */
};

/* From its fields' texts, `count` of them. Names are text and nothing numeric, or 0, 1, 2, ... behind an empty first one, as pandas
 * writes an index. */
enum lyap_csv_first lyap_csv_judge_first(char *const *field, size_t count);

/* Judges again a record of 0, 1, 2, ... by the texts of the record behind it. With three columns or more these are names if the record
 * behind has a decimal point; two columns of 0 and 1 are a row; other files stay LYAP_CSV_COUNTS. */
enum lyap_csv_first lyap_csv_judge_counts(char *const *second, size_t count);

#endif
