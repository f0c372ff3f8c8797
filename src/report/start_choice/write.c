/* C3 in practice: text, tables, figures and data. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/start_choice/start_choice.h"
#include "report/frame/section.h"
#include "lyapgrad/inference.h"
#include "lyapgrad/status.h"

static const struct lyap_start_choice_cell *main_cell(const struct lyap_start_choice *s, size_t c, int rule) {
    return &s->result[c].cell[LYAP_START_CHOICE_MAIN_LOOK][LYAP_START_CHOICE_MAIN_SIZE][rule];
}

/* Quality against the number of candidates: percentile or charged loss. */
static void figure(struct lyap_document *d, const struct lyap_start_choice *s, bool charged) {
    enum { SHOWN = 6, N = LYAP_START_CHOICE_SIZES };
    static const int shown[SHOWN] = {LYAP_RULE_RANDOM,      LYAP_RULE_HYBRID_LOW, LYAP_RULE_HYBRID_HIGH,
                                     LYAP_RULE_TANGENT_LOW, LYAP_RULE_LOSS_AFTER, LYAP_RULE_LOSS_INITIAL};
    struct lyap_chart *chart = lyap_document_room(d, 1, sizeof *chart);
    double(*y)[SHOWN][N] = lyap_document_room(d, LYAP_START_CHOICE_CASES, sizeof *y);
    double x[N];
    for (size_t m = 0; m < N; m++) x[m] = (double)lyap_start_choice_size[m];
    for (size_t c = 0; chart && y && c < LYAP_START_CHOICE_CASES; c++) {
        struct lyap_panel *panel = &chart->panel[chart->count++];
        for (size_t i = charged ? 0 : 1; i < SHOWN; i++) { /* a random start has 50 for certain */
            for (size_t m = 0; m < N; m++) {
                const struct lyap_start_choice_cell *cell =
                    &s->result[c].cell[LYAP_START_CHOICE_MAIN_LOOK][m][shown[i]];
                y[c][i][m] = charged ? cell->loss : 100 * cell->percentile;
            }
            panel->series[panel->count++] = (struct lyap_mark_series){.mark = LYAP_MARK_LINE,
                                                                      .label = lyap_rule_name((enum lyap_rule)shown[i]),
                                                                      .colour = i == 0 ? 0 : (int)i,
                                                                      .dashed = shown[i] == LYAP_RULE_HYBRID_HIGH,
                                                                      .n = N,
                                                                      .x = x,
                                                                      .y = y[c][i]};
        }
        panel->title = lyap_start_choice_cases[c].subject.name;
        panel->x = (struct lyap_axis){.title = "candidates", .logarithmic = true, .low = 1.8, .high = 36};
        panel->y.title = charged ? "mean final loss, equal compute" : "mean percentile of the chosen";
        if (!charged) panel->line[panel->lines++].at = 50;
    }
    if (chart && y) {
        chart->columns = 2;
        if (charged)
            lyap_document_figure(
                d, "selection_charged", chart,
                "Mean final loss of the chosen start when every rule has the same number of gradient steps, "
                "scores after %u steps. A line ends where the budget does not pay for the scores. All numbers: "
                "`selection.csv`.",
                (unsigned)lyap_start_choice_look[LYAP_START_CHOICE_MAIN_LOOK]);
        else
            lyap_document_figure(
                d, "selection_free", chart,
                "What the scores after %u steps know, their cost apart: mean percentile of the chosen start's "
                "final loss among all starts. 50 is chance, lower is better. All numbers: `selection.csv`.",
                (unsigned)lyap_start_choice_look[LYAP_START_CHOICE_MAIN_LOOK]);
    }
    free(chart);
    free(y);
}

struct table_row {
    const struct lyap_subject *subject;
    enum lyap_rule rule;
    const struct lyap_start_choice_cell *cell;
    double p; /* adjusted; NaN for rules without a test */
};

/* The same in points of a hundred. */
static void points_cell(struct lyap_document *d, const struct lyap_estimate *share) {
    lyap_estimate_cell(d, &(const struct lyap_estimate){100 * share->value, 100 * share->low, 100 * share->high});
}
LYAP_CELL(rule_subject, struct table_row, lyap_document_cell(d, "%s", r->subject->name))
LYAP_CELL(rule_rule, struct table_row, lyap_document_cell(d, "%s", lyap_rule_name(r->rule)))
LYAP_CELL(rule_steps_left, struct table_row, lyap_document_cell(d, "%u", (unsigned)r->cell->steps))
LYAP_CELL(rule_percentile, struct table_row, lyap_value_cell(d, 100 * r->cell->percentile))
LYAP_CELL(rule_less_50_score, struct table_row, points_cell(d, &r->cell->free))
LYAP_CELL(rule_loss_equal_compute, struct table_row, lyap_estimate_cell(d, &r->cell->charged))
LYAP_CELL(rule_adjusted_p, struct table_row, lyap_p_cell(d, r->p))
LYAP_CELL(rule_steps_to_target, struct table_row, lyap_estimate_cell(d, &r->cell->to_target))

static const struct lyap_document_column rule_columns[] = {
    {"subject", rule_subject},
    {"rule", rule_rule},
    {"steps left", rule_steps_left},
    {"percentile", rule_percentile},
    {"less 50, score free", rule_less_50_score},
    {"loss, equal compute", rule_loss_equal_compute},
    {"adjusted p", rule_adjusted_p},
    {"steps to target", rule_steps_to_target},
};

static void table(struct lyap_document *d, const struct lyap_report *report, const struct lyap_start_choice *s) {
    char caption[240];
    snprintf(caption, sizeof caption,
             "The best of %zu candidates by a score after %u steps against a random start: means with 95 %% intervals, "
             "below 0 is better; p of the loss at equal compute",
             lyap_start_choice_size[LYAP_START_CHOICE_MAIN_SIZE],
             (unsigned)lyap_start_choice_look[LYAP_START_CHOICE_MAIN_LOOK]);
    lyap_document_columns(d, caption, LYAP_COLUMNS(rule_columns));
    for (size_t c = 0; c < LYAP_START_CHOICE_CASES; c++)
        for (int k = 1; k < LYAP_RULES; k++) {
            const enum lyap_rule rule = (enum lyap_rule)k;
            const double p = lyap_rule_tested(rule) ? lyap_report_adjusted(report, s->paid_test[c][k]) : (double)NAN;
            lyap_document_row(
                d, LYAP_COLUMNS(rule_columns),
                &(const struct table_row){&lyap_start_choice_cases[c].subject, rule, main_cell(s, c, k), p});
        }
    lyap_document_table_end(d);
}

/* -1 better than what it is compared with, +1 worse, 0 no difference found. */
static int outcome(const struct lyap_report *report, const struct lyap_estimate *difference, size_t test) {
    if (!isfinite(difference->value) || !(lyap_report_adjusted(report, test) < 0.05)) return 0;
    return difference->value < 0 ? -1 : 1;
}

struct count {
    size_t told, better, worse;
};

static void add(struct count *count, const struct lyap_report *report, size_t groups,
                const struct lyap_estimate *difference, size_t test) {
    int o = outcome(report, difference, test);
    count->told += groups >= 100 && isfinite(difference->value);
    count->better += o < 0;
    count->worse += o > 0;
}

static enum lyap_verdict judge(const struct count *count, size_t all) {
    return count->told < all ? LYAP_CANNOT_BE_TOLD : lyap_verdict_of(count->better, all);
}

static void verdicts(struct lyap_report *report, const struct lyap_start_choice *s) {
    const size_t all = LYAP_START_CHOICE_CASES;
    struct count chance = {0}, tangent = {0}, loss = {0}, paid = {0}, paid_tangent = {0}, rival = {0},
                 rival_tangent = {0};
    for (size_t c = 0; c < all; c++) {
        const struct lyap_start_choice_result *r = &s->result[c];
        const size_t n = main_cell(s, c, LYAP_RULE_RANDOM)->groups;
        const int h = LYAP_RULE_HYBRID_LOW, t = LYAP_RULE_TANGENT_LOW;
        add(&chance, report, n, &main_cell(s, c, h)->free, s->chance_test[c][h]);
        add(&tangent, report, n, &main_cell(s, c, t)->free, s->chance_test[c][t]);

        add(&loss, report, n, &main_cell(s, c, LYAP_RULE_LOSS_AFTER)->free, s->chance_test[c][LYAP_RULE_LOSS_AFTER]);
        add(&paid, report, n, &main_cell(s, c, h)->charged, s->paid_test[c][h]);
        add(&paid_tangent, report, n, &main_cell(s, c, t)->charged, s->paid_test[c][t]);
        add(&rival, report, n, &r->rival[h], s->rival_test[c][h]);
        add(&rival_tangent, report, n, &r->rival[t], s->rival_test[c][t]);
    }
    const char *few = "there are too few groups of starts, or the budget does not pay for the scores";
    const char *claim = "The start with the lowest exponent of several is better than a random one";
    size_t m = lyap_start_choice_size[LYAP_START_CHOICE_MAIN_SIZE];
    unsigned k = (unsigned)lyap_start_choice_look[LYAP_START_CHOICE_MAIN_LOOK];
    enum lyap_verdict verdict = judge(&chance, all);
    if (verdict == LYAP_CANNOT_BE_TOLD)
        lyap_report_verdict(report, "C3d", claim, verdict, "%s", few);
    else
        lyap_report_verdict(
            report, "C3d", claim, verdict,
            "lowest of %zu after %u steps, its cost not counted: better in %zu of %zu networks and worse in %zu "
            "(tangent exponent: %zu and %zu; lowest loss after as many steps: %zu and %zu)",
            m, k, chance.better, all, chance.worse, tangent.better, tangent.worse, loss.better, loss.worse);
    claim = "At equal compute, choosing by the exponent beats training a random start longer";
    verdict = judge(paid.better >= paid_tangent.better ? &paid : &paid_tangent, all);
    if (verdict == LYAP_CANNOT_BE_TOLD)
        lyap_report_verdict(report, "C3e", claim, verdict, "%s", few);
    else
        lyap_report_verdict(report, "C3e", claim, verdict,
                            "hybrid better in %zu of %zu networks and worse in %zu; tangent, at %.1f times less, "
                            "better in %zu and worse in %zu",
                            paid.better, all, paid.worse, (LYAP_START_CHOICE_NEIGHBOURS + 1) / 2.0, paid_tangent.better,
                            paid_tangent.worse);
    claim = "At equal compute, the exponent tells more than the loss after as many steps";
    verdict = judge(rival.better >= rival_tangent.better ? &rival : &rival_tangent, all);
    if (verdict == LYAP_CANNOT_BE_TOLD)
        lyap_report_verdict(report, "C3f", claim, verdict, "%s", few);
    else
        lyap_report_verdict(
            report, "C3f", claim, verdict,
            "hybrid better in %zu of %zu networks and worse in %zu; tangent better in %zu and worse in %zu",
            rival.better, all, rival.worse, rival_tangent.better, rival_tangent.worse);
}

static void explain(struct lyap_document *d, const struct lyap_start_choice *s) {
    size_t low = 0, high = 0, behind = 0, cases = 0;
    lyap_document_heading(d, 3, "What would explain it otherwise");
    for (size_t c = 0; c < LYAP_START_CHOICE_CASES; c++) {
        const struct lyap_start_choice_cell *l = main_cell(s, c, LYAP_RULE_HYBRID_LOW),
                                            *h = main_cell(s, c, LYAP_RULE_HYBRID_HIGH),
                                            *after = main_cell(s, c, LYAP_RULE_LOSS_AFTER),
                                            *oracle = main_cell(s, c, LYAP_RULE_ORACLE);
        char text[64], one[32], two[32], three[32], four[32];
        cases += isfinite(l->percentile) && isfinite(h->percentile);
        low += l->percentile < h->percentile;
        behind += l->charged.low > 0;
        high += h->percentile < l->percentile;
        lyap_document_item(
            d,
            "%s: mean percentile %s for the lowest exponent, %s for the highest, %s for the lowest loss after as "
            "many steps, %s for the oracle; at equal compute the tangent exponent's loss less that of the lowest "
            "loss after k steps is %s.",
            lyap_start_choice_cases[c].subject.name, lyap_value_text(100 * l->percentile, one),
            lyap_value_text(100 * h->percentile, two), lyap_value_text(100 * after->percentile, three),
            lyap_value_text(100 * oracle->percentile, four),
            lyap_estimate_text(&s->result[c].rival[LYAP_RULE_TANGENT_LOW], text));
    }
    if (cases)
        lyap_document_paragraph(
            d,
            "The start with the lowest exponent is ahead of the one with the highest in %zu networks and behind it "
            "in %zu. At equal compute the hybrid is surely behind a random start in %zu, where the steps that its %d "
            "networks take "
            "are worth more when one start has them. Other horizons and numbers of candidates are in "
            "`selection.csv`; beside the one setting of the table, which was fixed before, they are not tested and "
            "decide nothing here.",
            low, high, behind, LYAP_START_CHOICE_NEIGHBOURS + 1);
}

static enum lyap_status write(struct lyap_report *report, void *state, struct lyap_error *error) {
    const struct lyap_start_choice *s = state;
    struct lyap_document *d = lyap_report_document(report);
    enum lyap_status status = lyap_start_choice_data(report, s, error);
    if (status) return status;
    lyap_document_paragraph(
        d,
        "Protocol: of M starts the one with the best score after k steps is trained, the rest is thrown away. "
        "A trial has a budget of B gradient steps of one network, and every score is paid from it: %d k a "
        "candidate for the hybrid exponent of %d neighbours, 2 k for the tangent exponent (a Hessian-vector "
        "product is a second pass forward and back), k for the loss after k steps, a third for the initial "
        "loss, 1 for the gradient. The steps that the chosen start has behind it are kept. Groups of starts are "
        "disjoint, all rules choose from the same groups; float64. The exponent has k log ratios and so takes "
        "k + 1 steps, of which k are charged.",
        LYAP_START_CHOICE_NEIGHBOURS + 1, LYAP_START_CHOICE_NEIGHBOURS);
    for (size_t c = 0; c < LYAP_START_CHOICE_CASES; c++)
        lyap_document_item(d, "%s: %zu starts, B = %u, target loss %.4g (the median after B/2)",
                           lyap_start_choice_cases[c].subject.name, s->result[c].pool, (unsigned)s->result[c].budget,
                           s->result[c].target);
    figure(d, s, false);
    figure(d, s, true);
    table(d, report, s);
    explain(d, s);
    verdicts(report, s);
    return LYAP_OK;
}

static const char *const figures[] = {"selection_charged", "selection_free", NULL};

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
