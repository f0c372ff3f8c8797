/* N: text, tables, figures and data. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/precision/precision.h"
#include "report/frame/section.h"
#include "lyapgrad/network.h"
#include "lyapgrad/status.h"

static const char *name_of(size_t panel) {
    return lyap_activation_name(lyap_precision_activation[panel]);
}

static void figure(struct lyap_document *d, const struct lyap_precision_state *s) {
    enum { N = LYAP_PRECISION_SIZES };
    struct lyap_chart *chart = lyap_document_room(d, 1, sizeof *chart);
    double(*y)[3][N] = lyap_document_room(d, LYAP_PRECISION_PANELS, sizeof *y);
    for (size_t p = 0; chart && y && p < LYAP_PRECISION_PANELS; p++) {
        static const char *const label[3] = {"noise", "exponent", "one rounding"};
        struct lyap_panel *panel = &chart->panel[chart->count++];
        for (size_t i = 0; i < N; i++) {
            const struct lyap_precision_cell *c = &s->cell[p][0][i];
            y[p][0][i] = c->noise > 0 ? c->noise : (double)NAN;
            y[p][1][i] = c->signal > 0 ? c->signal : (double)NAN;
            y[p][2][i] = c->rounding;
        }
        for (size_t k = 0; k < 3; k++)
            panel->series[panel->count++] = (struct lyap_mark_series){.mark = LYAP_MARK_LINE,
                                                                      .label = label[k],
                                                                      .colour = k == 2 ? 0 : (int)k + 1,
                                                                      .dashed = k == 2,
                                                                      .n = N,
                                                                      .x = lyap_precision_size,
                                                                      .y = y[p][k]};
        panel->title = name_of(p);
        panel->x = (struct lyap_axis){.title = "perturbation", .logarithmic = true};
        panel->y = (struct lyap_axis){.title = "nats per step", .logarithmic = true};
    }
    if (chart && y) {
        chart->columns = 2;
        lyap_document_figure(d, "precision_noise", chart,
                             "What rounding does to the exponent a step over %d epochs at learning rate %g, %zu "
                             "starts. Noise: root mean square "
                             "of float32 less float64; exponent: median size in float64; one rounding: 2^-24 |w| / d, "
                             "what it does to the distance "
                             "at most. Where the noise lies above the exponent, float32 shows rounding alone. All "
                             "numbers: `precision.csv`.",
                             LYAP_PRECISION_EPOCHS, lyap_precision_rate[0], s->starts);
    }
    free(chart);
    free(y);
}

struct cell_row {
    size_t panel;
    double lr, perturbation;
    const struct lyap_precision_cell *c;
};
LYAP_CELL(cell_activation, struct cell_row, lyap_document_cell(d, "%s", name_of(r->panel)))
LYAP_CELL(cell_lr, struct cell_row, lyap_document_cell(d, "%g", r->lr))
LYAP_CELL(cell_perturbation, struct cell_row, lyap_document_cell(d, "%g", r->perturbation))
LYAP_CELL(cell_exponent, struct cell_row, lyap_value_cell(d, r->c->signal))
LYAP_CELL(cell_noise, struct cell_row, lyap_value_cell(d, r->c->noise))
LYAP_CELL(cell_one_step_exponent, struct cell_row, lyap_value_cell(d, r->c->step_signal))
LYAP_CELL(cell_one_step_noise, struct cell_row, lyap_value_cell(d, r->c->step_noise))
LYAP_CELL(cell_bias, struct cell_row, lyap_estimate_cell(d, &r->c->bias))
LYAP_CELL(cell_r_32_and, struct cell_row, lyap_estimate_cell(d, &r->c->between))
LYAP_CELL(cell_r_32_bits, struct cell_row, lyap_value_cell(d, r->c->tangent32.value))
LYAP_CELL(cell_r_64_bits, struct cell_row, lyap_value_cell(d, r->c->tangent64.value))
LYAP_CELL(cell_same_sign, struct cell_row, lyap_value_cell(d, r->c->same_sign.value))

static const struct lyap_document_column cell_columns[] = {
    {"activation", cell_activation},
    {"lr", cell_lr},
    {"perturbation", cell_perturbation},
    {"exponent", cell_exponent},
    {"noise", cell_noise},
    {"one step, exponent", cell_one_step_exponent},
    {"one step, noise", cell_one_step_noise},
    {"bias", cell_bias},
    {"r, 32 and 64 bits", cell_r_32_and},
    {"r, 32 bits and tangent", cell_r_32_bits},
    {"r, 64 bits and tangent", cell_r_64_bits},
    {"same sign", cell_same_sign},
};

static void range_cell(struct lyap_document *d, double low, double high) {
    char from[32], to[32];
    if (isfinite(low))
        lyap_document_cell(d, "%s to %s", lyap_value_text(low, from), lyap_value_text(high, to));
    else
        lyap_document_cell(d, "-");
}

static const char *rounding_of(const struct lyap_precision_number *n) {
    if (!isfinite(n->noise95)) return "-";
    if (n->rounding) return n->only_float32 ? "yes, and in the range of float32 alone" : "yes";
    return n->only_float32 ? "in the range of float32 alone" : "no";
}
LYAP_CELL(number_activation, struct lyap_precision_number,
          lyap_document_cell(d, "%s", lyap_activation_name(r->published.activation)))
LYAP_CELL(number_lr, struct lyap_precision_number, lyap_document_cell(d, "%.4g", r->published.lr))
LYAP_CELL(number_published, struct lyap_precision_number, lyap_document_cell(d, "%g", r->published.value))
LYAP_CELL(number_noise_95, struct lyap_precision_number, lyap_value_cell(d, r->noise95))
LYAP_CELL(number_float32_central_95, struct lyap_precision_number, range_cell(d, r->low[0], r->high[0]))
LYAP_CELL(number_float64_central_95, struct lyap_precision_number, range_cell(d, r->low[1], r->high[1]))
LYAP_CELL(number_rounding, struct lyap_precision_number, lyap_document_cell(d, "%s", rounding_of(r)))

static const struct lyap_document_column number_columns[] = {
    {"activation", number_activation},
    {"lr", number_lr},
    {"published", number_published},
    {"noise, 95 %", number_noise_95},
    {"float32, central 95 %", number_float32_central_95},
    {"float64, central 95 %", number_float64_central_95},
    {"rounding?", number_rounding},
};

static void tables(struct lyap_document *d, const struct lyap_precision_state *s) {
    lyap_document_columns(
        d,
        "Exponents a step of the same starts in float32, in float64 and in tangent space; noise is the root mean "
        "square of float32 less float64, bias its mean",
        LYAP_COLUMNS(cell_columns));
    for (size_t p = 0; p < LYAP_PRECISION_PANELS; p++)
        for (size_t k = 0; k < LYAP_PRECISION_RATES; k++)
            for (size_t i = 0; i < LYAP_PRECISION_SIZES; i++)
                lyap_document_row(
                    d, LYAP_COLUMNS(cell_columns),
                    &(const struct cell_row){p, lyap_precision_rate[k], lyap_precision_size[i], &s->cell[p][k][i]});
    lyap_document_table_end(d);
    lyap_document_columns(
        d,
        "Published numbers and what rounding makes of our starts with the same settings; the first two rates are "
        "means per step, the others Kantz-Wolf exponents",
        LYAP_COLUMNS(number_columns));
    for (size_t i = 0; i < s->numbers; i++)
        if (s->number[i].published.value != 0) /* dead networks are exact in any precision */
            lyap_document_row(d, LYAP_COLUMNS(number_columns), &s->number[i]);
    lyap_document_table_end(d);
}

/* The largest perturbation at which the noise is above the exponent; 0: none. */
static double drowned_from(const struct lyap_precision_state *s, size_t p, size_t r) {
    for (size_t i = 0; i < LYAP_PRECISION_SIZES; i++)
        if (s->cell[p][r][i].noise >= s->cell[p][r][i].signal) return lyap_precision_size[i];
    return 0;
}

static void explain(struct lyap_document *d, const struct lyap_precision_state *s) {
    lyap_document_heading(d, 3, "Why, and what would explain it otherwise");
    size_t below = 0, cells = 0;
    for (size_t p = 0; p < LYAP_PRECISION_PANELS; p++)
        for (size_t r = 0; r < LYAP_PRECISION_RATES; r++) {
            const struct lyap_precision_cell *c = &s->cell[p][r][2];
            for (size_t i = 0; i < LYAP_PRECISION_SIZES; i++) {
                cells++;
                below += s->cell[p][r][i].noise < s->cell[p][r][i].rounding;
            }
            double from = drowned_from(s, p, r);
            char slope[32], noise[32], rounding[32], signal[32], where[96];
            if (from > 0)
                snprintf(where, sizeof where, "from a perturbation of %g down float32 is noise", from);
            else
                snprintf(where, sizeof where, "the exponent stands above it at every perturbation down to %g",
                         lyap_precision_size[LYAP_PRECISION_SIZES - 1]);
            lyap_document_item(
                d,
                "%s, learning rate %g: at the published perturbation the exponent is %s and the noise %s nats per "
                "step, and one rounding of the weights is %s of the distance; the noise goes with the perturbation "
                "to the power %s (rounding: -1); %s.",
                name_of(p), lyap_precision_rate[r], lyap_value_text(c->signal, signal),
                lyap_value_text(c->noise, noise), lyap_value_text(c->rounding, rounding),
                lyap_value_text(s->slope[p][r], slope), where);
        }
    lyap_document_paragraph(
        d,
        "A float32 weight w is known to 2^-24 |w|. A step moves it by the learning rate times the gradient and "
        "rounds it again, in parent and neighbour apart, so a step changes the distance d by up to 2^-24 |w| / d "
        "of itself, growth or none. The mean over %d epochs and 24 neighbours takes much of that off: the noise lies "
        "below the dashed line in %zu of %zu cells. float64 has 2^-53 in the place of 2^-24. Larger perturbations "
        "are no way out without end: they measure a finite distance, not the derivative; the correlation with "
        "the tangents in the table says how much that matters here (the tangents are the mean of %d random "
        "directions, the neighbours are 24 others, so it is not 1 even for exact numbers).",
        LYAP_PRECISION_EPOCHS, below, cells, LYAP_PRECISION_DIRECTIONS);
}

static void verdict_ranks(struct lyap_report *report, const struct lyap_precision_state *s) {
    const char *claim = "At the published perturbation of 1e-4, float32 ranks starts as float64 does";
    size_t cells = 0, drowned = 0, agree = 0;
    for (size_t p = 0; p < LYAP_PRECISION_PANELS; p++)
        for (size_t r = 0; r < LYAP_PRECISION_RATES; r++) {
            const struct lyap_precision_cell *c = &s->cell[p][r][2];
            if (!isfinite(c->between.value)) continue;
            cells++;
            drowned += c->noise >= c->signal;
            agree += c->between.low > 0.9;
        }
    if (!cells)
        lyap_report_verdict(report, "Nb", claim, LYAP_CANNOT_BE_TOLD,
                            "there are too few starts with exponents in both precisions");
    else
        lyap_report_verdict(
            report, "Nb", claim, lyap_verdict_of(agree, cells),
            "in %zu of %zu pairs of activation and learning rate the correlation of the two precisions is surely "
            "above 0.9; in %zu the noise is as large as the exponent",
            agree, cells, drowned);
}

/* LyapkVsEpochs shows single steps. */
static void verdict_single(struct lyap_report *report, const struct lyap_precision_state *s) {
    const char *claim = "The exponent of a single step in float32, as in the published curve, is that of the dynamics";
    size_t told = 0, clear = 0;
    char text[300] = "";
    for (size_t p = 0; p < LYAP_PRECISION_PANELS; p++) {
        const struct lyap_precision_cell *c = &s->cell[p][0][2];
        if (c->n < 8 || !isfinite(c->step_noise)) continue;
        told++;
        clear += c->step_noise < 0.5 * c->step_signal;
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s%s %.2g of %.2g", used ? "; " : "", name_of(p), c->step_noise,
                 c->step_signal);
    }
    if (told < LYAP_PRECISION_PANELS)
        lyap_report_verdict(report, "Nc", claim, LYAP_CANNOT_BE_TOLD,
                            "there are too few starts with exponents in both precisions");
    else
        lyap_report_verdict(report, "Nc", claim, lyap_verdict_of(clear, told),
                            "rounding's share at learning rate %g, nats a step: %s; to hold it has to be under a half",
                            lyap_precision_rate[0], text);
}

static void verdicts(struct lyap_report *report, const struct lyap_precision_state *s) {
    size_t told = 0, rounding = 0, only = 0, zero = 0;
    char which[200] = "";
    int used = 0;
    for (size_t i = 0; i < s->numbers; i++) {
        const struct lyap_precision_number *n = &s->number[i];
        zero += n->published.value == 0;
        if (n->published.value == 0 || !isfinite(n->noise95)) continue;
        told++;
        rounding += n->rounding;
        only += n->only_float32;
        if (n->rounding && used < 150)
            used += snprintf(which + used, sizeof which - (size_t)used, "%s%s %g at lr %.4g", used ? ", " : "",
                             lyap_activation_name(n->published.activation), n->published.value, n->published.lr);
    }
    const char *claim = "The published exponents are properties of training and not of single precision";
    if (!told)
        lyap_report_verdict(report, "Na", claim, LYAP_CANNOT_BE_TOLD,
                            "there are too few starts with exponents in both precisions");
    else
        lyap_report_verdict(report, "Na", claim,
                            rounding + only == 0   ? LYAP_HOLDS
                            : 2 * rounding <= told ? LYAP_HOLDS_IN_PART
                                                   : LYAP_DOES_NOT_HOLD,
                            "published numbers other than 0: %zu (%zu more are 0, dead networks); of which rounding "
                            "may be half or more "
                            "(not above twice what it changes in 95 %% of our starts): %zu%s%s%s; in the range of our "
                            "float32 starts and outside that of "
                            "float64: %zu",
                            told, zero, rounding, rounding ? " (" : "", which, rounding ? ")" : "", only);
    verdict_ranks(report, s);
    verdict_single(report, s);
}

static enum lyap_status write(struct lyap_report *report, void *state, struct lyap_error *error) {
    const struct lyap_precision_state *s = state;
    struct lyap_document *d = lyap_report_document(report);
    enum lyap_status status = lyap_precision_data(report, s, error);
    if (status) return status;
    lyap_document_paragraph(
        d,
        "Protocol: the paper's network, %zu starts, %d epochs; the same starts and neighbours in float32 and "
        "float64 (their random numbers agree to the last bit that float32 has), and tangent vectors in float64. "
        "Exponents are per step, ln(d(T-1)/d(0))/(T-1).",
        s->starts, LYAP_PRECISION_EPOCHS);
    figure(d, s);
    tables(d, s);
    explain(d, s);
    verdicts(report, s);
    return LYAP_OK;
}

static const char *const figures[] = {"precision_noise", NULL};

const struct lyap_section lyap_section_precision = {
    .id = "N",
    .title = "Which published numbers are rounding?",
    .part = LYAP_PART_APPENDIX,
    .weight = 1,
    .compute = lyap_precision_compute,
    .write = write,
    .release = lyap_precision_release,
    .tables = lyap_precision_tables,
    .figures = figures,
};
