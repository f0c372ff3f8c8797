/* Numbers from text. strtod alone will not do: it takes hexadecimal, nan and inf, skips leading space, and follows the
 * host program's locale, where "0.5" may end at the point. */
#include "base/number.h"

#include <float.h>
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

/* Powers of ten that a double holds exactly. */
enum { EXACT_POWER = 22 };
static const double power_of_ten[EXACT_POWER + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                     1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                     1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* Digits are added to *digits; *count is the number of those behind leading zeros. Returns where they end. */
static const char *add_digits(const char *text, uint64_t *digits, int *count) {
    for (; *text >= '0' && *text <= '9'; text++) {
        if (*count < 19) *digits = *digits * 10 + (uint64_t)(*text - '0');
        *count += *digits > 0;
    }
    return text;
}

/* m 10^e with m <= 2^53 and |e| <= 22 is one operation on exact operands, and so rounded to nearest (W. D. Clinger, How to read
 * floating point numbers accurately, PLDI 1990). */
const char *lyap_number_short(const char *text, double *value) {
    const bool negative = *text == '-';
    uint64_t digits = 0;
    int count = 0, power = 0, sign = 1;
    if (FLT_EVAL_METHOD != 0) return NULL;
    if (*text == '-' || *text == '+') text++;
    const char *whole = text;
    text = add_digits(text, &digits, &count);
    bool any = text > whole;
    if (*text == '.') {
        const char *fraction = text + 1;
        text = add_digits(fraction, &digits, &count);
        any = any || text > fraction;
        if (text - fraction > 1000) return NULL;
        power = (int)(fraction - text);
    }
    if (!any || count > 18) return NULL;
    if (*text == 'e' || *text == 'E') {
        int exponent = 0;
        text++;
        if (*text == '-') sign = -1;
        if (*text == '-' || *text == '+') text++;
        const char *first = text;
        for (; *text >= '0' && *text <= '9'; text++)
            if (exponent < 10000) exponent = exponent * 10 + (*text - '0');
        if (text == first) return NULL;
        power += sign * exponent;
    }
    if (digits > UINT64_C(1) << 53 || power < -EXACT_POWER || power > EXACT_POWER) return NULL;
    const double number = power < 0 ? (double)digits / power_of_ten[-power] : (double)digits * power_of_ten[power];
    *value = negative ? -number : number;
    return text;
}

enum lyap_number lyap_number_real(const char *text, double *value) {
    double quick;
    const char *behind = lyap_number_short(text, &quick);
    if (behind && *behind == '\0') {
        *value = quick;
        return LYAP_NUMBER_OK;
    }
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
