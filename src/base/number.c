/* Numbers from text. strtod alone will not do: it takes hexadecimal, nan and inf, skips leading space, and follows the
 * host program's locale, where "0.5" may end at the point. */
#include "base/number.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *skip_digits(const char *text) {
    while (*text >= '0' && *text <= '9') text++;
    return text;
}

static bool is_decimal(const char *text) {
    if (*text == '+' || *text == '-') text++;
    const char *whole = text;
    text = skip_digits(text);
    size_t digits = (size_t)(text - whole);
    if (*text == '.') {
        const char *fraction = text + 1;
        text = skip_digits(fraction);
        digits += (size_t)(text - fraction);
    }
    if (digits == 0) return false;
    if (*text == 'e' || *text == 'E') {
        text++;
        if (*text == '+' || *text == '-') text++;
        const char *exponent = text;
        text = skip_digits(text);
        if (text == exponent) return false;
    }
    return *text == '\0';
}

/* strtod on a copy that has the locale's decimal point in place of '.'. */
static enum lyap_number read_in_locale(const char *text, double *value) {
    const char *point = localeconv()->decimal_point;
    const char *dot = strchr(text, '.');
    if (dot == NULL) return LYAP_NUMBER_TEXT;
    size_t before = (size_t)(dot - text);
    size_t point_length = strlen(point);
    size_t size = strlen(text) + point_length + 1;
    char *copy = malloc(size);
    if (copy == NULL) return LYAP_NUMBER_MEMORY;
    snprintf(copy, size, "%.*s%s%s", (int)before, text, point, dot + 1);
    char *end;
    *value = strtod(copy, &end);
    bool complete = *end == '\0';
    free(copy);
    return complete ? LYAP_NUMBER_OK : LYAP_NUMBER_TEXT;
}

enum lyap_number lyap_number_real(const char *text, double *value) {
    if (!is_decimal(text)) return LYAP_NUMBER_TEXT;
    char *end;
    double number = strtod(text, &end);
    if (*end != '\0') {
        enum lyap_number result = read_in_locale(text, &number);
        if (result != LYAP_NUMBER_OK) return result;
    }
    if (!isfinite(number)) return LYAP_NUMBER_TOO_LARGE;
    *value = number;
    return LYAP_NUMBER_OK;
}

bool lyap_number_count(const char *text, uint64_t limit, uint64_t *value) {
    if (*text == '\0') return false;
    uint64_t number = 0;
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9') return false;
        uint64_t digit = (uint64_t)(*text - '0');
        if (digit > limit || number > (limit - digit) / 10) return false;
        number = number * 10 + digit;
    }
    *value = number;
    return true;
}
