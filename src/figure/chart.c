/* Charts: the layout of panels and their axes. */
#include "figure/chart.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "figure/labels.h"
#include "figure/svg_text.h"

/* Distances in pixels of a chart 720 wide. */
enum { WIDTH = 720, NARROWEST = 230, PAD = 8, TITLE_MEASURE = 15 /* of 13, bold */, TITLE_LINE = 17, TICK = 4 };
static const char ink[] = "#222222", grid[] = "#E4E4E4", quiet[] = "#555555";

/* ---- ranges ---- */

/* Points are looked for inside the axes; the other marks may cross the panel between two values outside. */
static bool has_data(const struct lyap_frame *f) {
    for (size_t k = 0; k < f->panel->count; k++) {
        const struct lyap_mark_series *s = &f->panel->series[k];
        for (size_t i = 0; i < s->n; i++) {
            if (!lyap_mark_is_drawn(f->panel, s, i)) continue;
            if (s->mark != LYAP_MARK_POINTS) return true;
            double x = lyap_scale_place(&f->x, s->x[i]), y = lyap_scale_place(&f->y, s->y[i]);
            if (x >= 0 && x <= 1 && y >= 0 && y <= 1) return true;
        }
    }
    return false;
}

static double widest_label(const struct lyap_ticks *ticks) {
    double widest = 0;
    for (size_t i = 0; i < ticks->count; i++)
        widest = fmax(widest, lyap_span_width(lyap_span_of(ticks->tick[i].label), LYAP_FONT));
    return widest;
}

static bool labels_fit(const struct lyap_ticks *ticks, double width) {
    double end = -1e9;
    for (size_t i = 0; i < ticks->count; i++) {
        if (!*ticks->tick[i].label) continue;
        double half = lyap_span_width(lyap_span_of(ticks->tick[i].label), LYAP_FONT) / 2,
               at = width * ticks->tick[i].place;
        if (at - half < end + 6) return false;
        end = at + half;
    }
    return true;
}

/* ---- layout ---- */

struct page {
    size_t count, columns, rows;
    double cell, plot_height; /* the width of a column, the height inside the axes */
    struct lyap_frame frame[LYAP_CHART_PANELS];
    double left[LYAP_CHART_PANELS], right[LYAP_CHART_PANELS];  /* of the columns: room beside the axes */
    double above[LYAP_CHART_PANELS], below[LYAP_CHART_PANELS]; /* of the rows */
};

/* All ranges become one that holds them. */
static void join(struct lyap_extremes *e, size_t count) {
    struct lyap_extremes all = {INFINITY, -INFINITY};
    for (size_t i = 0; i < count; i++) all = (struct lyap_extremes){fmin(all.low, e[i].low), fmax(all.high, e[i].high)};
    for (size_t i = 0; i < count; i++) e[i] = all;
}

static bool make_scale(struct lyap_scale *scale, const struct lyap_axis *axis, const struct lyap_names *names,
                       const struct lyap_extremes *e) {
    if (names->count == 0) return lyap_scale_make(scale, axis, e->low, e->high);
    *scale = (struct lyap_scale){false, -0.5, (double)names->count - 0.5};
    return true;
}

static void make_scales(struct page *page, const struct lyap_chart *chart) {
    struct lyap_extremes e[LYAP_CHART_PANELS];
    for (size_t i = 0; i < page->count; i++) e[i] = lyap_panel_x_extremes(page->frame[i].panel);
    if (chart->same_x) join(e, page->count);
    for (size_t i = 0; i < page->count; i++) {
        struct lyap_frame *f = &page->frame[i];
        f->has_x = make_scale(&f->x, &f->panel->x, &f->panel->x_names, &e[i]);
        e[i] = lyap_panel_y_extremes(f->panel, f->has_x ? &f->x : NULL);
    }
    if (chart->same_y) join(e, page->count);
    for (size_t i = 0; i < page->count; i++) {
        struct lyap_frame *f = &page->frame[i];
        bool has_y = make_scale(&f->y, &f->panel->y, &f->panel->y_names, &e[i]);
        if (f->panel->y_names.count > 0) /* from the top */
            f->y = (struct lyap_scale){false, f->y.to, f->y.from};
        else if (has_y)
            lyap_ticks_make(&f->y_ticks, &f->y, (int)(page->plot_height / 33));
        f->empty = !has_data(f);
    }
}

/* The most that names of the y axis take of a panel's width. */
static double names_most(double cell) {
    return 0.46 * cell;
}

size_t lyap_chart_name_lines(const char *name) {
    return lyap_span_lines(name, names_most(WIDTH), LYAP_FONT);
}

/* Room beside the axes, column by column, so that panels below one another align; then the ticks of x in what is left. */
static void lay_columns(struct page *page) {
    for (size_t i = 0; i < page->count; i++) {
        struct lyap_frame *f = &page->frame[i];
        size_t c = i % page->columns;
        double titles = LYAP_LINE * (double)lyap_span_lines(f->panel->y.title, page->plot_height, LYAP_FONT);
        page->left[c] = fmax(
            page->left[c],
            PAD + titles + fmax(widest_label(&f->y_ticks), lyap_names_width(f, names_most(page->cell))) + TICK + 8);
        page->right[c] = fmax(page->right[c], fmax(lyap_side_width(f, page->cell), 18));
    }
    for (size_t i = 0; i < page->count; i++) {
        struct lyap_frame *f = &page->frame[i];
        size_t c = i % page->columns;
        f->box.left = lyap_half_pixel((double)c * page->cell + page->left[c]);
        f->box.width = fmax(floor(page->cell - page->left[c] - page->right[c]), 40);
        f->box.height = page->plot_height;
        if (!f->has_x || f->panel->x_names.count) continue;
        for (int most = 1 + (int)(f->box.width / 50); most >= 1; most--) {
            lyap_ticks_make(&f->x_ticks, &f->x, most);
            if (labels_fit(&f->x_ticks, f->box.width)) break;
        }
    }
}

static double title_width(const struct page *page, const struct lyap_frame *f) {
    double cell_end = (floor(f->box.left / page->cell) + 1) * page->cell;
    return cell_end - f->box.left - 4;
}

static double legend_left(const struct page *page, size_t i) {
    return (double)(i % page->columns) * page->cell + PAD;
}

/* What names along x take more than numbers. */
static double more_names(const struct lyap_frame *f) {
    return fmax(lyap_names_height(f) - LYAP_LINE, 0);
}

static void lay_rows(struct page *page) {
    for (size_t i = 0; i < page->count; i++) {
        struct lyap_frame *f = &page->frame[i];
        size_t r = i / page->columns;
        double title = TITLE_LINE * (double)lyap_span_lines(f->panel->title, title_width(page, f), TITLE_MEASURE);
        double axis =
            LYAP_LINE * (double)lyap_span_lines(f->panel->x.title, f->box.width + 20, LYAP_FONT) + more_names(f);
        double legend = lyap_legend_put(NULL, f->panel, 0, 0, page->cell - 2 * PAD);
        page->above[r] = fmax(page->above[r], title + lyap_top_put(NULL, f, f->box.left + title_width(page, f)) + 10);
        page->below[r] = fmax(page->below[r], TICK + LYAP_LINE + 4 + axis + (legend > 0 ? legend + 6 : 0) + 8);
    }
    double top = 4;
    for (size_t i = 0; i < page->count; i++) {
        size_t r = i / page->columns;
        if (i > 0 && i % page->columns == 0) top += page->above[r - 1] + page->plot_height + page->below[r - 1] + 6;
        page->frame[i].box.top = lyap_half_pixel(top + page->above[r]);
    }
}

/* ---- drawing ---- */

static void put_axes(FILE *file, const struct lyap_frame *f) {
    double left = f->box.left, top = f->box.top, right = left + f->box.width, bottom = top + f->box.height;
    for (size_t i = 0; i < f->x_ticks.count; i++) {
        double x = left + f->box.width * f->x_ticks.tick[i].place;
        bool named = *f->x_ticks.tick[i].label != '\0';
        if (named) lyap_svg_line(file, x, top, x, bottom, (struct lyap_stroke){grid, 1, false});
        lyap_svg_line(file, x, bottom, x, bottom + (named ? TICK : TICK / 2), (struct lyap_stroke){ink, 1, false});
        if (named)
            lyap_svg_text(file, x, bottom + TICK + 12, "class=\"x\" text-anchor=\"middle\"",
                          lyap_span_of(f->x_ticks.tick[i].label));
    }
    for (size_t i = 0; i < f->y_ticks.count; i++) {
        double y = bottom - f->box.height * f->y_ticks.tick[i].place;
        bool named = *f->y_ticks.tick[i].label != '\0';
        if (named) lyap_svg_line(file, left, y, right, y, (struct lyap_stroke){grid, 1, false});
        lyap_svg_line(file, left - (named ? TICK : TICK / 2), y, left, y, (struct lyap_stroke){ink, 1, false});
        if (named)
            lyap_svg_text(file, left - TICK - 3, y + 4, "class=\"y\" text-anchor=\"end\"",
                          lyap_span_of(f->y_ticks.tick[i].label));
    }
    fprintf(file, "<path d=\"M%.1f %.1fV%.1fH%.1f\" fill=\"none\" stroke=\"%s\"/>\n", left, top, bottom, right, ink);
}

static void put_titles(FILE *file, const struct page *page, size_t i) {
    const struct lyap_frame *f = &page->frame[i];
    double left = f->box.left, top = f->box.top, bottom = top + f->box.height + more_names(f);
    struct lyap_span lines[LYAP_SPAN_LINES];
    size_t count = lyap_span_wrap(f->panel->title, title_width(page, f), TITLE_MEASURE, lines);
    double over = lyap_top_put(file, f, left + title_width(page, f));
    for (size_t k = 0; k < count; k++)
        lyap_svg_text(file, left, top - 9 - over - TITLE_LINE * (double)(count - 1 - k),
                      "font-size=\"13\" font-weight=\"600\"", lines[k]);
    count = lyap_span_wrap(f->panel->x.title, f->box.width + 20, LYAP_FONT, lines);
    for (size_t k = 0; k < count; k++)
        lyap_svg_text(file, left + f->box.width / 2, bottom + TICK + LYAP_LINE + 13 + LYAP_LINE * (double)k,
                      "text-anchor=\"middle\"", lines[k]);
    double below = bottom + TICK + LYAP_LINE + 4 + LYAP_LINE * (double)count;
    count = lyap_span_wrap(f->panel->y.title, page->plot_height, LYAP_FONT, lines);
    double x = (double)(i % page->columns) * page->cell + PAD + 10;
    for (size_t k = 0; k < count; k++) {
        fprintf(file, "<text transform=\"translate(%.1f %.1f) rotate(-90)\" text-anchor=\"middle\">",
                x + LYAP_LINE * (double)k, top + f->box.height / 2);
        lyap_svg_escaped(file, lines[k]);
        fputs("</text>\n", file);
    }
    lyap_legend_put(file, f->panel, legend_left(page, i), below + 6, page->cell - 2 * PAD);
}

/* Above the data, thin and dashed, so that a dense cloud of points does not hide them. */
static void put_reference_lines(FILE *file, const struct lyap_frame *f) {
    const struct lyap_box *b = &f->box;
    for (size_t k = 0; k < f->panel->lines; k++) {
        if (!lyap_line_is_drawn(f, k)) continue;
        double at = f->panel->line[k].at;
        if (f->panel->line[k].vertical)
            lyap_svg_line(file, lyap_frame_x(f, at), b->top, lyap_frame_x(f, at), b->top + b->height,
                          (struct lyap_stroke){quiet, 1, true});
        else
            lyap_svg_line(file, b->left, lyap_frame_y(f, at), b->left + b->width, lyap_frame_y(f, at),
                          (struct lyap_stroke){quiet, 1, true});
    }
}

static bool put_panel(FILE *file, const struct page *page, size_t i) {
    const struct lyap_frame *f = &page->frame[i];
    const struct lyap_box *b = &f->box;
    put_axes(file, f);
    put_titles(file, page, i);
    lyap_side_put(file, f, page->cell);
    lyap_names_put(file, f, (double)(i % page->columns) * page->cell + PAD, names_most(page->cell));
    if (f->empty) {
        lyap_svg_text(file, b->left + b->width / 2, b->top + b->height / 2 + 4,
                      "fill=\"#555555\" text-anchor=\"middle\"", lyap_span_of("no data"));
        put_reference_lines(file, f);
        return true;
    }
    fprintf(file, "<clipPath id=\"%s\"><rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/></clipPath>\n",
            f->clip, b->left, b->top, b->width, b->height);
    bool whole = true;
    /* Bands lie below everything; points are whole or left out, the rest ends at the axes. */
    for (int layer = 0; layer < 3; layer++) {
        if (layer < 2)
            fprintf(file, "<g fill=\"none\" clip-path=\"url(#%s)\">\n", f->clip);
        else
            fputs("<g fill=\"none\">\n", file);
        for (size_t k = 0; k < f->panel->count; k++) {
            enum lyap_mark mark = f->panel->series[k].mark;
            if (layer == (mark == LYAP_MARK_BAND ? 0 : mark == LYAP_MARK_POINTS ? 2 : 1))
                whole = lyap_mark_write(file, f, &f->panel->series[k]) && whole;
        }
        fputs("</g>\n", file);
    }
    put_reference_lines(file, f);
    return whole;
}

/* FNV-1a (G. Fowler, L. Noll, K.-P. Vo). */
static uint32_t hash(uint32_t state, const char *text) {
    for (; text && *text; text++) state = (state ^ (unsigned char)*text) * UINT32_C(16777619);
    return (state ^ 0xFF) * UINT32_C(16777619);
}

bool lyap_chart_write(FILE *file, const struct lyap_chart *chart, const char *title) {
    struct page page = {.count = chart->count < LYAP_CHART_PANELS ? chart->count : LYAP_CHART_PANELS};
    page.columns = chart->columns < 1 ? 1 : chart->columns < LYAP_CHART_PANELS ? chart->columns : LYAP_CHART_PANELS;
    if (page.count > 0 && page.columns > page.count) page.columns = page.count;
    page.rows = (page.count + page.columns - 1) / page.columns;
    page.cell = fmax(floor(WIDTH / (double)page.columns), NARROWEST);
    page.plot_height =
        floor(chart->height > 0 ? fmin(fmax(chart->height, 40), 2000) : fmin(fmax(0.55 * page.cell, 170), 300));
    uint32_t id = hash(UINT32_C(2166136261), title);
    for (size_t i = 0; i < page.count; i++) {
        id = hash(hash(hash(id, chart->panel[i].title), chart->panel[i].x.title), chart->panel[i].y.title);
    }
    for (size_t i = 0; i < page.count; i++) {
        page.frame[i].panel = &chart->panel[i];
        snprintf(page.frame[i].clip, sizeof page.frame[i].clip, "clip-%08lx-%zu", (unsigned long)id, i);
    }
    make_scales(&page, chart);
    lay_columns(&page);
    lay_rows(&page);
    double height = 2 * PAD;
    if (page.count > 0) {
        const struct lyap_frame *last = &page.frame[page.count - 1];
        height = ceil(last->box.top + last->box.height + page.below[page.rows - 1]);
    }
    double width = page.cell * (double)page.columns;
    fprintf(file,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\" "
            "role=\"img\" font-family=\"sans-serif\" font-size=\"%d\" fill=\"%s\">\n<title>",
            width, height, width, height, LYAP_FONT, ink);
    lyap_svg_escaped(file, lyap_span_of(title ? title : ""));
    fprintf(file, "</title>\n<rect width=\"%.0f\" height=\"%.0f\" fill=\"#ffffff\"/>\n", width, height);
    bool whole = true;
    for (size_t i = 0; i < page.count; i++) whole = put_panel(file, &page, i) && whole;
    fputs("</svg>\n", file);
    return whole;
}
