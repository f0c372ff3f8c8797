/* Tables of a document. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "figure/document_parts.h"

enum { NUMBER_LENGTH = 40 };

void lyap_document_sentences(struct lyap_document *document) {
    document->sentences = true;
}

/* The heads of a table of sentences are repeated in its cells, where a narrow screen shows them. */
static void keep_heads(struct lyap_document *document, size_t columns, const char *const heads[]) {
    for (size_t i = 0; i < LYAP_MOST_COLUMNS; i++) {
        free(document->heads[i]);
        document->heads[i] = document->sentences && i < columns && *heads[i] ? lyap_text_copy(heads[i]) : NULL;
        document->failed = document->failed || (document->sentences && i < columns && *heads[i] && !document->heads[i]);
    }
}

void lyap_document_table(struct lyap_document *document, const char *caption, size_t columns,
                         const char *const heads[]) {
    lyap_document_end_list(document);
    keep_heads(document, columns, heads);
    document->columns = columns ? columns : 1;
    document->column = 0;
    lyap_add_markdown(&document->markdown, caption);
    lyap_text_add(&document->markdown, "\n\n|");
    lyap_text_add(&document->html, document->sentences ? "<div class=\"table\"><table class=\"stack\"><caption>"
                                                       : "<div class=\"table\"><table><caption>");
    document->sentences = false;
    lyap_add_html(&document->html, caption);
    lyap_text_add(&document->html, "</caption>\n<thead><tr>");
    for (size_t i = 0; i < columns; i++) {
        lyap_document_both(document, " ", "<th>");
        lyap_add_markdown(&document->markdown, heads[i]);
        lyap_add_html(&document->html, heads[i]);
        lyap_document_both(document, " |", "</th>");
    }
    lyap_text_add(&document->html, "</tr></thead>\n<tbody>\n");
    lyap_text_add(&document->markdown, "\n|");
    for (size_t i = 0; i < columns; i++) lyap_text_add(&document->markdown, " --- |");
    lyap_text_add(&document->markdown, "\n");
}

void lyap_document_columns(struct lyap_document *document, const char *caption,
                           const struct lyap_document_column *columns, size_t count) {
    const char *heads[LYAP_MOST_COLUMNS];
    if (count > LYAP_MOST_COLUMNS) count = LYAP_MOST_COLUMNS;
    for (size_t i = 0; i < count; i++) heads[i] = columns[i].head;
    lyap_document_table(document, caption, count, heads);
}

void lyap_document_row(struct lyap_document *document, const struct lyap_document_column *columns, size_t count,
                       const void *row) {
    for (size_t i = 0; i < count && i < LYAP_MOST_COLUMNS; i++) columns[i].cell(document, row);
}

/* A short cell that begins with a number and holds no word: signs, an interval in brackets, an exponent of ten. */
static bool is_number(const char *text) {
    if (!*text || !strchr("0123456789+-.", *text) || strlen(text) > NUMBER_LENGTH) return false;
    if (!isdigit((unsigned char)text[strcspn(text, "0123456789")])) return false;
    for (; *text; text++)
        if (isalpha((unsigned char)text[0]) && isalpha((unsigned char)text[1])) return false;
    return true;
}

static void begin_cell(struct lyap_document *document, const char *text) {
    const char *head = document->column < LYAP_MOST_COLUMNS ? document->heads[document->column] : NULL;
    lyap_document_both(document, " ", is_number(text) ? "<td class=\"number\"" : "<td");
    if (head) {
        lyap_text_add(&document->html, " data-head=\"");
        for (const char *c = head; *c; c++)
            if (*c == '"')
                lyap_text_add(&document->html, "&quot;");
            else if (*c == '&')
                lyap_text_add(&document->html, "&amp;");
            else
                lyap_text_add_char(&document->html, *c);
        lyap_text_add(&document->html, "\"");
    }
    lyap_text_add(&document->html, ">");
}

/* Within the brackets of a number no line is broken. */
static void add_cell(struct lyap_text *html, const char *text) {
    const char *bracket = is_number(text) ? strchr(text, '[') : NULL;
    size_t length = bracket ? (size_t)(bracket - text) : strlen(text);
    char first[NUMBER_LENGTH + 1];
    if (!bracket) {
        lyap_add_html(html, text);
        return;
    }
    snprintf(first, sizeof first, "%.*s", (int)length, text);
    lyap_add_html(html, first);
    for (; *bracket; bracket++) {
        if (*bracket == ' ')
            lyap_text_add(html, "&nbsp;");
        else
            lyap_text_add_char(html, *bracket);
    }
}

static void cell(struct lyap_document *document, const char *text) {
    if (document->column == 0) lyap_document_both(document, "|", "<tr>");
    begin_cell(document, text);
    lyap_add_markdown(&document->markdown, text);
    add_cell(&document->html, text);
    lyap_document_both(document, " |", "</td>");
    if (++document->column == document->columns) {
        lyap_document_both(document, "\n", "</tr>\n");
        document->column = 0;
    }
}

void lyap_document_cell(struct lyap_document *document, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *text = lyap_text_format(format, arguments);
    va_end(arguments);
    if (text)
        cell(document, text);
    else
        document->failed = true;
    free(text);
}

void lyap_document_table_end(struct lyap_document *document) {
    while (document->column) cell(document, "");
    lyap_document_both(document, "\n", "</tbody></table></div>\n");
}
