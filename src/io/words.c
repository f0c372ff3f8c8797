#include "io/words.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* FNV-1a. */
static size_t hash(const char *word) {
    uint64_t h = UINT64_C(14695981039346656037);
    for (; *word; word++) h = (h ^ (unsigned char)*word) * UINT64_C(1099511628211);
    return (size_t)(h ^ h >> 32);
}

/* The slot of the word, or the free one where it belongs. */
static size_t find_slot(const struct lyap_word_set *set, const char *word) {
    size_t at = hash(word) & (set->slots - 1);
    while (set->slot[at] && strcmp(set->word[set->slot[at] - 1], word) != 0) at = (at + 1) & (set->slots - 1);
    return at;
}

/* Fills the table of `slots` anew. */
static bool rehash(struct lyap_word_set *set, size_t slots) {
    size_t *slot = calloc(slots, sizeof *slot);
    if (!slot) return false;
    free(set->slot);
    set->slot = slot;
    set->slots = slots;
    for (size_t i = 0; i < set->count; i++) slot[find_slot(set, set->word[i])] = i + 1;
    return true;
}

bool lyap_word_set_find(const struct lyap_word_set *set, const char *word, size_t *number) {
    if (set->slots == 0) return false;
    const size_t found = set->slot[find_slot(set, word)];
    *number = found - 1;
    return found > 0;
}

bool lyap_word_set_add(struct lyap_word_set *set, const char *word, size_t *number) {
    if (lyap_word_set_find(set, word, number)) return true;
    if (2 * set->count >= set->slots && !rehash(set, set->slots ? 2 * set->slots : 16)) return false;
    if (set->count == set->room) {
        const size_t room = set->room ? 2 * set->room : 8;
        char **more = realloc(set->word, room * sizeof *more);
        if (!more) return false;
        set->word = more;
        set->room = room;
    }
    char *copy = strdup(word);
    if (!copy) return false;
    set->word[set->count] = copy;
    set->slot[find_slot(set, word)] = set->count + 1;
    *number = set->count++;
    return true;
}

struct numbered {
    char *word;
    size_t number;
};

static int compare(const void *a, const void *b) {
    return strcmp(((const struct numbered *)a)->word, ((const struct numbered *)b)->word);
}

bool lyap_word_set_sort(struct lyap_word_set *set, size_t *new_number) {
    struct numbered *all = malloc((set->count ? set->count : 1) * sizeof *all);
    if (!all) return false;
    for (size_t i = 0; i < set->count; i++) all[i] = (struct numbered){set->word[i], i};
    qsort(all, set->count, sizeof *all, compare);
    for (size_t i = 0; i < set->count; i++) {
        set->word[i] = all[i].word;
        new_number[all[i].number] = i;
    }
    free(all);
    return set->slots == 0 || rehash(set, set->slots);
}

void lyap_word_set_free(struct lyap_word_set *set) {
    for (size_t i = 0; i < set->count; i++) free(set->word[i]);
    free(set->word);
    free(set->slot);
    memset(set, 0, sizeof *set);
}
