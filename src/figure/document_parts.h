/* What the files of a document share: its state, and text for either form. */
#ifndef LYAP_FIGURE_DOCUMENT_PARTS_H
#define LYAP_FIGURE_DOCUMENT_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "figure/document.h"

enum { LYAP_MOST_COLUMNS = 32 };

struct lyap_picture {
    char *name, *svg; /* owned */
};

struct lyap_document {
    char *title;
    char mark;                           /* of the names of headings */
    struct lyap_text markdown, html;     /* bodies */
    struct lyap_text contents, links;    /* the lists of headings for HTML and Markdown */
    size_t html_before, markdown_before; /* bytes before the contents; 0: they come first */
    size_t headings, columns, column;    /* of the open table */
    char *heads[LYAP_MOST_COLUMNS];      /* of an open table of sentences, owned */
    bool in_list, sentences, failed;
    size_t count;
    struct lyap_picture *picture; /* [count], owned */
};

void lyap_document_both(struct lyap_document *document, const char *markdown, const char *html);
void lyap_document_end_list(struct lyap_document *document);

/* Text between tags, and for Markdown; `code` in backticks is marked up. */
void lyap_add_html(struct lyap_text *text, const char *words);
void lyap_add_markdown(struct lyap_text *text, const char *words);

#endif
