/* What a file of numbers looks like: what its reader is told, and what it finds. */
#ifndef LYAPGRAD_FILE_FORM_H
#define LYAPGRAD_FILE_FORM_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The first line of a CSV file. DETECT: it names the columns when it has text and nothing numeric; when it is 0, 1, 2, ... behind an empty
 * first field; or when it is 0, 1, 2, ... over three columns or more and the second line has a decimal point. Another line 0, 1, 2, ... is
 * refused, but for a single column and for two columns of 0 and 1: it may be either. */
enum lyap_header { LYAP_HEADER_DETECT, LYAP_HEADER_YES, LYAP_HEADER_NO };

enum lyap_file_kind { LYAP_FILE_CSV, LYAP_FILE_NPY, LYAP_FILE_IDX };

/* What was found. */
struct lyap_file_form {
    enum lyap_file_kind kind;
    bool packed;        /* gzip-compressed */
    bool header;        /* CSV: the first line names the columns */
    bool decimal_comma; /* CSV: numbers have commas for points */
    bool row_names;     /* CSV: the first column has no name, is taken for names of rows, and is left out */
    char delimiter;     /* CSV: ',', ';', '\t', ' ' for one or more blanks and tabs; 0 with a single column */
};

/* The setting without which a file was not read. */
enum lyap_file_need { LYAP_NEED_NOTHING, LYAP_NEED_HEADER, LYAP_NEED_CLASS_NAMES };

#ifdef __cplusplus
}
#endif
#endif
