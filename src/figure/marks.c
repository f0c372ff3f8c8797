#include "figure/marks.h"

#include <math.h>
#include <stdlib.h>

static const char *const palette[] = {"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                      "#E69F00", "#56B4E9", "#7A7A7A", "#222222"};

double lyap_half_pixel(double pixels) {
    return floor(2 * pixels + 0.5) / 2;
}
double lyap_frame_x(const struct lyap_frame *f, double x) {
    return lyap_half_pixel(f->box.left + f->box.width * lyap_scale_place(&f->x, x));
}
double lyap_frame_y(const struct lyap_frame *f, double y) {
    return lyap_half_pixel(f->box.top + f->box.height * (1 - lyap_scale_place(&f->y, y)));
}
static bool is_inside(const struct lyap_frame *f, double x, double y) {
    return x >= f->box.left && x <= f->box.left + f->box.width && y >= f->box.top && y <= f->box.top + f->box.height;
}

const char *lyap_mark_colour(const struct lyap_mark_series *s) {
    return palette[s->colour & 7];
}

static double low_place(const struct lyap_frame *f, double low) {
    return lyap_scale_holds(f->y.logarithmic, low) ? lyap_frame_y(f, low) : f->box.top + f->box.height;
}
/* The shapes other than the dot, as moves from the middle. */
static const struct {
    const char *moves;
    bool filled;
} shapes[] = {
    [LYAP_SHAPE_RING] = {"m-3 0a3 3 0 1 0 6 0a3 3 0 1 0 -6 0", false},
    [LYAP_SHAPE_SQUARE] = {"m-3 -3h6v6h-6z", true},
    [LYAP_SHAPE_DIAMOND] = {"m0 -4.5l4.5 4.5l-4.5 4.5l-4.5 -4.5z", true},
    [LYAP_SHAPE_TRIANGLE] = {"m0 -4.5l4.5 8h-9z", true},
    [LYAP_SHAPE_CROSS] = {"m-3.5 -3.5l7 7m0 -7l-7 7", false},
};

/* A ring hides the line that it lies on. */
static void begin_shapes(FILE *file, const struct lyap_mark_series *s) {
    const char *colour = lyap_mark_colour(s), *fill = shapes[s->shape].filled ? colour : "#ffffff";
    fprintf(file, "<path class=\"marks\" stroke=\"%s\" stroke-width=\"%s\" fill=\"%s\" d=\"", colour,
            shapes[s->shape].filled ? "0.8" : "1.8", s->shape == LYAP_SHAPE_CROSS ? "none" : fill);
}

static bool is_shape(const struct lyap_mark_series *s) {
    return s->shape > LYAP_SHAPE_DOT && s->shape <= LYAP_SHAPE_CROSS;
}

void lyap_mark_swatch(FILE *file, const struct lyap_mark_series *s, double x, double y) {
    if (is_shape(s)) {
        begin_shapes(file, s);
        fprintf(file, "M%.1f %.1f%s\"/>\n", x, y, shapes[s->shape].moves);
    } else
        fprintf(file, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\" fill=\"%s\"/>\n", x, y, lyap_mark_colour(s));
}

static void begin_dots(FILE *file, const struct lyap_mark_series *s) {
    double width = s->n > 3000 ? 2.5 : s->n > 300 ? 3.5 : 5;
    fprintf(file, "<path class=\"points\" stroke=\"%s\" stroke-width=\"%.1f\" stroke-linecap=\"round\" d=\"",
            lyap_mark_colour(s), width);
}

/* One path of dots (round ends of lines without length) or shapes, each place once. False: no memory. */
static bool put_points(FILE *file, const struct lyap_frame *f, const struct lyap_mark_series *s) {
    size_t columns = (size_t)(2 * f->box.width) + 2, rows = (size_t)(2 * f->box.height) + 2;
    unsigned char *taken = calloc(columns * rows / 8 + 1, 1);
    if (!taken) return false;
    bool open = false;
    for (size_t i = 0; i < s->n; i++) {
        if (!lyap_scale_holds(f->x.logarithmic, s->x[i]) || !lyap_scale_holds(f->y.logarithmic, s->y[i])) continue;
        double x = lyap_frame_x(f, s->x[i]), y = lyap_frame_y(f, s->y[i]);
        if (!is_inside(f, x, y)) continue;
        size_t bit = (size_t)(2 * (y - f->box.top)) * columns + (size_t)(2 * (x - f->box.left));
        if (taken[bit / 8] >> bit % 8 & 1) continue;
        taken[bit / 8] |= (unsigned char)(1 << bit % 8);
        if (!open) (is_shape(s) ? begin_shapes : begin_dots)(file, s);
        open = true;
        fprintf(file, "M%.1f %.1f%s", x, y, is_shape(s) ? shapes[s->shape].moves : "h0");
    }
    if (open) fputs("\"/>\n", file);
    free(taken);
    return true;
}

/* A polyline, of which the vertices in one column of half a pixel are drawn as first, lowest, highest and last. */
struct pen {
    FILE *file;
    bool down; /* something was drawn since the last break */
    size_t held;
    double x, first, last, top, bottom;
    bool top_came_first;
};

static void put_vertex(struct pen *pen, double x, double y) {
    fprintf(pen->file, "%s%.1f %.1f", pen->down ? "L" : "M", x, y);
    pen->down = true;
}

static void flush_pen(struct pen *pen) {
    if (pen->held == 0) return;
    double inner[2] = {pen->top_came_first ? pen->top : pen->bottom, pen->top_came_first ? pen->bottom : pen->top};
    double at = pen->first;
    put_vertex(pen, pen->x, at);
    for (int i = 0; i < 2 && pen->held > 1; i++) {
        if (inner[i] != at) put_vertex(pen, pen->x, at = inner[i]);
    }
    if (pen->last != at) put_vertex(pen, pen->x, pen->last);
    pen->held = 0;
}

static void lift_pen(struct pen *pen) {
    bool alone = !pen->down && pen->held > 0;
    flush_pen(pen);
    if (alone) fputs("h0", pen->file); /* a value between two gaps is a dot */
    pen->down = false;
}

static void move_pen(struct pen *pen, double x, double y) {
    if (pen->held > 0 && x != pen->x) flush_pen(pen);
    if (pen->held == 0) {
        pen->x = x;
        pen->first = pen->top = pen->bottom = y;
        pen->top_came_first = true;
    }
    if (y < pen->top) {
        pen->top = y;
        pen->top_came_first = false;
    }
    if (y > pen->bottom) {
        pen->bottom = y;
        pen->top_came_first = true;
    }
    pen->last = y;
    pen->held++;
}

static bool has_place(const struct lyap_frame *f, const struct lyap_mark_series *s, size_t i) {
    return i < s->n && lyap_scale_holds(f->x.logarithmic, s->x[i]) && lyap_scale_holds(f->y.logarithmic, s->y[i]);
}

static void put_polyline(FILE *file, const struct lyap_frame *f, const struct lyap_mark_series *s) {
    struct pen pen = {.file = file};
    fprintf(file,
            "<path class=\"line\" stroke=\"%s\" stroke-width=\"1.6\" stroke-linejoin=\"round\" "
            "stroke-linecap=\"%s\"%s d=\"",
            lyap_mark_colour(s), s->dashed ? "butt" : "round", s->dashed ? " stroke-dasharray=\"6 4\"" : "");
    for (size_t i = 0; i < s->n; i++) {
        bool held = has_place(f, s, i);
        if (s->mark == LYAP_MARK_STEPS) {
            bool next = i + 1 < s->n && lyap_scale_holds(f->x.logarithmic, s->x[i + 1]);
            /* A histogram begins at 0, which is the lower edge of a logarithmic axis. */
            bool empty = !held && f->y.logarithmic && s->y[i] <= 0 && lyap_scale_holds(f->x.logarithmic, s->x[i]);
            if (held || empty) {
                double y = held ? lyap_frame_y(f, s->y[i]) : f->box.top + f->box.height + 4;
                move_pen(&pen, lyap_frame_x(f, s->x[i]), y);
                if (next) move_pen(&pen, lyap_frame_x(f, s->x[i + 1]), y);
                continue;
            }
        } else if (held) {
            move_pen(&pen, lyap_frame_x(f, s->x[i]), lyap_frame_y(f, s->y[i]));
            continue;
        }
        lift_pen(&pen);
    }
    lift_pen(&pen);
    fputs("\"/>\n", file);
}

/* A value of a line between two gaps has no length: a dot that can be seen. */
static void put_lone_values(FILE *file, const struct lyap_frame *f, const struct lyap_mark_series *s) {
    bool open = false;
    for (size_t i = 0; i < s->n; i++) {
        if (!has_place(f, s, i) || has_place(f, s, i + 1) || (i > 0 && has_place(f, s, i - 1))) continue;
        if (!open)
            fprintf(file, "<path class=\"lone\" stroke=\"%s\" stroke-width=\"5\" stroke-linecap=\"round\" d=\"",
                    lyap_mark_colour(s));
        open = true;
        fprintf(file, "M%.1f %.1fh0", lyap_frame_x(f, s->x[i]), lyap_frame_y(f, s->y[i]));
    }
    if (open) fputs("\"/>\n", file);
}

/* The upper edge of a band from left to right, or the lower edge back: the outermost value of each column of half a pixel. */
static void put_edge(FILE *file, const struct lyap_frame *f, const struct lyap_mark_series *s, size_t first, size_t end,
                     bool lower) {
    double column = 0, extreme = 0;
    for (size_t k = first; k < end; k++) {
        size_t i = lower ? end - 1 - (k - first) : k;
        double x = lyap_frame_x(f, s->x[i]), y = lower ? low_place(f, s->low[i]) : lyap_frame_y(f, s->high[i]);
        if (k > first && x == column) {
            extreme = lower ? fmax(extreme, y) : fmin(extreme, y);
            continue;
        }
        if (k > first) fprintf(file, "%.1f %.1fL", column, extreme);
        column = x;
        extreme = y;
    }
    fprintf(file, "%.1f %.1f", column, extreme);
}

static void put_band(FILE *file, const struct lyap_frame *f, const struct lyap_mark_series *s) {
    fprintf(file, "<path class=\"band\" fill=\"%s\" fill-opacity=\"0.25\" stroke=\"%s\" stroke-opacity=\"0.25\" d=\"",
            lyap_mark_colour(s), lyap_mark_colour(s));
    for (size_t first = 0, end; first < s->n; first = end + 1) {
        for (end = first; end < s->n && lyap_interval_is_drawn(f->panel, s, end); end++) {
        }
        if (end == first) continue;
        fputc('M', file);
        put_edge(file, f, s, first, end, false);
        fputc('L', file);
        put_edge(file, f, s, first, end, true);
        fputc('Z', file);
    }
    fputs("\"/>\n", file);
}

static bool put_bars(FILE *file, const struct lyap_frame *f, const struct lyap_mark_series *s) {
    fprintf(file, "<path class=\"bars\" stroke=\"%s\" stroke-width=\"1.4\" d=\"", lyap_mark_colour(s));
    for (size_t i = 0; i < s->n; i++) {
        if (!lyap_interval_is_drawn(f->panel, s, i)) continue;
        double x = lyap_frame_x(f, s->x[i]), top = lyap_frame_y(f, s->high[i]), bottom = low_place(f, s->low[i]);
        fprintf(file, "M%.1f %.1fh6m-3 0L%.1f %.1f", x - 3, top, x, bottom);
        if (lyap_scale_holds(f->y.logarithmic, s->low[i])) fputs("m-3 0h6", file);
    }
    fputs("\"/>\n", file);
    return !s->y || put_points(file, f, s);
}

/* An end beyond the axes has no stroke across it. */
static bool put_spans(FILE *file, const struct lyap_frame *f, const struct lyap_mark_series *s) {
    const struct lyap_box *b = &f->box;
    fprintf(file, "<path class=\"spans\" stroke=\"%s\" stroke-width=\"1.4\"%s d=\"", lyap_mark_colour(s),
            s->dashed ? " stroke-dasharray=\"4 3\"" : "");
    for (size_t i = 0; i < s->n; i++) {
        if (!lyap_span_is_drawn(f->panel, s, i)) continue;
        double left = lyap_frame_x(f, s->low[i]), right = lyap_frame_x(f, s->high[i]), y = lyap_frame_y(f, s->y[i]);
        if (left >= b->left) fprintf(file, "M%.1f %.1fv6", left, y - 3);
        if (right <= b->left + b->width) fprintf(file, "M%.1f %.1fv6", right, y - 3);
        fprintf(file, "M%.1f %.1fH%.1f", left, y, right);
    }
    fputs("\"/>\n", file);
    return !s->x || put_points(file, f, s);
}

bool lyap_mark_write(FILE *file, const struct lyap_frame *f, const struct lyap_mark_series *s) {
    bool needs_interval = s->mark == LYAP_MARK_BAND || s->mark == LYAP_MARK_BARS;
    if (s->n == 0 || (needs_interval && !lyap_mark_has_interval(s))) return true;
    switch (s->mark) {
    case LYAP_MARK_POINTS:
        return put_points(file, f, s);
    case LYAP_MARK_LINE:
        put_lone_values(file, f, s);
        put_polyline(file, f, s);
        break;
    case LYAP_MARK_STEPS:
        put_polyline(file, f, s);
        break;
    case LYAP_MARK_BAND:
        put_band(file, f, s);
        break;
    case LYAP_MARK_BARS:
        return put_bars(file, f, s);
    case LYAP_MARK_SPANS:
        return !lyap_mark_has_span(s) || put_spans(file, f, s);
    }
    return true;
}
