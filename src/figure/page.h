/* An HTML page around a document: style, list of contents, print layout. Self-contained, without scripts. */
#ifndef LYAP_FIGURE_PAGE_H
#define LYAP_FIGURE_PAGE_H

#include <stddef.h>
#include <stdio.h>

struct lyap_page {
    const char *title, *contents, *body, *end; /* HTML; the contents are items of a list; the end is that of the body */
    size_t before;                             /* bytes of the body that come before the contents */
};
void lyap_page_write(FILE *file, const struct lyap_page *page);

#endif
