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
        panel->y = (struct lyap_axis){.title = "nats per step", .logarithmic = true, .low = 1e-9, .high = 0.1};
    }
    if (chart && y) {
        chart->columns = 2;
        lyap_document_figure(d, "precision_noise", chart,
                             "What rounding does to the exponent per step over %d epochs at learning rate %g, %zu "
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

struct panel_row {
    size_t panel;
    const struct lyap_precision_ranks *ranks;
    const struct lyap_precision_cell *c; /* at the published perturbation and learning rate 0.001 */
};
LYAP_CELL(panel_activation, struct panel_row, lyap_document_cell(d, "%s", name_of(r->panel)))
LYAP_CELL(panel_starts, struct panel_row, lyap_document_cell(d, "%zu", r->ranks->agree[0].n))
LYAP_CELL(panel_short, struct panel_row, lyap_estimate_cell(d, &r->ranks->agree[0].spearman))
LYAP_CELL(panel_long, struct panel_row, lyap_estimate_cell(d, &r->ranks->agree[1].spearman))
LYAP_CELL(panel_exponent, struct panel_row, lyap_value_cell(d, r->c->signal))
LYAP_CELL(panel_noise, struct panel_row, lyap_value_cell(d, r->c->noise))

static const struct lyap_document_column panel_columns[] = {
    {"activation", panel_activation},
    {"starts in the band", panel_starts},
    {"rank agreement, 5 epochs", panel_short},
    {"rank agreement, 100 epochs", panel_long},
    {"exponent per step, 100 epochs", panel_exponent},
    {"noise of it", panel_noise},
};

static void table(struct lyap_document *d, const struct lyap_precision_state *s) {
    lyap_document_columns(d,
                          "float32 and float64 at learning rate 0.001 and the published perturbation: Spearman's "
                          "correlation of the two exponents, and the noise of float32 (nats per step)",
                          LYAP_COLUMNS(panel_columns));
    for (size_t p = 0; p < LYAP_PRECISION_PANELS; p++)
        lyap_document_row(d, LYAP_COLUMNS(panel_columns),
                          &(const struct panel_row){p, &s->ranks[p], &s->cell[p][0][LYAP_PRECISION_PUBLISHED_AT]});
    lyap_document_table_end(d);
}

/* The largest perturbation at which the noise is above the exponent; 0: none. */
static double drowned_from(const struct lyap_precision_state *s, size_t p, size_t r) {
    for (size_t i = 0; i < LYAP_PRECISION_SIZES; i++)
        if (s->cell[p][r][i].noise >= s->cell[p][r][i].signal) return lyap_precision_size[i];
    return 0;
}

static void explain(struct lyap_document *d, const struct lyap_precision_state *s) {
    size_t below = 0, cells = 0, drowned = 0;
    for (size_t p = 0; p < LYAP_PRECISION_PANELS; p++)
        for (size_t r = 0; r < LYAP_PRECISION_RATES; r++) {
            drowned += drowned_from(s, p, r) > 0;
            for (size_t i = 0; i < LYAP_PRECISION_SIZES; i++) {
                cells++;
                below += s->cell[p][r][i].noise < s->cell[p][r][i].rounding;
            }
        }
    lyap_document_paragraph(
        d,
        "A float32 weight w is known to 2^-24 |w|. A step moves it by the learning rate times the gradient and rounds "
        "it "
        "again, in parent and neighbour separately. A step therefore changes the distance d by up to 2^-24 |w| / d of "
        "itself, with or without growth. The mean over %d epochs and 24 neighbours removes much of that: the noise "
        "lies "
        "below the dashed line in %zu of %zu cells of `precision.csv`. In %zu of the %d pairs of activation and "
        "learning "
        "rate the noise is as large as the exponent at some perturbation down to %g. Over 5 epochs the exponent is a "
        "mean of four log ratios, of which each has the rounding of single steps. float64 has 2^-53 in the place of "
        "2^-24.",
        LYAP_PRECISION_EPOCHS, below, cells, drowned, LYAP_PRECISION_PANELS * LYAP_PRECISION_RATES,
        lyap_precision_size[LYAP_PRECISION_SIZES - 1]);
    lyap_document_paragraph(
        d,
        "`precision_ranks.csv` has the exponents of each start in the band, from which the rank agreements follow "
        "(intervals: percentile bootstrap of the ranks over the starts, %d resamples). `precision.csv` has the other "
        "perturbations and learning rates, beside exponents in tangent space. `precision_published.csv` has each "
        "number "
        "that the paper prints beside the central 95 %% of our starts in both precisions.",
        LYAP_PRECISION_RESAMPLES);
}

/* Two precisions order the starts alike when their rank correlation is surely above 0.9. */
static void verdict_ranks(struct lyap_report *report, const struct lyap_precision_state *s) {
    struct lyap_report_judgement j = {.id = "Nb",
                                      .claim =
                                          "float32 orders the starts as float64 does, over 5 epochs within the band "
                                          "of initial losses",
                                      .verdict = LYAP_CANNOT_BE_TOLD,
                                      .effect = "-"};
    size_t told = 0, agree = 0, later = 0;
    char text[300] = "", number[64];
    for (size_t p = 0; p < LYAP_PRECISION_PANELS; p++) {
        const struct lyap_correlations *c = s->ranks[p].agree;
        if (!isfinite(c[0].spearman.low)) continue;
        told++;
        agree += c[0].spearman.low > 0.9;
        later += c[1].spearman.low > 0.9;
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s%s %s", used ? "; " : "", name_of(p),
                 lyap_estimate_text(&c[0].spearman, number));
    }
    if (told < LYAP_PRECISION_PANELS) {
        lyap_report_judge(report, &j, "there are too few starts with exponents in both precisions");
        return;
    }
    j.verdict = lyap_verdict_of(agree, told);
    j.effect = text;
    lyap_report_judge(
        report, &j,
        "the rank correlation of the two precisions is surely above 0.9 for %zu of %zu activations over 5 "
        "epochs, and for %zu over 100",
        agree, told, later);
    for (size_t p = 0; p < LYAP_PRECISION_PANELS; p++)
        if (lyap_precision_activation[p] == LYAP_SIGMOID)
            lyap_report_effect(report, "N", &s->ranks[p].agree[0].spearman,
                               "ranks in float32 and float64, sigmoid, 5 epochs in the band");
}

/* LyapkVsEpochs shows single steps. */
static void verdict_single(struct lyap_report *report, const struct lyap_precision_state *s) {
    struct lyap_report_judgement j = {
        .id = "Nc",
        .claim = "The exponent of a single step in float32, as in the published curve, is that of the dynamics",
        .verdict = LYAP_CANNOT_BE_TOLD,
        .effect = "-"};
    size_t told = 0, clear = 0;
    char text[300] = "noise of exponent, nats per step: ";
    const size_t head = strlen(text);
    for (size_t p = 0; p < LYAP_PRECISION_PANELS; p++) {
        const struct lyap_precision_cell *c = &s->cell[p][0][LYAP_PRECISION_PUBLISHED_AT];
        if (c->n < 8 || !isfinite(c->step_noise)) continue;
        told++;
        clear += c->step_noise < 0.5 * c->step_signal;
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s%s %.2g of %.2g", used > head ? "; " : "", name_of(p),
                 c->step_noise, c->step_signal);
    }
    if (told < LYAP_PRECISION_PANELS)
        lyap_report_judge(report, &j, "there are too few starts with exponents in both precisions");
    else {
        j.verdict = lyap_verdict_of(clear, told);
        j.effect = text;
        lyap_report_judge(report, &j,
                          "the noise of float32 at learning rate %g is under a half of the exponent for %zu of %zu "
                          "activations",
                          lyap_precision_rate[0], clear, told);
    }
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
    struct lyap_report_judgement j = {
        .id = "Na",
        .claim = "The published exponents are properties of training and not of single precision",
        .verdict = LYAP_CANNOT_BE_TOLD,
        .effect = "-"};
    char effect[64];
    snprintf(effect, sizeof effect, "rounding may be half or more of %zu of %zu", rounding, told);
    if (!told)
        lyap_report_judge(report, &j, "there are too few starts with exponents in both precisions");
    else {
        /* A tenth of the numbers would matter, half of them would decide. */
        const size_t doubtful = rounding + only;
        j.verdict = 10 * doubtful <= told ? LYAP_HOLDS : 2 * doubtful <= told ? LYAP_HOLDS_IN_PART : LYAP_DOES_NOT_HOLD;
        j.effect = effect;
        lyap_report_judge(report, &j,
                          "published numbers other than 0: %zu (%zu more are 0, dead networks); of which rounding "
                          "may be half or more "
                          "(not above twice what it changes in 95 %% of our starts): %zu%s%s%s; in the range of our "
                          "float32 starts and outside that of "
                          "float64: %zu",
                          told, zero, rounding, rounding ? " (" : "", which, rounding ? ")" : "", only);
    }
    verdict_ranks(report, s);
    verdict_single(report, s);
}

static enum lyap_status write(struct lyap_report *report, void *state, struct lyap_error *error) {
    const struct lyap_precision_state *s = state;
    struct lyap_document *d = lyap_report_appendix(report);
    enum lyap_status status = lyap_precision_data(report, s, error);
    if (status) return status;
    lyap_document_paragraph(
        d,
        "Protocol: the paper's network, %zu starts, %d epochs; the same starts and neighbours in float32 and "
        "float64 (their random numbers agree to the last bit that float32 has), and tangent vectors in float64. "
        "Exponents are per step, ln(d(T-1)/d(0))/(T-1). The order of starts is looked at where the paper ranks them: "
        "over 5 epochs, for %zu starts with initial losses within the 45 %% to 55 %% band, by the Kantz-Wolf exponent; "
        "and over 100 epochs beside it.",
        s->starts, LYAP_PRECISION_EPOCHS, s->starts);
    figure(d, s);
    table(d, s);
    explain(d, s);
    verdicts(report, s);
    return LYAP_OK;
}

static const char *const figures[] = {"precision_noise", NULL};

const struct lyap_section lyap_section_precision = {
    .id = "N",
    .title = "N. Which published numbers are rounding?",
    .part = LYAP_PART_APPENDIX,
    .weight = 1,
    .compute = lyap_precision_compute,
    .write = write,
    .release = lyap_precision_release,
    .tables = lyap_precision_tables,
    .figures = figures,
};
