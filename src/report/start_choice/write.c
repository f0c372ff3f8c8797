/* C3 in practice: text, figure and data. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lyapgrad/inference.h"
#include "lyapgrad/status.h"
#include "report/frame/section.h"
#include "report/start_choice/start_choice.h"
#include "report/start_choice/verdict.h"

enum { SHOWN = 5, N = LYAP_START_CHOICE_BUDGETS };
static const enum lyap_rule shown[SHOWN] = {LYAP_RULE_HYBRID, LYAP_RULE_TANGENT, LYAP_RULE_GRADIENT,
                                            LYAP_RULE_SHARPNESS, LYAP_RULE_LOSS_AFTER};

/* A rule over the budgets: x, value, low and high. */
typedef double curve[4][N];

static void draw_rule(struct lyap_panel *panel, const struct lyap_start_choice_result *result, size_t i, bool legend,
                      curve *to) {
    double(*row)[N] = *to;
    for (size_t b = 0; b < N; b++) {
        const struct lyap_estimate *e = &result->cell[b][0][LYAP_START_CHOICE_MOST][shown[i]].gain;
        row[0][b] = lyap_start_choice_budget[b] * (0.92 + 0.04 * (double)i); /* side by side */
        row[1][b] = e->value;
        row[2][b] = e->low;
        row[3][b] = e->high;
    }
    panel->series[panel->count++] = (struct lyap_mark_series){.mark = LYAP_MARK_LINE,
                                                              .label = legend ? lyap_rule_name(shown[i]) : NULL,
                                                              .colour = (int)i + 1,
                                                              .n = N,
                                                              .x = row[0],
                                                              .y = row[1]};
    panel->series[panel->count++] = (struct lyap_mark_series){
        .mark = LYAP_MARK_BARS, .colour = (int)i + 1, .n = N, .x = row[0], .y = row[1], .low = row[2], .high = row[3]};
}

static void figure(struct lyap_document *d, const struct lyap_start_choice *s) {
    struct lyap_chart *chart = lyap_document_room(d, 1, sizeof *chart);
    curve *curves = lyap_document_room(d, LYAP_START_CHOICE_CASES * SHOWN, sizeof *curves);
    for (size_t c = 0; chart && curves && c < LYAP_START_CHOICE_CASES; c++) {
        struct lyap_panel *panel = &chart->panel[chart->count++];
        for (size_t i = 0; i < SHOWN; i++) draw_rule(panel, &s->result[c], i, c == 0, &curves[c * SHOWN + i]);
        panel->title = lyap_start_choice_cases[c].subject.name;
        panel->x =
            (struct lyap_axis){.title = "budget (gradient steps)", .logarithmic = true, .low = 250, .high = 3000};
        panel->y = (struct lyap_axis){.title = "gain, of the oracle's", .low = -2, .high = 1};
        panel->line[panel->lines++].at = 0;
    }
    if (chart && curves) {
        chart->columns = 3;
        lyap_document_figure(
            d, "selection", chart,
            "What choosing the best of %zu starts gains in held-out loss at equal compute, scores after %u steps: 0 is "
            "a random start trained for the whole budget, 1 the oracle. Bars are 95 %% intervals; values below -2 are "
            "not shown. A line begins where the budget pays for the scores. All numbers: `selection.csv`, the starts: "
            "`selection_points.csv`.",
            lyap_start_choice_size[LYAP_START_CHOICE_MOST], (unsigned)lyap_start_choice_look[0]);
    }
    free(chart);
    free(curves);
}

/* ---- the paragraph that everybody reads ---- */

/* Which rules have a gain that counts at the longest budget, in how many data sets. */
static void tell_rules(struct lyap_document *d, const struct lyap_start_choice *s) {
    char text[400] = "";
    for (size_t i = 0; i < SHOWN; i++) {
        size_t seen = 0, worse = 0, used = strlen(text);
        for (size_t c = 0; c < LYAP_START_CHOICE_CASES; c++) {
            const struct lyap_estimate *gain =
                &s->result[c].cell[LYAP_START_CHOICE_LONGEST][0][LYAP_START_CHOICE_MOST][shown[i]].gain;
            seen += gain->low > LYAP_START_CHOICE_COUNTS;
            worse += gain->high < 0;
        }
        snprintf(text + used, sizeof text - used, "%s%s %zu and %zu", used ? "; " : "", lyap_rule_name(shown[i]), seen,
                 worse);
    }
    lyap_document_paragraph(
        d,
        "With the longest budget, %u steps, and %zu candidates, the number of data sets in which a rule's gain counts, "
        "and in which it is surely behind a random start, are: %s.",
        (unsigned)lyap_start_choice_budget[LYAP_START_CHOICE_LONGEST], lyap_start_choice_size[LYAP_START_CHOICE_MOST],
        text);
}

/* A gain for each data set, "0.18, 0.01, -0.13". */
static void list_gains(char text[96], const struct lyap_start_choice *s, enum lyap_rule rule) {
    *text = '\0';
    for (size_t c = 0; c < LYAP_START_CHOICE_CASES; c++) {
        const struct lyap_estimate *free =
            &s->result[c].cell[LYAP_START_CHOICE_LONGEST][0][LYAP_START_CHOICE_MOST][rule].free;
        size_t used = strlen(text);
        if (isfinite(free->value))
            snprintf(text + used, 96 - used, "%s%.2f", used ? ", " : "", free->value);
        else
            snprintf(text + used, 96 - used, "%s-", used ? ", " : "");
    }
}

/* Where the exponent pays, and from which budget. */
static void list_budgets(char text[400], const struct lyap_start_choice *s) {
    *text = '\0';
    for (size_t c = 0; c < LYAP_START_CHOICE_CASES; c++) {
        uint32_t budget = lyap_start_choice_pays(&s->result[c], LYAP_RULE_HYBRID);
        size_t used = strlen(text);
        if (budget)
            snprintf(text + used, 400 - used, "%s%s from %u steps", used ? "; " : "",
                     lyap_start_choice_cases[c].subject.name, (unsigned)budget);
    }
    if (!*text) snprintf(text, 400, "none");
}

static void tell_practice(struct lyap_document *d, const struct lyap_start_choice *s) {
    char pays[400], hybrid[96], after[96];
    list_budgets(pays, s);
    list_gains(hybrid, s, LYAP_RULE_HYBRID);
    list_gains(after, s, LYAP_RULE_LOSS_AFTER);
    lyap_document_paragraph(
        d,
        "In practice the exponent costs %d gradients per step of a candidate. Choosing starts was tried on %d data "
        "sets with held-out "
        "samples (glyphs, noisy XOR, two circles), with budgets of %u to %u gradient steps that pay for scores and "
        "training alike. A gain in "
        "held-out loss of %g of what the best possible choice gains counts. Data sets on which the hybrid exponent has "
        "one at equal compute: %s. With the score for nothing, the lowest of %zu exponents gains %s of what the best "
        "choice "
        "gains, and the lowest training loss after as many steps %s.",
        LYAP_START_CHOICE_NEIGHBOURS + 1, LYAP_START_CHOICE_CASES, (unsigned)lyap_start_choice_budget[0],
        (unsigned)lyap_start_choice_budget[LYAP_START_CHOICE_LONGEST], LYAP_START_CHOICE_COUNTS, pays,
        lyap_start_choice_size[LYAP_START_CHOICE_MOST], hybrid, after);
}

static void protocol(struct lyap_document *d, const struct lyap_start_choice *s) {
    lyap_document_paragraph(
        d,
        "Protocol: of M starts (%zu or %zu) the one with the best score is trained. A choice has a budget of B "
        "gradient "
        "steps of one network, and every score is paid from it: %d k a candidate for the hybrid exponent of %d "
        "neighbours over k steps (%u or %u), 2 k for the tangent exponent, k for the training loss after k steps, a "
        "third for the initial loss, 1 for the squared gradient, 20 for the sharpness. The steps that the chosen start "
        "has behind it are kept. float64, full batch.",
        lyap_start_choice_size[0], lyap_start_choice_size[1], LYAP_START_CHOICE_NEIGHBOURS + 1,
        LYAP_START_CHOICE_NEIGHBOURS, (unsigned)lyap_start_choice_look[0], (unsigned)lyap_start_choice_look[1]);
    lyap_document_paragraph(
        d,
        "Starts are judged by the loss on held-out samples. Every training stops at the number of steps, within what "
        "the rule leaves, at which the mean held-out loss "
        "of all starts is lowest; otherwise a rule that leaves fewer steps would gain where long training overfits. "
        "The mean over all choices of M from the pool is exact: "
        "with N starts in the order of "
        "their scores the chosen one is among the first r with probability 1 - ((N - r)/N)^M. The gain is the mean "
        "loss of "
        "all starts after B steps less that of the chosen ones, over the same difference for the oracle, which knows "
        "the "
        "held-out loss after B steps. A gain of %g counts, the size that a correlation of as much would give. "
        "Intervals: percentile bootstrap "
        "over starts, %d "
        "resamples. A claim holds in part where the gain counts in at least half of the data sets, and does not hold "
        "where its interval lies below %g in more than half.",
        LYAP_START_CHOICE_COUNTS, LYAP_START_CHOICE_RESAMPLES, LYAP_START_CHOICE_COUNTS);
    for (size_t c = 0; c < LYAP_START_CHOICE_CASES; c++) {
        const struct lyap_start_choice_case *it = &lyap_start_choice_cases[c];
        const struct lyap_start_choice_cell *random =
            &s->result[c].cell[LYAP_START_CHOICE_LONGEST][0][LYAP_START_CHOICE_MOST][LYAP_RULE_RANDOM];
        const struct lyap_start_choice_cell *oracle =
            &s->result[c].cell[LYAP_START_CHOICE_LONGEST][0][LYAP_START_CHOICE_MOST][LYAP_RULE_ORACLE];
        const struct lyap_start_choice_cell *hybrid =
            &s->result[c].cell[LYAP_START_CHOICE_LONGEST][0][LYAP_START_CHOICE_MOST][LYAP_RULE_HYBRID];
        char one[32], two[32], three[32], four[32], five[32], six[32];
        lyap_document_item(
            d,
            "%s: data `%s`, of which %g %% train; %zu starts. Held-out loss (accuracy in %%) with the longest "
            "budget: random %s (%s), lowest hybrid exponent of %zu %s (%s), oracle %s (%s).",
            it->subject.name, it->subject.data, 100 * it->split, s->result[c].pool, lyap_value_text(random->loss, one),
            lyap_value_text(100 * random->accuracy, two), lyap_start_choice_size[LYAP_START_CHOICE_MOST],
            lyap_value_text(hybrid->loss, three), lyap_value_text(100 * hybrid->accuracy, four),
            lyap_value_text(oracle->loss, five), lyap_value_text(100 * oracle->accuracy, six));
    }
}

static enum lyap_status write(struct lyap_report *report, void *state, struct lyap_error *error) {
    const struct lyap_start_choice *s = state;
    enum lyap_status status = lyap_start_choice_data(report, s, error);
    if (status) return status;
    tell_practice(lyap_report_document(report), s);
    protocol(lyap_report_appendix(report), s);
    figure(lyap_report_appendix(report), s);
    tell_rules(lyap_report_appendix(report), s);
    lyap_start_choice_judge(report, s);
    return LYAP_OK;
}

static const char *const figures[] = {"selection", NULL};

const struct lyap_section lyap_section_start_choice = {
    .id = "C3s",
    .title = "Does choosing the start by its exponent pay?",
    .part = LYAP_PART_C3,
    .weight = 15,
    .compute = lyap_start_choice_compute,
    .write = write,
    .release = lyap_start_choice_release,
    .tables = lyap_start_choice_tables,
    .figures = figures,
};
