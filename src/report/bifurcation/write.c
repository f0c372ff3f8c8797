/* C1e: text, tables, figures and verdict. */
#include <math.h>
#include <stdlib.h>

#include "report/bifurcation/bifurcation.h"
#include "report/common/sample.h"
#include "report/frame/section.h"
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
                         "%u (%u, %u), for one start at %d "
                         "learning rates; of %llu starts the one that is chaotic at the most learning rates, the first "
                         "where all are alike. Below, the "
                         "tangent exponent of this start, the median of all that stay bounded where at least half do, "
                         "and the share of starts that are "
                         "confirmed chaotic. From the left: %s; %s; %s.",
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
    struct lyap_estimate share; /* of chaotic starts at the learning rate with the most */
};

/* The median exponent at that learning rate. */
static double median_at_most(const struct lyap_bifurcation_diagram *g) {
    size_t v = 0;
    while (v + 1 < g->n && g->rates[v] < g->at_most) v++;
    return g->median[v];
}

static void rate_cell(struct lyap_document *d, const struct lyap_bifurcation_diagram *g) {
    if (g->most)
        lyap_document_cell(d, "%.3g", g->at_most);
    else
        lyap_document_cell(d, "-");
}
LYAP_CELL(case_network_and_data, struct table_row, lyap_document_cell(d, "%s", r->of->text))
LYAP_CELL(case_starts, struct table_row, lyap_document_cell(d, "%llu", ull(r->g->starts)))
LYAP_CELL(case_chaotic_at_the, struct table_row,
          lyap_document_cell(d, "%.3g", 100 * (double)r->g->first_chaotic / (double)r->g->starts))
LYAP_CELL(case_chaotic_at_most, struct table_row, lyap_document_cell(d, "%.3g", 100 * r->share.value))
LYAP_CELL(case_95_interval, struct table_row,
          lyap_document_cell(d, "%.3g to %.3g", 100 * r->share.low, 100 * r->share.high))
LYAP_CELL(case_at_learning_rate, struct table_row, rate_cell(d, r->g))
LYAP_CELL(case_median_exponent_there, struct table_row,
          lyap_value_cell(d, r->g->most ? median_at_most(r->g) : (double)NAN))

static const struct lyap_document_column case_columns[] = {
    {"network and data", case_network_and_data},
    {"starts", case_starts},
    {"chaotic at the lowest rate %", case_chaotic_at_the},
    {"chaotic at most %", case_chaotic_at_most},
    {"95 % interval", case_95_interval},
    {"at learning rate", case_at_learning_rate},
    {"median exponent there", case_median_exponent_there},
};

static enum lyap_status write(struct lyap_report *report, void *context, struct lyap_error *error) {
    const struct lyap_bifurcation_state *state = context;
    struct lyap_document *d = lyap_report_document(report);
    int brought = 0, with = 0;
    lyap_document_paragraph(
        d, "The same question asked of more networks and data: what the weights do after a transient, and the exponent "
           "with it. An exponent above 0 that is confirmed as above, over three times the steps, at a bounded loss, is "
           "chaos; "
           "with a sine or "
           "a saturating output the loss is bounded by itself, and weights may wander far.");
    draw(d, state, 0, "C1-bifurcation-xor");
    draw(d, state, 3, "C1-bifurcation-more");
    lyap_document_columns(d, "Chaos by the learning rate alone", LYAP_COLUMNS(case_columns));
    const char *most = NULL;
    struct lyap_estimate best = {0};
    for (int i = 0; i < LYAP_BIFURCATION_CASES; i++) {
        const struct lyap_bifurcation_diagram *g = &state->diagram[i];
        struct lyap_estimate share = lyap_share(g->most, g->starts);
        lyap_document_row(d, LYAP_COLUMNS(case_columns),
                          &(const struct table_row){&lyap_bifurcation_cases[i], g, share});
        with += g->most > 0;
        if (g->first_chaotic == 0 && share.low > 0.05) brought++;
        if (share.low > best.low) best = share, most = lyap_bifurcation_cases[i].text;
    }
    lyap_document_table_end(d);
    lyap_document_paragraph(d, "What would explain it otherwise: a long chaotic transient looks like chaos until it "
                               "ends, and the second look is "
                               "three times as long and no longer. A diagram shows one start; each learning rate "
                               "begins from the same weights, so "
                               "neighbouring columns may have settled in different attractors.");
    uint64_t starts = state->diagram[0].starts;
    const char *claim = "There are networks and data that the learning rate alone makes chaotic";
    if (starts < 16)
        lyap_report_verdict(report, "C1e", claim, LYAP_CANNOT_BE_TOLD, "%llu starts a case are too few.",
                            (unsigned long long)starts);
    else if (brought == 0)
        lyap_report_verdict(
            report, "C1e", claim, with ? LYAP_HOLDS_IN_PART : LYAP_DOES_NOT_HOLD,
            "Of %d cases %d have a chaotic start at some learning rate, none a share that is clearly above 5 %%.",
            (int)LYAP_BIFURCATION_CASES, with);
    else
        lyap_report_verdict(report, "C1e", claim, LYAP_HOLDS,
                            "In %d of %d cases no start is chaotic at the lowest learning rate and clearly more than 5 "
                            "%% are at a larger one; the most are "
                            "%.3g %% (95 %% interval %.3g to %.3g %%), %s.",
                            brought, (int)LYAP_BIFURCATION_CASES, 100 * best.value, 100 * best.low, 100 * best.high,
                            most);
    return lyap_bifurcation_data(report, state, error);
}

static const char *const figures[] = {"C1-bifurcation-xor", "C1-bifurcation-more", NULL};

const struct lyap_section lyap_section_bifurcation = {
    .id = "C1e",
    .title = "Bifurcation diagrams: where does the learning rate bring chaos?",
    .part = LYAP_PART_C1,
    .weight = 9,
    .compute = lyap_bifurcation_compute,
    .write = write,
    .release = lyap_bifurcation_release,
    .tables = lyap_bifurcation_tables,
    .figures = figures,
};
