/* A text that grows. Running out of memory is remembered in it, so that building needs no checks. */
#ifndef LYAP_BASE_TEXT_H
#define LYAP_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct lyap_text {
    char *data; /* [length + 1], ends with 0; NULL while empty; owned */
    size_t length, room;
    bool failed;
};

void lyap_text_add(struct lyap_text *text, const char *words);
void lyap_text_add_char(struct lyap_text *text, char c);

/* "" while empty. */
const char *lyap_text_of(const struct lyap_text *text);

/* The formatted words, the caller's to free; NULL when out of memory. */
char *lyap_text_format(const char *format, va_list arguments);

/* A copy, the caller's to free; NULL when out of memory. */
char *lyap_text_copy(const char *words);

void lyap_text_free(struct lyap_text *text);

/* Closes a stream that open_memstream(text, ..) made. False, with *text NULL, where its memory ran out at any time: fclose itself
 * reports success without a text where glibc cannot cut the buffer to its size. */
bool lyap_text_close(FILE *file, char **text);

#endif
