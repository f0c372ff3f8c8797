#include "cli/help/item.h"

#include <stdio.h>
#include <string.h>

enum { HEAD = 28, INDENT = 31, WIDTH = 100 };

/* The length of a word; the ends of a range "1 .. 24" stay in one line. */
static size_t word_length(const char *c) {
    size_t length = strcspn(c, " ");
    if (strncmp(c + length, " .. ", 4) == 0) length += 4 + strcspn(c + length + 4, " ");
    return length;
}

/* Words in lines of at most WIDTH characters, indented but for the first. */
static void print_wrapped(const char *text) {
    size_t column = INDENT;
    for (const char *c = text; *c; c += strspn(c, " ")) {
        size_t length = word_length(c);
        if (column > INDENT && column + 1 + length > WIDTH) {
            printf("\n%*s", (int)INDENT, "");
            column = INDENT;
        }
        column += (size_t)printf("%s%.*s", column > INDENT ? " " : "", (int)length, c);
        c += length;
    }
    putchar('\n');
}

void cli_print_item(const char *head, const char *sentence) {
    if (strlen(head) > HEAD)
        printf("  %s\n%*s", head, (int)INDENT, "");
    else
        printf("  %-*s ", (int)HEAD, head);
    print_wrapped(sentence);
}
