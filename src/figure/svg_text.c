#include "figure/svg_text.h"

#include <string.h>

struct lyap_span lyap_span_of(const char *text) {
    return (struct lyap_span){text, strlen(text)};
}

double lyap_span_width(struct lyap_span span, double size) {
    double width = 0;
    for (size_t i = 0; i < span.length; i++) {
        char c = span.text[i];
        if (((unsigned char)c & 0xC0) == 0x80) continue; /* inside of a UTF-8 character */
        if (strchr("iljI.,:;'|![]()", c))
            width += 0.36;
        else if (strchr("mwMW@%", c))
            width += 0.95;
        else
            width += c == ' ' ? 0.33 : c >= 'A' && c <= 'Z' ? 0.71 : 0.63;
    }
    return width * size;
}

size_t lyap_span_wrap(const char *text, double width, double size, struct lyap_span *lines) {
    size_t count = 0;
    while (text && *text && count < LYAP_SPAN_LINES) {
        size_t best = strcspn(text, " ");
        for (size_t end = best; text[end]; best = end) {
            end += 1 + strcspn(text + end + 1, " ");
            if (count < LYAP_SPAN_LINES - 1 && lyap_span_width((struct lyap_span){text, end}, size) > width) break;
        }
        lines[count++] = (struct lyap_span){text, best};
        text += best;
        text += strspn(text, " ");
    }
    return count;
}

size_t lyap_span_lines(const char *text, double width, double size) {
    struct lyap_span lines[LYAP_SPAN_LINES];
    return lyap_span_wrap(text, width, size, lines);
}

void lyap_svg_escaped(FILE *file, struct lyap_span span) {
    for (size_t i = 0; i < span.length; i++) {
        unsigned char c = (unsigned char)span.text[i];
        if (c == '&')
            fputs("&amp;", file);
        else if (c == '<')
            fputs("&lt;", file);
        else if (c == '>')
            fputs("&gt;", file);
        else
            fputc(c < 0x20 || c == 0x7F ? ' ' : c, file);
    }
}

void lyap_svg_text(FILE *file, double x, double y, const char *attributes, struct lyap_span span) {
    fprintf(file, "<text x=\"%.1f\" y=\"%.1f\"%s%s>", x, y, *attributes ? " " : "", attributes);
    lyap_svg_escaped(file, span);
    fputs("</text>\n", file);
}

void lyap_svg_line(FILE *file, double x1, double y1, double x2, double y2, struct lyap_stroke stroke) {
    fprintf(file, "<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"%s\" stroke-width=\"%.1f\"%s/>\n", x1, y1, x2, y2,
            stroke.colour, stroke.width, stroke.dashed ? " stroke-dasharray=\"5 3\"" : "");
}
