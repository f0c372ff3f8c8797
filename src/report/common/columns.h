/* Columns that the data files of the report have alike. */
#ifndef LYAP_REPORT_COMMON_COLUMNS_H
#define LYAP_REPORT_COMMON_COLUMNS_H

#include "io/schema.h"

#define COUNT LYAP_COLUMN_COUNT
#define REAL LYAP_COLUMN_REAL
#define WORD LYAP_COLUMN_WORD

/* Defines the functions f, f_low and f_high of an estimate (struct lyap_estimate) and its 95 % interval; each is empty
 * where it is no finite number. */
#define LYAP_ESTIMATE_COLUMNS(f, row_type, estimate)                                                                   \
    LYAP_COLUMN(f, row_type, lyap_real_value((estimate).value))                                                        \
    LYAP_COLUMN(f##_low, row_type, lyap_real_value((estimate).low))                                                    \
    LYAP_COLUMN(f##_high, row_type, lyap_real_value((estimate).high))

#define LYAP_LOW_END "lower end of its 95 % interval"
#define LYAP_HIGH_END "upper end of its 95 % interval"

#endif
