/* Axes of charts: ranges, places on them, ticks and their labels. */
#ifndef LYAP_CHART_AXES_H
#define LYAP_CHART_AXES_H

#include <stdbool.h>
#include <stddef.h>

#include "chart.h"

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

#endif
