/* A set of different words, numbered: the class names in a column of a file. */
#ifndef LYAP_IO_WORDS_H
#define LYAP_IO_WORDS_H

#include <stdbool.h>
#include <stddef.h>

enum { LYAP_MOST_CLASS_NAMES = 1 << 20 };

struct lyap_word_set {
    char **word; /* [count], owned */
    size_t count, room;
    size_t *slot; /* [slots] hash table: number of the word plus 1, 0: free; owned */
    size_t slots; /* a power of two, 0 at first */
};

/* The number of the word, which is added when it is not there. False without memory. Begin with a zeroed set. */
bool lyap_word_set_add(struct lyap_word_set *set, const char *word, size_t *number);

/* The number of a word that may be there. */
bool lyap_word_set_find(const struct lyap_word_set *set, const char *word, size_t *number);

/* Numbers the words anew in the order of their bytes; new_number[old number] receives the new one. False without memory. */
bool lyap_word_set_sort(struct lyap_word_set *set, size_t *new_number);

/* Frees it and zeroes it; a zeroed one is allowed. */
void lyap_word_set_free(struct lyap_word_set *set);

#endif
