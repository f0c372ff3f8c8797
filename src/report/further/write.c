/* L1: text, tables, figures and data. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/further/further.h"
#include "report/frame/section.h"
#include "lyapgrad/optimiser.h"
#include "lyapgrad/regime.h"
#include "lyapgrad/status.h"

/* The sweeps of the cases first .. last. */
static void exponent_figure(struct lyap_document *d, const struct lyap_further *f, const char *name, size_t first,
                            size_t last) {
    struct lyap_chart *chart = lyap_document_room(d, 1, sizeof *chart);
    if (!chart) return;
    chart->columns = 2;
    for (size_t c = first; c <= last; c++) {
        const struct lyap_further_result *it = &f->result[c];
        struct lyap_panel *panel = &chart->panel[chart->count];
        size_t any = 0;
        for (size_t r = 0; r < LYAP_FURTHER_RATES; r++) any += isfinite(it->median[r]) != 0;
        if (!any) continue;
        chart->count++;
        panel->title = lyap_further_cases[c].subject.name;
        panel->x = (struct lyap_axis){.title = "learning rate", .logarithmic = true};
        panel->y.title = "exponent (nats per step)";
        panel->series[panel->count++] = (struct lyap_mark_series){.mark = LYAP_MARK_BAND,
                                                                  .label = "quartiles",
                                                                  .colour = 1,
                                                                  .n = LYAP_FURTHER_RATES,
                                                                  .x = it->lr,
                                                                  .low = it->q25,
                                                                  .high = it->q75};
        panel->series[panel->count++] = (struct lyap_mark_series){.mark = LYAP_MARK_LINE,
                                                                  .label = "median",
                                                                  .colour = 1,
                                                                  .n = LYAP_FURTHER_RATES,
                                                                  .x = it->lr,
                                                                  .y = it->median};
        panel->line[panel->lines++].at = 0;
        if (isfinite(it->crossing.value)) {
            panel->line[panel->lines].vertical = true;
            panel->line[panel->lines++].at = it->crossing.value;
        }
    }
    if (chart->count)
        lyap_document_figure(
            d, name, chart,
            "Exponent a step over %d epochs against the learning rate, %zu starts, %d neighbours. The upright line "
            "is where the median turns positive, or the lowest rate where it is positive from there on. All "
            "numbers: `further_sweep.csv`.",
            (unsigned)f->sizes.epochs, f->sizes.sweep, LYAP_FURTHER_NEIGHBOURS);
    free(chart);
}

/* Regimes of the same cases in tangent space, and what escapes. */
static void share_figure(struct lyap_document *d, const struct lyap_further *f, const char *name, size_t first,
                         size_t last) {
    static const enum lyap_regime shown[3] = {LYAP_CHAOTIC, LYAP_TRANSIENT, LYAP_DEAD_REGIME};
    struct lyap_chart *chart = lyap_document_room(d, 1, sizeof *chart);
    double(*share)[4][LYAP_FURTHER_CHAOS_RATES] = lyap_document_room(d, LYAP_FURTHER_CASES, sizeof *share);
    for (size_t c = first; chart && share && c <= last; c++) {
        const struct lyap_further_result *it = &f->result[c];
        struct lyap_panel *panel = &chart->panel[chart->count++];
        panel->title = lyap_further_cases[c].subject.name;
        panel->x = (struct lyap_axis){.title = "learning rate", .logarithmic = true};
        panel->y = (struct lyap_axis){.title = "share of starts", .low = 0, .high = 1};
        for (size_t r = 0; r < LYAP_FURTHER_CHAOS_RATES; r++) {
            share[c][0][r] = it->lr[2 * r + 1];
            for (int k = 0; k < 3; k++) share[c][k + 1][r] = (double)it->regime[r][shown[k]] / (double)f->sizes.chaos;
        }
        for (int k = 0; k < 3; k++)
            panel->series[panel->count++] = (struct lyap_mark_series){.mark = LYAP_MARK_LINE,
                                                                      .label = lyap_regime_name(shown[k]),
                                                                      .colour = k + 2,
                                                                      .n = LYAP_FURTHER_CHAOS_RATES,
                                                                      .x = share[c][0],
                                                                      .y = share[c][k + 1]};
        panel->series[panel->count++] = (struct lyap_mark_series){.mark = LYAP_MARK_LINE,
                                                                  .label = "escaped",
                                                                  .colour = 0,
                                                                  .dashed = true,
                                                                  .n = LYAP_FURTHER_RATES,
                                                                  .x = it->lr,
                                                                  .y = it->lost};
    }
    if (chart && share && chart->count) {
        chart->columns = 2;
        lyap_document_figure(
            d, name, chart,
            "What the starts do, by tangent vectors over %u steps, %zu starts a rate; the rest converge, are neutral "
            "or "
            "diverge. Dashed: the share of the sweep above whose distance escapes. All numbers: `further_sweep.csv`.",
            (unsigned)f->sizes.steps, f->sizes.chaos);
    }
    free(chart);
    free(share);
}

struct table_row {
    const struct lyap_further_result *it;
    const struct lyap_subject *subject;
    double p; /* adjusted */
};

static void crossing_cell(struct lyap_document *d, const struct lyap_further_result *it) {
    char text[64];
    lyap_document_cell(d, "%s%s", it->from_start ? "from the lowest: " : "", lyap_estimate_text(&it->crossing, text));
}
LYAP_CELL(case_network, struct table_row, lyap_document_cell(d, "%s", r->subject->name))
LYAP_CELL(case_optimiser, struct table_row, lyap_document_cell(d, "%s", lyap_optimiser_name(r->subject->optimiser)))
LYAP_CELL(case_median_turns_positive, struct table_row, crossing_cell(d, r->it))
LYAP_CELL(case_chaotic_at_most, struct table_row, lyap_document_cell(d, "%.0f %%", 100 * r->it->chaotic.value))
LYAP_CELL(case_at_lr, struct table_row, lyap_value_cell(d, r->it->chaotic_lr))
LYAP_CELL(case_lr_of_c3, struct table_row, lyap_document_cell(d, "%g", r->subject->lr))
LYAP_CELL(case_r_of_exponent, struct table_row, lyap_estimate_cell(d, &r->it->correlation.pearson))
LYAP_CELL(case_adjusted_p, struct table_row, lyap_p_cell(d, r->p))
LYAP_CELL(case_at_equal_initial, struct table_row, lyap_estimate_cell(d, &r->it->correlation.partial))

static const struct lyap_document_column case_columns[] = {
    {"network", case_network},
    {"optimiser", case_optimiser},
    {"median turns positive at lr", case_median_turns_positive},
    {"chaotic at most", case_chaotic_at_most},
    {"at lr", case_at_lr},
    {"lr of C3", case_lr_of_c3},
    {"r of exponent and final loss", case_r_of_exponent},
    {"adjusted p", case_adjusted_p},
    {"at equal initial loss", case_at_equal_initial},
};

static void table(struct lyap_document *d, const struct lyap_report *report, const struct lyap_further *f) {
    lyap_document_columns(d, "C1 and C3 on other networks, data and optimisers, with 95 % bootstrap intervals",
                          LYAP_COLUMNS(case_columns));
    for (size_t c = 0; c < LYAP_FURTHER_CASES; c++)
        lyap_document_row(d, LYAP_COLUMNS(case_columns),
                          &(const struct table_row){&f->result[c], &lyap_further_cases[c].subject,
                                                    lyap_report_adjusted(report, f->test[c])});
    lyap_document_table_end(d);
}

static void explain(struct lyap_document *d, const struct lyap_further *f) {
    size_t early = 0, lost = 0, chaotic = 0, later = 0;
    for (size_t c = 0; c < LYAP_FURTHER_CASES; c++) {
        const struct lyap_further_result *it = &f->result[c];
        early += it->from_start;
        if (isfinite(it->first_chaotic)) {
            chaotic++;
            later += it->first_chaotic > it->crossing.high;
        }
        for (size_t r = 0; r < LYAP_FURTHER_RATES; r++)
            if (it->median[r] > 0 && it->lost[r] >= 0.5) {
                lost++;
                break;
            }
    }
    lyap_document_heading(d, 3, "What would explain it otherwise");
    lyap_document_paragraph(
        d,
        "A positive exponent over %d epochs is growth of the ensemble: a transient on the way to a minimum, a "
        "divergence, or chaos. In %zu of %d cases the median is positive at the lowest learning rate of the grid; "
        "in %zu half of the starts or more are lost to divergence at some rate with a positive median. Of %zu cases "
        "with "
        "chaos in more than one start of twenty, %zu have it at higher rates alone than the interval in which the "
        "median "
        "turns positive: what turns positive there is not chaos. Chaotic are those starts whose orbit after a "
        "transient is bounded, moves without a period, and has a tangent exponent above 0 to the end of the run, by "
        "the rules of lyapgrad/regime.h.",
        (unsigned)f->sizes.epochs, early, LYAP_FURTHER_CASES, lost, chaotic, later);
    lyap_document_paragraph(
        d, "Adam divides by the root of the mean squared gradient, so that its steps do not shrink with the gradient "
           "and it goes on moving near a minimum: its exponents say as much about the optimiser as about the "
           "landscape. Distances are over the weights, not over the optimisers' buffers.");
}

static void verdicts(struct lyap_report *report, const struct lyap_further *f) {
    size_t told = 0, crosses = 0, chaotic = 0, defined = 0, positive = 0, negative = 0, open = 0;
    const char *least = NULL, *most = NULL;
    double low = 2, high = -2;
    for (size_t c = 0; c < LYAP_FURTHER_CASES; c++) {
        const struct lyap_further_result *it = &f->result[c];
        const struct lyap_correlations *r = &it->correlation;
        size_t finite = 0;
        for (size_t i = 0; i < LYAP_FURTHER_RATES; i++) finite += isfinite(it->median[i]) != 0;
        told += finite > LYAP_FURTHER_RATES / 2;
        crosses += isfinite(it->crossing.value) != 0;
        chaotic += isfinite(it->first_chaotic) != 0;
        if (!r->defined) continue;
        defined++;
        open += r->pearson.high > 0.3; /* a tenth of the variance */
        if (r->pearson.value < low) low = r->pearson.value, least = lyap_further_cases[c].subject.name;
        if (r->pearson.value > high) high = r->pearson.value, most = lyap_further_cases[c].subject.name;
        if (lyap_report_adjusted(report, f->test[c]) < 0.05) {
            positive += r->pearson.value > 0;
            negative += r->pearson.value < 0;
        }
    }
    const char *claim = "C1 on other networks, data and optimisers: some learning rate makes training chaotic";
    if (told < LYAP_FURTHER_CASES || f->sizes.chaos < 20)
        lyap_report_verdict(report, "L1a", claim, LYAP_CANNOT_BE_TOLD,
                            "too few starts, or too few exponents that are defined");
    else
        lyap_report_verdict(
            report, "L1a", claim, lyap_verdict_of(chaotic, LYAP_FURTHER_CASES),
            "the median exponent turns positive in %zu of %d cases, and in %zu more than "
            "one start in twenty is surely chaotic at some rate: bounded, with a tangent exponent above 0",
            crosses, LYAP_FURTHER_CASES, chaotic);
    claim = "C3 on other networks, data and optimisers: a lower exponent goes with a lower final loss";
    if (defined < LYAP_FURTHER_CASES || (positive == 0 && open))
        lyap_report_verdict(report, "L1b", claim, LYAP_CANNOT_BE_TOLD, "too few starts have an exponent");
    else
        lyap_report_verdict(
            report, "L1b", claim, lyap_verdict_of(positive, LYAP_FURTHER_CASES),
            "of %d cases %zu have a positive and %zu a negative correlation after Holm's adjustment; r goes from "
            "%.2f (%s) to %.2f (%s)",
            LYAP_FURTHER_CASES, positive, negative, low, least, high, most);
}

static enum lyap_status write(struct lyap_report *report, void *state, struct lyap_error *error) {
    const struct lyap_further *f = state;
    struct lyap_document *d = lyap_report_document(report);
    enum lyap_status status = lyap_further_data(report, f, error);
    if (status) return status;
    lyap_document_paragraph(
        d,
        "Protocol: per case a sweep over %d learning rates, evenly spaced in their logarithm; then, at one learning "
        "rate that trains, %zu starts drawn into the 45 %% to 55 %% band of their own initial losses, 24 "
        "neighbours at N(0, 1e-4), %d epochs, as for C3. float64, full batch. The noisy XOR on 3 bits and the "
        "ReLU network with momentum are configurations of the same author's earlier work.",
        LYAP_FURTHER_RATES, f->sizes.scatter, LYAP_FURTHER_EPOCHS);
    exponent_figure(d, f, "further_networks", 0, 5);
    share_figure(d, f, "further_networks_regimes", 0, 5);
    exponent_figure(d, f, "further_optimisers", 6, LYAP_FURTHER_CASES - 1);
    share_figure(d, f, "further_optimisers_regimes", 6, LYAP_FURTHER_CASES - 1);
    table(d, report, f);
    explain(d, f);
    verdicts(report, f);
    return LYAP_OK;
}

static const char *const figures[] = {"further_networks", "further_networks_regimes", "further_optimisers",
                                      "further_optimisers_regimes", NULL};

const struct lyap_section lyap_section_further = {
    .id = "L1",
    .title = "Do the claims carry over to other networks, data and optimisers?",
    .part = LYAP_PART_LIMITS,
    .weight = 10,
    .compute = lyap_further_compute,
    .write = write,
    .release = lyap_further_release,
    .tables = lyap_further_tables,
    .figures = figures,
};
