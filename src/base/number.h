/* Strict reading of numbers from text, the same in every locale. */
#ifndef LYAP_BASE_NUMBER_H
#define LYAP_BASE_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

enum lyap_number {
    LYAP_NUMBER_OK,
    LYAP_NUMBER_TEXT,      /* not a decimal number: "", "abc", "1.5x", " 1", "0x10", "nan", "inf" */
    LYAP_NUMBER_TOO_LARGE, /* a decimal number beyond the double range: "1e999" */
    LYAP_NUMBER_MEMORY     /* an allocation failed */
};

/* Reads all of `text` as [+-]digits[.digits][e[+-]digits] with a point and at least one digit in the mantissa, rounded
 * to nearest; magnitudes under the smallest double become 0. `value` is written for LYAP_NUMBER_OK alone. */
enum lyap_number lyap_number_real(const char *text, double *value);

/* Reads the number at the beginning of `text` in one pass, where it is so short (at most 15 digits and some, a small exponent) that one
 * operation rounds it to nearest; the value is that of lyap_number_real. Returns the first byte behind it, or NULL, with *value
 * undefined, where there is no number or one that takes longer. */
const char *lyap_number_short(const char *text, double *value);

/* Reads all of `text` as decimal digits alone; false for anything else and for a value over `limit`. */
bool lyap_number_count(const char *text, uint64_t limit, uint64_t *value);

#endif
