/* J: text, tables, figures and data. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/neighbouring/neighbouring.h"
#include "report/frame/section.h"
#include "lyapgrad/status.h"

static void figure(struct lyap_document *d, const struct lyap_neighbouring *s) {
    struct lyap_chart *chart = lyap_document_room(d, 1, sizeof *chart);
    if (!chart) return;
    chart->columns = 2;
    for (size_t c = 0; c < LYAP_NEIGHBOURING_CASES; c++) {
        const struct lyap_neighbouring_result *r = &s->result[c];
        const double at[4] = {r->fastest.value, r->positive.value, r->onset.value, r->sure.value};
        static const char *const label[4] = {"fastest", "above 0", "one nat", "ten nats"};
        size_t measured = 0, reached = 0;
        for (size_t i = 0; i < LYAP_NEIGHBOURING_RATES; i++) {
            measured += isfinite(r->median[i]) != 0;
            reached += isfinite(r->time[i]) != 0;
        }
        for (int row = 0; row < 2; row++) {
            if (!(row ? reached : measured)) continue;
            struct lyap_panel *panel = &chart->panel[chart->count++];
            panel->title = lyap_neighbouring_subject[c].name;
            panel->x = (struct lyap_axis){.title = "learning rate",
                                          .logarithmic = true,
                                          .low = r->lr[0] / 1.2,
                                          .high = r->lr[LYAP_NEIGHBOURING_RATES - 1] * 1.2};
            panel->y = (struct lyap_axis){.title = row ? "updates to the target loss" : "exponent (nats per step)",
                                          .logarithmic = row == 1};
            panel->series[panel->count++] = (struct lyap_mark_series){.mark = LYAP_MARK_BAND,
                                                                      .label = "quartiles",
                                                                      .colour = row ? 2 : 1,
                                                                      .n = LYAP_NEIGHBOURING_RATES,
                                                                      .x = r->lr,
                                                                      .low = row ? r->time25 : r->q25,
                                                                      .high = row ? r->time75 : r->q75};
            panel->series[panel->count++] = (struct lyap_mark_series){.mark = LYAP_MARK_LINE,
                                                                      .label = "median",
                                                                      .colour = row ? 2 : 1,
                                                                      .n = LYAP_NEIGHBOURING_RATES,
                                                                      .x = r->lr,
                                                                      .y = row ? r->time : r->median};
            if (!row) panel->line[panel->lines++].at = 0;
            for (int k = 0; k < 4; k++) {
                if (!isfinite(at[k])) continue;
                panel->line[panel->lines].vertical = true;
                panel->line[panel->lines].label = label[k];
                panel->line[panel->lines++].at = at[k];
            }
        }
    }
    if (chart->count)
        lyap_document_figure(
            d, "neighbouring", chart,
            "Exponent over the first %d epochs, and updates until the loss is a tenth of that of equal probabilities, "
            "against the learning rate; %zu starts. The "
            "upright lines: fastest training, and where "
            "the median exponent is above 0, above one nat and above ten nats over the measured epochs. All numbers: "
            "`neighbouring.csv`, and of each start: `neighbouring_starts.csv`.",
            LYAP_NEIGHBOURING_MEASURED, s->result[0].starts);
    free(chart);
}

struct table_row {
    const char *name;
    const struct lyap_neighbouring_result *of;
};
LYAP_CELL(rate_network, struct table_row, lyap_document_cell(d, "%s", r->name))
LYAP_CELL(rate_target_loss, struct table_row, lyap_document_cell(d, "%.3g", r->of->target))
LYAP_CELL(rate_fastest_at_lr, struct table_row, lyap_estimate_cell(d, &r->of->fastest))
LYAP_CELL(rate_median_exponent_above, struct table_row, lyap_estimate_cell(d, &r->of->positive))
LYAP_CELL(rate_above_one_nat, struct table_row, lyap_estimate_cell(d, &r->of->onset))
LYAP_CELL(rate_above_ten_nats, struct table_row, lyap_estimate_cell(d, &r->of->sure))
LYAP_CELL(rate_fastest_over_one, struct table_row, lyap_estimate_cell(d, &r->of->ratio))

static const struct lyap_document_column rate_columns[] = {
    {"network", rate_network},
    {"target loss", rate_target_loss},
    {"fastest at lr", rate_fastest_at_lr},
    {"median exponent above 0 from lr", rate_median_exponent_above},
    {"above one nat from lr", rate_above_one_nat},
    {"above ten nats from lr", rate_above_ten_nats},
    {"fastest over one nat", rate_fastest_over_one},
};

static void table(struct lyap_document *d, const struct lyap_neighbouring *s) {
    lyap_document_columns(d, "Learning rates with 95 % bootstrap intervals over the starts",
                          LYAP_COLUMNS(rate_columns));
    for (size_t c = 0; c < LYAP_NEIGHBOURING_CASES; c++)
        lyap_document_row(d, LYAP_COLUMNS(rate_columns),
                          &(const struct table_row){lyap_neighbouring_subject[c].name, &s->result[c]});
    lyap_document_table_end(d);
}

/* Near: the interval of the ratio of the fastest rate to that of one nat lies within two steps of the grid. */
struct nearness {
    size_t told, near, between; /* between: the fastest rate lies between those of one and of ten nats, to one step */
    double step;                /* of the grid, a factor */
    char text[400];
};
static struct nearness count_near(const struct lyap_neighbouring *s) {
    struct nearness n = {.step = s->result[0].lr[1] / s->result[0].lr[0]};
    char one[64], two[64];
    for (size_t c = 0; c < LYAP_NEIGHBOURING_CASES; c++) {
        const struct lyap_neighbouring_result *r = &s->result[c];
        if (!isfinite(r->ratio.value)) continue;
        n.told++;
        n.near += r->ratio.low >= 1 / (n.step * n.step) && r->ratio.high <= n.step * n.step;
        n.between += r->fastest.value >= r->onset.value / n.step && r->fastest.value <= r->sure.value * n.step;
        size_t used = strlen(n.text);
        snprintf(n.text + used, sizeof n.text - used, "%s%s: fastest at %s, one nat at %s", used ? "; " : "",
                 lyap_neighbouring_subject[c].name, lyap_estimate_text(&r->fastest, one),
                 lyap_estimate_text(&r->onset, two));
    }
    return n;
}

static void verdict(struct lyap_report *report, const struct lyap_neighbouring *s) {
    struct lyap_report_judgement j = {
        .id = "J",
        .claim = "Training is fastest at the onset of positive exponents (Jimenez-Gonzalez et al.)",
        .verdict = LYAP_CANNOT_BE_TOLD,
        .effect = "-"};
    const struct nearness n = count_near(s);
    if (n.told < LYAP_NEIGHBOURING_CASES) {
        lyap_report_judge(
            report, &j,
            "no learning rate brings half of the starts to the target, or none has clearly positive exponents");
        return;
    }
    j.verdict = lyap_verdict_of(n.near, n.told);
    j.effect = n.text;
    lyap_report_judge(report, &j,
                      "the interval of the ratio of the two rates lies within two steps of the grid (a factor of %.2g "
                      "each) in %zu of %zu cases",
                      n.step, n.near, n.told);
}

static void main_text(struct lyap_document *d, const struct lyap_neighbouring *s) {
    const struct nearness n = count_near(s);
    lyap_document_paragraph(
        d,
        "J. Jimenez-Gonzalez et al. (arXiv 2506.08523) find the shortest training at the onset of positive exponents. "
        "%d small networks were trained here. The fastest learning rate lies surely within two steps of the grid (a "
        "factor of %.2g each) of that at which the median exponent exceeds one nat over %d epochs in %zu of them, and "
        "between those of one and of ten nats, to one step, in %zu. Gradient descent on a convex quadratic is also "
        "fastest near the largest stable rate, so such a coincidence alone does not show that chaotic transients help. "
        "The appendix has the figure.",
        LYAP_NEIGHBOURING_CASES, n.step, LYAP_NEIGHBOURING_MEASURED, n.near, n.between);
}

static void explain(struct lyap_document *d, const struct lyap_neighbouring *s) {
    size_t weak = 0;
    for (size_t c = 0; c < LYAP_NEIGHBOURING_CASES; c++) {
        const struct lyap_neighbouring_result *r = &s->result[c];
        weak += r->positive.high < r->onset.low;
        size_t best = 0, cheap = LYAP_NEIGHBOURING_RATES;
        for (size_t i = 0; i < LYAP_NEIGHBOURING_RATES; i++) {
            if (r->lr[i] == r->fastest.value) best = i;
            if (cheap == LYAP_NEIGHBOURING_RATES && isfinite(r->time[i])) cheap = i;
        }
        if (cheap == LYAP_NEIGHBOURING_RATES || !isfinite(r->fastest.value)) continue;
        lyap_document_item(d,
                           "%s: from learning rate %.3g to %.3g, a factor of %.3g, the time falls by a factor of %.3g. "
                           "A time inversely "
                           "proportional to the rate would fall by the same factor.",
                           lyap_neighbouring_subject[c].name, r->lr[cheap], r->lr[best], r->lr[best] / r->lr[cheap],
                           r->time[cheap] / r->time[best]);
    }
    lyap_document_paragraph(
        d,
        "Below the onset a larger step is simply a faster one, and above it steps overshoot. A shortest time near the "
        "largest rate that is still stable is what gradient descent on a convex quadratic has, where there is no "
        "chaos. "
        "In %zu of %d cases the interval of the rate at which the median exponent turns positive lies below that of "
        "one nat. Hence the threshold of one nat, which slow growth does not reach.",
        weak, LYAP_NEIGHBOURING_CASES);
}

static enum lyap_status write(struct lyap_report *report, void *state, struct lyap_error *error) {
    const struct lyap_neighbouring *s = state;
    struct lyap_document *d = lyap_report_appendix(report);
    enum lyap_status status = lyap_neighbouring_data(report, s, error);
    if (status) return status;
    lyap_document_paragraph(
        d,
        "Protocol: that of arXiv 2506.08523 with small networks. Full-batch gradient descent in float64, weights N(0, "
        "1), biases 0, "
        "%zu starts, 5 copies at N(0, 1e-8) (there: uniform, on the weights alone, and an L1 distance), %d learning "
        "rates, exponents over %d epochs, training for %u; generated data in the place of "
        "images. Intervals: percentile bootstrap over the starts, %d resamples, of the whole choice of a rate.",
        s->result[0].starts, LYAP_NEIGHBOURING_RATES, LYAP_NEIGHBOURING_MEASURED, (unsigned)s->result[0].epochs,
        LYAP_NEIGHBOURING_RESAMPLES);
    figure(d, s);
    table(d, s);
    explain(d, s);
    main_text(lyap_report_document(report), s);
    verdict(report, s);
    return LYAP_OK;
}

static const char *const figures[] = {"neighbouring", NULL};

const struct lyap_section lyap_section_neighbouring = {
    .id = "J",
    .title = "J. Is training fastest at the onset of positive exponents?",
    .part = LYAP_PART_QUESTIONS,
    .weight = 8,
    .compute = lyap_neighbouring_compute,
    .write = write,
    .release = lyap_neighbouring_release,
    .tables = lyap_neighbouring_tables,
    .figures = figures,
};
