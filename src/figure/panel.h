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
    LYAP_MARK_STEPS,  /* a histogram's outline: y from x to the next x */
    LYAP_MARK_SPANS   /* lying intervals low .. high at y, with the value x marked: error bars of x */
};

/* How the values of points, bars and spans are marked. */
enum lyap_shape {
    LYAP_SHAPE_DOT, /* filled; coincident ones are written once */
    LYAP_SHAPE_RING,
    LYAP_SHAPE_SQUARE,
    LYAP_SHAPE_DIAMOND,
    LYAP_SHAPE_TRIANGLE,
    LYAP_SHAPE_CROSS /* two strokes: for published values, which lie among others */
};

/* One data series. The arrays are the caller's and must live until the chart is written. */
struct lyap_mark_series {
    enum lyap_mark mark;
    const char *label; /* in the legend; NULL for none */
    int colour;        /* 0 .. 7 in the palette */
    bool dashed;
    size_t n;
    const double *x, *y, *low,
        *high;             /* [n] each; y of bands and bars, x of spans and low, high of the others may be NULL */
    enum lyap_shape shape; /* of points, bars and spans */
};

struct lyap_axis {
    const char *title; /* with the unit: "learning rate", "exponent (nats per step)" */
    bool logarithmic;
    double low, high; /* both 0: from the data with a margin */
};

/* Names instead of numbers along an axis: value k belongs to name[k], from the left or from the top; an empty name is room between others. */
struct lyap_names {
    size_t count;                 /* 0: numbers */
    const char *const *name;      /* [count] */
    const unsigned char *heading; /* [count]; other than 0: in bold, a heading of the names that follow. May be NULL */
};

enum { LYAP_PANEL_SERIES = 12, LYAP_PANEL_LINES = 8, LYAP_CHART_PANELS = 6 };
struct lyap_panel {
    const char *title;
    struct lyap_axis x, y;
    struct lyap_names x_names, y_names;
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
    bool same_x, same_y; /* all panels have the range of all data, where they have no fixed one */
    double height;       /* inside the axes of each panel, in pixels of a chart 720 wide; 0: from the width */
};

#endif
