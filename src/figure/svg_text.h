/* Text and lines of a chart in SVG. */
#ifndef LYAP_FIGURE_SVG_TEXT_H
#define LYAP_FIGURE_SVG_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct lyap_span {
    const char *text;
    size_t length;
};

struct lyap_span lyap_span_of(const char *text);

/* About the width in pixels in a wide sans-serif font of that size (DejaVu Sans), so that a narrower one leaves room. */
double lyap_span_width(struct lyap_span span, double size);

/* Breaks a text at spaces into lines that fit the width; what is left after LYAP_SPAN_LINES stays on the last. Returns the number of lines; the
 * second only counts them. */
enum { LYAP_SPAN_LINES = 4 };
size_t lyap_span_wrap(const char *text, double width, double size, struct lyap_span *lines);
size_t lyap_span_lines(const char *text, double width, double size);

void lyap_svg_escaped(FILE *file, struct lyap_span span);
void lyap_svg_text(FILE *file, double x, double y, const char *attributes, struct lyap_span span);

struct lyap_stroke {
    const char *colour;
    double width; /* pixels */
    bool dashed;
};
/* A line from (x1, y1) to (x2, y2). */
void lyap_svg_line(FILE *file, double x1, double y1, double x2, double y2, struct lyap_stroke stroke);

#endif
