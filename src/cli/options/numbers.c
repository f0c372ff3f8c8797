#include "cli/options/numbers.h"

#include <stdbool.h>
#include <string.h>

#include "base/number.h"

enum { LONGEST = 64 };

/* Takes the part before the next separator off the text; false for one that is too long for a number. *text becomes NULL
 * behind the last. */
static bool take_part(const char **text, char separator, char part[LONGEST]) {
    const char *end = strchr(*text, separator);
    const size_t length = end ? (size_t)(end - *text) : strlen(*text);
    if (length >= LONGEST) return false;
    memcpy(part, *text, length);
    part[length] = '\0';
    *text = end ? end + 1 : NULL;
    return true;
}

int cli_reals(const char *text, char separator, int most, double *numbers) {
    char part[LONGEST];
    int count = 0;
    for (; text; count++)
        if (count == most || !take_part(&text, separator, part) ||
            lyap_number_real(part, &numbers[count]) != LYAP_NUMBER_OK)
            return 0;
    return count;
}

int cli_counts(const char *text, char separator, int most, uint64_t *numbers) {
    char part[LONGEST];
    int count = 0;
    for (; text; count++)
        if (count == most || !take_part(&text, separator, part) ||
            !lyap_number_count(part, UINT64_MAX, &numbers[count]))
            return 0;
    return count;
}
