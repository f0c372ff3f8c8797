/* Axes of charts: what of the data has a place, ranges, places on them, ticks and their labels. */
#ifndef LYAP_FIGURE_AXES_H
#define LYAP_FIGURE_AXES_H

#include <stdbool.h>
#include <stddef.h>

#include "figure/panel.h"

struct lyap_scale {
    bool logarithmic;
    double from, to; /* of the axis, or of its decimal logarithm */
};

/* The fixed range of the axis, or else low .. high of the data with a margin. False, with a range from 0 to 1, when neither is one
 * (low > high for no data). */
bool lyap_scale_make(struct lyap_scale *scale, const struct lyap_axis *axis, double low, double high);

/* Whether an axis has a place for the value: finite, and positive if logarithmic. Beyond 1e300 counts as infinite. */
bool lyap_scale_holds(bool logarithmic, double value);

/* 0 at the low end, 1 at the high end; no farther than 4 lengths outside. */
double lyap_scale_place(const struct lyap_scale *scale, double value);

enum { LYAP_TICKS = 160, LYAP_TICK_LABEL = 80 };
struct lyap_ticks {
    size_t count;
    struct {
        double place;                /* 0 .. 1 */
        char label[LYAP_TICK_LABEL]; /* UTF-8; empty for minor ticks */
    } tick[LYAP_TICKS];
};

/* Ticks at 1, 2 or 5 times a power of ten, about `most` of them with labels (at least 1); on a logarithmic axis at the decades with
 * minor ticks between. */
void lyap_ticks_make(struct lyap_ticks *ticks, const struct lyap_scale *scale, int most);

/* Whether a series has intervals low .. high; whether that of observation i is drawn, which needs a place for its high end (a low end
 * at or below 0 on a logarithmic axis is drawn to the edge); whether anything of observation i is drawn. */
bool lyap_mark_has_interval(const struct lyap_mark_series *s);
/* The same questions for the lying intervals of LYAP_MARK_SPANS, which need a place for both ends. */
bool lyap_mark_has_span(const struct lyap_mark_series *s);
bool lyap_span_is_drawn(const struct lyap_panel *panel, const struct lyap_mark_series *s, size_t i);
bool lyap_interval_is_drawn(const struct lyap_panel *panel, const struct lyap_mark_series *s, size_t i);
bool lyap_mark_is_drawn(const struct lyap_panel *panel, const struct lyap_mark_series *s, size_t i);

/* The least and largest values of an axis; low > high where there is none. */
struct lyap_extremes {
    double low, high;
};
/* Those of all that a panel draws, reference lines too. That of y: of what lies between the ends of x, of everything for NULL or where
 * nothing lies there. */
struct lyap_extremes lyap_panel_x_extremes(const struct lyap_panel *panel);
struct lyap_extremes lyap_panel_y_extremes(const struct lyap_panel *panel, const struct lyap_scale *x);

#endif
