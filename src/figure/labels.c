/* Legends, the labels of reference lines, and names along an axis. */
#include "figure/labels.h"

#include <math.h>
#include <string.h>

#include "figure/svg_text.h"

enum { SWATCH = 24, GAP = 14 };

static void put_swatch(FILE *file, const struct lyap_mark_series *s, double x, double y) {
    const char *colour = lyap_mark_colour(s);
    if (s->mark == LYAP_MARK_BAND) {
        fprintf(file, "<rect x=\"%.1f\" y=\"%.1f\" width=\"18\" height=\"9\" fill=\"%s\" fill-opacity=\"0.3\"/>\n", x,
                y - 4.5, colour);
        return;
    }
    if (s->mark == LYAP_MARK_LINE || s->mark == LYAP_MARK_STEPS) {
        lyap_svg_line(file, x, y, x + 18, y, (struct lyap_stroke){colour, 1.8, s->dashed});
        return;
    }
    if (s->mark == LYAP_MARK_BARS)
        lyap_svg_line(file, x + 9, y - 6, x + 9, y + 6, (struct lyap_stroke){colour, 1.4, false});
    if (s->mark == LYAP_MARK_SPANS) lyap_svg_line(file, x + 2, y, x + 16, y, (struct lyap_stroke){colour, 1.4, false});
    lyap_mark_swatch(file, s, x + 9, y);
}

double lyap_legend_put(FILE *file, const struct lyap_panel *panel, double left, double top, double width) {
    double x = 0, y = 0, height = 0;
    for (size_t i = 0; i < panel->count; i++) {
        const struct lyap_mark_series *s = &panel->series[i];
        struct lyap_span lines[LYAP_SPAN_LINES];
        size_t count = lyap_span_wrap(s->label, width - SWATCH, LYAP_FONT, lines);
        if (count == 0) continue;
        double wide = 0;
        for (size_t k = 0; k < count; k++) wide = fmax(wide, SWATCH + lyap_span_width(lines[k], LYAP_FONT));
        if (x > 0 && x + wide > width) {
            x = 0;
            y = height;
        }
        if (file) {
            put_swatch(file, s, left + x, top + y + LYAP_LINE / 2.0);
            for (size_t k = 0; k < count; k++)
                lyap_svg_text(file, left + x + SWATCH, top + y + (double)k * LYAP_LINE + 11.5, "", lines[k]);
        }
        x += wide + GAP;
        height = fmax(height, y + (double)count * LYAP_LINE);
    }
    return height;
}

bool lyap_line_is_drawn(const struct lyap_frame *f, size_t k) {
    const struct lyap_scale *scale = f->panel->line[k].vertical ? &f->x : &f->y;
    double at = f->panel->line[k].at;
    if (!lyap_scale_holds(scale->logarithmic, at)) return false;
    double place = lyap_scale_place(scale, at);
    return place >= 0 && place <= 1;
}

/* Indices of the labelled lines of one direction, in the order of their places from the left or the top. */
static size_t labelled_lines(const struct lyap_frame *f, bool vertical, size_t *index) {
    size_t count = 0;
    for (size_t k = 0; k < f->panel->lines; k++) {
        const char *label = f->panel->line[k].label;
        if (f->panel->line[k].vertical != vertical || !label || !*label || !lyap_line_is_drawn(f, k)) continue;
        size_t to = count++;
        for (; to > 0; to--) {
            double before = f->panel->line[index[to - 1]].at, at = f->panel->line[k].at;
            if (vertical ? before <= at : before >= at) break;
            index[to] = index[to - 1];
        }
        index[to] = k;
    }
    return count;
}

static double side_width(double cell) {
    return fmax(64, 0.2 * cell);
}

double lyap_side_width(const struct lyap_frame *f, double cell) {
    size_t index[LYAP_PANEL_LINES], count = labelled_lines(f, false, index);
    double widest = 0;
    for (size_t k = 0; k < count; k++) {
        struct lyap_span lines[LYAP_SPAN_LINES];
        size_t wrapped = lyap_span_wrap(f->panel->line[index[k]].label, side_width(cell), LYAP_FONT - 1, lines);
        for (size_t i = 0; i < wrapped; i++) widest = fmax(widest, lyap_span_width(lines[i], LYAP_FONT - 1));
    }
    return widest > 0 ? widest + 6 : 0;
}

void lyap_side_put(FILE *file, const struct lyap_frame *f, double cell) {
    size_t index[LYAP_PANEL_LINES], count = labelled_lines(f, false, index);
    double free_from = -INFINITY;
    for (size_t k = 0; k < count; k++) {
        struct lyap_span lines[LYAP_SPAN_LINES];
        size_t wrapped = lyap_span_wrap(f->panel->line[index[k]].label, side_width(cell), LYAP_FONT - 1, lines);
        double top = fmax(lyap_frame_y(f, f->panel->line[index[k]].at) - (double)wrapped * 6.5, free_from);
        for (size_t i = 0; i < wrapped; i++)
            lyap_svg_text(file, f->box.left + f->box.width + 5, top + 10.5 + 13 * (double)i,
                          "font-size=\"11\" fill=\"#555555\"", lines[i]);
        free_from = top + 13 * (double)wrapped;
    }
}

double lyap_top_put(FILE *file, const struct lyap_frame *f, double right) {
    size_t index[LYAP_PANEL_LINES], count = labelled_lines(f, true, index), rows = 0;
    double end[LYAP_PANEL_LINES];
    for (size_t k = 0; k < count; k++) {
        struct lyap_span label = lyap_span_of(f->panel->line[index[k]].label);
        double half = lyap_span_width(label, LYAP_FONT - 1) / 2;
        double at = fmax(fmin(lyap_frame_x(f, f->panel->line[index[k]].at), right - half), f->box.left + half);
        size_t row = 0;
        while (row < rows && at - half < end[row] + 8) row++;
        if (row == rows) rows++;
        end[row] = at + half;
        if (file)
            lyap_svg_text(file, at, f->box.top - 5 - 14 * (double)row,
                          "font-size=\"11\" fill=\"#555555\" text-anchor=\"middle\"", label);
    }
    return 14 * (double)rows;
}

/* ---- names along an axis ---- */

/* Names of the x axis lie between their neighbours where all words fit there, and else stand upright, in lines of at most so many pixels. */
enum { UPRIGHT = 130 };

static bool is_upright(const struct lyap_frame *f, double width) {
    for (size_t i = 0; i < f->panel->x_names.count; i++)
        for (const char *word = f->panel->x_names.name[i]; *word; word += strspn(word, " ")) {
            struct lyap_span span = {word, strcspn(word, " ")};
            if (lyap_span_width(span, LYAP_FONT) > width) return true;
            word += span.length;
        }
    return false;
}

static double name_width(const struct lyap_frame *f) {
    return f->box.width / (double)f->panel->x_names.count - 4;
}

double lyap_names_width(const struct lyap_frame *f, double most) {
    const struct lyap_names *names = &f->panel->y_names;
    double widest = 0;
    for (size_t i = 0; i < names->count; i++) {
        struct lyap_span lines[LYAP_SPAN_LINES];
        size_t count = lyap_span_wrap(names->name[i], most, LYAP_FONT, lines);
        for (size_t k = 0; k < count; k++)
            if (!names->heading || !names->heading[i]) widest = fmax(widest, lyap_span_width(lines[k], LYAP_FONT));
    }
    return widest;
}

double lyap_names_height(const struct lyap_frame *f) {
    double width = name_width(f), highest = 0;
    bool upright = is_upright(f, width);
    for (size_t i = 0; i < f->panel->x_names.count; i++) {
        struct lyap_span lines[LYAP_SPAN_LINES];
        size_t count = lyap_span_wrap(f->panel->x_names.name[i], upright ? UPRIGHT : width, LYAP_FONT, lines);
        for (size_t k = 0; k < count && upright; k++) highest = fmax(highest, lyap_span_width(lines[k], LYAP_FONT));
        if (!upright) highest = fmax(highest, (double)count * LYAP_LINE);
    }
    return highest;
}

static const char *weight(const struct lyap_names *names, size_t i, const char *bold, const char *plain) {
    return names->heading && names->heading[i] ? bold : plain;
}

/* A heading begins at the left edge of the chart's cell and goes into the panel, where its row has no data. */
static void put_y_names(FILE *file, const struct lyap_frame *f, double left, double most) {
    const struct lyap_names *names = &f->panel->y_names;
    for (size_t i = 0; i < names->count; i++) {
        if (!*names->name[i]) continue;
        struct lyap_span lines[LYAP_SPAN_LINES];
        bool heading = names->heading && names->heading[i];
        size_t count = lyap_span_wrap(names->name[i], heading ? 1e9 : most, LYAP_FONT, lines);
        double y = lyap_frame_y(f, (double)i) + 4 - (double)(count - 1) * LYAP_LINE / 2.0;
        if (!heading)
            lyap_svg_line(file, f->box.left, lyap_frame_y(f, (double)i), f->box.left + f->box.width,
                          lyap_frame_y(f, (double)i), (struct lyap_stroke){"#E4E4E4", 1, false});
        for (size_t k = 0; k < count; k++)
            lyap_svg_text(file, heading ? left : f->box.left - 7, y + (double)k * LYAP_LINE,
                          weight(names, i, "class=\"y\" font-weight=\"600\"", "class=\"y\" text-anchor=\"end\""),
                          lines[k]);
    }
}

static void put_x_name(FILE *file, const struct lyap_frame *f, size_t i, bool upright) {
    static const char plain[] = "class=\"x\" text-anchor=\"middle\"",
                      bold[] = "class=\"x\" text-anchor=\"middle\" font-weight=\"600\"";
    struct lyap_span lines[LYAP_SPAN_LINES];
    size_t count = lyap_span_wrap(f->panel->x_names.name[i], upright ? UPRIGHT : name_width(f), LYAP_FONT, lines);
    double x = lyap_frame_x(f, (double)i), bottom = f->box.top + f->box.height;
    for (size_t k = 0; k < count; k++) {
        if (!upright) {
            lyap_svg_text(file, x, bottom + 16 + (double)k * LYAP_LINE, weight(&f->panel->x_names, i, bold, plain),
                          lines[k]);
            continue;
        }
        fprintf(file, "<text class=\"x\" transform=\"translate(%.1f %.1f) rotate(-90)\" text-anchor=\"end\"%s>",
                x + 4 + ((double)k - (double)(count - 1) / 2) * LYAP_LINE, bottom + 8,
                weight(&f->panel->x_names, i, " font-weight=\"600\"", ""));
        lyap_svg_escaped(file, lines[k]);
        fputs("</text>\n", file);
    }
}

static void put_x_names(FILE *file, const struct lyap_frame *f) {
    bool upright = f->panel->x_names.count > 0 && is_upright(f, name_width(f));
    for (size_t i = 0; i < f->panel->x_names.count; i++) put_x_name(file, f, i, upright);
}

void lyap_names_put(FILE *file, const struct lyap_frame *f, double left, double most) {
    put_y_names(file, f, left, most);
    put_x_names(file, f);
}
