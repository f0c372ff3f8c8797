#include "figure/document.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { MOST_COLUMNS = 32 };

struct picture {
    char *name, *svg; /* owned */
};

struct lyap_document {
    char *title;
    struct lyap_text markdown, html, contents; /* bodies, and the HTML list of headings */
    size_t headings, columns, column;          /* of the open table */
    bool in_list, failed;
    size_t count;
    struct picture *picture; /* [count], owned */
};

struct lyap_document *lyap_document_new(const char *title) {
    struct lyap_document *document = calloc(1, sizeof *document);
    if (document) document->title = lyap_text_copy(title);
    if (document && !document->title) {
        free(document);
        return NULL;
    }
    return document;
}

void *lyap_document_room(struct lyap_document *document, size_t count, size_t size) {
    void *room = calloc(count ? count : 1, size);
    if (!room) document->failed = true;
    return room;
}

void lyap_document_free(struct lyap_document *document) {
    if (!document) return;
    for (size_t i = 0; i < document->count; i++) {
        free(document->picture[i].name);
        free(document->picture[i].svg);
    }
    free(document->picture);
    free(document->title);
    lyap_text_free(&document->markdown);
    lyap_text_free(&document->html);
    lyap_text_free(&document->contents);
    free(document);
}

static void both(struct lyap_document *document, const char *markdown, const char *html) {
    lyap_text_add(&document->markdown, markdown);
    lyap_text_add(&document->html, html);
}

static void end_list(struct lyap_document *document) {
    if (document->in_list) both(document, "\n", "</ul>\n");
    document->in_list = false;
}

struct lyap_document *lyap_document_before(const struct lyap_document *body, const char *title) {
    struct lyap_document *front = lyap_document_new(title);
    if (front) front->headings = body->headings;
    return front;
}

void lyap_document_append(struct lyap_document *front, struct lyap_document *body) {
    end_list(front);
    end_list(body);
    lyap_text_add(&front->markdown, lyap_text_of(&body->markdown));
    lyap_text_add(&front->html, lyap_text_of(&body->html));
    lyap_text_add(&front->contents, lyap_text_of(&body->contents));
    front->failed =
        front->failed || body->failed || body->markdown.failed || body->html.failed || body->contents.failed;
    struct picture *all = realloc(front->picture, (front->count + body->count + 1) * sizeof *all);
    if (!all) {
        front->failed = true;
        return;
    }
    if (body->count) memcpy(all + front->count, body->picture, body->count * sizeof *all);
    front->picture = all;
    front->count += body->count;
    body->count = 0;
}

/* Text between tags, `code` in backticks marked up. */
static void add_html(struct lyap_text *text, const char *words) {
    bool code = false;
    for (; *words; words++) {
        if (*words == '`') {
            lyap_text_add(text, code ? "</code>" : "<code>");
            code = !code;
        } else if (*words == '&')
            lyap_text_add(text, "&amp;");
        else if (*words == '<')
            lyap_text_add(text, "&lt;");
        else if (*words == '>')
            lyap_text_add(text, "&gt;");
        else
            lyap_text_add_char(text, *words);
    }
    if (code) lyap_text_add(text, "</code>");
}

/* What Markdown would take for markup gets a backslash; in code only the bar that ends a table's cell does. */
static void add_markdown(struct lyap_text *text, const char *words) {
    bool code = false;
    for (; *words; words++) {
        if (*words == '`') code = !code;
        if (*words == '|' || (!code && strchr("*_<>[]\\", *words))) lyap_text_add_char(text, '\\');
        lyap_text_add_char(text, *words);
    }
    if (code) lyap_text_add_char(text, '`');
}

static void words(struct lyap_document *document, const char *text) {
    add_markdown(&document->markdown, text);
    add_html(&document->html, text);
}

static void format_words(struct lyap_document *document, const char *format, va_list arguments) {
    char *text = lyap_text_format(format, arguments);
    if (text)
        words(document, text);
    else
        document->failed = true;
    free(text);
}

void lyap_document_heading(struct lyap_document *document, int level, const char *text) {
    char id[32];
    end_list(document);
    level = level < 3 ? 2 : 3;
    snprintf(id, sizeof id, "s%zu", ++document->headings);
    both(document, level == 2 ? "## " : "### ", level == 2 ? "<h2 id=\"" : "<h3 id=\"");
    lyap_text_add(&document->html, id);
    lyap_text_add(&document->html, "\">");
    words(document, text);
    both(document, "\n\n", level == 2 ? "</h2>\n" : "</h3>\n");
    if (level == 2) {
        lyap_text_add(&document->contents, "<li><a href=\"#");
        lyap_text_add(&document->contents, id);
        lyap_text_add(&document->contents, "\">");
        add_html(&document->contents, text);
        lyap_text_add(&document->contents, "</a></li>\n");
    }
}

void lyap_document_paragraph(struct lyap_document *document, const char *format, ...) {
    va_list arguments;
    end_list(document);
    lyap_text_add(&document->html, "<p>");
    va_start(arguments, format);
    format_words(document, format, arguments);
    va_end(arguments);
    both(document, "\n\n", "</p>\n");
}

void lyap_document_item(struct lyap_document *document, const char *format, ...) {
    va_list arguments;
    if (!document->in_list) lyap_text_add(&document->html, "<ul>\n");
    document->in_list = true;
    both(document, "- ", "<li>");
    va_start(arguments, format);
    format_words(document, format, arguments);
    va_end(arguments);
    both(document, "\n", "</li>\n");
}

void lyap_document_table(struct lyap_document *document, const char *caption, size_t columns,
                         const char *const heads[]) {
    end_list(document);
    document->columns = columns ? columns : 1;
    document->column = 0;
    add_markdown(&document->markdown, caption);
    lyap_text_add(&document->markdown, "\n\n|");
    lyap_text_add(&document->html, "<div class=\"table\"><table><caption>");
    add_html(&document->html, caption);
    lyap_text_add(&document->html, "</caption>\n<thead><tr>");
    for (size_t i = 0; i < columns; i++) {
        both(document, " ", "<th>");
        words(document, heads[i]);
        both(document, " |", "</th>");
    }
    lyap_text_add(&document->html, "</tr></thead>\n<tbody>\n");
    lyap_text_add(&document->markdown, "\n|");
    for (size_t i = 0; i < columns; i++) lyap_text_add(&document->markdown, " --- |");
    lyap_text_add(&document->markdown, "\n");
}

void lyap_document_columns(struct lyap_document *document, const char *caption,
                           const struct lyap_document_column *columns, size_t count) {
    const char *heads[MOST_COLUMNS];
    if (count > MOST_COLUMNS) count = MOST_COLUMNS;
    for (size_t i = 0; i < count; i++) heads[i] = columns[i].head;
    lyap_document_table(document, caption, count, heads);
}

void lyap_document_row(struct lyap_document *document, const struct lyap_document_column *columns, size_t count,
                       const void *row) {
    for (size_t i = 0; i < count && i < MOST_COLUMNS; i++) columns[i].cell(document, row);
}

static void cell(struct lyap_document *document, const char *text) {
    bool number = *text && strchr("0123456789+-.", *text) && isdigit((unsigned char)text[strcspn(text, "0123456789")]);
    if (document->column == 0) both(document, "|", "<tr>");
    both(document, " ", number ? "<td class=\"number\">" : "<td>");
    words(document, text);
    both(document, " |", "</td>");
    if (++document->column == document->columns) {
        both(document, "\n", "</tr>\n");
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
    both(document, "\n", "</tbody></table></div>\n");
}

static char *draw(const struct lyap_chart *chart, const char *name) {
    char *svg = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&svg, &size);
    if (!file) return NULL;
    const bool whole = lyap_chart_write(file, chart, name);
    if (lyap_text_close(file, &svg) && whole) return svg;
    free(svg);
    return NULL;
}

void lyap_document_figure(struct lyap_document *document, const char *name, const struct lyap_chart *chart,
                          const char *caption, ...) {
    va_list arguments;
    end_list(document);
    struct picture *grown = realloc(document->picture, (document->count + 1) * sizeof *grown);
    if (!grown) {
        document->failed = true;
        return;
    }
    document->picture = grown;
    struct picture *p = &grown[document->count++];
    *p = (struct picture){.name = lyap_text_copy(name), .svg = draw(chart, name)};
    if (!p->name || !p->svg) {
        document->failed = true;
        return;
    }
    both(document, "![", "<figure>\n");
    lyap_text_add(&document->markdown, name);
    lyap_text_add(&document->markdown, "](figures/");
    lyap_text_add(&document->markdown, name);
    lyap_text_add(&document->markdown, ".svg)\n\n");
    lyap_text_add(&document->html, p->svg);
    lyap_text_add(&document->html, "<figcaption>");
    va_start(arguments, caption);
    format_words(document, caption, arguments);
    va_end(arguments);
    both(document, "\n\n", "</figcaption></figure>\n");
}

static enum lyap_status check(const struct lyap_document *document, struct lyap_error *error) {
    if (document->failed || document->markdown.failed || document->html.failed || document->contents.failed)
        return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for a document");
    return LYAP_OK;
}

enum lyap_status lyap_document_markdown(const struct lyap_document *document, FILE *file, struct lyap_error *error) {
    enum lyap_status status = check(document, error);
    if (!status) fprintf(file, "# %s\n\n%s", document->title, lyap_text_of(&document->markdown));
    return status;
}

/* Light or dark as the reader's system is; the charts keep their white ground. */
static const char style[] =
    "body{max-width:60rem;margin:2rem auto;padding:0 1rem;font:16px/1.5 "
    "system-ui,sans-serif;color:#222;background:#fff}\n"
    "h1,h2,h3{line-height:1.2}h2{margin-top:2.5rem;border-bottom:1px solid #bbb;padding-bottom:.2rem}\n"
    "code{font-size:.9em;background:#eee;padding:0 .2em;border-radius:3px}a{color:#0060a0}\n"
    ".table{overflow-x:auto}table{border-collapse:collapse;margin:1rem 0;font-size:.9rem}\n"
    "caption{text-align:left;font-weight:600;padding:.3rem 0}th,td{padding:.2rem .6rem;border-bottom:1px solid #ccc;"
    "text-align:left;vertical-align:top}td.number{text-align:right;font-variant-numeric:tabular-nums;white-space:"
    "nowrap}\n"
    "figure{margin:1.5rem 0}figure "
    "svg{max-width:100%;height:auto;background:#fff}figcaption{font-size:.9rem;color:#555}\n"
    "@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}code{background:#333}a{color:#7bc0ff}"
    "figcaption{color:#aaa}th,td{border-color:#444}}\n";

enum lyap_status lyap_document_html(const struct lyap_document *document, FILE *file, struct lyap_error *error) {
    struct lyap_text title = {0};
    add_html(&title, document->title);
    enum lyap_status status = check(document, error);
    if (!status && title.failed) status = lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for a document");
    if (!status)
        fprintf(file,
                "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>%s</title>\n"
                "<style>\n%s</style></head><body>\n<h1>%s</h1>\n<nav><ul>\n%s</ul></nav>\n%s%s</body></html>\n",
                lyap_text_of(&title), style, lyap_text_of(&title), lyap_text_of(&document->contents),
                lyap_text_of(&document->html), document->in_list ? "</ul>\n" : "");
    lyap_text_free(&title);
    return status;
}

const char *lyap_document_figure_name(const struct lyap_document *document, size_t i) {
    return i < document->count ? document->picture[i].name : NULL;
}

const char *lyap_document_figure_svg(const struct lyap_document *document, size_t i) {
    return i < document->count ? document->picture[i].svg : NULL;
}
