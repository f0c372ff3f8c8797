/* P: text, tables, figures and verdicts. */
#include <math.h>
#include <stdlib.h>

#include "report/published/published.h"
#include "report/common/sample.h"
#include "report/frame/section.h"
#include "lyapgrad/inference.h"
#include "lyapgrad/network.h"
#include "lyapgrad/precision.h"
#include "lyapgrad/statistics.h"
#include "lyapgrad/status.h"

enum { LEAST_STARTS = 200 };

static const char *activation(size_t panel) {
    return lyap_activation_name(lyap_paper_activation[panel]);
}

static void describe(const struct lyap_candidate *c, char text[64]) {
    snprintf(text, 64, "%u epochs%s%s", (unsigned)c->epochs, c->precision == LYAP_FLOAT64 ? ", float64" : "",
             c->window ? "" : ", any initial loss");
}

static const char *place_of(const struct lyap_rank_of *r) {
    if (r->within) return "within";
    return r->equal == 0 && (r->below == 0 || r->below == r->counted) ? "beyond all" : "outside";
}
struct number_row {
    const char *lr;
    size_t panel;
    const struct lyap_rank_of *rank;
};
LYAP_CELL(number_learning_rate, struct number_row, lyap_document_cell(d, "%s", r->lr))
LYAP_CELL(number_activation, struct number_row, lyap_document_cell(d, "%s", activation(r->panel)))
LYAP_CELL(number_published, struct number_row, lyap_document_cell(d, "%.4g", r->rank->published))
LYAP_CELL(number_our_median, struct number_row, lyap_document_cell(d, "%.4g", r->rank->median))
LYAP_CELL(number_our_central_95, struct number_row, lyap_document_cell(d, "%.4g to %.4g", r->rank->low, r->rank->high))
LYAP_CELL(number_dead, struct number_row,
          lyap_document_cell(d, "%.3g", r->rank->counted ? 100 * (double)r->rank->dead / (double)r->rank->counted : 0))
LYAP_CELL(number_rank, struct number_row, lyap_document_cell(d, "%.2f", 100 * r->rank->rank))
LYAP_CELL(number_place, struct number_row, lyap_document_cell(d, "%s", place_of(r->rank)))

static const struct lyap_document_column number_columns[] = {
    {"learning rate", number_learning_rate},
    {"activation", number_activation},
    {"published", number_published},
    {"our median", number_our_median},
    {"our central 95 %", number_our_central_95},
    {"dead %", number_dead},
    {"rank %", number_rank},
    {"place", number_place},
};

static void write_numbers(struct lyap_document *d, const struct lyap_published_state *state) {
    const struct lyap_candidate *c = &state->candidate[state->assumed];
    lyap_document_columns(d, "The published sweep among ours, 100 epochs, float32 (nats)",
                          LYAP_COLUMNS(number_columns));
    for (size_t i = 0; i < LYAP_PUBLISHED_SWEEP; i++)
        lyap_document_row(d, LYAP_COLUMNS(number_columns),
                          &(const struct number_row){lyap_published_rates[i % LYAP_PUBLISHED_RATES].lr,
                                                     i / LYAP_PUBLISHED_RATES, &c->rank[i]});
    lyap_document_table_end(d);
    lyap_document_columns(d, "The published mean exponents per step among ours, 100 epochs, float32 (nats per step)",
                          LYAP_COLUMNS(number_columns));
    for (int i = 0; i < LYAP_PUBLISHED_STEPS; i++)
        for (size_t a = 0; a < LYAP_PANELS; a++) {
            char lr[32];
            snprintf(lr, sizeof lr, "%g", lyap_published_steps[i].lr);
            lyap_document_row(d, LYAP_COLUMNS(number_columns), &(const struct number_row){lr, a, &state->step[i][a]});
        }
    lyap_document_table_end(d);
}

static void settings_cell(struct lyap_document *d, const struct lyap_candidate *c) {
    char text[64];
    describe(c, text);
    lyap_document_cell(d, "%s", text);
}
LYAP_CELL(candidate_settings, struct lyap_candidate, settings_cell(d, r))
LYAP_CELL(candidate_within_95, struct lyap_candidate,
          lyap_document_cell(d, "%llu of %d", ull(r->within), (int)LYAP_PUBLISHED_SWEEP))
LYAP_CELL(candidate_beyond_all, struct lyap_candidate, lyap_document_cell(d, "%llu", ull(r->beyond)))
LYAP_CELL(candidate_p_binomial, struct lyap_candidate, lyap_p_cell(d, r->binomial))
LYAP_CELL(candidate_p_uniform_ranks, struct lyap_candidate, lyap_p_cell(d, r->kolmogorov))
LYAP_CELL(candidate_ln_chance, struct lyap_candidate, lyap_document_cell(d, "%.1f", r->log_chance))
LYAP_CELL(candidate_linear, struct lyap_candidate, lyap_document_cell(d, "%.1f", r->panel_log_chance[0]))
LYAP_CELL(candidate_sigmoid, struct lyap_candidate, lyap_document_cell(d, "%.1f", r->panel_log_chance[1]))
LYAP_CELL(candidate_relu, struct lyap_candidate, lyap_document_cell(d, "%.1f", r->panel_log_chance[2]))

static const struct lyap_document_column candidate_columns[] = {
    {"settings", candidate_settings},
    {"within 95 %", candidate_within_95},
    {"beyond all", candidate_beyond_all},
    {"p, binomial", candidate_p_binomial},
    {"p, uniform ranks", candidate_p_uniform_ranks},
    {"ln chance", candidate_ln_chance},
    {"linear", candidate_linear},
    {"sigmoid", candidate_sigmoid},
    {"relu", candidate_relu},
};

static void write_candidates(struct lyap_document *d, const struct lyap_published_state *state) {
    lyap_document_columns(d, "Settings that the published sweep may have been made with",
                          LYAP_COLUMNS(candidate_columns));
    for (size_t i = 0; i < LYAP_CANDIDATES; i++)
        lyap_document_row(d, LYAP_COLUMNS(candidate_columns), &state->candidate[i]);
    lyap_document_table_end(d);
}

static void draw(struct lyap_document *d, const struct lyap_published_state *state) {
    struct lyap_chart *chart = lyap_document_room(d, 1, sizeof *chart);
    double rank[3][LYAP_PUBLISHED_SWEEP], share[LYAP_PUBLISHED_SWEEP], epochs[LYAP_CANDIDATES],
        chance[LYAP_PANELS + 1][LYAP_CANDIDATES];
    const size_t drawn[] = {state->by_script, state->assumed, state->best};
    char label[3][64];
    size_t count = state->best == state->assumed || state->best == state->by_script ? 2 : 3, n = 0;
    if (!chart) return;
    chart->count = chart->columns = 2;
    struct lyap_panel *left = &chart->panel[0], *right = &chart->panel[1];
    left->title = "Ranks of the published sweep among ours";
    left->x = (struct lyap_axis){"rank", false, 0, 1};
    left->y = (struct lyap_axis){"share of published values below", false, 0, 1};
    for (size_t i = 0; i < LYAP_PUBLISHED_SWEEP; i++) share[i] = ((double)i + 0.5) / LYAP_PUBLISHED_SWEEP;
    for (size_t k = 0; k < count; k++) {
        for (size_t i = 0; i < LYAP_PUBLISHED_SWEEP; i++) rank[k][i] = state->candidate[drawn[k]].rank[i].spread_rank;
        lyap_sort(rank[k], LYAP_PUBLISHED_SWEEP);
        describe(&state->candidate[drawn[k]], label[k]);
        lyap_panel_add(left, LYAP_MARK_STEPS, label[k], (int)k, LYAP_PUBLISHED_SWEEP, rank[k], share);
    }
    static const double ends[] = {0, 1};
    lyap_panel_add(left, LYAP_MARK_LINE, "fair starts", 7, 2, ends, ends)->dashed = true;
    right->title = "Chance of values as near as the published";
    right->x = (struct lyap_axis){.title = "epochs", .logarithmic = true};
    right->y.title = "ln chance";
    for (size_t i = 0; i < LYAP_CANDIDATES; i++) {
        const struct lyap_candidate *c = &state->candidate[i];
        if (c->precision != LYAP_FLOAT32 || !c->window) continue;
        epochs[n] = c->epochs;
        for (int a = 0; a < LYAP_PANELS; a++) chance[a][n] = c->panel_log_chance[a];
        chance[LYAP_PANELS][n++] = c->log_chance;
    }
    for (size_t a = 0; a < LYAP_PANELS; a++)
        lyap_panel_add(right, LYAP_MARK_LINE, activation(a), (int)a, n, epochs, chance[a]);
    lyap_panel_add(right, LYAP_MARK_LINE, "all", 5, n, epochs, chance[LYAP_PANELS]);
    lyap_document_figure(d, "P-settings", chart,
                         "Left: the ranks of the %d published values among our %llu starts, which are uniform if each "
                         "is a fair start. Right: the "
                         "logarithm of the chance of a start within a tenth of each published value, summed, by the "
                         "number of epochs (float32).",
                         (int)LYAP_PUBLISHED_SWEEP, ull(state->starts));
    free(chart);
}

static void verdict_fair(struct lyap_report *report, const struct lyap_published_state *state) {
    const char *claim = "The published numbers are those of fair starts of the published protocol";
    const struct lyap_candidate *c = &state->candidate[state->assumed];
    double inside = lyap_report_adjusted(report, state->test_binomial),
           uniform = lyap_report_adjusted(report, state->test_kolmogorov);
    if (state->starts < LEAST_STARTS) {
        lyap_report_verdict(report, "Pa", claim, LYAP_CANNOT_BE_TOLD, "%llu starts are too few for ranks.",
                            ull(state->starts));
        return;
    }
    enum lyap_verdict verdict = inside >= 0.05 && uniform >= 0.05                 ? LYAP_HOLDS
                                : 5 * state->within >= 4 * LYAP_PUBLISHED_NUMBERS ? LYAP_HOLDS_IN_PART
                                                                                  : LYAP_DOES_NOT_HOLD;
    uint64_t beyond = c->beyond;
    lyap_report_verdict(
        report, "Pa", claim, verdict,
        "With 100 epochs %llu of %d lie within the central 95 %% of our starts (%.1f are expected; p = %.2g, "
        "adjusted), the ranks of the "
        "sweep are uniform at p = %.2g (adjusted), and %llu values of the sweep lie beyond all of our %llu starts.",
        ull(state->within), (int)LYAP_PUBLISHED_NUMBERS, 0.95 * LYAP_PUBLISHED_NUMBERS, inside, uniform, ull(beyond),
        ull(state->starts));
}

static void verdict_settings(struct lyap_report *report, const struct lyap_published_state *state) {
    const char *claim = "The published sweep was made with 100 epochs, not with the scripts' 5";
    const struct lyap_candidate *script = &state->candidate[state->by_script],
                                *assumed = &state->candidate[state->assumed], *best = &state->candidate[state->best];
    char text[64];
    describe(best, text);
    const struct lyap_estimate *over = &state->over_script, *behind = &state->behind_best;
    if (state->starts < LEAST_STARTS || !state->compared) {
        lyap_report_verdict(report, "Pb", claim, LYAP_CANNOT_BE_TOLD, "%llu starts are too few for the chances.",
                            ull(state->starts));
        return;
    }
    lyap_report_verdict(report, "Pb", claim,
                        over->high < 0                                      ? LYAP_DOES_NOT_HOLD
                        : over->low <= 0                                    ? LYAP_CANNOT_BE_TOLD
                        : state->best == state->assumed || behind->low <= 0 ? LYAP_HOLDS
                                                                            : LYAP_HOLDS_IN_PART,
                        "Values as near ours as the published are exp(%.1f) times as likely with 100 epochs as with 5 "
                        "(95 %% interval of the exponent %.1f to "
                        "%.1f; %llu against %llu of %d within the central 95 %%). Of the %d settings tried %s is the "
                        "likeliest, by exp(%.1f) over 100 epochs (%.1f "
                        "to %.1f).",
                        over->value, over->low, over->high, ull(assumed->within), ull(script->within),
                        (int)LYAP_PUBLISHED_SWEEP, (int)LYAP_CANDIDATES, text, behind->value, behind->low,
                        behind->high);
}

static enum lyap_status write(struct lyap_report *report, void *context, struct lyap_error *error) {
    const struct lyap_published_state *state = context;
    struct lyap_document *d = lyap_report_document(report);
    lyap_document_paragraph(d,
                            "Each published number is one random start. If it is a fair one, its rank among many of "
                            "ours with the same settings is uniform between 0 and "
                            "1, and 19 of 20 lie within our central 95 %%. Ours are %llu starts a setting. Dead "
                            "networks count with their exponent of 0, and a published 0 "
                            "has the rank of a random one among the equal ones.",
                            ull(state->starts));
    draw(d, state);
    write_candidates(d, state);
    write_numbers(d, state);
    lyap_document_paragraph(d,
                            "Sources: %s; %s; %s. What would explain it otherwise: values read off a figure are "
                            "rounded; the three panels and the learning "
                            "rates are taken as independent starts, and if the published sweep used one start for "
                            "several of them, fewer values than "
                            "these speak, and the tests say too much. A chance within a tenth of the value compares "
                            "settings with each other and is no test "
                            "by itself.",
                            lyap_published_rates_source, lyap_published_steps[0].source,
                            lyap_published_steps[1].source);
    verdict_fair(report, state);
    verdict_settings(report, state);
    return lyap_published_data(report, state, error);
}

static const char *const figures[] = {"P-settings", NULL};

const struct lyap_section lyap_section_published = {
    .id = "P",
    .title = "Are the published numbers those of fair starts, and how were they made?",
    .part = LYAP_PART_APPENDIX,
    .weight = 3,
    .compute = lyap_published_compute,
    .write = write,
    .release = lyap_published_release,
    .tables = lyap_published_tables,
    .figures = figures,
};
