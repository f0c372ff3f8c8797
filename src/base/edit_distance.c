#include "base/edit_distance.h"

#include <ctype.h>
#include <string.h>

enum { LONGEST = 32 };

/* Dynamic programming over prefixes, one row at a time (Wagner and Fischer, J. ACM 21, 168 (1974)). */
size_t lyap_edit_distance(const char *text, size_t length, const char *word) {
    size_t row[LONGEST], width = strlen(word);
    if (length >= LONGEST || width >= LONGEST) return LONGEST;
    for (size_t j = 0; j <= width; j++) row[j] = j;
    for (size_t i = 1; i <= length; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= width; j++) {
            size_t best = diagonal + (tolower((unsigned char)text[i - 1]) != tolower((unsigned char)word[j - 1]));
            if (row[j] + 1 < best) best = row[j] + 1;
            if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
            diagonal = row[j];
            row[j] = best;
        }
    }
    return row[width];
}

/* Whether both have the same digits in the same order. */
static int same_digits(const char *a, const char *b) {
    static const char digits[] = "0123456789";
    for (;; a++, b++) {
        a += strcspn(a, digits);
        b += strcspn(b, digits);
        if (*a != *b) return 0;
        if (!*a) return 1;
    }
}

const char *lyap_nearest_word(const char *word, const char *const *known, size_t count) {
    const char *nearest = NULL;
    size_t length = strlen(word), best = length / 3 + 2;
    for (size_t i = 0; i < count; i++) {
        size_t distance = lyap_edit_distance(word, length, known[i]);
        if (distance < best && distance < length && same_digits(word, known[i])) {
            best = distance;
            nearest = known[i];
        }
    }
    return nearest;
}
