#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void append(struct lyap_text *text, const char *words, size_t n) {
    if (text->failed) return;
    if (text->room - text->length < n + 1) {
        size_t room = text->room ? text->room : 1024;
        while (room - text->length < n + 1) room *= 2;
        char *data = realloc(text->data, room);
        if (!data) {
            text->failed = true;
            return;
        }
        text->data = data;
        text->room = room;
    }
    memcpy(text->data + text->length, words, n);
    text->length += n;
    text->data[text->length] = 0;
}

void lyap_text_add(struct lyap_text *text, const char *words) {
    append(text, words, strlen(words));
}

void lyap_text_add_char(struct lyap_text *text, char c) {
    append(text, &c, 1);
}

const char *lyap_text_of(const struct lyap_text *text) {
    return text->data ? text->data : "";
}

char *lyap_text_format(const char *format, va_list arguments) {
    va_list again;
    va_copy(again, arguments);
    int n = vsnprintf(NULL, 0, format, again);
    va_end(again);
    char *words = n < 0 ? NULL : malloc((size_t)n + 1);
    if (words) vsnprintf(words, (size_t)n + 1, format, arguments);
    return words;
}

char *lyap_text_copy(const char *words) {
    size_t size = strlen(words) + 1;
    char *copy = malloc(size);
    if (copy) memcpy(copy, words, size);
    return copy;
}

void lyap_text_free(struct lyap_text *text) {
    free(text->data);
    memset(text, 0, sizeof *text);
}

bool lyap_text_close(FILE *file, char **text) {
    bool bad = ferror(file) != 0;
    if (fclose(file) == 0 && !bad && *text) return true;
    free(*text);
    *text = NULL;
    return false;
}
