/* C1: text, tables and figures. */
#include <math.h>
#include <stdlib.h>

#include "paper/published.h"
#include "report/rate/rate.h"
#include "report/frame/section.h"
#include "lyapgrad/network.h"
#include "lyapgrad/regime.h"
#include "lyapgrad/status.h"

static const char *activation(int panel) {
    return lyap_activation_name(lyap_paper_activation[panel]);
}

static double percent(uint64_t part, uint64_t whole) {
    return whole ? 100 * (double)part / (double)whole : 0;
}

/* Scratch columns of the figures: [LYAP_PANELS][COLUMNS][LYAP_RATE_GRID]. */
enum { COLUMNS = LYAP_REGIME_COUNT };

/* The regimes in the order of the tables and the picture. */
static const struct {
    enum lyap_regime regime;
    int colour; /* above 7: dashed */
} shown[LYAP_REGIME_COUNT] = {{LYAP_DIVERGED, 6},   {LYAP_DEAD_REGIME, 7}, {LYAP_STILL, 2},     {LYAP_PERIODIC, 3},
                              {LYAP_CONVERGING, 0}, {LYAP_NEUTRAL, 8},     {LYAP_TRANSIENT, 1}, {LYAP_UNBOUNDED, 4},
                              {LYAP_UNDECIDED, 9},  {LYAP_CHAOTIC, 5}};
struct columns {
    double value[LYAP_PANELS][COLUMNS][LYAP_RATE_GRID];
    double published_lr[LYAP_PUBLISHED_RATES], published[LYAP_PANELS][LYAP_PUBLISHED_RATES];
    struct lyap_chart chart;
};

static struct lyap_panel *panel_of(struct columns *c, int a, const char *x, const char *y) {
    struct lyap_panel *panel = &c->chart.panel[a];
    *panel = (struct lyap_panel){.title = activation(a), .x = {.title = x}, .y = {.title = y}};
    panel->x.logarithmic = true;
    c->chart.count = c->chart.columns = LYAP_PANELS;
    return panel;
}

static void draw_sweep(struct lyap_document *d, const struct lyap_rate_state *state, struct columns *c) {
    size_t published = 0;
    for (int i = 0; i < LYAP_PAPER_RATES; i++) {
        double value;
        if (!lyap_published_at(i, 0, &value) || published == LYAP_PUBLISHED_RATES) continue;
        c->published_lr[published] = lyap_paper_rate(i);
        for (int a = 0; a < LYAP_PANELS; a++) lyap_published_at(i, a, &c->published[a][published]);
        published++;
    }
    for (int a = 0; a < LYAP_PANELS; a++) {
        struct lyap_panel *panel = panel_of(c, a, "learning rate", "exponent (nats)");
        const struct lyap_rate_sweep *single = &state->sweep[a][0][1], *both = &state->sweep[a][1][1];
        for (int v = 0; v < LYAP_RATE_GRID; v++) {
            for (int q = 0; q < 3; q++) c->value[a][q][v] = single->quartile[v][q];
            c->value[a][3][v] = both->quartile[v][1];
        }
        struct lyap_mark_series *band =
            lyap_panel_add(panel, LYAP_MARK_BAND, "quartiles, float32", 0, LYAP_RATE_GRID, state->grid, NULL);
        band->low = c->value[a][0];
        band->high = c->value[a][2];
        lyap_panel_add(panel, LYAP_MARK_LINE, "median, float32", 0, LYAP_RATE_GRID, state->grid, c->value[a][1]);
        lyap_panel_add(panel, LYAP_MARK_LINE, "median, float64", 1, LYAP_RATE_GRID, state->grid, c->value[a][3])
            ->dashed = true;
        lyap_panel_add(panel, LYAP_MARK_POINTS, "published", 7, published, c->published_lr, c->published[a]);
        lyap_panel_line(panel, false, 0, NULL);
    }
    lyap_document_figure(d, "C1-sweep", &c->chart,
                         "The published sweep with %llu starts at each of %d learning rates: quartiles of the exponent "
                         "over %u epochs, beside "
                         "the published values. Starts whose ReLUs were all off from the first have an exponent of "
                         "exactly 0 and are left out; the "
                         "published zeros are such starts.",
                         ull(state->sweep[0][0][1].starts), (int)LYAP_RATE_GRID, (unsigned)lyap_rate_epochs[1]);
}

static void draw_onset(struct lyap_document *d, const struct lyap_rate_state *state, struct columns *c) {
    static const char *const label[] = {"5 epochs", "100 epochs", "1000 epochs"};
    for (int a = 0; a < LYAP_PANELS; a++) {
        struct lyap_panel *panel = panel_of(c, a, "learning rate", "share of positive exponents");
        panel->y.high = 1;
        for (int h = 0; h < LYAP_RATE_HORIZONS; h++)
            for (int p = 0; p < LYAP_RATE_PRECISIONS; p++) {
                const struct lyap_rate_sweep *s = &state->sweep[a][p][h];
                double *y = c->value[a][2 * h + p];
                for (int v = 0; v < LYAP_RATE_GRID; v++)
                    y[v] = s->counted[v] >= LYAP_SIGN_LEAST ? (double)s->positive[v] / (double)s->counted[v] : NAN;
                lyap_panel_add(panel, LYAP_MARK_LINE, p == 0 ? label[h] : NULL, h, LYAP_RATE_GRID, state->grid, y)
                    ->dashed = p == 1;
            }
        lyap_panel_line(panel, false, 0.5, NULL);
    }
    lyap_document_figure(
        d, "C1-onset", &c->chart,
        "The share of starts with a positive exponent, of those that are not dead with an exponent of 0, in "
        "float32 (solid) and float64 (dashed). Where a curve passes one half the median exponent is 0. Values with "
        "fewer "
        "than %d such starts are left out.",
        (int)LYAP_SIGN_LEAST);
}

static void draw_regimes(struct lyap_document *d, const struct lyap_rate_state *state, struct columns *c) {
    for (int a = 0; a < LYAP_PANELS; a++) {
        const struct lyap_rate_regimes *r = &state->regimes[a];
        struct lyap_panel *panel = panel_of(c, a, "learning rate", "share of starts");
        panel->y.high = 1;
        for (int k = 0; k < LYAP_REGIME_COUNT; k++) {
            const enum lyap_regime regime = shown[k].regime;
            bool any = false;
            for (int v = 0; v < LYAP_RATE_GRID; v++) {
                uint64_t n = regime == LYAP_CHAOTIC ? r->confirmed[v] : r->count[v][regime];
                c->value[a][k][v] = (double)n / (double)r->starts;
                any = any || n > 0;
            }
            if (any || regime == LYAP_CHAOTIC)
                lyap_panel_add(panel, LYAP_MARK_LINE, lyap_regime_name(regime), shown[k].colour, LYAP_RATE_GRID,
                               state->grid, c->value[a][k])
                    ->dashed = shown[k].colour > 7;
        }
    }
    lyap_document_figure(d, "C1-regimes", &c->chart,
                         "What becomes of %llu starts over %u steps in tangent space, of which the exponent is "
                         "measured over the last %u. "
                         "Chaotic: confirmed over %u times as many steps.",
                         ull(state->regimes[0].starts), (unsigned)state->steps,
                         (unsigned)(state->steps - state->transient), (unsigned)state->again);
}

static void draw_edge(struct lyap_document *d, const struct lyap_rate_state *state, struct columns *c) {
    for (int a = 0; a < LYAP_PANELS; a++) {
        const struct lyap_edge *e = &state->edge[a];
        double *diagonal = c->value[a][0]; /* as long as the onsets and the edges, so that the axes fit these */
        diagonal[0] = INFINITY;
        diagonal[1] = 0;
        for (size_t i = 0; i < (size_t)e->starts; i++) {
            if (!isfinite(e->onset[i])) continue;
            diagonal[0] = fmin(diagonal[0], fmin(e->onset[i], e->run[i]));
            diagonal[1] = fmax(diagonal[1], fmax(e->onset[i], e->run[i]));
        }
        struct lyap_panel *panel = panel_of(c, a, "2/sharpness", "onset (learning rate)");
        panel->y.logarithmic = true;
        lyap_panel_add(panel, LYAP_MARK_POINTS, "of the start", 0, (size_t)e->starts, e->first, e->onset);
        lyap_panel_add(panel, LYAP_MARK_POINTS, "largest along the run", 1, (size_t)e->starts, e->run, e->onset);
        lyap_panel_add(panel, LYAP_MARK_LINE, "equal", 7, 2, diagonal, diagonal)->dashed = true;
    }
    lyap_document_figure(
        d, "C1-edge", &c->chart,
        "The learning rate from which a start's exponent over %u epochs is positive, against the edge of stability "
        "2/sharpness, float64. One point a start; where the largest sharpness is that of the start, one lies on the "
        "other.",
        (unsigned)lyap_rate_epochs[1]);
}

struct onset_row {
    const struct lyap_rate_state *state;
    int panel, horizon;
};
static const struct lyap_rate_sweep *sweep_of(const struct onset_row *r, int precision) {
    return &r->state->sweep[r->panel][precision][r->horizon];
}
static void onset_cell(struct lyap_document *d, const struct lyap_rate_sweep *s) {
    if (s->crosses)
        lyap_document_cell(d, "%.4g", s->crossing.value);
    else
        lyap_document_cell(d, "nowhere");
}
static void interval_cell(struct lyap_document *d, const struct lyap_rate_sweep *s) {
    if (s->crosses)
        lyap_document_cell(d, "%.4g to %.4g", s->crossing.low, s->crossing.high);
    else
        lyap_document_cell(d, "-");
}
static void time_cell(struct lyap_document *d, const struct lyap_rate_sweep *s, uint32_t epochs) {
    if (s->crosses)
        lyap_document_cell(d, "%.3g", s->crossing.value * epochs);
    else
        lyap_document_cell(d, "-");
}
LYAP_CELL(onset_activation, struct onset_row, lyap_document_cell(d, "%s", activation(r->panel)))
LYAP_CELL(onset_epochs, struct onset_row, lyap_document_cell(d, "%u", (unsigned)lyap_rate_epochs[r->horizon]))
LYAP_CELL(onset_float32, struct onset_row, onset_cell(d, sweep_of(r, 0)))
LYAP_CELL(onset_95_interval, struct onset_row, interval_cell(d, sweep_of(r, 0)))
LYAP_CELL(onset_float64, struct onset_row, onset_cell(d, sweep_of(r, 1)))
LYAP_CELL(onset_95_interval_2, struct onset_row, interval_cell(d, sweep_of(r, 1)))
LYAP_CELL(onset_onset_times_epochs, struct onset_row, time_cell(d, sweep_of(r, 1), lyap_rate_epochs[r->horizon]))

static const struct lyap_document_column onset_columns[] = {
    {"activation", onset_activation},
    {"epochs", onset_epochs},
    {"float32", onset_float32},
    {"95 % interval", onset_95_interval},
    {"float64", onset_float64},
    {"95 % interval", onset_95_interval_2},
    {"onset times epochs", onset_onset_times_epochs},
};

static void write_onsets(struct lyap_document *d, const struct lyap_rate_state *state) {
    lyap_document_columns(d, "Learning rate at which the median exponent passes zero", LYAP_COLUMNS(onset_columns));
    for (int a = 0; a < LYAP_PANELS; a++)
        for (int h = 0; h < LYAP_RATE_HORIZONS; h++)
            lyap_document_row(d, LYAP_COLUMNS(onset_columns), &(const struct onset_row){state, a, h});
    lyap_document_table_end(d);
    /* Does the onset fall as one over the time? Then growth is that of gradient flow, which knows no step. */
    for (int a = 0; a < LYAP_PANELS; a++) {
        const struct lyap_rate_sweep *at = &state->sweep[a][1][1], *later = &state->sweep[a][1][2];
        if (!at->crosses || !later->crosses) continue;
        double rate = at->crossing.value / later->crossing.value,
               time = (double)lyap_rate_epochs[2] / lyap_rate_epochs[1];
        if (rate > time / 2)
            lyap_document_item(
                d,
                "%s: with %.3g times the epochs the onset is %.3g times lower. What decides is the product of learning "
                "rate and epochs, the time of the gradient flow, and not the size of the step: the growth is "
                "that of a smooth flow past a saddle or off a plateau, which chaos of the discrete map is not.",
                activation(a), time, rate);
        else if (rate < 1.5 && rate > 1 / 1.5)
            lyap_document_item(
                d,
                "%s: with %.3g times the epochs the onset stays within a factor of %.3g. It belongs to the size of the "
                "step, as an instability of the discrete map does.",
                activation(a), time, rate > 1 ? rate : 1 / rate);
        else
            lyap_document_item(d, "%s: with %.3g times the epochs the onset is %.3g times lower.", activation(a), time,
                               rate);
    }
}

/* A table's heads: two columns of its own, every regime, and what a second look confirms. */
static void start_table(struct lyap_document *d, const char *title, const char *first, const char *second) {
    char text[LYAP_REGIME_COUNT][32];
    const char *heads[LYAP_REGIME_COUNT + 3] = {first, second};
    for (int k = 0; k < LYAP_REGIME_COUNT; k++) {
        const enum lyap_regime regime = shown[k].regime;
        snprintf(text[k], sizeof text[k], "%s%s %%", regime == LYAP_CHAOTIC ? "called " : "", lyap_regime_name(regime));
        heads[2 + k] = text[k];
    }
    heads[LYAP_REGIME_COUNT + 2] = "confirmed %";
    lyap_document_table(d, title, LYAP_REGIME_COUNT + 3, heads);
}

static void write_shares(struct lyap_document *d, const uint64_t count[LYAP_REGIME_COUNT], uint64_t confirmed,
                         uint64_t of) {
    for (int k = 0; k < LYAP_REGIME_COUNT; k++) lyap_document_cell(d, "%.3g", percent(count[shown[k].regime], of));
    lyap_document_cell(d, "%.3g", percent(confirmed, of));
}

static void write_regimes(struct lyap_document *d, const struct lyap_rate_state *state) {
    static const double wanted[] = {0.1, 0.4, 0.8, 2, 4.4, 8.8, 19.2};
    start_table(d, "Regimes of the published networks", "activation", "learning rate");
    for (int a = 0; a < LYAP_PANELS; a++)
        for (size_t k = 0; k < sizeof wanted / sizeof *wanted; k++) {
            const struct lyap_rate_regimes *r = &state->regimes[a];
            int v = 0;
            for (int i = 1; i < LYAP_RATE_GRID; i++)
                if (fabs(state->grid[i] - wanted[k]) < fabs(state->grid[v] - wanted[k])) v = i;
            lyap_document_cell(d, "%s", activation(a));
            lyap_document_cell(d, "%.4g", state->grid[v]);
            write_shares(d, r->count[v], r->confirmed[v], r->starts);
        }
    lyap_document_table_end(d);
}

static void write_positive(struct lyap_document *d, const struct lyap_rate_state *state) {
    start_table(d, "What positive exponents over 100 epochs are: the regimes of the same starts and learning rates",
                "activation", "positive exponents");
    for (int a = 0; a < LYAP_PANELS; a++) {
        const struct lyap_rate_regimes *r = &state->regimes[a];
        lyap_document_cell(d, "%s", activation(a));
        lyap_document_cell(d, "%llu", ull(r->positive));
        write_shares(d, r->positive_regime, r->positive_confirmed, r->positive);
    }
    lyap_document_table_end(d);
}

static void write_edge(struct lyap_report *report, struct lyap_document *d, const struct lyap_rate_state *state) {
    for (int a = 0; a < LYAP_PANELS; a++) {
        const struct lyap_edge *e = &state->edge[a];
        if (!e->compared) {
            lyap_document_item(d, "%s: %llu of %llu starts have an onset, too few with an edge to compare.",
                               activation(a), ull(e->with_onset), ull(e->starts));
            continue;
        }
        lyap_document_item(d,
                           "%s: %llu of %llu starts have an onset. It lies at %.3g (95 %% interval %.3g to %.3g) times "
                           "2/sharpness of the start, "
                           "in the median, and at %.3g (%.3g to %.3g) times that of the largest sharpness along the "
                           "run below the onset; rank "
                           "correlations %.3f (%.3f to %.3f; p = %.2g, adjusted) and %.3f (%.3f to %.3f). For %llu of "
                           "them the growth at the onset is no "
                           "instability of the step: the run stays bounded and meets no curvature of 2/lr; %llu of "
                           "these meet a negative "
                           "curvature, along which neighbours separate at any learning rate.",
                           activation(a), ull(e->with_onset), ull(e->starts), e->ratio_first.value, e->ratio_first.low,
                           e->ratio_first.high, e->ratio_run.value, e->ratio_run.low, e->ratio_run.high,
                           e->rank_first.value, e->rank_first.low, e->rank_first.high,
                           lyap_report_adjusted(report, e->test), e->rank_run.value, e->rank_run.low, e->rank_run.high,
                           ull(e->flat), ull(e->saddle));
    }
}

static enum lyap_status write(struct lyap_report *report, void *context, struct lyap_error *error) {
    const struct lyap_rate_state *state = context;
    struct lyap_document *d = lyap_report_document(report);
    struct columns *c = lyap_report_room(1, sizeof *c, error);
    if (!c) return LYAP_ERROR_MEMORY;
    lyap_document_paragraph(d,
                            "The published sweep has one start at each of %d learning rates. Here the same protocol "
                            "(XOR, 2-2-1, %d neighbours) has %llu starts (%llu "
                            "over %u epochs), the same ones at every learning rate, at %d learning rates: the "
                            "published ones and more where the signs "
                            "change. The exponent is the published one, a mean of cumulative log ratios over the "
                            "epochs. Intervals resample the starts.",
                            (int)LYAP_PAPER_RATES, (int)LYAP_PAPER_NEIGHBOURS, ull(state->sweep[0][0][1].starts),
                            ull(state->sweep[0][0][2].starts), (unsigned)lyap_rate_epochs[2], (int)LYAP_RATE_GRID);
    draw_sweep(d, state, c);
    lyap_document_heading(d, 3, "Where the exponent turns positive");
    draw_onset(d, state, c);
    write_onsets(d, state);
    lyap_document_heading(d, 3, "What a positive exponent is");
    lyap_document_paragraph(d,
                            "Each of the first %llu starts is followed in tangent space, in float64, over %u steps; "
                            "its exponent is measured after %u of them. A "
                            "cell that is called chaotic there (bounded loss, exponent above 0 with its interval) is "
                            "looked at again over %u times as many steps and "
                            "as long a transient, and confirmed if the exponent has not fallen below half: the slow "
                            "drift along a plateau gives "
                            "positive exponents that fall as one over the time. The largest sharpness of the second "
                            "look must be above 2/lr as well: below, every step lowers the loss, "
                            "and nothing can recur.",
                            ull(state->regimes[0].starts), (unsigned)state->steps, (unsigned)state->transient,
                            (unsigned)state->again);
    draw_regimes(d, state, c);
    write_regimes(d, state);
    write_positive(d, state);
    lyap_document_paragraph(
        d, "The regimes are those of lyapgrad/regime.h. Transient: a tangent grew by more than 10 nats "
           "for a time, while the exponent is not above 0. Still, with a positive exponent: an "
           "unstable minimum at which rounding holds the weights. A dead network "
           "with a positive exponent separated from its neighbours before all its ReLUs went off; "
           "then nothing moves any more.");
    lyap_document_heading(d, 3, "Onset and edge of stability");
    draw_edge(d, state, c);
    write_edge(report, d, state);
    lyap_document_paragraph(d,
                            "What would explain it otherwise: regimes are told from %u steps, and chaos that sets in "
                            "later, or that is weaker than the "
                            "interval of the exponent, is missed; the onset of a start is the first of %d learning "
                            "rates, %.1f %% apart, with a positive "
                            "exponent, so a start that turns back to negative at larger ones counts from the first.",
                            (unsigned)state->steps, (int)LYAP_RATE_EDGE,
                            100 * (state->edge[0].grid[1] / state->edge[0].grid[0] - 1));
    lyap_rate_verdicts(report, state);
    free(c);
    return lyap_rate_data(report, state, error);
}

static const char *const figures[] = {"C1-sweep", "C1-onset", "C1-regimes", "C1-edge", NULL};

const struct lyap_section lyap_section_rate = {
    .id = "C1",
    .title = "Does the learning rate make the weights' dynamics chaotic?",
    .part = LYAP_PART_C1,
    .weight = 25,
    .compute = lyap_rate_compute,
    .write = write,
    .release = lyap_rate_release,
    .tables = lyap_rate_tables,
    .figures = figures,
};
