/* An axis of a chart: its range, its ticks, and where on it a value stands. */
#ifndef LYAP_CHART_AXIS_H
#define LYAP_CHART_AXIS_H

#include "chart.h"

enum { LYAP_CHART_TICKS = 64 };
struct lyap_ticks {
    size_t count;
    double at[LYAP_CHART_TICKS];
    bool major[LYAP_CHART_TICKS]; /* gets a label */
};

struct lyap_scale {
    bool logarithmic, empty; /* empty: no value can be shown */
    double low, high;
    double from, to; /* the transformed ends */
};

/* Can stand on the axis: finite, and above 0 on a logarithmic one. */
bool lyap_scale_takes(const struct lyap_scale *scale, double value);

/* A range over the values that `add` was given, with a margin, or the axis' own. */
void lyap_scale_start(struct lyap_scale *scale, const struct lyap_axis *axis);
void lyap_scale_add(struct lyap_scale *scale, double value);
void lyap_scale_end(struct lyap_scale *scale, const struct lyap_axis *axis);

/* 0 at the low end, 1 at the high end; outside for values beyond. */
double lyap_scale_place(const struct lyap_scale *scale, double value);

/* Steps of 1, 2 or 5 times a power of ten, about `wanted` of them; on a logarithmic axis the powers of ten (with 2 and 5 times
 * them where there are few), and the others between as minor ticks. */
void lyap_scale_ticks(const struct lyap_scale *scale, int wanted, struct lyap_ticks *ticks);

#endif
