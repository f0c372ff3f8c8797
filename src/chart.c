#include "chart.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "chart_axis.h"

/* Okabe and Ito's palette (B. Wong, Nature Methods 8, 441 (2011)), the yellow left out: it is hardly seen on white. */
static const char *const palette[8] = {"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                       "#E69F00", "#56B4E9", "#222222", "#7A7A7A"};

enum { LEFT = 82, RIGHT = 18, TOP = 32, BOTTOM = 46, ROW = 18, FONT = 12 };

/* The drawing area of a panel, in pixels, and its axes. */
struct area {
    const struct lyap_panel *panel;
    struct lyap_scale x, y;
    double left, top, width, height;
    uint32_t clip; /* the clip path's name */
};

static void escaped(FILE *file, const char *words) {
    for (; *words; words++) {
        if (*words == '&')
            fputs("&amp;", file);
        else if (*words == '<')
            fputs("&lt;", file);
        else if (*words == '>')
            fputs("&gt;", file);
        else
            putc(*words, file);
    }
}

/* Half-pixel grid; far outside stays far outside. */
static double grid(double pixels) {
    double rounded = floor(2 * fmin(fmax(pixels, -5000), 10000) + 0.5) / 2;
    return rounded == 0 ? 0 : rounded;
}
static double x_of(const struct area *a, double x) {
    return grid(a->left + a->width * lyap_scale_place(&a->x, x));
}
static double y_of(const struct area *a, double y) {
    return grid(a->top + a->height * (1 - lyap_scale_place(&a->y, y)));
}

static void text_at(FILE *file, double x, double y, const char *anchor, const char *more, const char *words) {
    fprintf(file, "<text x=\"%g\" y=\"%g\" text-anchor=\"%s\"%s>", x, y, anchor, more);
    escaped(file, words);
    fputs("</text>\n", file);
}

static void find_ranges(struct area *a) {
    const struct lyap_panel *p = a->panel;
    lyap_scale_start(&a->x, &p->x);
    lyap_scale_start(&a->y, &p->y);
    for (size_t s = 0; s < p->count; s++) {
        const struct lyap_mark_series *m = &p->series[s];
        for (size_t i = 0; i < m->n; i++) {
            if (!lyap_scale_takes(&a->x, m->x[i])) continue;
            lyap_scale_add(&a->x, m->x[i]);
            if (m->y) lyap_scale_add(&a->y, m->y[i]);
            if (m->low) lyap_scale_add(&a->y, m->low[i]);
            if (m->high) lyap_scale_add(&a->y, m->high[i]);
        }
    }
    bool data = !a->x.empty && !a->y.empty;
    for (size_t i = 0; i < p->lines && data; i++)
        if (!p->line[i].vertical) lyap_scale_add(&a->y, p->line[i].at);
    lyap_scale_end(&a->x, &p->x);
    lyap_scale_end(&a->y, &p->y);
    a->x.empty = !data;
}

static void draw_axes(FILE *file, const struct area *a) {
    struct lyap_ticks ticks;
    char label[32];
    double right = a->left + a->width, bottom = a->top + a->height;
    lyap_scale_ticks(&a->x, a->width > 400 ? 8 : 5, &ticks);
    for (size_t i = 0; i < ticks.count; i++) {
        double x = x_of(a, ticks.at[i]);
        fprintf(file, "<path d=\"M%g %gV%g\" stroke=\"%s\"/>\n", x, bottom + (ticks.major[i] ? 5 : 3),
                ticks.major[i] ? a->top : bottom, ticks.major[i] ? "#DDD" : "#888");
        snprintf(label, sizeof label, "%.6g", ticks.at[i]);
        if (ticks.major[i]) text_at(file, x, bottom + 18, "middle", "", label);
    }
    lyap_scale_ticks(&a->y, 6, &ticks);
    for (size_t i = 0; i < ticks.count; i++) {
        double y = y_of(a, ticks.at[i]);
        fprintf(file, "<path d=\"M%g %gH%g\" stroke=\"%s\"/>\n", a->left - (ticks.major[i] ? 5 : 3), y,
                ticks.major[i] ? right : a->left, ticks.major[i] ? "#DDD" : "#888");
        snprintf(label, sizeof label, "%.6g", ticks.at[i]);
        if (ticks.major[i]) text_at(file, a->left - 8, y + 4, "end", "", label);
    }
    fprintf(file, "<path d=\"M%g %gV%gH%g\" stroke=\"#222\" fill=\"none\"/>\n", a->left, a->top, bottom, right);
    text_at(file, a->left + a->width / 2, bottom + 37, "middle", "", a->panel->x.title ? a->panel->x.title : "");
    double x = a->left - 66, y = a->top + a->height / 2;
    char turn[64];
    snprintf(turn, sizeof turn, " transform=\"rotate(-90 %g %g)\"", x, y);
    text_at(file, x, y, "middle", turn, a->panel->y.title ? a->panel->y.title : "");
    if (a->panel->title) text_at(file, a->left, a->top - 12, "start", " font-weight=\"600\"", a->panel->title);
}

static bool usable(const struct area *a, const struct lyap_mark_series *m, const double *y, size_t i) {
    return lyap_scale_takes(&a->x, m->x[i]) && lyap_scale_takes(&a->y, y[i]);
}

/* Round dots, each place of the half-pixel grid once. */
static void draw_points(FILE *file, const struct area *a, const struct lyap_mark_series *m, const char *colour) {
    size_t columns = (size_t)(2 * a->width) + 2, rows = (size_t)(2 * a->height) + 2;
    unsigned char *seen = calloc(columns, rows); /* without it every point is written */
    double size = m->n > 5000 ? 1.5 : m->n > 300 ? 2.5 : 5;
    fprintf(file,
            "<path fill=\"none\" stroke=\"%s\" stroke-width=\"%g\" stroke-linecap=\"round\" stroke-opacity=\"%g\" d=\"",
            colour, size, m->n > 300 ? 0.6 : 1);
    for (size_t i = 0; i < m->n; i++) {
        if (!usable(a, m, m->y, i)) continue;
        double x = x_of(a, m->x[i]), y = y_of(a, m->y[i]);
        if (x < a->left || x > a->left + a->width || y < a->top || y > a->top + a->height) continue;
        size_t place = (size_t)(2 * (x - a->left)) + columns * (size_t)(2 * (y - a->top));
        if (seen && seen[place]) continue;
        if (seen) seen[place] = 1;
        fprintf(file, "M%g %gh0", x, y);
    }
    fputs("\"/>\n", file);
    free(seen);
}

static void draw_line(FILE *file, const struct area *a, const struct lyap_mark_series *m, const char *colour) {
    double last_x = NAN, last_y = NAN;
    bool open = false, steps = m->mark == LYAP_MARK_STEPS;
    fprintf(file, "<path fill=\"none\" stroke=\"%s\" stroke-width=\"1.8\" stroke-linejoin=\"round\"%s d=\"", colour,
            m->dashed ? " stroke-dasharray=\"6 4\"" : "");
    for (size_t i = 0; i < m->n; i++) {
        if (!usable(a, m, m->y, i)) {
            open = false;
            continue;
        }
        double x = x_of(a, m->x[i]), y = y_of(a, m->y[i]);
        if (open && x == last_x && y == last_y) continue;
        if (open && steps)
            fprintf(file, "H%gV%g", x, y);
        else
            fprintf(file, "%c%g %g", open ? 'L' : 'M', x, y);
        open = true;
        last_x = x;
        last_y = y;
    }
    fputs("\"/>\n", file);
}

static void draw_band(FILE *file, const struct area *a, const struct lyap_mark_series *m, const char *colour) {
    if (!m->low || !m->high) return;
    fprintf(file, "<path stroke=\"none\" fill=\"%s\" fill-opacity=\"0.2\" d=\"", colour);
    for (size_t i = 0; i < m->n;) {
        size_t first = i;
        while (i < m->n && usable(a, m, m->low, i) && usable(a, m, m->high, i)) i++;
        for (size_t k = first; k < i; k++)
            fprintf(file, "%c%g %g", k == first ? 'M' : 'L', x_of(a, m->x[k]), y_of(a, m->high[k]));
        for (size_t k = i; k-- > first;) fprintf(file, "L%g %g", x_of(a, m->x[k]), y_of(a, m->low[k]));
        if (i > first) putc('Z', file);
        if (i == first) i++;
    }
    fputs("\"/>\n", file);
}

static void draw_bars(FILE *file, const struct area *a, const struct lyap_mark_series *m, const char *colour) {
    fprintf(file, "<path fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\" d=\"", colour);
    for (size_t i = 0; i < m->n && m->low && m->high; i++)
        if (usable(a, m, m->low, i) && usable(a, m, m->high, i))
            fprintf(file, "M%g %gV%g", x_of(a, m->x[i]), y_of(a, m->low[i]), y_of(a, m->high[i]));
    fputs("\"/>\n", file);
    if (m->y) draw_points(file, a, m, colour);
}

static void draw_series(FILE *file, const struct area *a, const struct lyap_mark_series *m) {
    const char *colour = palette[m->colour & 7];
    if (m->mark == LYAP_MARK_BAND)
        draw_band(file, a, m, colour);
    else if (m->mark == LYAP_MARK_BARS)
        draw_bars(file, a, m, colour);
    else if (m->mark == LYAP_MARK_POINTS && m->y)
        draw_points(file, a, m, colour);
    else if (m->y)
        draw_line(file, a, m, colour);
}

/* Their labels one below the other, so that near lines can be told apart. */
static void draw_references(FILE *file, const struct area *a) {
    double right = a->left + a->width, bottom = a->top + a->height, row = a->top + 12;
    for (size_t i = 0; i < a->panel->lines; i++) {
        double at = a->panel->line[i].at;
        const char *label = a->panel->line[i].label;
        bool vertical = a->panel->line[i].vertical;
        if (!lyap_scale_takes(vertical ? &a->x : &a->y, at)) continue;
        double place = lyap_scale_place(vertical ? &a->x : &a->y, at);
        if (place < 0 || place > 1) continue;
        const char *const pen = "stroke=\"#555\" stroke-width=\"1\" stroke-dasharray=\"2 3\"";
        if (vertical) {
            double x = x_of(a, at);
            fprintf(file, "<path d=\"M%g %gV%g\" %s/>\n", x, a->top, bottom, pen);
            if (label)
                text_at(file, place < 0.6 ? x + 4 : x - 4, row, place < 0.6 ? "start" : "end", " fill=\"#555\"", label);
            if (label) row += 14;
        } else {
            double y = y_of(a, at);
            fprintf(file, "<path d=\"M%g %gH%g\" %s/>\n", a->left, y, right, pen);
            if (label) text_at(file, right - 4, place > 0.1 ? y + 13 : y - 4, "end", " fill=\"#555\"", label);
        }
    }
}

/* Width of an entry of the legend, from its characters: continuation bytes of UTF-8 take no room. */
static double entry_width(const char *label) {
    size_t n = 0;
    for (; *label; label++) n += ((unsigned char)*label & 0xC0) != 0x80;
    return 40 + 6.6 * (double)n;
}

/* Rows that the legend needs; draws it when there is a file. */
static size_t legend(FILE *file, const struct lyap_panel *p, double left, double top, double width) {
    double x = left;
    size_t rows = 0;
    for (size_t s = 0; s < p->count; s++) {
        const struct lyap_mark_series *m = &p->series[s];
        if (!m->label) continue;
        double needed = entry_width(m->label);
        if (rows == 0 || x + needed > left + width) {
            rows++;
            x = left;
        }
        double y = top + ROW * (double)(rows - 1);
        const char *colour = palette[m->colour & 7];
        if (file && m->mark == LYAP_MARK_BAND)
            fprintf(file, "<rect x=\"%g\" y=\"%g\" width=\"22\" height=\"10\" fill=\"%s\" fill-opacity=\"0.25\"/>\n", x,
                    y - 9, colour);
        else if (file && (m->mark == LYAP_MARK_POINTS || m->mark == LYAP_MARK_BARS))
            fprintf(file, "<circle cx=\"%g\" cy=\"%g\" r=\"3\" fill=\"%s\"/>\n", x + 11, y - 4, colour);
        else if (file)
            fprintf(file, "<path d=\"M%g %gh22\" stroke=\"%s\" stroke-width=\"2\"%s/>\n", x, y - 4, colour,
                    m->dashed ? " stroke-dasharray=\"6 4\"" : "");
        if (file) text_at(file, x + 27, y, "start", "", m->label);
        x += needed;
    }
    return rows;
}

static void draw_panel(FILE *file, struct area *a) {
    find_ranges(a);
    draw_axes(file, a);
    if (a->x.empty) {
        text_at(file, a->left + a->width / 2, a->top + a->height / 2, "middle", "", "no data");
        return;
    }
    fprintf(file, "<clipPath id=\"c%08x\"><rect x=\"%g\" y=\"%g\" width=\"%g\" height=\"%g\"/></clipPath>\n",
            (unsigned)a->clip, a->left, a->top, a->width, a->height);
    fprintf(file, "<g clip-path=\"url(#c%08x)\">\n", (unsigned)a->clip);
    /* Bands lie behind everything. */
    for (size_t s = 0; s < a->panel->count; s++)
        if (a->panel->series[s].mark == LYAP_MARK_BAND) draw_series(file, a, &a->panel->series[s]);
    for (size_t s = 0; s < a->panel->count; s++)
        if (a->panel->series[s].mark != LYAP_MARK_BAND) draw_series(file, a, &a->panel->series[s]);
    fputs("</g>\n", file);
    draw_references(file, a);
    legend(file, a->panel, a->left - 20, a->top + a->height + BOTTOM + 12, a->width + 20);
}

/* FNV-1a: charts of one page must not share the names of their clip paths. */
static uint32_t hash(const char *words) {
    uint32_t h = 2166136261u;
    for (; *words; words++) h = (h ^ (unsigned char)*words) * 16777619u;
    return h;
}

void lyap_chart_write(FILE *file, const struct lyap_chart *chart, const char *title) {
    size_t columns = chart->columns ? chart->columns : 1, rows = (chart->count + columns - 1) / columns;
    double width = columns == 1 ? 720 : columns == 2 ? 456 : 372, height = columns == 1 ? 330 : 270, top = 0;
    double whole = 0, below[LYAP_CHART_PANELS] = {0}; /* height of each row of panels with its legends */
    for (size_t r = 0; r < rows; r++) {
        size_t most = 0;
        for (size_t i = r * columns; i < chart->count && i < (r + 1) * columns; i++) {
            size_t n = legend(NULL, &chart->panel[i], 0, 0, width - LEFT - RIGHT + 20);
            if (n > most) most = n;
        }
        below[r] = TOP + height + BOTTOM + ROW * (double)most + 10;
        whole += below[r];
    }
    fprintf(file,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %g %g\" width=\"%g\" height=\"%g\" role=\"img\" "
            "font-family=\"system-ui,sans-serif\" font-size=\"%d\" fill=\"#222\">\n<title>",
            width * (double)columns, whole, width * (double)columns, whole, FONT);
    escaped(file, title);
    fputs("</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n", file);
    for (size_t i = 0; i < chart->count; i++) {
        struct area a = {.panel = &chart->panel[i],
                         .left = LEFT + width * (double)(i % columns),
                         .top = top + TOP,
                         .width = width - LEFT - RIGHT,
                         .height = height,
                         .clip = hash(title) + (uint32_t)i};
        draw_panel(file, &a);
        if ((i + 1) % columns == 0) top += below[i / columns];
    }
    fputs("</svg>\n", file);
}
