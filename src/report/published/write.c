/* P: text, tables, figures and verdicts. */
#include <math.h>
#include <stdlib.h>

#include "report/published/published.h"
#include "report/published/uniform.h"
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

void lyap_published_describe(const struct lyap_candidate *c, char text[64]) {
    snprintf(text, 64, "%u epochs%s%s", (unsigned)c->epochs, c->precision == LYAP_FLOAT64 ? ", float64" : "",
             c->window ? "" : ", any initial loss");
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
        lyap_published_describe(&state->candidate[drawn[k]], label[k]);
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
                         "is a fair start. Right: the logarithm of the chance of a start within a tenth of each "
                         "published value, summed, by the number of epochs (float32).",
                         (int)LYAP_PUBLISHED_SWEEP, ull(state->starts));
    free(chart);
}

/* The numbers outside the central 95 % may be one in five at most for the published ones to be called those of fair starts. */
static const double margin = 0.2;

static void judge_fair(struct lyap_report *report, const struct lyap_published_state *state) {
    const struct lyap_candidate *c = &state->candidate[state->assumed];
    const double inside = lyap_report_adjusted(report, state->test_binomial),
                 uniform = lyap_report_adjusted(report, state->test_uniform);
    const enum lyap_verdict verdict = state->starts < LEAST_STARTS      ? LYAP_CANNOT_BE_TOLD
                                      : inside < 0.05 || uniform < 0.05 ? LYAP_DOES_NOT_HOLD
                                      : state->outside.high < margin    ? LYAP_HOLDS
                                                                        : LYAP_CANNOT_BE_TOLD;
    char effect[128], p[32];
    snprintf(effect, sizeof effect, "%.3g %% [%.2g, %.3g] of the numbers outside our central 95 %%, 5 %% expected",
             100 * state->outside.value, 100 * state->outside.low, 100 * state->outside.high);
    lyap_report_judge(
        report,
        &(const struct lyap_report_judgement){
            "Pa", "The published numbers are those of fair starts of the published protocol", verdict, effect},
        "%llu of %d lie within the central 95 %% of our %llu starts (p = %.2g, %.2g adjusted), and the ranks are "
        "uniform at p = %.2g (%s adjusted); %llu values of the sweep lie beyond all of our starts. To hold, the share "
        "outside has to be below %.3g %% with its interval",
        ull(state->within), (int)LYAP_PUBLISHED_NUMBERS, ull(state->starts), state->binomial, inside, state->uniform,
        lyap_report_p_text(report, state->test_uniform, p), ull(c->beyond), 100 * margin);
}

static void judge_settings(struct lyap_report *report, const struct lyap_published_state *state) {
    const struct lyap_candidate *script = &state->candidate[state->by_script],
                                *assumed = &state->candidate[state->assumed], *best = &state->candidate[state->best];
    const struct lyap_estimate *over = &state->over_script, *behind = &state->behind_best;
    const bool enough = state->starts >= LEAST_STARTS && state->compared;
    const enum lyap_verdict verdict = !enough                                             ? LYAP_CANNOT_BE_TOLD
                                      : over->high < 0                                    ? LYAP_DOES_NOT_HOLD
                                      : over->low <= 0                                    ? LYAP_CANNOT_BE_TOLD
                                      : state->best == state->assumed || behind->low <= 0 ? LYAP_HOLDS
                                                                                          : LYAP_HOLDS_IN_PART;
    char text[64], effect[128] = "", other[256] = "";
    lyap_published_describe(best, text);
    if (enough)
        snprintf(effect, sizeof effect, "ln of the ratio of chances %.1f [%.1f, %.1f]", over->value, over->low,
                 over->high);
    if (enough && state->best != state->assumed)
        snprintf(other, sizeof other,
                 ". Of the %d settings tried %s is the likeliest; whether it or 100 epochs were used %s (ln of the "
                 "ratio %.1f [%.1f, %.1f])",
                 (int)LYAP_CANDIDATES, text, behind->low <= 0 ? "cannot be told" : "is told by the values",
                 behind->value, behind->low, behind->high);
    lyap_report_judge(
        report,
        &(const struct lyap_report_judgement){
            "Pb", "The published sweep was made with about 100 epochs, not with the scripts' 5", verdict, effect},
        "With 100 epochs %llu and with 5 epochs %llu of the %d values lie within the central 95 %% of ours%s",
        ull(assumed->within), ull(script->within), (int)LYAP_PUBLISHED_SWEEP, other);
}

static double power_at(const struct lyap_published_state *state, uint32_t epochs, bool window) {
    for (size_t k = 0; k < LYAP_CANDIDATES; k++) {
        const struct lyap_candidate *c = &state->candidate[k];
        if (c->precision == LYAP_FLOAT32 && c->epochs == epochs && c->window == window) return c->power;
    }
    return NAN;
}

/* For everybody: a paragraph of the part on C1. */
static void write_summary(struct lyap_report *report, const struct lyap_published_state *state) {
    const double inside = lyap_report_adjusted(report, state->test_binomial),
                 uniform = lyap_report_adjusted(report, state->test_uniform);
    const bool strange = inside < 0.05 || uniform < 0.05;
    lyap_document_paragraph(
        lyap_report_document(report),
        "Are the published values typical of the published protocol? Of the 50 learning rates of the figure, %d values "
        "per activation are known to us, and %d mean exponents per step besides. %llu of these %d numbers lie within "
        "the central 95 %% of our %llu starts, where %.1f are expected (p = %.2g by the binomial test, %.2g for "
        "uniform ranks by that of Anderson and Darling). %s The test of the ranks would tell a sweep of 5 epochs from "
        "one of 100 in %.0f %% of cases, one of starts with any initial loss in %.0f %%, and one of 200 epochs in %.0f "
        "%%.",
        (int)LYAP_PUBLISHED_RATES, LYAP_PUBLISHED_NUMBERS - LYAP_PUBLISHED_SWEEP, ull(state->within),
        (int)LYAP_PUBLISHED_NUMBERS, ull(state->starts), 0.95 * LYAP_PUBLISHED_NUMBERS, state->binomial, state->uniform,
        strange ? "More of them are unusual than fair starts would give by chance (adjusted p below 0.05): the "
                  "published protocol may differ from its description, or values may have been rounded or selected."
                : "This neither shows that the values are typical nor that they are not.",
        100 * power_at(state, 5, true), 100 * power_at(state, 100, false), 100 * power_at(state, 200, true));
}

static enum lyap_status write(struct lyap_report *report, void *context, struct lyap_error *error) {
    const struct lyap_published_state *state = context;
    struct lyap_document *d = lyap_report_appendix(report);
    write_summary(report, state);
    lyap_document_paragraph(d,
                            "Each published number is one random start. If it is a fair one, its rank among many of "
                            "ours with the same settings is uniform between 0 and 1, and 19 of 20 lie within our "
                            "central 95 %%. Ours are %llu starts a setting. Dead networks count with their exponent of "
                            "0, and a published 0 has the rank of a random one among the equal ones. Two tests were "
                            "named in advance: the exact binomial test of the number within, and that of Anderson and "
                            "Darling for uniform ranks, with p from %d simulated sets; Holm's adjustment over both. "
                            "Its power is the share of %d simulated sets, each with one start of another setting for "
                            "every value of the sweep, in which p < 0.05.",
                            ull(state->starts), (int)LYAP_UNIFORM_SETS, (int)LYAP_POWER_SETS);
    draw(d, state);
    lyap_document_paragraph(d,
                            "P-ranks.csv has every number among ours, P-settings.csv the tests, their power and the "
                            "chances by setting. Sources: %s; %s; %s. What would explain it otherwise: values read off "
                            "a figure are rounded; the three panels and the learning rates are taken as independent "
                            "starts, and if the published sweep used one start for several of them, fewer values than "
                            "these speak, and the tests say too much. A chance within a tenth of the value compares "
                            "settings with each other and is no test by itself; its intervals resample the %d values "
                            "%d times.",
                            lyap_published_rates_source, lyap_published_steps[0].source, lyap_published_steps[1].source,
                            (int)LYAP_PUBLISHED_SWEEP, (int)LYAP_RESAMPLES);
    lyap_report_cite(report, "T. W. Anderson, D. A. Darling, \"A test of goodness of fit\", Journal of the American "
                             "Statistical Association 49, 765-769 (1954)");
    judge_fair(report, state);
    judge_settings(report, state);
    return lyap_published_data(report, state, error);
}

static const char *const figures[] = {"P-settings", NULL};

const struct lyap_section lyap_section_published = {
    .id = "P",
    .title = "Are the published numbers those of fair starts, and how were they made?",
    .part = LYAP_PART_C1,
    .weight = 3,
    .compute = lyap_published_compute,
    .write = write,
    .release = lyap_published_release,
    .tables = lyap_published_tables,
    .figures = figures,
};
