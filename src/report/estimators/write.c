/* L2 and F2: text, tables, figures and data. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/estimators/estimators.h"
#include "report/frame/section.h"
#include "lyapgrad/status.h"

static void figure(struct lyap_document *d, const struct lyap_estimators *e) {
    enum { N = LYAP_ESTIMATOR_LENGTHS };
    struct lyap_chart *chart = lyap_document_room(d, 1, sizeof *chart);
    double(*number)[LYAP_CONTENDERS][2][N] = lyap_document_room(d, LYAP_ESTIMATOR_CASES, sizeof *number);
    for (size_t c = 0; chart && number && c < LYAP_ESTIMATOR_CASES; c++) {
        struct lyap_panel *panel = &chart->panel[chart->count];
        size_t any = 0;
        for (int k = 0; k < LYAP_CONTENDERS; k++) {
            size_t here = 0;
            for (size_t l = 0; l < N; l++) {
                const struct lyap_estimator_result *r = &e->result[c];
                double relative = r->score[k][l].error / r->size;
                number[c][k][0][l] = lyap_contender_cost((enum lyap_contender)k, lyap_estimator_length[l]);
                number[c][k][1][l] = relative > 1e-16 ? relative : (double)NAN;
                here += isfinite(number[c][k][1][l]) != 0;
            }
            any += here;
            if (here)
                panel->series[panel->count++] =
                    (struct lyap_mark_series){.mark = LYAP_MARK_LINE,
                                              .label = lyap_contender_name((enum lyap_contender)k),
                                              .colour = k,
                                              /* often the same as the rescaled pair, below it */
                                              .dashed = k == LYAP_CONTENDER_HYBRID_SMALL || k == LYAP_CONTENDER_TANGENT,
                                              .n = N,
                                              .x = number[c][k][0],
                                              .y = number[c][k][1]};
        }
        panel->title = lyap_estimator_case[c];
        panel->x = (struct lyap_axis){.title = "cost (gradient steps of one network)", .logarithmic = true};
        panel->y = (struct lyap_axis){.title = "relative error", .logarithmic = true};
        panel->line[panel->lines].label = "one digit";
        panel->line[panel->lines++].at = 0.1;
        if (any) chart->count++;
    }
    if (chart && number && chart->count) {
        chart->columns = 1;
        lyap_document_figure(
            d, "estimators", chart,
            "Median error of the exponent, relative to its size, against what it costs, over the starts. "
            "All estimates: `estimators.csv`.");
    }
    free(chart);
    free(number);
}

/* Index of the first length at which the error is a tenth or less; LENGTHS: none. */
static size_t first_digit(const struct lyap_estimator_result *r, int contender) {
    for (size_t l = 0; l < LYAP_ESTIMATOR_LENGTHS; l++)
        if (lyap_estimator_digits(r, (enum lyap_contender)contender, l) >= 1) return l;
    return LYAP_ESTIMATOR_LENGTHS;
}

struct table_row {
    size_t of;
    enum lyap_contender contender;
    size_t length;
    const struct lyap_estimator_result *result;
};
static const struct lyap_estimator_score *score_of(const struct table_row *r) {
    return &r->result->score[r->contender][r->length];
}
static double cost_of(const struct table_row *r, size_t length) {
    return lyap_contender_cost(r->contender, lyap_estimator_length[length]);
}
static double digits_of(const struct table_row *r) {
    return lyap_estimator_digits(r->result, r->contender, r->length);
}
static void digit_cost_cell(struct lyap_document *d, const struct table_row *r) {
    const double digits = digits_of(r);
    lyap_value_cell(d, digits > 0 ? cost_of(r, r->length) / digits : (double)NAN);
}
static void first_digit_cell(struct lyap_document *d, const struct table_row *r) {
    const size_t first = first_digit(r->result, (int)r->contender);
    if (first < LYAP_ESTIMATOR_LENGTHS)
        lyap_document_cell(d, "%.0f", cost_of(r, first));
    else
        lyap_document_cell(d, "not reached");
}
LYAP_CELL(estimate_case, struct table_row, lyap_document_cell(d, "%s", lyap_estimator_case[r->of]))
LYAP_CELL(estimate_estimator, struct table_row, lyap_document_cell(d, "%s", lyap_contender_name(r->contender)))
LYAP_CELL(estimate_steps, struct table_row, lyap_document_cell(d, "%u", (unsigned)lyap_estimator_length[r->length]))
LYAP_CELL(estimate_cost, struct table_row, lyap_document_cell(d, "%.0f", cost_of(r, r->length)))
LYAP_CELL(estimate_starts, struct table_row, lyap_document_cell(d, "%zu of %zu", score_of(r)->n, r->result->starts))
LYAP_CELL(estimate_bias, struct table_row, lyap_estimate_cell(d, &score_of(r)->mean))
LYAP_CELL(estimate_spread, struct table_row, lyap_value_cell(d, score_of(r)->spread))
LYAP_CELL(estimate_digits, struct table_row, lyap_value_cell(d, digits_of(r)))
LYAP_CELL(estimate_cost_of_a, struct table_row, digit_cost_cell(d, r))
LYAP_CELL(estimate_cost_of_the, struct table_row, first_digit_cell(d, r))

static const struct lyap_document_column estimate_columns[] = {
    {"case", estimate_case},
    {"estimator", estimate_estimator},
    {"steps", estimate_steps},
    {"cost", estimate_cost},
    {"starts", estimate_starts},
    {"bias", estimate_bias},
    {"spread", estimate_spread},
    {"digits", estimate_digits},
    {"cost of a digit", estimate_cost_of_a},
    {"cost of the first digit", estimate_cost_of_the},
};

static double variance_times_cost(double spread, enum lyap_contender contender) {
    return spread * spread * lyap_contender_cost(contender, 1);
}
struct scaling_row {
    const char *shape;
    const struct lyap_estimator_scaling *g;
};
LYAP_CELL(scaling_network, struct scaling_row, lyap_document_cell(d, "%s", r->shape))
LYAP_CELL(scaling_parameters, struct scaling_row, lyap_document_cell(d, "%zu", r->g->parameters))
LYAP_CELL(scaling_multiplications_a_gradient, struct scaling_row, lyap_document_cell(d, "%.0f", r->g->multiplications))
LYAP_CELL(scaling_exponent, struct scaling_row, lyap_value_cell(d, r->g->size))
LYAP_CELL(scaling_spread_hybrid, struct scaling_row, lyap_value_cell(d, r->g->hybrid))
LYAP_CELL(scaling_spread_tangent, struct scaling_row, lyap_value_cell(d, r->g->tangent))
LYAP_CELL(scaling_hybrid_s_variance, struct scaling_row,
          lyap_value_cell(d, variance_times_cost(r->g->hybrid, LYAP_CONTENDER_HYBRID) /
                                 variance_times_cost(r->g->tangent, LYAP_CONTENDER_TANGENT)))

static const struct lyap_document_column scaling_columns[] = {
    {"network", scaling_network},
    {"parameters", scaling_parameters},
    {"multiplications a gradient step", scaling_multiplications_a_gradient},
    {"exponent", scaling_exponent},
    {"spread, hybrid", scaling_spread_hybrid},
    {"spread, tangent", scaling_spread_tangent},
    {"hybrid's variance times cost, over the tangent's", scaling_hybrid_s_variance},
};

static void tables(struct lyap_document *d, const struct lyap_estimators *e) {
    lyap_document_columns(
        d,
        "Estimates at the published length and at the longest: mean of estimate less reference with a 95 % "
        "interval, standard deviation over starts, decimal digits, gradient steps a digit",
        LYAP_COLUMNS(estimate_columns));
    for (size_t c = 0; c < LYAP_ESTIMATOR_CASES; c++)
        for (int k = 0; k < LYAP_CONTENDERS; k++)
            for (int longest = 0; longest < 2; longest++) {
                bool recorded = k == LYAP_CONTENDER_KANTZ || k == LYAP_CONTENDER_ROSENSTEIN;
                size_t l = longest ? LYAP_ESTIMATOR_LENGTHS - 1 : recorded ? 4 : 2;
                lyap_document_row(d, LYAP_COLUMNS(estimate_columns),
                                  &(const struct table_row){c, (enum lyap_contender)k, l, &e->result[c]});
            }
    lyap_document_table_end(d);
    lyap_document_columns(
        d,
        "How it grows with the network: exponent a step over 100 steps, tanh on XOR, lr 0.1, and its standard "
        "deviation over random directions from the same start",
        LYAP_COLUMNS(scaling_columns));
    for (size_t s = 0; s < LYAP_ESTIMATOR_SHAPES; s++)
        lyap_document_row(d, LYAP_COLUMNS(scaling_columns),
                          &(const struct scaling_row){lyap_estimator_shape[s], &e->scaling[s]});
    lyap_document_table_end(d);
}

/* Agreement: the interval of the bias lies within a tenth of the exponent. -1: cannot be told. */
static int agrees(const struct lyap_estimator_result *r, int contender, size_t length) {
    const struct lyap_estimator_score *s = &r->score[contender][length];
    if (s->n < 4 || !isfinite(s->mean.low) || !(r->size > 0)) return -1;
    return s->mean.low > -0.1 * r->size && s->mean.high < 0.1 * r->size;
}

static void verdict_agreement(struct lyap_report *report, const struct lyap_estimators *e) {
    const char *claim = "The hybrid, measured as published over 100 steps, agrees with the exponent in tangent space";
    size_t told = 0, good = 0, rivals = 0;
    char text[420] = "";
    for (size_t c = 0; c < LYAP_ESTIMATOR_CASES; c++) {
        const struct lyap_estimator_result *r = &e->result[c];
        int a = agrees(r, LYAP_CONTENDER_HYBRID, 2);
        if (a < 0) continue;
        told++;
        good += a > 0;
        rivals += agrees(r, LYAP_CONTENDER_RESCALED, LYAP_ESTIMATOR_LENGTHS - 1) > 0;
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s%.*s: bias %.3g of an exponent of size %.3g", used ? "; " : "",
                 (int)strcspn(lyap_estimator_case[c], ":"), lyap_estimator_case[c],
                 r->score[LYAP_CONTENDER_HYBRID][2].bias, r->size);
    }
    if (told < LYAP_ESTIMATOR_CASES)
        lyap_report_verdict(report, "L2a", claim, LYAP_CANNOT_BE_TOLD,
                            "too few starts are chaotic or have an estimate");
    else
        lyap_report_verdict(report, "L2a", claim, lyap_verdict_of(good, told),
                            "to a tenth in %zu of %zu cases (%s); the rescaled pair over %u steps does in %zu", good,
                            told, text, (unsigned)lyap_estimator_length[LYAP_ESTIMATOR_LENGTHS - 1], rivals);
}

static void verdict_cost(struct lyap_report *report, const struct lyap_estimators *e) {
    const char *claim = "The hybrid costs more than the established estimators (a limit that the paper admits)";
    size_t told = 0, more = 0;
    char text[420] = "";
    for (size_t c = 0; c < LYAP_ESTIMATOR_CASES; c++) {
        const struct lyap_estimator_result *r = &e->result[c];
        size_t hybrid = first_digit(r, LYAP_CONTENDER_HYBRID), tangent = first_digit(r, LYAP_CONTENDER_TANGENT);
        if (r->starts < 4 || tangent == LYAP_ESTIMATOR_LENGTHS) continue;
        double cheap = lyap_contender_cost(LYAP_CONTENDER_TANGENT, lyap_estimator_length[tangent]),
               dear = (double)INFINITY;
        if (hybrid < LYAP_ESTIMATOR_LENGTHS)
            dear = lyap_contender_cost(LYAP_CONTENDER_HYBRID, lyap_estimator_length[hybrid]);
        told++;
        more += dear > cheap;
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s%.*s: tangent %.0f, hybrid ", used ? "; " : "",
                 (int)strcspn(lyap_estimator_case[c], ":"), lyap_estimator_case[c], cheap);
        used = strlen(text);
        if (isfinite(dear))
            snprintf(text + used, sizeof text - used, "%.0f", dear);
        else
            snprintf(text + used, sizeof text - used, "never within %u steps",
                     (unsigned)lyap_estimator_length[LYAP_ESTIMATOR_LENGTHS - 1]);
    }
    if (told < LYAP_ESTIMATOR_CASES)
        lyap_report_verdict(report, "L2b", claim, LYAP_CANNOT_BE_TOLD,
                            "too few starts are chaotic, or no estimator reaches a decimal digit");
    else
        lyap_report_verdict(report, "L2b", claim, lyap_verdict_of(more, told),
                            "gradient steps to the first decimal digit: %s", text);
}

static double relative_spread(const struct lyap_estimators *e, size_t shape) {
    return e->scaling[shape].tangent / e->scaling[shape].size;
}

static void verdict_growth(struct lyap_report *report, const struct lyap_estimators *e) {
    const char *claim =
        "An exponent gets no dearer, in gradient steps, with the number of parameters (the paper's future work)";
    const size_t last = LYAP_ESTIMATOR_SHAPES - 1;
    size_t told = 0, less = 0;
    for (size_t s = 0; s <= last; s++) {
        double spread = relative_spread(e, s);
        if (!isfinite(spread)) continue;
        told++;
        less += s > 0 && spread <= relative_spread(e, 0);
    }
    if (told <= last)
        lyap_report_verdict(report, "F2", claim, LYAP_CANNOT_BE_TOLD, "too few exponents are defined");
    else
        lyap_report_verdict(
            report, "F2", claim, lyap_verdict_of(less, last),
            "a tangent costs as much as a gradient step, a neighbour too, whatever the number of parameters; how far "
            "one "
            "random direction strays from another is %.2g of the exponent with %zu parameters and %.2g with %zu, and "
            "smaller than with the fewest in %zu of %zu larger networks",
            relative_spread(e, 0), e->scaling[0].parameters, relative_spread(e, last), e->scaling[last].parameters,
            less, last);
}

static void explain(struct lyap_document *d, const struct lyap_estimators *e) {
    const struct lyap_estimator_result *r = &e->result[0];
    lyap_document_heading(d, 3, "Why they differ");
    if (r->starts > 1 && isfinite(r->score[LYAP_CONTENDER_HYBRID][0].bias))
        lyap_document_paragraph(
            d,
            "Chaotic case: the neighbours are never pulled back, so their distance grows until it is as large as "
            "the attractor, and then the exponent a step falls as one over the length: its bias is %.3g after %u "
            "steps, %.3g after %u and %.3g after %u, the exponent being %.3g. Smaller perturbations put that off "
            "(%.3g after %u steps from 1e-8) but do not avoid it. Pulling back, as Benettin's and Wolf's methods "
            "do, or a tangent vector, which has no size, does.",
            r->score[LYAP_CONTENDER_HYBRID][0].bias, (unsigned)lyap_estimator_length[0],
            r->score[LYAP_CONTENDER_HYBRID][2].bias, (unsigned)lyap_estimator_length[2],
            r->score[LYAP_CONTENDER_HYBRID][LYAP_ESTIMATOR_LENGTHS - 1].bias,
            (unsigned)lyap_estimator_length[LYAP_ESTIMATOR_LENGTHS - 1], r->size,
            r->score[LYAP_CONTENDER_HYBRID_SMALL][1].bias, (unsigned)lyap_estimator_length[1]);
    lyap_document_paragraph(
        d,
        "Converging case: every method follows the same contraction, and all but the recorded series tend to the "
        "exact ln|1 - lr h| of the flattest direction h as the others die out; there the hybrid ends when the "
        "distance reaches the last place of the weights. A loss that converges has no attractor with a neighbourhood "
        "to compare, so Kantz and Rosenstein give a rate of the loss, or nothing.");
    lyap_document_paragraph(
        d, "F2: the price of a tangent or of a neighbour in gradient steps does not depend on the number of "
           "parameters; a gradient step itself costs in proportion to them. Several tangents share one parent as "
           "neighbours do, "
           "so that as many of them as the hybrid has neighbours cost what the hybrid costs; the last column compares "
           "it with "
           "tangents that each have a parent of their own. Random directions become alike as the "
           "number of dimensions grows, so one is worth more, not less, in large networks as far as the spread in "
           "the table falls. All P exponents at once are another matter: they need P tangents and P^2 inner products "
           "of length P a step.");
}

static enum lyap_status write(struct lyap_report *report, void *state, struct lyap_error *error) {
    const struct lyap_estimators *e = state;
    struct lyap_document *d = lyap_report_document(report);
    enum lyap_status status = lyap_estimators_data(report, e, error);
    if (status) return status;
    lyap_document_paragraph(
        d,
        "Protocol: three cases with a reference for each start. Chaotic: %zu random starts of a tanh network, of "
        "which %zu are chaotic after a transient and %zu stay so through the long tangent run that is the reference; "
        "the "
        "first %zu of these, taken where they are after the transient, so that all estimators see the attractor. "
        "Converging: linear regression, where the "
        "exponent is ln|1 - lr h| exactly. A known map, where the hybrid is run with 24 neighbours as on a network. "
        "Cost in gradient steps of one network: %.0f a step for the hybrid, %.0f for the pair and for the tangent, "
        "%.0f "
        "for the recorded loss. Digits: -log10 of the median relative error over the starts. float64.",
        e->candidates, e->chaotic, e->lasting, e->result[0].starts, lyap_contender_cost(LYAP_CONTENDER_HYBRID, 1),
        lyap_contender_cost(LYAP_CONTENDER_TANGENT, 1), lyap_contender_cost(LYAP_CONTENDER_KANTZ, 1));
    figure(d, e);
    tables(d, e);
    explain(d, e);
    verdict_agreement(report, e);
    verdict_cost(report, e);
    verdict_growth(report, e);
    return LYAP_OK;
}

static const char *const figures[] = {"estimators", NULL};

const struct lyap_section lyap_section_estimators = {
    .id = "L2",
    .title = "What is the hybrid beside established estimators, and what do they cost?",
    .part = LYAP_PART_LIMITS,
    .weight = 4,
    .compute = lyap_estimators_compute,
    .write = write,
    .release = lyap_estimators_release,
    .tables = lyap_estimators_tables,
    .figures = figures,
};
