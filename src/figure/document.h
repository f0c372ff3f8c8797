/* A document, built once and written twice: as Markdown and as one self-contained HTML file with its charts inline. Text is plain,
 * UTF-8, and is escaped for either; `code` in backticks is the one markup that it may hold. A failure (memory) is remembered and
 * returned by the writer, so that building needs no checks. */
#ifndef LYAP_FIGURE_DOCUMENT_H
#define LYAP_FIGURE_DOCUMENT_H

#include <stdio.h>

#include "figure/chart.h"
#include "lyapgrad/status.h"

#if defined(__GNUC__)
#define LYAP_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define LYAP_PRINTF(text, first)
#endif

struct lyap_document;
struct lyap_document *lyap_document_new(const char *title); /* NULL when out of memory */
void lyap_document_free(struct lyap_document *document);

/* Zeroed memory for what is being written, such as a chart and its numbers; the caller frees. NULL when there is none, which the
 * document remembers as a failure of its own. */
void *lyap_document_room(struct lyap_document *document, size_t count, size_t size);

/* Remembers a failure (memory) of what is being written. */
void lyap_document_fail(struct lyap_document *document);

/* A document that comes before `body`, whose headings are numbered on from there; NULL when out of memory. Appending moves what
 * `body` holds to the end of `front`, whose own headings come first in the list of contents. */
struct lyap_document *lyap_document_before(const struct lyap_document *body, const char *title);
void lyap_document_append(struct lyap_document *front, struct lyap_document *body);

/* The letter with which the names of this document's headings begin in HTML (default s): documents that are appended to one another without
 * lyap_document_before need different ones. */
void lyap_document_mark(struct lyap_document *document, char mark);

/* The list of contents comes here. Without a call: first in HTML, and none in Markdown. */
void lyap_document_contents(struct lyap_document *document);

void lyap_document_heading(struct lyap_document *document, int level, const char *text); /* level 2 or 3 */
void lyap_document_paragraph(struct lyap_document *document, const char *format, ...) LYAP_PRINTF(2, 3);
void lyap_document_item(struct lyap_document *document, const char *format, ...) LYAP_PRINTF(2, 3); /* of a list */

/* A column of a table: its head, and the function that writes its cell of a row. */
struct lyap_document_column {
    const char *head;
    void (*cell)(struct lyap_document *document, const void *row);
};
/* Defines the function of a column: `row_type *r` is the row, `d` the document. */
#define LYAP_CELL(function, row_type, statement)                                                                       \
    static void function(struct lyap_document *d, const void *row) {                                                   \
        const row_type *r = row;                                                                                       \
        (void)r;                                                                                                       \
        statement;                                                                                                     \
    }

/* A table by its columns: the caption and the heads, then lyap_document_row for each row, then lyap_document_table_end. */
void lyap_document_columns(struct lyap_document *document, const char *caption,
                           const struct lyap_document_column *columns, size_t count);
void lyap_document_row(struct lyap_document *document, const struct lyap_document_column *columns, size_t count,
                       const void *row);
#define LYAP_COLUMNS(columns) (columns), sizeof(columns) / sizeof *(columns)

/* The next table has sentences in its cells: on a narrow screen each row is a block of lines, each with its head. */
void lyap_document_sentences(struct lyap_document *document);

/* A table whose heads are made at run time: a caption, `columns` column heads, then cells row by row, then the end. Numbers, also with an
 * interval in brackets, are aligned right; on a narrow screen the
 * interval is on a line of its own. A row that is not full at the end is filled with empty cells. */
void lyap_document_table(struct lyap_document *document, const char *caption, size_t columns,
                         const char *const heads[]);
void lyap_document_cell(struct lyap_document *document, const char *format, ...) LYAP_PRINTF(2, 3);
void lyap_document_table_end(struct lyap_document *document);

/* A figure: drawn now (the chart's arrays may go afterwards). In Markdown it is a link to figures/<name>.svg. */
void lyap_document_figure(struct lyap_document *document, const char *name, const struct lyap_chart *chart,
                          const char *caption, ...) LYAP_PRINTF(4, 5);

enum lyap_status lyap_document_markdown(const struct lyap_document *document, FILE *file, struct lyap_error *error);
enum lyap_status lyap_document_html(const struct lyap_document *document, FILE *file, struct lyap_error *error);

/* Figure i: its name (NULL behind the last) and SVG text, both owned by the document. */
const char *lyap_document_figure_name(const struct lyap_document *document, size_t i);
const char *lyap_document_figure_svg(const struct lyap_document *document, size_t i);

#endif
