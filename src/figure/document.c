#include "figure/document.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "figure/document_parts.h"
#include "figure/page.h"

struct lyap_document *lyap_document_new(const char *title) {
    struct lyap_document *document = calloc(1, sizeof *document);
    if (document) document->title = lyap_text_copy(title);
    if (document) document->mark = 's';
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

void lyap_document_fail(struct lyap_document *document) {
    document->failed = true;
}

void lyap_document_free(struct lyap_document *document) {
    if (!document) return;
    for (size_t i = 0; i < document->count; i++) {
        free(document->picture[i].name);
        free(document->picture[i].svg);
    }
    for (size_t i = 0; i < LYAP_MOST_COLUMNS; i++) free(document->heads[i]);
    free(document->picture);
    free(document->title);
    lyap_text_free(&document->markdown);
    lyap_text_free(&document->html);
    lyap_text_free(&document->contents);
    lyap_text_free(&document->links);
    free(document);
}

void lyap_document_both(struct lyap_document *document, const char *markdown, const char *html) {
    lyap_text_add(&document->markdown, markdown);
    lyap_text_add(&document->html, html);
}

void lyap_document_end_list(struct lyap_document *document) {
    if (document->in_list) lyap_document_both(document, "\n", "</ul>\n");
    document->in_list = false;
}

struct lyap_document *lyap_document_before(const struct lyap_document *body, const char *title) {
    struct lyap_document *front = lyap_document_new(title);
    if (front) front->headings = body->headings;
    return front;
}

void lyap_document_mark(struct lyap_document *document, char mark) {
    document->mark = mark;
}

static bool failed(const struct lyap_document *d) {
    return d->failed || d->markdown.failed || d->html.failed || d->contents.failed || d->links.failed;
}

void lyap_document_append(struct lyap_document *front, struct lyap_document *body) {
    lyap_document_end_list(front);
    lyap_document_end_list(body);
    lyap_text_add(&front->markdown, lyap_text_of(&body->markdown));
    lyap_text_add(&front->html, lyap_text_of(&body->html));
    lyap_text_add(&front->contents, lyap_text_of(&body->contents));
    lyap_text_add(&front->links, lyap_text_of(&body->links));
    front->failed = front->failed || failed(body);
    struct lyap_picture *all = realloc(front->picture, (front->count + body->count + 1) * sizeof *all);
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
void lyap_add_html(struct lyap_text *text, const char *words) {
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
void lyap_add_markdown(struct lyap_text *text, const char *words) {
    bool code = false;
    for (; *words; words++) {
        if (*words == '`') code = !code;
        if (*words == '|' || (!code && strchr("*_<>[]\\", *words))) lyap_text_add_char(text, '\\');
        lyap_text_add_char(text, *words);
    }
    if (code) lyap_text_add_char(text, '`');
}

static void words(struct lyap_document *document, const char *text) {
    lyap_add_markdown(&document->markdown, text);
    lyap_add_html(&document->html, text);
}

static void format_words(struct lyap_document *document, const char *format, va_list arguments) {
    char *text = lyap_text_format(format, arguments);
    if (text)
        words(document, text);
    else
        document->failed = true;
    free(text);
}

/* The name that GitHub and others give a heading in Markdown: lower case, spaces as hyphens, without other signs. Two headings of the same
 * words are told apart there by a number that is not followed here: the link leads to the first. */
static void add_anchor(struct lyap_text *text, const char *heading) {
    for (; *heading; heading++) {
        unsigned char c = (unsigned char)*heading;
        if (c == ' ')
            lyap_text_add_char(text, '-');
        else if (isalnum(c) || c == '-' || c == '_' || c >= 0x80)
            lyap_text_add_char(text, (char)tolower(c));
    }
}

static void list_heading(struct lyap_document *document, int level, const char *id, const char *text) {
    lyap_text_add(&document->contents, level == 2 ? "<li><a href=\"#" : "<li class=\"sub\"><a href=\"#");
    lyap_text_add(&document->contents, id);
    lyap_text_add(&document->contents, "\">");
    lyap_add_html(&document->contents, text);
    lyap_text_add(&document->contents, "</a></li>\n");
    lyap_text_add(&document->links, level == 2 ? "- [" : "  - [");
    lyap_add_markdown(&document->links, text);
    lyap_text_add(&document->links, "](#");
    add_anchor(&document->links, text);
    lyap_text_add(&document->links, ")\n");
}

void lyap_document_heading(struct lyap_document *document, int level, const char *text) {
    char id[32];
    lyap_document_end_list(document);
    level = level < 3 ? 2 : 3;
    snprintf(id, sizeof id, "%c%zu", document->mark, ++document->headings);
    lyap_document_both(document, level == 2 ? "## " : "### ", level == 2 ? "<h2 id=\"" : "<h3 id=\"");
    lyap_text_add(&document->html, id);
    lyap_text_add(&document->html, "\">");
    words(document, text);
    lyap_document_both(document, "\n\n", level == 2 ? "</h2>\n" : "</h3>\n");
    list_heading(document, level, id, text);
}

void lyap_document_contents(struct lyap_document *document) {
    lyap_document_end_list(document);
    document->html_before = document->html.length;
    document->markdown_before = document->markdown.length;
}

void lyap_document_paragraph(struct lyap_document *document, const char *format, ...) {
    va_list arguments;
    lyap_document_end_list(document);
    lyap_text_add(&document->html, "<p>");
    va_start(arguments, format);
    format_words(document, format, arguments);
    va_end(arguments);
    lyap_document_both(document, "\n\n", "</p>\n");
}

void lyap_document_item(struct lyap_document *document, const char *format, ...) {
    va_list arguments;
    if (!document->in_list) lyap_text_add(&document->html, "<ul>\n");
    document->in_list = true;
    lyap_document_both(document, "- ", "<li>");
    va_start(arguments, format);
    format_words(document, format, arguments);
    va_end(arguments);
    lyap_document_both(document, "\n", "</li>\n");
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
    lyap_document_end_list(document);
    struct lyap_picture *grown = realloc(document->picture, (document->count + 1) * sizeof *grown);
    if (!grown) {
        document->failed = true;
        return;
    }
    document->picture = grown;
    struct lyap_picture *p = &grown[document->count++];
    *p = (struct lyap_picture){.name = lyap_text_copy(name), .svg = draw(chart, name)};
    if (!p->name || !p->svg) {
        document->failed = true;
        return;
    }
    lyap_document_both(document, "![", "<figure>\n<div class=\"picture\">\n");
    lyap_text_add(&document->markdown, name);
    lyap_text_add(&document->markdown, "](figures/");
    lyap_text_add(&document->markdown, name);
    lyap_text_add(&document->markdown, ".svg)\n\n");
    lyap_text_add(&document->html, p->svg);
    lyap_text_add(&document->html, "</div>\n<figcaption>");
    va_start(arguments, caption);
    format_words(document, caption, arguments);
    va_end(arguments);
    lyap_document_both(document, "\n\n", "</figcaption></figure>\n");
}

static enum lyap_status check(const struct lyap_document *document, struct lyap_error *error) {
    return failed(document) ? lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for a document") : LYAP_OK;
}

enum lyap_status lyap_document_markdown(const struct lyap_document *document, FILE *file, struct lyap_error *error) {
    enum lyap_status status = check(document, error);
    if (status) return status;
    fprintf(file, "# %s\n\n", document->title);
    fwrite(lyap_text_of(&document->markdown), 1, document->markdown_before, file);
    if (document->markdown_before) fprintf(file, "Contents:\n\n%s\n", lyap_text_of(&document->links));
    fputs(lyap_text_of(&document->markdown) + document->markdown_before, file);
    return LYAP_OK;
}

enum lyap_status lyap_document_html(const struct lyap_document *document, FILE *file, struct lyap_error *error) {
    struct lyap_text title = {0};
    lyap_add_html(&title, document->title);
    enum lyap_status status = check(document, error);
    if (!status && title.failed) status = lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for a document");
    const struct lyap_page page = {lyap_text_of(&title), lyap_text_of(&document->contents),
                                   lyap_text_of(&document->html), document->in_list ? "</ul>\n" : "",
                                   document->html_before};
    if (!status) lyap_page_write(file, &page);
    lyap_text_free(&title);
    return status;
}

const char *lyap_document_figure_name(const struct lyap_document *document, size_t i) {
    return i < document->count ? document->picture[i].name : NULL;
}

const char *lyap_document_figure_svg(const struct lyap_document *document, size_t i) {
    return i < document->count ? document->picture[i].svg : NULL;
}
