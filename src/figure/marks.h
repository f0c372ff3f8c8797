/* The marks of a chart's data series: points, lines, bands, intervals, steps. */
#ifndef LYAP_FIGURE_MARKS_H
#define LYAP_FIGURE_MARKS_H

#include <stdio.h>

#include "figure/axes.h"

struct lyap_box {
    double left, top, width, height;
};

/* A panel with everything that its place in the row and column depends on. */
struct lyap_frame {
    const struct lyap_panel *panel;
    bool empty, has_x; /* no data; ticks on the x axis, which a range alone also gives */
    struct lyap_scale x, y;
    struct lyap_ticks x_ticks, y_ticks;
    struct lyap_box box; /* inside the axes */
    char clip[40];       /* id of its clipping path */
};

/* Pixels of a value, on the grid of half pixels. */
double lyap_half_pixel(double pixels);
double lyap_frame_x(const struct lyap_frame *f, double x);
double lyap_frame_y(const struct lyap_frame *f, double y);

const char *lyap_mark_colour(const struct lyap_mark_series *s);

/* The mark of a value alone, for a legend. */
void lyap_mark_swatch(FILE *file, const struct lyap_mark_series *s, double x, double y);

/* Draws the series, clipped to the frame by the caller. False when out of memory. */
bool lyap_mark_write(FILE *file, const struct lyap_frame *f, const struct lyap_mark_series *s);

#endif
