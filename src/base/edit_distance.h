/* How alike two words are, for messages that suggest what was meant. */
#ifndef LYAP_BASE_EDIT_DISTANCE_H
#define LYAP_BASE_EDIT_DISTANCE_H

#include <stddef.h>

/* Levenshtein distance of text[0 .. length) to `word`, ignoring case; words of 32 letters and more count as
 * entirely different (32). */
size_t lyap_edit_distance(const char *text, size_t length, const char *word);

/* The word of known[count] nearest to `word`, or NULL if none is near: a third of its letters and one more may differ, as two do where two
 * are exchanged, but no digit, since a number says what is meant. */
const char *lyap_nearest_word(const char *word, const char *const *known, size_t count);

#endif
