/* C1: the text that everybody reads, with its figure and its table. */
#include <math.h>
#include <stdlib.h>

#include "paper/published.h"
#include "report/common/sample.h"
#include "report/rate/rate.h"
#include "report/frame/section.h"

/* What the figure draws. */
struct drawing {
    double quartile[LYAP_PANELS][3][LYAP_RATE_GRID], dying[LYAP_RATE_GRID];
    size_t published[LYAP_PANELS][2]; /* numbers that are not 0, and zeros */
    double lr[LYAP_PANELS][2][LYAP_PUBLISHED_RATES], value[LYAP_PANELS][2][LYAP_PUBLISHED_RATES];
    struct lyap_chart chart;
};

static void draw_panel(struct drawing *c, const struct lyap_rate_state *state, int a) {
    const struct lyap_rate_sweep *s = &state->sweep[a][0][LYAP_RATE_AT];
    struct lyap_panel *panel = &c->chart.panel[a];
    *panel = (struct lyap_panel){.title = lyap_rate_activation(a), .x = {"learning rate", true, 0.009, 22}};
    panel->y.title = "exponent (nats)";
    for (int v = 0; v < LYAP_RATE_GRID; v++) {
        for (int q = 0; q < 3; q++) c->quartile[a][q][v] = s->alive_quartile[v][q];
        if (s->died[v] >= LYAP_SIGN_LEAST && s->alive[v] < LYAP_SIGN_LEAST) c->dying[v] = s->quartile[v][1];
    }
    struct lyap_mark_series *band =
        lyap_panel_add(panel, LYAP_MARK_BAND, "quartiles", 0, LYAP_RATE_GRID, state->grid, NULL);
    band->low = c->quartile[a][0];
    band->high = c->quartile[a][2];
    lyap_panel_add(panel, LYAP_MARK_LINE, "median", 0, LYAP_RATE_GRID, state->grid, c->quartile[a][1]);
    if (a == 2)
        lyap_panel_add(panel, LYAP_MARK_LINE, "median, all dying", 1, LYAP_RATE_GRID, state->grid, c->dying)->dashed =
            true;
    lyap_panel_add(panel, LYAP_MARK_POINTS, "published", 7, c->published[a][0], c->lr[a][0], c->value[a][0])->shape =
        LYAP_SHAPE_CROSS;
    if (c->published[a][1])
        lyap_panel_add(panel, LYAP_MARK_POINTS, "published, 0", 6, c->published[a][1], c->lr[a][1], c->value[a][1])
            ->shape = LYAP_SHAPE_RING;
    lyap_panel_line(panel, false, 0, NULL);
}

static void draw(struct lyap_document *d, const struct lyap_rate_state *state) {
    struct drawing *c = lyap_document_room(d, 1, sizeof *c);
    if (!c) return;
    for (int v = 0; v < LYAP_RATE_GRID; v++) c->dying[v] = NAN;
    c->chart.count = c->chart.columns = LYAP_PANELS;
    for (int a = 0; a < LYAP_PANELS; a++) {
        for (int i = 0; i < LYAP_PUBLISHED_RATES; i++) {
            const double value = lyap_published_rates[i].value[a];
            size_t zero = value == 0, n = c->published[a][zero]++;
            c->lr[a][zero][n] = lyap_paper_rate(lyap_published_rates[i].rate);
            c->value[a][zero][n] = value;
        }
        draw_panel(c, state, a);
    }
    lyap_document_figure(
        d, "C1-sweep", &c->chart,
        "The published sweep: the exponent over %u epochs of %llu starts at each of %d learning rates, float32, with "
        "the %d published values of each activation. Quartiles and median are over the networks that are not dead at "
        "the end, where these are at least %d. Where fewer are alive, the dashed line is the median over the networks "
        "that separated from their neighbours before they died.",
        (unsigned)lyap_rate_epochs[LYAP_RATE_AT], ull(state->sweep[0][0][LYAP_RATE_AT].starts), (int)LYAP_RATE_GRID,
        (int)LYAP_PUBLISHED_RATES, (int)LYAP_SIGN_LEAST);
    free(c);
}

/* ---- the table ---- */

struct table_row {
    const struct lyap_rate_state *state;
    int panel;
    size_t at; /* number of the learning rate of the last column */
};
static void onset_cell(struct lyap_document *d, const struct table_row *r, int horizon) {
    const struct lyap_rate_sweep *s = &r->state->sweep[r->panel][0][horizon];
    if (s->crosses)
        lyap_document_cell(d, "%.3g [%.3g, %.3g]", s->crossing.value, s->crossing.low, s->crossing.high);
    else
        lyap_document_cell(d, "-");
}
static void kind_cell(struct lyap_document *d, const struct table_row *r, enum lyap_rate_kind kind) {
    const struct lyap_rate_regimes *of = &r->state->regimes[r->panel];
    lyap_document_cell(d, "%.3g", lyap_percent(of->kind[kind], of->positive));
}
LYAP_CELL(table_activation, struct table_row, lyap_document_cell(d, "%s", lyap_rate_activation(r->panel)))
LYAP_CELL(table_onset_5, struct table_row, onset_cell(d, r, 0))
LYAP_CELL(table_onset_100, struct table_row, onset_cell(d, r, 1))
LYAP_CELL(table_onset_1000, struct table_row, onset_cell(d, r, 2))
LYAP_CELL(table_positive, struct table_row, lyap_document_cell(d, "%llu", ull(r->state->regimes[r->panel].positive)))
LYAP_CELL(table_diverged, struct table_row, kind_cell(d, r, LYAP_KIND_DIVERGED))
LYAP_CELL(table_dead, struct table_row, kind_cell(d, r, LYAP_KIND_DEAD))
LYAP_CELL(table_settled, struct table_row, kind_cell(d, r, LYAP_KIND_SETTLED))
LYAP_CELL(table_chaotic, struct table_row, kind_cell(d, r, LYAP_KIND_CHAOTIC))
LYAP_CELL(table_other, struct table_row, kind_cell(d, r, LYAP_KIND_OTHER))
LYAP_CELL(table_median, struct table_row,
          lyap_value_cell(d, r->state->sweep[r->panel][0][LYAP_RATE_AT].alive_quartile[r->at][1]))

static const struct lyap_document_column table_columns[] = {
    {"activation", table_activation},
    {"onset, 5 epochs", table_onset_5},
    {"100 epochs", table_onset_100},
    {"1000 epochs", table_onset_1000},
    {"positive exponents", table_positive},
    {"diverge %", table_diverged},
    {"die %", table_dead},
    {"settle %", table_settled},
    {"chaotic %", table_chaotic},
    {"none of these %", table_other},
    {"median at 0.81, alive", table_median},
};

static void write_table(struct lyap_document *d, const struct lyap_rate_state *state) {
    lyap_document_columns(
        d,
        "Where the median exponent of the living networks turns positive (learning rate, 95 % interval), what the "
        "networks with a positive exponent over 100 epochs do in the long run, and the median exponent (nats) at "
        "learning rate 0.8096 of the networks that are alive after 100 epochs",
        LYAP_COLUMNS(table_columns));
    for (int a = 0; a < LYAP_PANELS; a++)
        lyap_document_row(d, LYAP_COLUMNS(table_columns),
                          &(const struct table_row){state, a, lyap_rate_published(state->grid, 2)});
    lyap_document_table_end(d);
}

/* ---- the paragraphs ---- */

/* Does the onset fall as one over the time? Then growth is that of gradient flow, which knows no step. */
static void write_onset(struct lyap_document *d, const struct lyap_rate_state *state) {
    char text[1280] = "";
    size_t length = 0;
    for (int a = 0; a < LYAP_PANELS && length < sizeof text; a++) {
        const struct lyap_rate_sweep *at = &state->sweep[a][0][1], *later = &state->sweep[a][0][2];
        if (!at->crosses || !later->crosses) continue;
        double fall = at->crossing.value / later->crossing.value,
               time = (double)lyap_rate_epochs[2] / lyap_rate_epochs[1];
        length += (size_t)snprintf(
            text + length, sizeof text - length,
            " In %s networks the onset with %g times the epochs is %s by a factor of %.3g%s.", lyap_rate_activation(a),
            time, fall >= 1 ? "lower" : "higher", fall >= 1 ? fall : 1 / fall,
            fall > time / 2 ? ": the product of learning rate and epochs decides, which is the time of the gradient "
                              "flow, and neighbours separate on a smooth flow past a saddle, whatever the step"
            : fall < 1.5 && fall > 1 / 1.5 ? ": the size of the step decides, as for an instability of the map"
                                           : "");
    }
    const struct lyap_edge_compared *linear = &state->edge[0][0].against[0], *relu = &state->edge[2][0].against[0];
    lyap_document_paragraph(d, "%s%s",
                            *text ? "The median exponent turns positive as the learning rate grows."
                                  : "The median exponent turns positive at no rate.",
                            text);
    if (linear->known && relu->known)
        lyap_document_paragraph(
            d,
            "After 5 epochs, the scripts' default, the onset of a linear network lies at %.3g times 2/sharpness of its "
            "start in the median (95 %% interval %.3g to %.3g), and that of a ReLU network at %.3g times (%.3g to "
            "%.3g); from start to start the two go together with a rank correlation of %.2f (%.2f to %.2f) and %.2f "
            "(%.2f to %.2f). 2/sharpness is the edge of stability, beyond which a step along the sharpest direction "
            "overshoots by more than it corrects.",
            linear->ratio.value, linear->ratio.low, linear->ratio.high, relu->ratio.value, relu->ratio.low,
            relu->ratio.high, linear->rank.value, linear->rank.low, linear->rank.high, relu->rank.value, relu->rank.low,
            relu->rank.high);
}

static void write_kinds(struct lyap_document *d, const struct lyap_rate_state *state) {
    const struct lyap_rate_totals t = lyap_rate_total(state);
    const struct lyap_estimate share = lyap_share(t.starts_chaotic, t.starts);
    char held[768] = "";
    if (t.held)
        snprintf(
            held, sizeof held,
            " The number of bounded runs that stand still at a point with an exponent above 1e-6 is %llu: an unstable "
            "point at which rounding holds the weights. Over %u times as many steps %llu of them still do, with "
            "exponents up to %.2g nats per step, and for %llu the exponent is ln|1 - lr x sharpness| of the point to 1 "
            "part in 1000. An orbit that does not move is not chaotic, and such runs count as settled.",
            ull(t.held), (unsigned)state->again, ull(t.held_still), t.held_most, ull(t.held_as_expected));
    char of[64] = "none is chaotic at any";
    if (t.starts_chaotic)
        snprintf(of, sizeof of, "%llu %s chaotic at some", ull(t.starts_chaotic), t.starts_chaotic == 1 ? "is" : "are");
    lyap_document_paragraph(
        d,
        "A positive exponent over %u epochs is not chaos. %llu starts of each activation were followed for %u steps in "
        "tangent space at the same %d learning rates. Of the %llu pairs of start and rate with a positive exponent, "
        "%.3g %% diverge, %.3g %% die, %.3g %% settle in a point or a cycle, and %.3g %% are confirmed chaotic over %u "
        "times as many steps; the others are none of these: slow drifts, growth for a time, or undecided. Of the %llu "
        "networks, %s learning rate (95 %% interval of the share %.2g to %.2g %%, which bounds the share at the best "
        "rate from above as well).%s",
        (unsigned)lyap_rate_epochs[LYAP_RATE_AT], ull(state->regimes[0].starts), (unsigned)state->steps,
        (int)LYAP_RATE_GRID, ull(t.positive), lyap_percent(t.kind[LYAP_KIND_DIVERGED], t.positive),
        lyap_percent(t.kind[LYAP_KIND_DEAD], t.positive), lyap_percent(t.kind[LYAP_KIND_SETTLED], t.positive),
        lyap_percent(t.kind[LYAP_KIND_CHAOTIC], t.positive), (unsigned)state->again, ull(t.starts), of, 100 * share.low,
        100 * share.high, held);
}

static void write_elsewhere(struct lyap_document *d, const struct lyap_rate_state *state) {
    const size_t best = lyap_bifurcation_best(&state->bifurcation);
    int brought = 0, bounded = 0;
    for (int i = 0; i < LYAP_BIFURCATION_CASES; i++) {
        bounded += lyap_bifurcation_is_bounded(&state->bifurcation.diagram[i]);
        brought += lyap_bifurcation_is_brought(&state->bifurcation.diagram[i]);
    }
    if (best == LYAP_BIFURCATION_CASES) return;
    const struct lyap_bifurcation_diagram *g = &state->bifurcation.diagram[best];
    lyap_document_paragraph(
        d,
        "%s Of %d combinations of network, data and starts, %d stay bounded at every learning rate that was tried. In "
        "%d of these no start is chaotic at the lowest rate while surely more than one in ten is at a larger one. The "
        "largest share is %.3g %% (95 %% interval %.3g to %.3g %%; the rate is chosen on one half of the starts and "
        "the share taken from the other): %s.",
        brought ? "Other networks do become chaotic by the learning rate alone." : "Other networks were tried.",
        (int)LYAP_BIFURCATION_CASES, bounded, brought, 100 * g->share.value, 100 * g->share.low, 100 * g->share.high,
        lyap_bifurcation_cases[best].text);
}

static enum lyap_status write(struct lyap_report *report, void *context, struct lyap_error *error) {
    const struct lyap_rate_state *state = context;
    struct lyap_document *d = lyap_report_document(report);
    draw(d, state);
    write_table(d, state);
    write_onset(d, state);
    write_kinds(d, state);
    lyap_rate_explain(d, state);
    write_elsewhere(d, state);
    lyap_rate_appendix(report, state);
    lyap_rate_verdicts(report, state);
    enum lyap_status status = lyap_bifurcation_write(report, &state->bifurcation, error);
    return status ? status : lyap_rate_data(report, state, error);
}

static const char *const figures[] = {
    "C1-sweep", "C1-onset", "C1-regimes", "C1-edge", "C1-bifurcation-xor", "C1-bifurcation-more", NULL};

const struct lyap_section lyap_section_rate = {
    .id = "C1",
    .title = "Does the learning rate make the weights' dynamics chaotic?",
    .part = LYAP_PART_C1,
    .weight = 34,
    .compute = lyap_rate_compute,
    .write = write,
    .release = lyap_rate_release,
    .tables = lyap_rate_tables,
    .figures = figures,
};
