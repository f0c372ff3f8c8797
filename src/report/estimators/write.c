/* L2 and F2: text, table, figure and data. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/common/cells.h"
#include "report/estimators/estimators.h"
#include "report/frame/section.h"
#include "lyapgrad/status.h"

/* An estimator costs more than another from this ratio of gradient steps on. */
static const double COSTS_MORE = 2;

static void draw_case(struct lyap_panel *panel, const struct lyap_estimator_result *r,
                      double number[LYAP_CONTENDERS][4][LYAP_ESTIMATOR_LENGTHS]) {
    enum { N = LYAP_ESTIMATOR_LENGTHS };
    for (int k = 0; k < LYAP_CONTENDERS; k++) {
        size_t here = 0;
        double(*column)[N] = number[k];
        for (size_t l = 0; l < N; l++) {
            const struct lyap_estimate *e = &r->score[k][l].relative;
            const bool shown = e->low > 1e-16;
            column[0][l] = lyap_contender_cost((enum lyap_contender)k, lyap_estimator_length[l]);
            column[1][l] = shown ? e->value : (double)NAN;
            column[2][l] = shown ? e->low : (double)NAN;
            column[3][l] = shown ? e->high : (double)NAN;
            here += shown;
        }
        if (!here) continue;
        struct lyap_mark_series *line = lyap_panel_add(
            panel, LYAP_MARK_LINE, lyap_contender_name((enum lyap_contender)k), k, N, column[0], column[1]);
        /* often the same as the rescaled pair, below it */
        line->dashed = k == LYAP_CONTENDER_HYBRID_SMALL || k == LYAP_CONTENDER_TANGENT;
        struct lyap_mark_series *bars = lyap_panel_add(panel, LYAP_MARK_BARS, NULL, k, N, column[0], column[1]);
        bars->low = column[2];
        bars->high = column[3];
    }
}

static void figure(struct lyap_document *d, const struct lyap_estimators *e) {
    struct lyap_chart *chart = lyap_document_room(d, 1, sizeof *chart);
    double(*number)[LYAP_CONTENDERS][4][LYAP_ESTIMATOR_LENGTHS] =
        lyap_document_room(d, LYAP_ESTIMATOR_CASES, sizeof *number);
    for (size_t c = 0; chart && number && c < LYAP_ESTIMATOR_CASES; c++) {
        struct lyap_panel *panel = &chart->panel[chart->count];
        draw_case(panel, &e->result[c], number[c]);
        panel->title = lyap_estimator_case[c];
        panel->x = (struct lyap_axis){.title = "cost (gradient steps of one network)", .logarithmic = true};
        panel->y = (struct lyap_axis){.title = "relative error", .logarithmic = true};
        lyap_panel_line(panel, false, 0.1, "a tenth");
        if (panel->count) chart->count++;
    }
    if (chart && number && chart->count) {
        chart->columns = 1;
        lyap_document_figure(
            d, "estimators", chart,
            "Median over the starts of |estimate - reference| / |reference| against what the estimate costs, with 95 "
            "%% "
            "bootstrap intervals. All numbers: `estimators_errors.csv`; all estimates: `estimators.csv`.");
    }
    free(chart);
    free(number);
}

struct table_row {
    size_t of;
    enum lyap_contender contender;
    const struct lyap_estimator_result *result;
};
static void error_cell(struct lyap_document *d, const struct table_row *r, size_t length) {
    const struct lyap_estimator_score *s = &r->result->score[r->contender][length];
    if (s->n == 0)
        lyap_document_cell(d, "no estimate");
    else if (!isfinite(s->relative.value))
        lyap_document_cell(d, "%zu of %zu starts", s->n, r->result->starts);
    else
        lyap_estimate_cell(d, &s->relative);
}
static void digit_cost_cell(struct lyap_document *d, const struct table_row *r) {
    const double cost = lyap_estimator_digit_cost(r->result, r->contender);
    if (isfinite(cost))
        lyap_document_cell(d, "%.0f", cost);
    else
        lyap_document_cell(d, "not reached");
}
LYAP_CELL(estimate_case, struct table_row, lyap_document_cell(d, "%s", lyap_estimator_case[r->of]))
LYAP_CELL(estimate_estimator, struct table_row, lyap_document_cell(d, "%s", lyap_contender_name(r->contender)))
LYAP_CELL(estimate_cost, struct table_row, lyap_document_cell(d, "%.0f", lyap_contender_cost(r->contender, 1)))
LYAP_CELL(estimate_published, struct table_row, error_cell(d, r, LYAP_ESTIMATOR_PUBLISHED))
LYAP_CELL(estimate_longest, struct table_row, error_cell(d, r, LYAP_ESTIMATOR_LONGEST))
LYAP_CELL(estimate_digit, struct table_row, digit_cost_cell(d, r))

static const struct lyap_document_column estimate_columns[] = {
    {"case", estimate_case},
    {"estimator", estimate_estimator},
    {"gradient steps per step", estimate_cost},
    {"relative error, 100 steps", estimate_published},
    {"relative error, 10,000 steps", estimate_longest},
    {"gradient steps to a tenth", estimate_digit},
};

static const enum lyap_contender shown[] = {LYAP_CONTENDER_HYBRID, LYAP_CONTENDER_RESCALED, LYAP_CONTENDER_TANGENT,
                                            LYAP_CONTENDER_KANTZ, LYAP_CONTENDER_ROSENSTEIN};
enum { SHOWN = sizeof shown / sizeof *shown };

static void table(struct lyap_document *d, const struct lyap_estimators *e) {
    lyap_document_columns(d,
                          "L2. Five estimators of the exponent: median relative error over the starts with its 95 % "
                          "interval, and the cost of an error of a tenth or less",
                          LYAP_COLUMNS(estimate_columns));
    for (size_t c = 0; c < LYAP_ESTIMATOR_CASES; c++)
        for (int k = 0; k < SHOWN; k++)
            lyap_document_row(d, LYAP_COLUMNS(estimate_columns), &(const struct table_row){c, shown[k], &e->result[c]});
    lyap_document_table_end(d);
}

/* ---- L2 ---- */

/* The cheapest established estimator that comes to a tenth; infinite: none. */
static double cheapest_rival(const struct lyap_estimator_result *r, enum lyap_contender *which) {
    double least = INFINITY;
    for (int k = 1; k < SHOWN; k++) {
        const double cost = lyap_estimator_digit_cost(r, shown[k]);
        if (cost < least) least = cost, *which = shown[k];
    }
    return least;
}

static void cost_text(double cost, char text[48]) {
    if (isfinite(cost))
        snprintf(text, 48, "%.0f", cost);
    else
        snprintf(text, 48, "not within %.0f",
                 lyap_contender_cost(LYAP_CONTENDER_HYBRID, lyap_estimator_length[LYAP_ESTIMATOR_LONGEST]));
}

/* How much of the claim is seen: in `told` cases some established estimator comes to a tenth, in `more` of them the hybrid costs twice as
 * much or more. `text` lists the costs. */
struct cost_count {
    size_t told, more;
    char text[420];
};
static struct cost_count count_costs(const struct lyap_estimators *e) {
    struct cost_count n = {0};
    for (size_t c = 0; c < LYAP_ESTIMATOR_CASES; c++) {
        const struct lyap_estimator_result *r = &e->result[c];
        enum lyap_contender which = LYAP_CONTENDER_TANGENT;
        const double rival = cheapest_rival(r, &which), hybrid = lyap_estimator_digit_cost(r, LYAP_CONTENDER_HYBRID);
        char word[32], cost[48];
        if (r->starts < 4 || !isfinite(rival)) continue;
        n.told++;
        n.more += hybrid >= COSTS_MORE * rival;
        cost_text(hybrid, cost);
        size_t used = strlen(n.text);
        snprintf(n.text + used, sizeof n.text - used, "%s%s: %s %.0f, hybrid %s", used ? "; " : "",
                 lyap_estimator_word(c, word), lyap_contender_name(which), rival, cost);
    }
    return n;
}

static void verdict_cost(struct lyap_report *report, const struct lyap_estimators *e) {
    struct lyap_report_judgement j = {.id = "L2",
                                      .claim = "The hybrid may be more complex than traditional estimators (a limit "
                                               "that the paper admits)",
                                      .verdict = LYAP_CANNOT_BE_TOLD,
                                      .effect = "-"};
    const struct cost_count n = count_costs(e);
    char effect[96];
    if (n.told < LYAP_ESTIMATOR_CASES) {
        lyap_report_judge(report, &j, "too few starts are chaotic, or no established estimator comes to a tenth");
        return;
    }
    j.verdict = lyap_verdict_of(n.more, n.told);
    snprintf(effect, sizeof effect, "25 gradient steps per step instead of 1 or 2; dearer in %zu of %zu cases", n.more,
             n.told);
    j.effect = effect;
    lyap_report_judge(report, &j,
                      "gradient steps until the median relative error is surely a tenth or less, cheapest established "
                      "estimator and hybrid: %s; a factor of %g counts",
                      n.text, COSTS_MORE);
}

/* The median relative error at the published length is surely a tenth or less. -1: cannot be told. */
static int agrees(const struct lyap_estimator_result *r, enum lyap_contender contender, size_t length) {
    const struct lyap_estimator_score *s = &r->score[contender][length];
    if (s->n < 4 || !isfinite(s->relative.high)) return -1;
    return s->relative.high <= 0.1;
}

static void verdict_agreement(struct lyap_report *report, const struct lyap_estimators *e) {
    struct lyap_report_judgement j = {
        .id = "L2a",
        .claim = "The hybrid, measured as published over 100 steps, agrees with the exponent in tangent space",
        .verdict = LYAP_CANNOT_BE_TOLD,
        .effect = "-"};
    size_t told = 0, good = 0, rivals = 0;
    char text[300] = "", word[32], number[64];
    for (size_t c = 0; c < LYAP_ESTIMATOR_CASES; c++) {
        const struct lyap_estimator_result *r = &e->result[c];
        const int a = agrees(r, LYAP_CONTENDER_HYBRID, LYAP_ESTIMATOR_PUBLISHED);
        if (a < 0) continue;
        told++;
        good += a > 0;
        rivals += agrees(r, LYAP_CONTENDER_RESCALED, LYAP_ESTIMATOR_LONGEST) > 0;
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s%s %s", used ? "; " : "", lyap_estimator_word(c, word),
                 lyap_estimate_text(&r->score[LYAP_CONTENDER_HYBRID][LYAP_ESTIMATOR_PUBLISHED].relative, number));
    }
    if (told < LYAP_ESTIMATOR_CASES) {
        lyap_report_judge(report, &j, "too few starts are chaotic or have an estimate");
        return;
    }
    j.verdict = lyap_verdict_of(good, told);
    j.effect = text;
    lyap_report_judge(report, &j,
                      "the median relative error of the hybrid is surely a tenth or less in %zu of %zu cases; that of "
                      "the rescaled pair over %u steps in %zu",
                      good, told, (unsigned)lyap_estimator_length[LYAP_ESTIMATOR_LONGEST], rivals);
}

/* ---- F2 ---- */

static double relative_spread(const struct lyap_estimators *e, size_t shape) {
    return e->scaling[shape].tangent / e->scaling[shape].size;
}

static void verdict_growth(struct lyap_report *report, const struct lyap_estimators *e) {
    struct lyap_report_judgement j = {.id = "F2",
                                      .claim = "An exponent gets no dearer, in gradient steps, with the number of "
                                               "parameters (the paper's future work)",
                                      .verdict = LYAP_CANNOT_BE_TOLD,
                                      .effect = "-"};
    const size_t last = LYAP_ESTIMATOR_SHAPES - 1;
    size_t told = 0, less = 0;
    char effect[96];
    for (size_t s = 0; s <= last; s++) {
        double spread = relative_spread(e, s);
        if (!isfinite(spread)) continue;
        told++;
        less += s > 0 && spread <= relative_spread(e, 0);
    }
    if (told <= last) {
        lyap_report_judge(report, &j, "too few exponents are defined");
        return;
    }
    snprintf(effect, sizeof effect, "relative spread %.2g with %zu parameters, %.2g with %zu", relative_spread(e, 0),
             e->scaling[0].parameters, relative_spread(e, last), e->scaling[last].parameters);
    j.verdict = lyap_verdict_of(less, last);
    j.effect = effect;
    lyap_report_judge(report, &j,
                      "a tangent costs as much as a gradient step, a neighbour too, whatever the number of parameters; "
                      "the standard deviation over random directions, relative to the exponent, is no larger than that "
                      "of the smallest network in %zu of %zu larger networks",
                      less, last);
}

/* ---- text ---- */

static void main_text(struct lyap_document *d, const struct lyap_estimators *e) {
    const struct cost_count n = count_costs(e);
    const struct lyap_estimator_result *r = &e->result[0];
    lyap_document_paragraph(
        d,
        "L2. The paper admits that its hybrid of Kantz's and Wolf's methods may be more complex than traditional "
        "estimators. One step of it trains 25 networks. A rescaled pair or a tangent vector costs two gradient steps, "
        "and Kantz's and Rosenstein's methods read a recorded loss. An established estimator comes within a tenth of "
        "the exponent in %zu of %d cases. In %zu of these the hybrid needs at least %g times as many gradient steps "
        "for "
        "that, or does not come there (gradient steps: %s).",
        n.told, LYAP_ESTIMATOR_CASES, n.more, COSTS_MORE, n.told ? n.text : "none does");
    const struct lyap_estimator_score *hybrid = r->score[LYAP_CONTENDER_HYBRID];
    if (isfinite(hybrid[LYAP_ESTIMATOR_PUBLISHED].bias) && hybrid[LYAP_ESTIMATOR_LONGEST].relative.low > 0.5)
        lyap_document_paragraph(
            d,
            "In the chaotic case the hybrid misses most of the exponent in a long run. Its neighbours are never pulled "
            "back, so their "
            "distance stops growing when it is as large as the attractor, and the exponent per step falls as one over "
            "the length: the mean error is %.3g nats per step after %u steps and %.3g after %u, and the exponent is "
            "%.3g. The pair and the tangent do not saturate. "
            "Where this report follows an orbit for thousands of steps, it therefore uses the tangent exponent.",
            hybrid[LYAP_ESTIMATOR_PUBLISHED].bias, (unsigned)lyap_estimator_length[LYAP_ESTIMATOR_PUBLISHED],
            hybrid[LYAP_ESTIMATOR_LONGEST].bias, (unsigned)lyap_estimator_length[LYAP_ESTIMATOR_LONGEST], r->size);
}

static void protocol(struct lyap_document *d, const struct lyap_estimators *e) {
    lyap_document_paragraph(
        d,
        "Protocol: three cases with a reference for each start, float64. Chaotic: %zu random starts of a tanh network. "
        "%zu are chaotic after a transient, and %zu stay so through the long tangent run that is the reference. The "
        "first %zu of these are taken where they are after the transient, so that all estimators see the attractor. "
        "Converging: linear regression, where the exponent is ln|1 - lr h| exactly, h the smallest Hessian eigenvalue. "
        "Known map: Henon's, where the hybrid has 24 neighbours as on a network.",
        e->candidates, e->chaotic, e->lasting, e->result[0].starts);
    lyap_document_paragraph(
        d,
        "The error of an estimator is the median over the starts of |estimate - reference| / |reference|. Intervals "
        "are "
        "percentile bootstraps over the starts with %d resamples. An estimator that gives an estimate for fewer than "
        "half of the starts has no error. Kantz's and Rosenstein's methods are not applied to fewer than 300 points. "
        "The hybrid is within a tenth when the upper end of the interval is 0.1 or below; so are the others.",
        LYAP_ESTIMATOR_RESAMPLES);
}

static void explain(struct lyap_document *d) {
    lyap_document_paragraph(
        d,
        "Converging case: every method follows the same contraction, and all but the recorded series tend to the exact "
        "ln|1 - lr h| as the other directions die out. The hybrid ends when the distance reaches the last place of the "
        "weights. A loss that converges has no attractor with a neighbourhood to compare, so Kantz's and Rosenstein's "
        "methods give a rate of the loss, or nothing.");
    lyap_document_paragraph(
        d,
        "F2, exponents in high-dimensional spaces: the price of a tangent or of a neighbour in gradient steps does not "
        "depend on the number of parameters; a gradient step itself costs in proportion to them. "
        "`estimators_growth.csv` has the standard deviation of the exponent over %d random directions from the same "
        "start, for %d networks of 9 to 1185 parameters. All P exponents at once need "
        "P tangents and P^2 inner products of length P per re-orthonormalisation.",
        LYAP_ESTIMATOR_SEEDS, LYAP_ESTIMATOR_SHAPES);
}

static enum lyap_status write(struct lyap_report *report, void *state, struct lyap_error *error) {
    const struct lyap_estimators *e = state;
    enum lyap_status status = lyap_estimators_data(report, e, error);
    if (status) return status;
    main_text(lyap_report_document(report), e);
    table(lyap_report_document(report), e);
    protocol(lyap_report_appendix(report), e);
    figure(lyap_report_appendix(report), e);
    explain(lyap_report_appendix(report));
    verdict_cost(report, e);
    verdict_agreement(report, e);
    verdict_growth(report, e);
    return LYAP_OK;
}

static const char *const figures[] = {"estimators", NULL};

const struct lyap_section lyap_section_estimators = {
    .id = "L2",
    .title = "L2. What does the hybrid cost beside established estimators?",
    .part = LYAP_PART_LIMITS,
    .weight = 4,
    .compute = lyap_estimators_compute,
    .write = write,
    .release = lyap_estimators_release,
    .tables = lyap_estimators_tables,
    .figures = figures,
};
