/* Numbers as they stand in a data file, so that what is computed from the file is what the report computed. */
#ifndef LYAP_REPORT_COMMON_ROUNDED_H
#define LYAP_REPORT_COMMON_ROUNDED_H

/* The double next to `value` written with 1 .. 17 significant digits, which the shortest form that restores it does not exceed. What is no
 * finite number stays as it is. */
double lyap_rounded(double value, int digits);

#endif
