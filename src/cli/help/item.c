#include "cli/help/item.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { HEAD = 22, INDENT = 25, WIDTH = 79 };

/* The length of a word; the ends of a range "1 .. 24" stay in one line. */
static size_t word_length(const char *c) {
    size_t length = strcspn(c, " ");
    if (strncmp(c + length, " .. ", 4) == 0) length += 4 + strcspn(c + length + 4, " ");
    return length;
}

/* Words in lines of at most WIDTH characters. The first begins in `column`, the others are indented. */
static void print_wrapped(const char *text, size_t column, size_t indent) {
    bool first = true;
    for (const char *c = text; *c; c += strspn(c, " ")) {
        size_t length = word_length(c);
        if (!first && column + 1 + length > WIDTH) {
            printf("\n%*s", (int)indent, "");
            column = indent;
            first = true;
        }
        column += (size_t)printf("%s%.*s", first ? "" : " ", (int)length, c);
        first = false;
        c += length;
    }
    putchar('\n');
}

void cli_print_words(const char *text) {
    print_wrapped(text, 0, 0);
}

/* An option and its value stay in one line. */
void cli_print_command(const char *line) {
    enum { MARGIN = 2, MORE = 6 };
    size_t column = (size_t)printf("%*s", MARGIN, "");
    for (const char *c = line; *c;) {
        const char *next = strstr(c + 1, " --");
        const size_t length = next ? (size_t)(next - c) : strlen(c);
        if (c > line && column + length + (next ? 2 : 0) > WIDTH) column = (size_t)printf(" \\\n%*s", MORE - 1, "") - 3;
        column += (size_t)printf("%.*s", (int)length, c);
        c += length;
    }
    putchar('\n');
}

void cli_print_short(const char *head, const char *sentence) {
    enum { SHORT = 15 };
    printf("  %-12s ", head);
    print_wrapped(sentence, SHORT, SHORT);
}

void cli_print_item(const char *head, const char *sentence) {
    if (strlen(head) > HEAD)
        printf("  %s\n%*s", head, (int)INDENT, "");
    else
        printf("  %-*s ", (int)HEAD, head);
    print_wrapped(sentence, INDENT, INDENT);
}
