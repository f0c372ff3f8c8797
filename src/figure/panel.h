/* What a chart shows: panels of data series with axes and reference lines. */
#ifndef LYAP_FIGURE_PANEL_H
#define LYAP_FIGURE_PANEL_H

#include <stdbool.h>
#include <stddef.h>

enum lyap_mark {
    LYAP_MARK_POINTS, /* (x, y) */
    LYAP_MARK_LINE,   /* through (x, y), broken where a value is NaN */
    LYAP_MARK_BAND,   /* filled from low to high */
    LYAP_MARK_BARS,   /* upright intervals low .. high at x, with the value y marked: error bars */
    LYAP_MARK_STEPS   /* a histogram's outline: y from x to the next x */
};

/* One data series. The arrays are the caller's and must live until the chart is written. */
struct lyap_mark_series {
    enum lyap_mark mark;
    const char *label; /* in the legend; NULL for none */
    int colour;        /* 0 .. 7 in the palette */
    bool dashed;
    size_t n;
    const double *x, *y, *low, *high; /* [n] each; y of bands and low, high of the others may be NULL */
};

struct lyap_axis {
    const char *title; /* with the unit: "learning rate", "exponent (nats per step)" */
    bool logarithmic;
    double low, high; /* both 0: from the data with a margin */
};

enum { LYAP_PANEL_SERIES = 12, LYAP_PANEL_LINES = 8, LYAP_CHART_PANELS = 6 };
struct lyap_panel {
    const char *title;
    struct lyap_axis x, y;
    size_t count;
    struct lyap_mark_series series[LYAP_PANEL_SERIES + 1]; /* what is put in the last is never drawn */
    size_t lines; /* reference lines: vertical at x or horizontal at y, thin and grey, with a label */
    struct {
        bool vertical;
        double at;
        const char *label; /* may be NULL */
    } line[LYAP_PANEL_LINES];
};

/* Panels side by side in rows of `columns`. */
struct lyap_chart {
    size_t count, columns;
    struct lyap_panel panel[LYAP_CHART_PANELS];
};

#endif
