/* Numbers in one value of an option, joined by a character, as in "0.5,1" and "512x512". */
#ifndef LYAP_CLI_OPTIONS_NUMBERS_H
#define LYAP_CLI_OPTIONS_NUMBERS_H

#include <stdint.h>

/* Fill numbers[most] with all the numbers of the text, and return how many there are; 0 where a part is no number, or
 * there are more. */
int cli_reals(const char *text, char separator, int most, double *numbers);
int cli_counts(const char *text, char separator, int most, uint64_t *numbers);

#endif
