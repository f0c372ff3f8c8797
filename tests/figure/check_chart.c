#include "figure/chart.h"

#include <ctype.h>
#include <math.h>

#include "tests/support.h"

/* The chart as text; freed by the caller. */
static char *draw(const struct lyap_chart *chart, const char *title) {
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    ck_assert_ptr_nonnull(file);
    ck_assert(lyap_chart_write(file, chart, title));
    ck_assert_int_eq(fclose(file), 0);
    return text;
}

static size_t count(const char *text, const char *part) {
    size_t found = 0;
    for (; (text = strstr(text, part)) != NULL; text += strlen(part)) found++;
    return found;
}

/* One panel of points. */
static struct lyap_chart points(const double *x, const double *y, size_t n) {
    struct lyap_chart chart = {.count = 1, .columns = 1};
    chart.panel[0].title = "panel";
    chart.panel[0].count = 1;
    chart.panel[0].series[0] =
        (struct lyap_mark_series){.mark = LYAP_MARK_POINTS, .label = "series", .n = n, .x = x, .y = y};
    return chart;
}

/* Elements open and close in order, names, quotes and entities are those of XML, and there is one root. */
static void expect_well_formed(const char *text) {
    enum { DEEP = 16 };
    char open[DEEP][16];
    size_t depth = 0, roots = 0;
    for (const char *c = text; *c;) {
        if (*c == '&') {
            ck_assert(!strncmp(c, "&amp;", 5) || !strncmp(c, "&lt;", 4) || !strncmp(c, "&gt;", 4));
        }
        if (*c != '<') {
            ck_assert_msg(*c != '>', "a bare > at \"%.30s\"", c);
            ck_assert(depth > 0 || isspace((unsigned char)*c));
            c++;
            continue;
        }
        const char *end = strchr(c, '>');
        ck_assert_ptr_nonnull(end);
        size_t name = strcspn(c + 1, " />"), quotes = 0;
        for (const char *q = c; q < end; q++) {
            quotes += *q == '"';
            ck_assert(q == c || *q != '<');
        }
        ck_assert_msg(quotes % 2 == 0, "quotes at \"%.60s\"", c);
        if (c[1] == '/') {
            name = (size_t)(end - c) - 2;
            ck_assert_uint_gt(depth, 0);
            depth--;
            ck_assert_msg(strlen(open[depth]) == name && !strncmp(open[depth], c + 2, name),
                          "%s is closed by \"%.20s\"", open[depth], c);
        } else {
            roots += depth == 0;
            ck_assert(name > 0 && name < sizeof open[0] && isalpha((unsigned char)c[1]));
            if (end[-1] != '/') {
                ck_assert_uint_lt(depth, DEEP);
                memcpy(open[depth], c + 1, name);
                open[depth++][name] = '\0';
            }
        }
        c = end + 1;
    }
    ck_assert_uint_eq(depth, 0);
    ck_assert_uint_eq(roots, 1);
    ck_assert_ptr_null(strstr(text, "nan"));
    ck_assert_ptr_null(strstr(text, "inf"));
}

struct box {
    double left, top, width, height;
};

/* The area inside the axes of the panel, from its clipping path. */
static struct box inside(const char *svg) {
    struct box b;
    const char *clip = strstr(svg, "<clipPath ");
    ck_assert_ptr_nonnull(clip);
    clip = strstr(clip, "<rect ");
    ck_assert_ptr_nonnull(clip);
    ck_assert_int_eq(
        sscanf(clip, "<rect x=\"%lf\" y=\"%lf\" width=\"%lf\" height=\"%lf\"", &b.left, &b.top, &b.width, &b.height),
        4);
    return b;
}

/* The dots of the first series of points, at most `most`; how many. */
static size_t dots(const char *svg, double (*at)[2], size_t most) {
    const char *path = strstr(svg, "<path class=\"points\"");
    if (!path) return 0;
    const char *c = strstr(path, " d=\""), *end = strchr(path, '>');
    size_t found = 0;
    for (c = strchr(c, 'M'); c && c < end && found < most; c = strchr(c + 1, 'M'), found++)
        ck_assert_int_eq(sscanf(c, "M%lf %lfh0", &at[found][0], &at[found][1]), 2);
    return found;
}

/* The labels of an axis ("x", "y") in their order, each followed by a bar. */
static void labels(const char *svg, const char *axis, char *list, size_t size) {
    char part[32];
    snprintf(part, sizeof part, "class=\"%s\"", axis);
    *list = '\0';
    for (const char *c = svg; (c = strstr(c, part)) != NULL; c++) {
        const char *text = strchr(c, '>') + 1;
        size_t length = strcspn(text, "<"), used = strlen(list);
        ck_assert_uint_lt(used + length + 2, size);
        snprintf(list + used, size - used, "%.*s|", (int)length, text);
    }
}

static void expect_labels(const struct lyap_axis *x, const char *expected) {
    double value[2] = {x->low, x->high}, y[2] = {0, 1};
    struct lyap_chart chart = points(value, y, 2);
    chart.panel[0].x = *x;
    char *svg = draw(&chart, "ticks"), list[512];
    labels(svg, "x", list, sizeof list);
    ck_assert_str_eq(list, expected);
    expect_well_formed(svg);
    free(svg);
}

START_TEST(linear_ticks_are_round_numbers) {
    expect_labels(&(struct lyap_axis){.title = "x", .low = 0, .high = 10}, "0|1|2|3|4|5|6|7|8|9|10|");
    expect_labels(&(struct lyap_axis){.title = "x", .low = 0, .high = 1}, "0|0.1|0.2|0.3|0.4|0.5|0.6|0.7|0.8|0.9|1.0|");
    expect_labels(&(struct lyap_axis){.title = "x", .low = -0.03, .high = 0.011},
                  "−0.030|−0.025|−0.020|−0.015|−0.010|−0.005|0|0.005|0.010|");
    expect_labels(&(struct lyap_axis){.title = "x", .low = 0, .high = 1.9e7},
                  "0|2×10⁶|4×10⁶|6×10⁶|8×10⁶|10⁷|1.2×10⁷|1.4×10⁷|1.6×10⁷|1.8×10⁷|");
    expect_labels(&(struct lyap_axis){.title = "x", .low = -4e-5, .high = 0},
                  "−4×10⁻⁵|−3.5×10⁻⁵|−3×10⁻⁵|−2.5×10⁻⁵|−2×10⁻⁵|−1.5×10⁻⁵|−10⁻⁵|−5×10⁻⁶|0|");
}
END_TEST

START_TEST(logarithmic_ticks_are_decades) {
    expect_labels(&(struct lyap_axis){.title = "x", .logarithmic = true, .low = 1e-3, .high = 1e4},
                  "0.001|0.01|0.1|1|10|100|1000|10000|");
    expect_labels(&(struct lyap_axis){.title = "x", .logarithmic = true, .low = 1e-6, .high = 1},
                  "10⁻⁶|10⁻⁵|10⁻⁴|10⁻³|10⁻²|10⁻¹|10⁰|");
    expect_labels(&(struct lyap_axis){.title = "x", .logarithmic = true, .low = 1, .high = 100}, "1|2|5|10|20|50|100|");
    expect_labels(&(struct lyap_axis){.title = "x", .logarithmic = true, .low = 2.2, .high = 3.1},
                  "2.2|2.3|2.4|2.5|2.6|2.7|2.8|2.9|3.0|3.1|");
}
END_TEST

/* On 0.1 .. 10 every dot is at its logarithm: 1 in the middle, 0.1 and 10 at the ends. */
START_TEST(points_stand_where_their_values_say) {
    const double x[] = {0.1, 1, 10}, y[] = {0, 1, 4};
    struct lyap_chart chart = points(x, y, 3);
    chart.panel[0].x = (struct lyap_axis){.title = "x", .logarithmic = true, .low = 0.1, .high = 10};
    chart.panel[0].y = (struct lyap_axis){.title = "y", .low = 0, .high = 4};
    char *svg = draw(&chart, "places");
    struct box b = inside(svg);
    double at[4][2];
    ck_assert_uint_eq(dots(svg, at, 4), 3);
    for (int i = 0; i < 3; i++) {
        ck_assert_double_eq_tol(at[i][0], b.left + b.width * i / 2, 0.25);
        ck_assert_double_eq_tol(at[i][1], b.top + b.height * (1 - y[i] / 4), 0.25);
    }
    expect_well_formed(svg);
    free(svg);
}
END_TEST

START_TEST(all_points_lie_inside_the_axes) {
    enum { N = 2000 };
    static double x[N], y[N], at[N][2];
    uint64_t state = 5;
    for (int i = 0; i < N; i++) {
        x[i] = 3 * test_random(&state);
        y[i] = 1000 * test_random(&state);
    }
    for (int fixed = 0; fixed < 2; fixed++) {
        struct lyap_chart chart = points(x, y, N);
        if (fixed) chart.panel[0].x = (struct lyap_axis){.title = "x", .low = -1, .high = 1};
        char *svg = draw(&chart, "cloud");
        struct box b = inside(svg);
        size_t n = dots(svg, at, N), expected = 0;
        for (int i = 0; i < N; i++) expected += !fixed || fabs(x[i]) <= 1;
        ck_assert_uint_le(n, expected);
        ck_assert_uint_ge(n, expected - 40); /* some coincide, some round across the edge */
        for (size_t i = 0; i < n; i++) {
            ck_assert(at[i][0] >= b.left && at[i][0] <= b.left + b.width);
            ck_assert(at[i][1] >= b.top && at[i][1] <= b.top + b.height);
        }
        free(svg);
    }
}
END_TEST

START_TEST(points_that_coincide_are_written_once) {
    enum { N = 100000 };
    static double x[N], y[N];
    double at[8][2];
    for (int i = 0; i < N; i++) {
        x[i] = i % 3;
        y[i] = i % 3 + 1e-9 * i / N;
    }
    struct lyap_chart chart = points(x, y, N);
    char *svg = draw(&chart, "three places");
    ck_assert_uint_eq(dots(svg, at, 8), 3);
    ck_assert_uint_lt(strlen(svg), 10000);
    free(svg);
}
END_TEST

/* 100,000 values of a noisy line keep the highest and lowest of each half pixel: at most 4 vertices in 2 x 720 columns. */
START_TEST(a_long_line_is_short_and_keeps_its_extremes) {
    enum { N = 100000 };
    static double x[N], y[N];
    uint64_t state = 7;
    for (int i = 0; i < N; i++) {
        x[i] = i;
        y[i] = 0.5 * test_random(&state);
    }
    y[31415] = 1;
    y[77777] = -1;
    struct lyap_chart chart = points(x, y, N);
    chart.panel[0].series[0].mark = LYAP_MARK_LINE;
    chart.panel[0].y = (struct lyap_axis){.title = "y", .low = -1, .high = 1};
    char *svg = draw(&chart, "line");
    struct box b = inside(svg);
    const char *path = strstr(svg, "<path class=\"line\""), *end = strchr(path, '>');
    size_t vertices = 0;
    double top = INFINITY, bottom = -INFINITY;
    for (const char *c = strstr(path, " d=\"M") + 4; c < end; c = c + 1 + strcspn(c + 1, "L\""), vertices++) {
        double px, py;
        if (*c == '"') break;
        ck_assert_int_eq(sscanf(c + 1, "%lf %lf", &px, &py), 2);
        top = fmin(top, py);
        bottom = fmax(bottom, py);
    }
    ck_assert_uint_lt(vertices, 4 * 1440);
    ck_assert_double_eq(top, b.top);
    ck_assert_double_eq(bottom, b.top + b.height);
    free(svg);
}
END_TEST

START_TEST(a_line_is_broken_at_what_has_no_place) {
    const double x[] = {1, 2, 3, 4, 5, 6, 7}, y[] = {1, 2, NAN, 4, -1, 6, 7};
    struct lyap_chart chart = points(x, y, 7);
    chart.panel[0].series[0].mark = LYAP_MARK_LINE;
    for (int logarithmic = 0; logarithmic < 2; logarithmic++) {
        chart.panel[0].y.logarithmic = logarithmic;
        char *svg = draw(&chart, "gaps"), path[512];
        const char *d = strstr(strstr(svg, "class=\"line\""), " d=\"") + 4;
        snprintf(path, sizeof path, "%.*s", (int)strcspn(d, "\""), d);
        ck_assert_uint_eq(count(path, "M"), logarithmic ? 3 : 2); /* 1 2 | 4 | 6 7, or 1 2 | 4 -1 6 7 */
        ck_assert_uint_eq(count(path, "L"), logarithmic ? 2 : 4);
        ck_assert_uint_eq(count(path, "h0"), logarithmic ? 1 : 0);
        /* The 4 alone is a dot of more than the line's width, at its place. */
        const char *lone = strstr(svg, "class=\"lone\"");
        ck_assert_int_eq(lone != NULL, logarithmic);
        if (lone) {
            double at[2], of[2], width;
            ck_assert_int_eq(sscanf(strstr(lone, "stroke-width"), "stroke-width=\"%lf", &width), 1);
            ck_assert_double_ge(width, 4);
            ck_assert_int_eq(sscanf(strstr(lone, " d=\""), " d=\"M%lf %lfh0\"/>", &at[0], &at[1]), 2);
            const char *dot = strchr(strchr(path, 'L'), 'M');
            ck_assert_int_eq(sscanf(dot, "M%lf %lfh0", &of[0], &of[1]), 2);
            ck_assert_double_eq(at[0], of[0]);
            ck_assert_double_eq(at[1], of[1]);
            ck_assert_int_eq(strncmp(strstr(lone, "h0"), "h0\"", 3), 0); /* no other */
        }
        free(svg);
    }
}
END_TEST

START_TEST(values_that_are_no_numbers_change_nothing) {
    const double x[] = {1, 2, 3, 10, 20, NAN, INFINITY, -5}, y[] = {1, 5, 2, NAN, INFINITY, 3, 3, -INFINITY};
    struct lyap_chart with = points(x, y, 8), without = points(x, y, 3);
    char *a = draw(&with, "same"), *b = draw(&without, "same");
    ck_assert_str_eq(a, b);
    free(a);
    free(b);
    const double lx[] = {1, 10, 0, -3}, ly[] = {1, 5, 2, 2};
    with = points(lx, ly, 4);
    without = points(lx, ly, 2);
    with.panel[0].x.logarithmic = without.panel[0].x.logarithmic = true;
    a = draw(&with, "same");
    b = draw(&without, "same");
    ck_assert_str_eq(a, b);
    free(a);
    free(b);
}
END_TEST

START_TEST(labels_are_escaped) {
    const double x[] = {1, 2};
    struct lyap_chart chart = points(x, x, 2);
    struct lyap_panel *p = &chart.panel[0];
    p->title = "a < b & c > d";
    p->x.title = "<script>x</script>";
    p->y.title = "&y;\n\"z\"";
    p->series[0].label = "R&D <1>";
    p->lines = 2;
    p->line[0].at = p->line[1].at = 1.5;
    p->line[0].label = p->line[1].label = "<&>";
    p->line[1].vertical = true;
    char *svg = draw(&chart, "</title><&");
    expect_well_formed(svg);
    ck_assert_ptr_nonnull(strstr(svg, ">a &lt; b &amp; c &gt; d<"));
    ck_assert_ptr_nonnull(strstr(svg, ">R&amp;D &lt;1&gt;<"));
    ck_assert_ptr_nonnull(strstr(svg, "<title>&lt;/title&gt;&lt;&amp;</title>"));
    ck_assert_uint_eq(count(svg, ">&lt;&amp;&gt;</text>"), 2);
    ck_assert_ptr_null(strstr(svg, "<script"));
    free(svg);
}
END_TEST

START_TEST(panels_without_data_say_so) {
    const double x[] = {1, 2}, none[] = {NAN, INFINITY}, negative[] = {-1, 0};
    struct lyap_chart chart = points(x, none, 2);
    char *svg = draw(&chart, "none");
    ck_assert_uint_eq(count(svg, ">no data</text>"), 1);
    expect_well_formed(svg);
    free(svg);
    chart = points(x, negative, 2);
    chart.panel[0].y.logarithmic = true;
    chart.count = chart.columns = 2;
    svg = draw(&chart, "none"); /* the second panel has no series */
    ck_assert_uint_eq(count(svg, ">no data</text>"), 2);
    expect_well_formed(svg);
    free(svg);
    chart = points(x, x, 2);
    chart.panel[0].x = (struct lyap_axis){.title = "x", .low = 5, .high = 6};
    svg = draw(&chart, "outside");
    ck_assert_uint_eq(count(svg, ">no data</text>"), 1);
    free(svg);
    chart.panel[0].x = (struct lyap_axis){.title = "x"};
    svg = draw(&chart, "inside");
    ck_assert_ptr_null(strstr(svg, "no data"));
    free(svg);
    chart.count = 0;
    svg = draw(&chart, "no panel");
    expect_well_formed(svg);
    free(svg);
}
END_TEST

/* Every mark in each of six panels: well-formed, each clipping path of its own, and the height of bars as by hand. */
START_TEST(all_marks_are_drawn) {
    const double x[] = {1, 2, 3}, y[] = {2, 3, 4}, low[] = {1, 2, 0}, high[] = {4, 4, 5};
    struct lyap_chart chart = {.count = LYAP_CHART_PANELS, .columns = 3};
    for (size_t k = 0; k < chart.count; k++) {
        struct lyap_panel *p = &chart.panel[k];
        p->title = "A title that is far too long for one line of a panel";
        p->x = (struct lyap_axis){.title = "x (steps)", .logarithmic = k % 2 == 1};
        p->y = (struct lyap_axis){.title = "y (nats per step)", .logarithmic = k >= 3};
        p->count = 5;
        for (size_t m = 0; m < 5; m++)
            p->series[m] = (struct lyap_mark_series){
                (enum lyap_mark)m, "label of a series", (int)m, m == 1, 3, x, m == LYAP_MARK_BAND ? NULL : y, low, high,
                LYAP_SHAPE_DOT};
        p->lines = 2;
        p->line[0].at = 2;
        p->line[0].label = "horizontal";
        p->line[1].at = 2;
        p->line[1].vertical = true;
        p->line[1].label = "vertical";
    }
    char *svg = draw(&chart, "marks"), *again = draw(&chart, "marks"), *other = draw(&chart, "more marks");
    expect_well_formed(svg);
    ck_assert_str_eq(svg, again);
    ck_assert_uint_eq(count(svg, "<clipPath id="), 6);
    ck_assert_uint_eq(count(svg, "class=\"band\""), 6);
    ck_assert_uint_eq(count(svg, "class=\"bars\""), 6);
    ck_assert_uint_eq(count(svg, "class=\"line\""), 12);
    ck_assert_uint_eq(count(svg, ">horizontal</text>"), 6);
    ck_assert_uint_eq(count(svg, ">vertical</text>"), 6);
    ck_assert_uint_eq(count(svg, "fill=\"#ffffff\""), 1);
    char id[64];
    for (const char *c = svg; (c = strstr(c, "<clipPath id=\"")) != NULL; c++) {
        snprintf(id, sizeof id, "\"%.*s\"", (int)strcspn(c + 14, "\""), c + 14);
        ck_assert_uint_eq(count(svg, id), 1);
        ck_assert_ptr_null(strstr(other, id));
    }
    free(svg);
    free(again);
    free(other);
}
END_TEST

START_TEST(error_bars_reach_from_low_to_high) {
    const double x[] = {1}, y[] = {2}, low[] = {1}, high[] = {4};
    struct lyap_chart chart = points(x, y, 1);
    chart.panel[0].series[0] =
        (struct lyap_mark_series){.mark = LYAP_MARK_BARS, .n = 1, .x = x, .y = y, .low = low, .high = high};
    chart.panel[0].x = (struct lyap_axis){.title = "x", .low = 0, .high = 2};
    chart.panel[0].y = (struct lyap_axis){.title = "y", .low = 0, .high = 5};
    char *svg = draw(&chart, "bars");
    struct box b = inside(svg);
    double cap, top, bar, bottom, at[1][2];
    const char *d = strstr(strstr(svg, "class=\"bars\""), " d=\"");
    ck_assert_int_eq(sscanf(d, " d=\"M%lf %lfh6m-3 0L%lf %lfm-3 0h6\"", &cap, &top, &bar, &bottom), 4);
    ck_assert_double_eq_tol(bar, b.left + b.width / 2, 0.25);
    ck_assert_double_eq(cap, bar - 3);
    ck_assert_double_eq_tol(top, b.top + b.height / 5, 0.25);
    ck_assert_double_eq_tol(bottom, b.top + b.height * 4 / 5, 0.25);
    ck_assert_uint_eq(dots(svg, at, 1), 1);
    ck_assert_double_eq_tol(at[0][1], b.top + b.height * 3 / 5, 0.25);
    free(svg);
}
END_TEST

/* From 1 (the low end) to 9 (the line), and a margin of 4 % of 8 on either side: 0.68 .. 9.32. */
START_TEST(a_range_from_the_data_holds_intervals_and_lines) {
    const double x[] = {1}, y[] = {2}, low[] = {1}, high[] = {4};
    struct lyap_chart chart = points(x, y, 1);
    chart.panel[0].series[0] =
        (struct lyap_mark_series){.mark = LYAP_MARK_BARS, .n = 1, .x = x, .y = y, .low = low, .high = high};
    chart.panel[0].lines = 1;
    chart.panel[0].line[0].at = 9;
    char *svg = draw(&chart, "range");
    struct box b = inside(svg);
    double cap, top, bar, bottom;
    const char *d = strstr(strstr(svg, "class=\"bars\""), " d=\"");
    ck_assert_int_eq(sscanf(d, " d=\"M%lf %lfh6m-3 0L%lf %lfm", &cap, &top, &bar, &bottom), 4);
    ck_assert_double_eq_tol(top, b.top + b.height * (9.32 - 4) / 8.64, 0.25);
    ck_assert_double_eq_tol(bottom, b.top + b.height * (9.32 - 1) / 8.64, 0.25);
    free(svg);
}
END_TEST

START_TEST(lying_error_bars_reach_from_low_to_high) {
    const double x[] = {2, 1}, y[] = {0, 1}, low[] = {1, NAN}, high[] = {4, 3};
    static const char *const name[] = {"first", "second"};
    struct lyap_chart chart = points(x, y, 1);
    chart.panel[0].series[0] =
        (struct lyap_mark_series){.mark = LYAP_MARK_SPANS, .n = 2, .x = x, .y = y, .low = low, .high = high};
    chart.panel[0].x = (struct lyap_axis){.title = "x", .low = 0, .high = 5};
    chart.panel[0].y_names = (struct lyap_names){.count = 2, .name = name};
    char *svg = draw(&chart, "spans"), list[64];
    struct box b = inside(svg);
    double left, right, cap, y0, end, at[2][2];
    const char *d = strstr(strstr(svg, "class=\"spans\""), " d=\"");
    expect_well_formed(svg);
    ck_assert_int_eq(sscanf(d, " d=\"M%lf %lfv6M%lf %*fv6M%*f %lfH%lf\"", &left, &cap, &right, &y0, &end), 5);
    ck_assert_double_eq_tol(left, b.left + b.width / 5, 0.25);
    ck_assert_double_eq_tol(right, b.left + b.width * 4 / 5, 0.25);
    ck_assert_double_eq(end, right);
    ck_assert_double_eq(cap, y0 - 3);
    ck_assert_double_eq_tol(y0, b.top + b.height / 4, 0.25); /* the first name is on top */
    ck_assert_uint_eq(dots(svg, at, 2), 2);                  /* a value without an interval is there, too */
    ck_assert_double_eq_tol(at[1][1], b.top + b.height * 3 / 4, 0.25);
    labels(svg, "y", list, sizeof list);
    ck_assert_str_eq(list, "first|second|");
    free(svg);
}
END_TEST

START_TEST(lying_intervals_widen_the_axis_and_need_no_value) {
    const double y[] = {1}, low[] = {-3}, high[] = {9};
    struct lyap_chart chart = {.count = 1, .columns = 1};
    chart.panel[0].count = 1;
    chart.panel[0].series[0] =
        (struct lyap_mark_series){.mark = LYAP_MARK_SPANS, .n = 1, .y = y, .low = low, .high = high};
    char *svg = draw(&chart, "spans"), list[256];
    labels(svg, "x", list, sizeof list);
    ck_assert_ptr_nonnull(strstr(list, "−3|"));
    ck_assert_ptr_nonnull(strstr(list, "9|"));
    ck_assert_ptr_null(strstr(svg, "no data"));
    free(svg);
}
END_TEST

START_TEST(panels_with_a_common_axis_have_the_same_ticks) {
    const double x[] = {0, 1}, y[] = {0, 1}, far[] = {0, 40}, nan[] = {NAN, NAN};
    struct lyap_chart chart = points(x, y, 2);
    char list[512];
    chart.count = 3;
    chart.columns = 3;
    chart.panel[1] = chart.panel[2] = chart.panel[0];
    chart.panel[1].series[0].y = chart.panel[1].series[0].x = far;
    chart.panel[2].series[0].y = nan;
    for (int k = 0; k < 4; k++) {
        chart.same_x = k & 1;
        chart.same_y = k & 2;
        char *svg = draw(&chart, "common");
        labels(svg, "x", list, sizeof list);
        ck_assert_uint_eq(count(list, "40|"), k & 1 ? 3 : 1); /* a panel without data has the axis, too */
        labels(svg, "y", list, sizeof list);
        ck_assert_uint_eq(count(list, "40|"), k & 2 ? 3 : 1);
        ck_assert_uint_eq(count(svg, "no data"), 1);
        free(svg);
    }
}
END_TEST

START_TEST(every_shape_is_another_mark_and_is_in_the_legend) {
    const double x[] = {1, 2, 3}, y[] = {1, 2, 3};
    struct lyap_chart chart = points(x, y, 3);
    char *before = NULL;
    for (int shape = LYAP_SHAPE_DOT; shape <= LYAP_SHAPE_CROSS; shape++) {
        chart.panel[0].series[0].shape = (enum lyap_shape)shape;
        char *svg = draw(&chart, "shapes");
        expect_well_formed(svg);
        ck_assert_uint_eq(count(svg, "class=\"marks\""), shape == LYAP_SHAPE_DOT ? 0 : 2);
        ck_assert(!before || strcmp(before, svg) != 0);
        free(before);
        before = svg;
    }
    free(before);
}
END_TEST

START_TEST(names_along_an_axis_are_wrapped_and_headings_are_bold) {
    static const char *const name[] = {"C1 & its rows",
                                       "a name that is far too long for the room beside the axes of one panel", "z"};
    static const char *const wide[] = {"unpronounceable", "b", "c"};
    static const unsigned char heading[] = {1, 0, 0};
    const double x[] = {0, 1, 2}, y[] = {0, 1, 2};
    struct lyap_chart chart = points(x, y, 3);
    chart.height = 500;
    chart.panel[0].x.title = "which";
    chart.panel[0].x_names = (struct lyap_names){.count = 3, .name = name};
    chart.panel[0].y_names = (struct lyap_names){.count = 3, .name = name, .heading = heading};
    char *svg = draw(&chart, "names"), list[512];
    double at[3][2];
    expect_well_formed(svg);
    struct box b = inside(svg);
    ck_assert_double_eq(b.height, 500);
    ck_assert_double_gt(b.left, 100);
    ck_assert_double_gt(b.width, 300);
    ck_assert_uint_eq(count(svg, "font-weight=\"600\">C1 &amp; its rows</text>"), 1);
    labels(svg, "y", list, sizeof list);
    ck_assert_uint_ge(count(list, "|"), 4);
    ck_assert_uint_eq(count(svg, "rotate(-90)"), 0);
    ck_assert_uint_eq(dots(svg, at, 3), 3);
    for (int i = 0; i < 3; i++) {
        ck_assert_double_eq_tol(at[i][0], b.left + b.width * (2 * i + 1) / 6, 0.25);
        ck_assert_double_eq_tol(at[i][1], b.top + b.height * (2 * i + 1) / 6, 0.25);
    }
    free(svg);
    /* Where a word is wider than the room between its neighbours, all names stand upright, and the titles move down. */
    chart.count = chart.columns = 3;
    chart.panel[1] = chart.panel[2] = chart.panel[0];
    for (int k = 0; k < 3; k++) {
        chart.panel[k].y_names.count = 0;
        chart.panel[k].x_names.name = wide;
    }
    svg = draw(&chart, "names");
    expect_well_formed(svg);
    ck_assert_uint_eq(count(svg, "rotate(-90)\" text-anchor=\"end\">"), 9);
    free(svg);
}
END_TEST

START_TEST(extreme_and_equal_values_have_axes) {
    const double pairs[][2] = {{1, 1},      {0, 0},         {1e300, -1e300},   {1e-300, 1e300},
                               {5e-324, 1}, {1, 1 + 1e-15}, {-1e-200, 1e-200}, {1e9, 1e9 + 1}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        for (int logarithmic = 0; logarithmic < 2; logarithmic++) {
            struct lyap_chart chart = points(pairs[i], pairs[i], 2);
            chart.panel[0].x.logarithmic = chart.panel[0].y.logarithmic = logarithmic;
            char *svg = draw(&chart, "extremes"), list[1024];
            expect_well_formed(svg);
            if (!strstr(svg, "no data")) {
                labels(svg, "y", list, sizeof list);
                ck_assert_msg(count(list, "|") >= 2, "pair %zu: %s", i, list);
            }
            free(svg);
        }
}
END_TEST

/* FNV-1a over a cloud on logarithmic axes, where the logarithm of a C library would move a dot now and then. */
START_TEST(the_bytes_are_the_same_on_every_machine) {
    enum { N = 5000 };
    static double x[N], y[N];
    uint64_t state = 19, digest = UINT64_C(14695981039346656037);
    for (int i = 0; i < N; i++) {
        x[i] = 1e-3 + (1 + test_random(&state)) * (1 + test_random(&state));
        y[i] = 1e-5 + x[i] * x[i] * (1 + test_random(&state));
    }
    struct lyap_chart chart = points(x, y, N);
    chart.panel[0].x = (struct lyap_axis){.title = "learning rate", .logarithmic = true};
    chart.panel[0].y = (struct lyap_axis){.title = "loss (nats)", .logarithmic = true};
    char *svg = draw(&chart, "digest");
    for (const char *c = svg; *c; c++) digest = (digest ^ (unsigned char)*c) * UINT64_C(1099511628211);
    ck_assert_msg(digest == UINT64_C(0x283a56f1748c700d), "digest %016llx", (unsigned long long)digest);
    free(svg);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("chart");
    TCase *tests = tcase_create("chart");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, linear_ticks_are_round_numbers);
    tcase_add_test(tests, logarithmic_ticks_are_decades);
    tcase_add_test(tests, points_stand_where_their_values_say);
    tcase_add_test(tests, all_points_lie_inside_the_axes);
    tcase_add_test(tests, points_that_coincide_are_written_once);
    tcase_add_test(tests, a_long_line_is_short_and_keeps_its_extremes);
    tcase_add_test(tests, a_line_is_broken_at_what_has_no_place);
    tcase_add_test(tests, values_that_are_no_numbers_change_nothing);
    tcase_add_test(tests, labels_are_escaped);
    tcase_add_test(tests, panels_without_data_say_so);
    tcase_add_test(tests, all_marks_are_drawn);
    tcase_add_test(tests, error_bars_reach_from_low_to_high);
    tcase_add_test(tests, lying_error_bars_reach_from_low_to_high);
    tcase_add_test(tests, lying_intervals_widen_the_axis_and_need_no_value);
    tcase_add_test(tests, panels_with_a_common_axis_have_the_same_ticks);
    tcase_add_test(tests, every_shape_is_another_mark_and_is_in_the_legend);
    tcase_add_test(tests, names_along_an_axis_are_wrapped_and_headings_are_bold);
    tcase_add_test(tests, a_range_from_the_data_holds_intervals_and_lines);
    tcase_add_test(tests, extreme_and_equal_values_have_axes);
    tcase_add_test(tests, the_bytes_are_the_same_on_every_machine);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
