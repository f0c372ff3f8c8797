#include "figure/axes.h"

#include <math.h>
#include <stdio.h>

#include "math/deterministic.h"

static const double largest = 1e300, smallest = 1e-300;
static const double log10_e = 0.43429448190325182765;

/* By multiplication: exact up to 10^22 and the same everywhere, which pow() is not. */
static double power_of_ten(int exponent) {
    double power = 1;
    for (int i = 0; i < (exponent < 0 ? -exponent : exponent); i++) power *= 10;
    return exponent < 0 ? 1 / power : power;
}

/* whole 10^exponent, rounded once where the power is exact. */
static double decimal(double whole, int exponent) {
    return exponent < 0 ? whole / power_of_ten(-exponent) : whole * power_of_ten(exponent);
}

bool lyap_scale_holds(bool logarithmic, double value) {
    return logarithmic ? value >= smallest && value <= largest : fabs(value) <= largest;
}

static double on_scale(bool logarithmic, double value) {
    return logarithmic ? lyap_log(value) * log10_e : value;
}

bool lyap_scale_make(struct lyap_scale *scale, const struct lyap_axis *axis, double low, double high) {
    bool logarithmic = axis->logarithmic;
    const double margin = 0.04;
    *scale = (struct lyap_scale){logarithmic, 0, 1};
    bool fixed =
        axis->low < axis->high && lyap_scale_holds(logarithmic, axis->low) && lyap_scale_holds(logarithmic, axis->high);
    if (!fixed && !(low <= high)) return false;
    double from = on_scale(logarithmic, fixed ? axis->low : low), to = on_scale(logarithmic, fixed ? axis->high : high);
    /* Equal values, or ones that differ by rounding alone, get a range in which a tick can be told from the next. */
    double size = fmax(fabs(from), fabs(to)), least = fmax(1e-9 * (logarithmic ? 1 : size), smallest);
    if (to - from < least) {
        double half = logarithmic ? 0.5 : size > 2 * smallest ? 0.5 * size : 1;
        from -= half;
        to += half;
    } else if (!fixed) {
        double span = to - from;
        from -= margin * span;
        to += margin * span;
    }
    scale->from = from;
    scale->to = to;
    return true;
}

double lyap_scale_place(const struct lyap_scale *scale, double value) {
    double place = (on_scale(scale->logarithmic, value) - scale->from) / (scale->to - scale->from);
    return fmin(fmax(place, -4), 5);
}

/* "10⁻³" for a coefficient of one, "1.5×10⁻³", or plain digits. A number is whole 10^exponent, so nothing is rounded here. */
static void write_label(char *label, long long whole, int exponent, bool powers) {
    static const char *const raised[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    const char *sign = whole < 0 ? "−" : "";
    if (whole < 0) whole = -whole;
    if (!powers || whole == 0) {
        snprintf(label, LYAP_TICK_LABEL, "%s%.*f", sign, exponent < 0 && whole != 0 ? -exponent : 0,
                 decimal((double)whole, exponent));
        return;
    }
    while (whole % 10 == 0) {
        whole /= 10;
        exponent++;
    }
    int digits = 0;
    for (long long rest = whole; rest >= 10; rest /= 10) digits++;
    exponent += digits;
    char coefficient[32] = "", power[8], text[32] = "";
    size_t used = 0;
    if (whole != 1) snprintf(coefficient, sizeof coefficient, "%.*f×", digits, decimal((double)whole, -digits));
    snprintf(power, sizeof power, "%d", exponent < -999 ? -999 : exponent > 999 ? 999 : exponent);
    for (const char *c = power; *c; c++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s", *c == '-' ? "⁻" : raised[*c - '0']);
    snprintf(label, LYAP_TICK_LABEL, "%s%s10%s", sign, coefficient, text);
}

/* The next tick at a place of the axis, and the place for its label; NULL outside of the axis. */
static char *add_tick(struct lyap_ticks *ticks, double place) {
    const double rounding = 1e-9;
    if (place < -rounding || place > 1 + rounding || ticks->count == LYAP_TICKS) return NULL;
    char *label = ticks->tick[ticks->count].label;
    ticks->tick[ticks->count++].place = fmin(fmax(place, 0), 1);
    *label = '\0';
    return label;
}

/* Steps of 1, 2 or 5 times a power of ten from low to high, in their places on the scale. */
static void add_linear(struct lyap_ticks *ticks, const struct lyap_scale *scale, double low, double high, int most) {
    double least = (high - low) / most;
    int exponent = (int)floor(lyap_log(least) * log10_e), leading = 1;
    if (power_of_ten(exponent) > least) exponent--;
    while (leading < 10 && decimal(leading, exponent) < least * (1 - 1e-9)) leading = leading == 2 ? 5 : 2 * leading;
    if (leading == 10) {
        leading = 1;
        exponent++;
    }
    double step = decimal(leading, exponent), size = fmax(fabs(low), fabs(high));
    for (double k = ceil(low / step - 1e-6); k <= high / step + 1e-6 && ticks->count < LYAP_TICKS; k++) {
        char *label = add_tick(ticks, lyap_scale_place(scale, decimal(k * leading, exponent)));
        if (label) write_label(label, (long long)k * leading, exponent, size >= 1e6 || size < 1e-3);
    }
}

/* 1 .. 9 at a decade of a logarithmic axis. */
static double decade_place(const struct lyap_scale *scale, int leading, int exponent) {
    double logarithm = leading == 1 ? 0 : lyap_log(leading) * log10_e;
    return (exponent + logarithm - scale->from) / (scale->to - scale->from);
}

/* 1, 2, 5, 10, 20, 50, ... */
static int round_stride(int least) {
    int stride = 1;
    for (int i = 0; stride < least; i++) stride = i % 3 == 1 ? stride / 2 * 5 : 2 * stride;
    return stride;
}

void lyap_ticks_make(struct lyap_ticks *ticks, const struct lyap_scale *scale, int most) {
    ticks->count = 0;
    if (most < 1) most = 1;
    if (!scale->logarithmic) {
        add_linear(ticks, scale, scale->from, scale->to, most);
        return;
    }
    int first = (int)ceil(scale->from - 1e-9), last = (int)floor(scale->to + 1e-9), decades = last - first + 1;
    int round_ones = 0;
    for (int e = first - 1; e <= last; e++)
        for (int leading = 1; leading < 10; leading = leading == 2 ? 5 : 2 * leading) {
            double place = decade_place(scale, leading, e);
            round_ones += place >= 0 && place <= 1;
        }
    if (decades < 2 && round_ones < 2) { /* so short that it is nearly linear */
        add_linear(ticks, scale, lyap_exp(scale->from / log10_e), lyap_exp(scale->to / log10_e), most);
        return;
    }
    bool halves = decades < 2 || (decades < 4 && round_ones <= most), powers = first < -3 || last > 4;
    bool minor = decades <= 14 && decades <= 2 * most;
    int stride = round_stride((decades + most - 1) / most);
    for (int e = first - 1; e <= last; e++)
        for (int leading = 1; leading <= (minor ? 9 : 1); leading++) {
            bool named = leading == 1 ? e % stride == 0 : halves && (leading == 2 || leading == 5);
            if (!named && leading == 1 && decades > 100) continue;
            char *label = add_tick(ticks, decade_place(scale, leading, e));
            if (label && named) write_label(label, leading, e, powers);
        }
}

/* ---- what a panel shows ---- */

bool lyap_mark_has_interval(const struct lyap_mark_series *s) {
    return (s->mark == LYAP_MARK_BAND || s->mark == LYAP_MARK_BARS) && s->low && s->high;
}

/* The lower end of an interval that reaches 0 has no place on a logarithmic axis: it is drawn to the edge. */
static bool low_is_drawn(bool logarithmic, double low) {
    return lyap_scale_holds(logarithmic, low) || (logarithmic && low <= 0 && low >= -1e300);
}
bool lyap_interval_is_drawn(const struct lyap_panel *panel, const struct lyap_mark_series *s, size_t i) {
    bool logarithmic = panel->y.logarithmic;
    return lyap_scale_holds(panel->x.logarithmic, s->x[i]) && lyap_scale_holds(logarithmic, s->high[i]) &&
           low_is_drawn(logarithmic, s->low[i]);
}

bool lyap_mark_has_span(const struct lyap_mark_series *s) {
    return s->mark == LYAP_MARK_SPANS && s->low && s->high && s->y;
}
bool lyap_span_is_drawn(const struct lyap_panel *panel, const struct lyap_mark_series *s, size_t i) {
    bool logarithmic = panel->x.logarithmic;
    return lyap_scale_holds(panel->y.logarithmic, s->y[i]) && lyap_scale_holds(logarithmic, s->low[i]) &&
           lyap_scale_holds(logarithmic, s->high[i]);
}

static void include(struct lyap_extremes *e, bool logarithmic, double value) {
    if (!lyap_scale_holds(logarithmic, value)) return;
    e->low = fmin(e->low, value);
    e->high = fmax(e->high, value);
}

bool lyap_mark_is_drawn(const struct lyap_panel *panel, const struct lyap_mark_series *s, size_t i) {
    if (lyap_mark_has_span(s) && lyap_span_is_drawn(panel, s, i)) return true;
    if (!s->x || !lyap_scale_holds(panel->x.logarithmic, s->x[i])) return false;
    if (lyap_mark_has_interval(s) && lyap_interval_is_drawn(panel, s, i)) return true;
    return s->mark != LYAP_MARK_BAND && s->y && lyap_scale_holds(panel->y.logarithmic, s->y[i]);
}

struct lyap_extremes lyap_panel_x_extremes(const struct lyap_panel *panel) {
    struct lyap_extremes e = {INFINITY, -INFINITY};
    bool logarithmic = panel->x.logarithmic;
    for (size_t k = 0; k < panel->count; k++) {
        const struct lyap_mark_series *s = &panel->series[k];
        for (size_t i = 0; i < s->n; i++) {
            if (!lyap_mark_is_drawn(panel, s, i)) continue;
            if (s->x) include(&e, logarithmic, s->x[i]);
            if (!lyap_mark_has_span(s)) continue;
            include(&e, logarithmic, s->low[i]);
            include(&e, logarithmic, s->high[i]);
        }
    }
    for (size_t k = 0; k < panel->lines; k++)
        if (panel->line[k].vertical) include(&e, logarithmic, panel->line[k].at);
    return e;
}

/* Whether an observation lies between the ends of the x axis. */
static bool lies_within(const struct lyap_scale *x, const struct lyap_mark_series *s, size_t i) {
    if (!x || !s->x) return true;
    double place = lyap_scale_place(x, s->x[i]);
    return place >= 0 && place <= 1;
}

static struct lyap_extremes y_extremes(const struct lyap_panel *panel, const struct lyap_scale *x) {
    struct lyap_extremes e = {INFINITY, -INFINITY};
    bool logarithmic = panel->y.logarithmic;
    for (size_t k = 0; k < panel->count; k++) {
        const struct lyap_mark_series *s = &panel->series[k];
        for (size_t i = 0; i < s->n; i++) {
            if (!lyap_mark_is_drawn(panel, s, i) || !lies_within(x, s, i)) continue;
            if (s->mark != LYAP_MARK_BAND && s->y) include(&e, logarithmic, s->y[i]);
            if (s->mark == LYAP_MARK_STEPS) include(&e, logarithmic, 0);
            if (!lyap_mark_has_interval(s)) continue;
            include(&e, logarithmic, s->low[i]);
            include(&e, logarithmic, s->high[i]);
        }
    }
    for (size_t k = 0; k < panel->lines; k++)
        if (!panel->line[k].vertical) include(&e, logarithmic, panel->line[k].at);
    return e;
}

struct lyap_extremes lyap_panel_y_extremes(const struct lyap_panel *panel, const struct lyap_scale *x) {
    struct lyap_extremes e = y_extremes(panel, x);
    return e.low <= e.high ? e : y_extremes(panel, NULL);
}
