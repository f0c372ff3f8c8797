#include "chart_axis.h"

#include <math.h>

#include "deterministic.h"

bool lyap_scale_takes(const struct lyap_scale *scale, double value) {
    return isfinite(value) && fabs(value) < 1e300 && (!scale->logarithmic || value > 1e-300);
}

void lyap_scale_start(struct lyap_scale *scale, const struct lyap_axis *axis) {
    *scale = (struct lyap_scale){.logarithmic = axis->logarithmic, .empty = true};
}

void lyap_scale_add(struct lyap_scale *scale, double value) {
    if (!lyap_scale_takes(scale, value)) return;
    if (scale->empty || value < scale->low) scale->low = value;
    if (scale->empty || value > scale->high) scale->high = value;
    scale->empty = false;
}

static double transformed(const struct lyap_scale *scale, double value) {
    return scale->logarithmic ? lyap_log(value) : value;
}

void lyap_scale_end(struct lyap_scale *scale, const struct lyap_axis *axis) {
    double margin = 0.04;
    if (axis->low < axis->high && lyap_scale_takes(scale, axis->low)) {
        scale->low = axis->low;
        scale->high = axis->high;
        margin = 0;
    } else if (scale->empty) {
        scale->low = scale->logarithmic ? 1 : 0;
        scale->high = scale->logarithmic ? 10 : 1;
        margin = 0;
    }
    scale->from = transformed(scale, scale->low);
    scale->to = transformed(scale, scale->high);
    double width = scale->to - scale->from;
    if (!(width > 1e-12 * fabs(scale->from)) || width == 0) { /* one value: some room about it */
        double half = scale->logarithmic ? 1 : scale->from != 0 ? 0.5 * fabs(scale->from) : 1;
        scale->from -= half;
        scale->to += half;
    } else {
        scale->from -= margin * width;
        scale->to += margin * width;
    }
}

double lyap_scale_place(const struct lyap_scale *scale, double value) {
    return (transformed(scale, value) - scale->from) / (scale->to - scale->from);
}

static double power_of_ten(int exponent) {
    double power = 1;
    for (int i = 0; i < exponent; i++) power *= 10;
    for (int i = 0; i > exponent; i--) power *= 10;
    return exponent < 0 ? 1 / power : power;
}

static void add(struct lyap_ticks *ticks, double at, bool major) {
    if (ticks->count < LYAP_CHART_TICKS) {
        ticks->at[ticks->count] = at;
        ticks->major[ticks->count++] = major;
    }
}

static void linear_ticks(const struct lyap_scale *scale, int wanted, struct lyap_ticks *ticks) {
    double raw = (scale->to - scale->from) / wanted;
    int exponent = -300;
    while (exponent < 300 && power_of_ten(exponent + 1) <= raw) exponent++;
    double power = power_of_ten(exponent), share = raw / power;
    int factor = share < 1.5 ? 1 : share < 3.5 ? 2 : share < 7.5 ? 5 : 10;
    if (factor == 10) {
        exponent++;
        factor = 1;
    }
    double first = ceil(scale->from / (factor * power_of_ten(exponent)));
    for (int i = 0; i < LYAP_CHART_TICKS; i++) {
        /* Steps below 1 by division: 3 / 10 is the nearest number to 0.3, 3 * 0.1 is not. */
        double step = (first + i) * factor;
        double at = exponent < 0 ? step / power_of_ten(-exponent) : step * power_of_ten(exponent);
        if (at > scale->to) break;
        add(ticks, at == 0 ? 0 : at, true); /* no minus zero */
    }
}

static void log_ticks(const struct lyap_scale *scale, int wanted, struct lyap_ticks *ticks) {
    const double ten = lyap_log(10);
    int first = (int)floor(scale->from / ten), last = (int)ceil(scale->to / ten);
    double decades = (scale->to - scale->from) / ten;
    int every = decades > wanted ? (int)ceil(decades / wanted) : 1;
    for (int d = first; d <= last; d++)
        for (int digit = 1; digit < 10; digit++) {
            double at = d < 0 ? digit / power_of_ten(-d) : digit * power_of_ten(d), place = lyap_scale_place(scale, at);
            bool major = digit == 1 ? (d % every + every) % every == 0 : decades < 2.5 && (digit == 2 || digit == 5);
            if (place < -1e-9 || place > 1 + 1e-9 || (!major && decades > 6)) continue;
            add(ticks, at, major);
        }
}

void lyap_scale_ticks(const struct lyap_scale *scale, int wanted, struct lyap_ticks *ticks) {
    ticks->count = 0;
    if (scale->logarithmic)
        log_ticks(scale, wanted, ticks);
    else
        linear_ticks(scale, wanted, ticks);
}
