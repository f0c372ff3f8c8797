/* C1e: its part of the appendix, and its verdict. */
#include <math.h>
#include <stdlib.h>

#include "report/bifurcation/bifurcation.h"
#include "report/common/sample.h"
#include "lyapgrad/inference.h"
#include "lyapgrad/status.h"

static void draw(struct lyap_document *d, const struct lyap_bifurcation_state *state, int first, const char *name) {
    struct lyap_chart *chart = lyap_document_room(d, 1, sizeof *chart);
    if (!chart) return;
    chart->count = 6;
    chart->columns = 3;
    for (int i = 0; i < 3; i++) {
        const struct lyap_bifurcation_diagram *g = &state->diagram[first + i];
        struct lyap_panel *top = &chart->panel[i], *below = &chart->panel[3 + i];
        top->title = lyap_bifurcation_cases[first + i].name;
        top->x = below->x = (struct lyap_axis){"learning rate", true, lyap_bifurcation_cases[first + i].low,
                                               lyap_bifurcation_cases[first + i].high};
        top->y.title = "first output weight";
        below->y.title = "exponent (nats per step), share";
        lyap_panel_add(top, LYAP_MARK_POINTS, NULL, 0, g->wide * LYAP_BIFURCATION_KEPT, g->x, g->y);
        lyap_panel_add(below, LYAP_MARK_LINE, "this start", 0, g->n, g->rates, g->own);
        lyap_panel_add(below, LYAP_MARK_LINE, "median of starts", 1, g->n, g->rates, g->median);
        lyap_panel_add(below, LYAP_MARK_LINE, "share chaotic", 5, g->n, g->rates, g->chaotic)->dashed = true;
        lyap_panel_line(below, false, 0, NULL);
    }
    lyap_document_figure(d, name, chart,
                         "Above, the first weight into the output after each of %d updates that follow a transient of "
                         "%u (%u, %u), for one start at %d learning rates; of %llu starts the one that is chaotic at "
                         "the most learning rates, the first where all are alike. Below, the tangent exponent of this "
                         "start, the median of all that stay bounded where at least half do, and the share of starts "
                         "that are confirmed chaotic. From the left: %s; %s; %s.",
                         (int)LYAP_BIFURCATION_KEPT, (unsigned)(lyap_bifurcation_cases[first].steps / 2),
                         (unsigned)(lyap_bifurcation_cases[first + 1].steps / 2),
                         (unsigned)(lyap_bifurcation_cases[first + 2].steps / 2), (int)state->diagram[first].wide,
                         (unsigned long long)state->diagram[first].starts, lyap_bifurcation_cases[first].text,
                         lyap_bifurcation_cases[first + 1].text, lyap_bifurcation_cases[first + 2].text);
    free(chart);
}

struct table_row {
    const struct lyap_bifurcation_case *of;
    const struct lyap_bifurcation_diagram *g;
};
static void rates_cell(struct lyap_document *d, const struct lyap_bifurcation_diagram *g) {
    if (g->chaotic_starts == 0)
        lyap_document_cell(d, "-");
    else if (g->best[0] == g->best[1])
        lyap_document_cell(d, "%.3g", g->best[0]);
    else
        lyap_document_cell(d, "%.3g, %.3g", g->best[0], g->best[1]);
}
LYAP_CELL(case_network_and_data, struct table_row, lyap_document_cell(d, "%s", r->of->text))
LYAP_CELL(case_growing, struct table_row,
          lyap_document_cell(d, "%.3g", 100 * (double)r->g->growing / (double)r->g->starts))
LYAP_CELL(case_bounded, struct table_row,
          lyap_document_cell(d, "%s", lyap_bifurcation_is_bounded(r->g) ? "bounded" : "not bounded"))
LYAP_CELL(case_chaotic_at_the, struct table_row,
          lyap_document_cell(d, "%.3g", 100 * (double)r->g->first_chaotic / (double)r->g->starts))
LYAP_CELL(case_chaotic_at_best, struct table_row,
          lyap_document_cell(d, "%.3g [%.3g, %.3g]", 100 * r->g->share.value, 100 * r->g->share.low,
                             100 * r->g->share.high))
LYAP_CELL(case_at_learning_rate, struct table_row, rates_cell(d, r->g))
LYAP_CELL(case_exponent, struct table_row, lyap_value_cell(d, r->g->exponent))

static const struct lyap_document_column case_columns[] = {
    {"network and data", case_network_and_data},
    {"without limit at one rate %", case_growing},
    {"case", case_bounded},
    {"chaotic at the lowest rate %", case_chaotic_at_the},
    {"chaotic at the best rate %", case_chaotic_at_best},
    {"best rate", case_at_learning_rate},
    {"their median exponent", case_exponent},
};

static void judge(struct lyap_report *report, const struct lyap_bifurcation_state *state) {
    int brought = 0, bounded = 0;
    for (int i = 0; i < LYAP_BIFURCATION_CASES; i++) {
        brought += lyap_bifurcation_is_brought(&state->diagram[i]);
        bounded += lyap_bifurcation_is_bounded(&state->diagram[i]);
    }
    const size_t best = lyap_bifurcation_best(state);
    const struct lyap_bifurcation_diagram *g = &state->diagram[best < LYAP_BIFURCATION_CASES ? best : 0];
    char effect[256] = "";
    if (best < LYAP_BIFURCATION_CASES)
        snprintf(effect, sizeof effect, "%.3g %% [%.3g, %.3g] of the starts, %s", 100 * g->share.value,
                 100 * g->share.low, 100 * g->share.high, lyap_bifurcation_cases[best].text);
    const enum lyap_verdict verdict = g->starts < 16 || bounded == 0 ? LYAP_CANNOT_BE_TOLD
                                      : brought                      ? LYAP_HOLDS
                                                                     : LYAP_DOES_NOT_HOLD;
    lyap_report_judge(
        report,
        &(const struct lyap_report_judgement){
            "C1e", "There are networks and data that the learning rate alone makes chaotic", verdict, effect},
        "In %d of the %d bounded cases (%d cases in all, %llu starts each) no start is chaotic at the lowest learning "
        "rate and the 95 %% interval of the share at the best rate lies above 10 %%",
        brought, bounded, (int)LYAP_BIFURCATION_CASES, ull(g->starts));
}

enum lyap_status lyap_bifurcation_write(struct lyap_report *report, const struct lyap_bifurcation_state *state,
                                        struct lyap_error *error) {
    (void)error;
    struct lyap_document *d = lyap_report_appendix(report);
    const struct lyap_bifurcation_diagram *g = &state->diagram[0];
    lyap_document_paragraph(
        d,
        "Bifurcation diagrams. Six combinations of network, data and starts, each with %llu starts at %zu learning "
        "rates, in tangent space; a chaotic run is confirmed as above, over three times the steps. Chaos is bounded: a "
        "case counts where at no learning rate more than one start in twenty diverges or has weights that grow without "
        "a limit in sight. The best rate is the one with the most chaotic starts; each half of the starts is judged at "
        "the rate that the other half chose, so that the maximum over rates does not make the share too large. Wilson "
        "intervals.",
        ull(g->starts), g->n);
    lyap_document_columns(d, "Chaos by the learning rate alone", LYAP_COLUMNS(case_columns));
    for (int i = 0; i < LYAP_BIFURCATION_CASES; i++)
        lyap_document_row(d, LYAP_COLUMNS(case_columns),
                          &(const struct table_row){&lyap_bifurcation_cases[i], &state->diagram[i]});
    lyap_document_table_end(d);
    draw(d, state, 0, "C1-bifurcation-xor");
    draw(d, state, 3, "C1-bifurcation-more");
    lyap_document_paragraph(
        d,
        "What would explain it otherwise: a long chaotic transient looks like chaos until it ends, and the second look "
        "is three times as long and no longer. A diagram shows one start; each learning rate begins from the same "
        "weights, so neighbouring columns may have settled in different attractors.");
    judge(report, state);
    return LYAP_OK;
}
