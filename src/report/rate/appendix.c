/* C1: protocols, further figures and the steps' numbers, for the appendix. */
#include <math.h>
#include <stdlib.h>

#include "report/common/sample.h"
#include "report/rate/rate.h"

/* Scratch columns of the figures: [LYAP_PANELS][COLUMNS][LYAP_RATE_GRID]. */
enum { COLUMNS = LYAP_REGIME_COUNT };

/* The regimes in the order of the picture. */
static const struct {
    enum lyap_regime regime;
    int colour; /* above 7: dashed */
} shown[LYAP_REGIME_COUNT] = {{LYAP_DIVERGED, 6},   {LYAP_DEAD_REGIME, 7}, {LYAP_STILL, 2},     {LYAP_PERIODIC, 3},
                              {LYAP_CONVERGING, 0}, {LYAP_NEUTRAL, 8},     {LYAP_TRANSIENT, 1}, {LYAP_UNBOUNDED, 4},
                              {LYAP_UNDECIDED, 9},  {LYAP_CHAOTIC, 5}};
struct columns {
    double value[LYAP_PANELS][COLUMNS][LYAP_RATE_GRID];
    struct lyap_chart chart;
};

static struct lyap_panel *panel_of(struct columns *c, int a, const char *x, const char *y) {
    struct lyap_panel *panel = &c->chart.panel[a];
    *panel = (struct lyap_panel){.title = lyap_rate_activation(a), .x = {.title = x}, .y = {.title = y}};
    panel->x = (struct lyap_axis){x, true, 0.009, 22};
    c->chart.count = c->chart.columns = LYAP_PANELS;
    return panel;
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
                if (!lyap_rate_runs(p, h)) continue;
                for (int v = 0; v < LYAP_RATE_GRID; v++)
                    y[v] = s->alive[v] >= LYAP_SIGN_LEAST ? (double)s->alive_positive[v] / (double)s->alive[v] : NAN;
                lyap_panel_add(panel, LYAP_MARK_LINE, p == 0 ? label[h] : "100, float64", p == 0 ? h : 3,
                               LYAP_RATE_GRID, state->grid, y)
                    ->dashed = p == 1;
            }
        lyap_panel_line(panel, false, 0.5, NULL);
    }
    lyap_document_figure(
        d, "C1-onset", &c->chart,
        "The share of positive exponents among the networks that are not dead at the end. Where a curve passes one "
        "half the median exponent is 0. Values with fewer than %d such networks are left out.",
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
                         "measured over the last %u. Chaotic: confirmed over %u times as many steps.",
                         ull(state->regimes[0].starts), (unsigned)state->steps,
                         (unsigned)(state->steps - state->transient), (unsigned)state->again);
}

/* The onsets that are seen, against the edge of the start, at both horizons. */
static void draw_edge(struct lyap_document *d, const struct lyap_rate_state *state) {
    struct drawing {
        struct lyap_chart chart;
        double diagonal[2];
    } *c = lyap_document_room(d, 1, sizeof *c);
    size_t most = 0, k = 0;
    for (int a = 0; a < LYAP_PANELS; a++)
        for (int h = 0; h < LYAP_EDGE_HORIZONS; h++) most += (size_t)state->edge[a][h].starts;
    double *seen = lyap_document_room(d, most, sizeof *seen);
    if (c && seen) {
        c->chart.count = c->chart.columns = LYAP_PANELS;
        c->diagonal[0] = state->edge[0][0].grid[0];
        c->diagonal[1] = state->edge[0][0].grid[LYAP_EDGE_RATES - 1];
        for (int a = 0; a < LYAP_PANELS; a++) {
            struct lyap_panel *panel = &c->chart.panel[a];
            *panel = (struct lyap_panel){.title = lyap_rate_activation(a),
                                         .x = {"2/sharpness of the start", true, 0.1, 200},
                                         .y = {"onset (learning rate)", true, 0.1, 20}};
            for (int h = LYAP_EDGE_HORIZONS - 1; h >= 0; h--) {
                const struct lyap_edge *e = &state->edge[a][h];
                double *y = seen + k;
                for (size_t s = 0; s < (size_t)e->starts; s++) seen[k++] = e->kind[s] == LYAP_SEEN ? e->onset[s] : NAN;
                lyap_panel_add(panel, LYAP_MARK_POINTS, h ? "100 epochs" : "5 epochs", h, (size_t)e->starts,
                               e->limit[0], y);
            }
            lyap_panel_add(panel, LYAP_MARK_LINE, "equal", 7, 2, c->diagonal, c->diagonal)->dashed = true;
        }
        lyap_document_figure(
            d, "C1-edge", &c->chart,
            "The learning rate from which a start's exponent is positive, against the edge of stability 2/sharpness of "
            "the start, float64. One point per start with an onset between the lowest and the highest learning rate; "
            "the text counts the others.");
    }
    free(c);
    free(seen);
}

static void write_edge(struct lyap_report *report, struct lyap_document *d, const struct lyap_edge *e, int a,
                       size_t test) {
    char p[32];
    const struct lyap_edge_compared *first = &e->against[0], *run = &e->against[1];
    if (!first->known || !run->known) {
        lyap_document_item(d,
                           "%s, %u epochs: of %llu starts %llu have an onset inside the grid, %llu at or below the "
                           "lowest rate and %llu none; too few, or half of them beyond the grid, to compare.",
                           lyap_rate_activation(a), (unsigned)e->epochs, ull(e->starts), ull(e->seen), ull(e->below),
                           ull(e->above));
        return;
    }
    lyap_document_item(d,
                       "%s, %u epochs: of %llu starts %llu have an onset inside the grid, %llu at or below the lowest "
                       "rate (%llu of these meet a negative curvature there, along which neighbours separate at any "
                       "rate) and %llu none. Onset over 2/sharpness of the start: median %.3g (%.3g to %.3g), rank "
                       "correlation %.2f (%.2f to %.2f; p %s%s, adjusted). Over 2 over the largest sharpness of the "
                       "run below the onset: %.3g (%.3g to %.3g), %.2f (%.2f to %.2f). At %llu of the onsets the run "
                       "stays bounded and meets no curvature of 2/lr; %llu of these meet a negative curvature.",
                       lyap_rate_activation(a), (unsigned)e->epochs, ull(e->starts), ull(e->seen), ull(e->below),
                       ull(e->below_saddle), ull(e->above), first->ratio.value, first->ratio.low, first->ratio.high,
                       first->rank.value, first->rank.low, first->rank.high,
                       lyap_report_p_text(report, test, p)[0] == '<' ? "" : "= ", p, run->ratio.value, run->ratio.low,
                       run->ratio.high, run->rank.value, run->rank.low, run->rank.high, ull(e->flat), ull(e->saddle));
}

static void write_regimes(struct lyap_document *d, const struct lyap_rate_state *state) {
    const struct lyap_rate_totals t = lyap_rate_total(state);
    lyap_document_paragraph(
        d,
        "Regimes. Each of the first %llu starts is followed in tangent space, in float64, over %u steps; its exponent "
        "is measured after %u of them. A run that is called chaotic there by the rules of lyapgrad/regime.h is looked "
        "at again over %u times as many steps and as long a transient, and confirmed if it is chaotic again, its "
        "exponent has not fallen below half, and the largest sharpness that it meets is above 2/lr: below, every step "
        "lowers the loss, and nothing can recur. Chaos that sets in later, or that is weaker than the interval of the "
        "exponent, is missed. %llu runs that neither diverge nor die have a tangent exponent above %g nats per step; "
        "%llu of them stand still, and in a longer run %llu have the exponent of the linear map there to 1 part in "
        "1000. C1-regimes.csv has every run and its regime.",
        ull(state->regimes[0].starts), (unsigned)state->steps, (unsigned)state->transient, (unsigned)state->again,
        ull(t.growing), lyap_rate_held, ull(t.held), ull(t.held_as_expected));
}

static void cite(struct lyap_report *report) {
    lyap_report_cite(report,
                     "B. W. Turnbull, \"Nonparametric estimation of a survivorship function with doubly censored "
                     "data\", Journal of the American Statistical Association 69, 169-173 (1974)");
    lyap_report_cite(report, "Y. Nesterov, \"Introductory Lectures on Convex Optimization\", Kluwer (2004)");
}

void lyap_rate_appendix(struct lyap_report *report, const struct lyap_rate_state *state) {
    cite(report);
    struct lyap_document *d = lyap_report_appendix(report);
    struct columns *c = lyap_document_room(d, 1, sizeof *c);
    if (!c) return;
    lyap_document_paragraph(d,
                            "Sweep. %llu starts (%llu over %u epochs), the same ones at every learning rate, at %d "
                            "learning rates: the published ones and more where the signs change. A network that is "
                            "dead from the first update has an exponent of exactly 0; one that dies later has that of "
                            "the steps before, spread over the epochs. Neither counts for where the median turns "
                            "positive. Intervals resample the starts %d times. In float64, run over %u epochs, the "
                            "medians turn positive at",
                            ull(state->sweep[0][0][LYAP_RATE_AT].starts), ull(state->sweep[0][0][2].starts),
                            (unsigned)lyap_rate_epochs[2], (int)LYAP_RATE_GRID, (int)LYAP_RESAMPLES,
                            (unsigned)lyap_rate_epochs[LYAP_RATE_AT]);
    for (int a = 0; a < LYAP_PANELS; a++) {
        const struct lyap_rate_sweep *s = &state->sweep[a][1][LYAP_RATE_AT];
        if (s->crosses)
            lyap_document_item(d, "%s: %.4g (%.4g to %.4g).", lyap_rate_activation(a), s->crossing.value,
                               s->crossing.low, s->crossing.high);
        else
            lyap_document_item(d, "%s: no learning rate.", lyap_rate_activation(a));
    }
    draw_onset(d, state, c);
    write_regimes(d, state);
    *c = (struct columns){0};
    draw_regimes(d, state, c);
    lyap_document_paragraph(
        d,
        "Onset and edge of stability. %llu starts, %d learning rates from %g to %g, %.1f %% apart. The onset of a "
        "start is the first rate with a positive exponent. Starts whose exponent is positive at the lowest rate "
        "already, or at none, are censored: the median ratio is that of the maximum-likelihood distribution of doubly "
        "censored values (Turnbull 1974; it takes the bounds as independent of the ratios), and in the rank "
        "correlation they share the lowest and the highest rank. p by %d permutations.",
        ull(state->edge[0][0].starts), (int)LYAP_EDGE_RATES, state->edge[0][0].grid[0],
        state->edge[0][0].grid[LYAP_EDGE_RATES - 1], 100 * (state->edge[0][0].grid[1] / state->edge[0][0].grid[0] - 1),
        (int)LYAP_SHUFFLES);
    draw_edge(d, state);
    for (int a = 0; a < LYAP_PANELS; a++)
        for (int h = 0; h < LYAP_EDGE_HORIZONS; h++)
            write_edge(report, d, &state->edge[a][h], a, state->edge_test[a][h]);
    lyap_document_paragraph(
        d, "Sizes that count. The share of networks that are chaotic has to be above 50 %% with its "
           "interval for C1b and C1c to hold, above 10 %% to hold in part, and below 5 %% not to hold; between these "
           "it cannot be told. C1 holds where C1c does, and in part where the learning rate alone makes another "
           "bounded network chaotic (C1e: no start at the lowest rate, more than one in ten at the best). Of C1d the "
           "conditions are in its verdict.");
    lyap_document_paragraph(
        d, "C1-signs.csv has the sign of every exponent from which the onsets and the number of "
           "changes are resampled, C1-edge.csv every onset, C1-overflow.csv the way to overflow by learning rate.");
    free(c);
}
