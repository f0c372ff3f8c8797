#include "report/start_choice/verdict.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void lyap_start_choice_add(struct lyap_start_choice_count *count, const struct lyap_estimate *gain) {
    count->all++;
    count->seen += gain->low > LYAP_START_CHOICE_COUNTS;
    count->failed += gain->high < LYAP_START_CHOICE_COUNTS;
}

enum lyap_verdict lyap_start_choice_verdict(const struct lyap_start_choice_count *count) {
    if (count->all == 0) return LYAP_CANNOT_BE_TOLD;
    return count->seen == count->all        ? LYAP_HOLDS
           : 2 * count->seen >= count->all  ? LYAP_HOLDS_IN_PART
           : 2 * count->failed > count->all ? LYAP_DOES_NOT_HOLD
                                            : LYAP_CANNOT_BE_TOLD;
}

struct lyap_estimate lyap_start_choice_best(const struct lyap_start_choice_result *result, size_t budget,
                                            enum lyap_rule rule) {
    struct lyap_estimate best = {(double)NAN, (double)NAN, (double)NAN};
    for (size_t l = 0; l < LYAP_START_CHOICE_LOOKS; l++)
        for (size_t m = 0; m < LYAP_START_CHOICE_SIZES; m++) {
            const struct lyap_estimate *gain = &result->cell[budget][l][m][rule].gain;
            if (!isfinite(best.value) || gain->value > best.value) best = *gain;
        }
    return best;
}

uint32_t lyap_start_choice_pays(const struct lyap_start_choice_result *result, enum lyap_rule rule) {
    for (size_t b = 0; b < LYAP_START_CHOICE_BUDGETS; b++)
        for (size_t l = 0; l < LYAP_START_CHOICE_LOOKS; l++)
            for (size_t m = 0; m < LYAP_START_CHOICE_SIZES; m++)
                if (result->cell[b][l][m][rule].gain.low > LYAP_START_CHOICE_COUNTS) return lyap_start_choice_budget[b];
    return 0;
}

static const struct lyap_start_choice_cell *main_cell(const struct lyap_start_choice *s, size_t c, int rule) {
    return &s->result[c].cell[LYAP_START_CHOICE_LONGEST][0][LYAP_START_CHOICE_MOST][rule];
}

/* "0.12, -0.30, 0.05" */
struct numbers {
    char text[96];
};
static void add_number(struct numbers *to, double value) {
    size_t used = strlen(to->text);
    if (isfinite(value))
        snprintf(to->text + used, sizeof to->text - used, "%s%.2f", used ? ", " : "", value);
    else
        snprintf(to->text + used, sizeof to->text - used, "%s-", used ? ", " : "");
}

static void judge_free(struct lyap_report *report, const struct lyap_start_choice *s) {
    struct lyap_start_choice_count count = {0};
    struct numbers hybrid = {""}, tangent = {""}, gradient = {""}, after = {""};
    char effect[160];
    for (size_t c = 0; c < LYAP_START_CHOICE_CASES; c++) {
        lyap_start_choice_add(&count, &main_cell(s, c, LYAP_RULE_HYBRID)->free);
        add_number(&hybrid, main_cell(s, c, LYAP_RULE_HYBRID)->free.value);
        add_number(&tangent, main_cell(s, c, LYAP_RULE_TANGENT)->free.value);
        add_number(&gradient, main_cell(s, c, LYAP_RULE_GRADIENT)->free.value);
        add_number(&after, main_cell(s, c, LYAP_RULE_LOSS_AFTER)->free.value);
    }
    snprintf(effect, sizeof effect, "gain %s of the oracle's", hybrid.text);
    lyap_report_judge(report,
                      &(const struct lyap_report_judgement){
                          "C3d", "The start with the lowest exponent of several ends lower than a random one",
                          lyap_start_choice_verdict(&count), effect},
                      "Held-out loss after %u steps of the lowest of %zu by the hybrid exponent of %u steps, the score "
                      "for nothing, in %d data sets, of which the gain counts (above %g with its interval) in %zu and "
                      "does not in %zu; tangent exponent %s, squared gradient %s, loss after as many steps %s.",
                      (unsigned)lyap_start_choice_budget[LYAP_START_CHOICE_LONGEST],
                      lyap_start_choice_size[LYAP_START_CHOICE_MOST], (unsigned)lyap_start_choice_look[0],
                      LYAP_START_CHOICE_CASES, LYAP_START_CHOICE_COUNTS, count.seen, count.failed, tangent.text,
                      gradient.text, after.text);
}

/* The most that the hybrid reaches over all budgets, with the interval of that setting, which the choice makes optimistic. */
static struct lyap_estimate most_of(const struct lyap_start_choice_result *result, enum lyap_rule rule) {
    struct lyap_estimate most = {(double)NAN, (double)NAN, (double)NAN};
    for (size_t b = 0; b < LYAP_START_CHOICE_BUDGETS; b++) {
        struct lyap_estimate best = lyap_start_choice_best(result, b, rule);
        if (!isfinite(most.value) || best.value > most.value) most = best;
    }
    return most;
}

static void judge_paid(struct lyap_report *report, const struct lyap_start_choice *s) {
    struct lyap_start_choice_count count = {0}, cheap = {0};
    struct numbers hybrid = {""}, tangent = {""}, budgets = {""};
    char effect[160];
    for (size_t c = 0; c < LYAP_START_CHOICE_CASES; c++) {
        struct lyap_estimate most = most_of(&s->result[c], LYAP_RULE_HYBRID),
                             cheaper = most_of(&s->result[c], LYAP_RULE_TANGENT);
        uint32_t pays = lyap_start_choice_pays(&s->result[c], LYAP_RULE_HYBRID);
        lyap_start_choice_add(&count, &most);
        lyap_start_choice_add(&cheap, &cheaper);
        add_number(&hybrid, most.value);
        add_number(&tangent, cheaper.value);
        size_t used = strlen(budgets.text);
        if (pays)
            snprintf(budgets.text + used, sizeof budgets.text - used, "%s%u", used ? ", " : "", (unsigned)pays);
        else
            snprintf(budgets.text + used, sizeof budgets.text - used, "%snone", used ? ", " : "");
    }
    snprintf(effect, sizeof effect, "at most %s of the oracle's gain", hybrid.text);
    lyap_report_judge(
        report,
        &(const struct lyap_report_judgement){
            "C3e", "At equal compute, choosing by the exponent beats training a random start longer",
            lyap_start_choice_verdict(&count), effect},
        "The most favourable of all budgets from %u to %u steps, of %zu or %zu candidates and of exponents "
        "of %u or %u steps: the gain counts in %zu of %d data sets and does not in %zu; the budget from "
        "which it does: %s. Tangent exponent, at %.1f times less: %s.",
        (unsigned)lyap_start_choice_budget[0], (unsigned)lyap_start_choice_budget[LYAP_START_CHOICE_LONGEST],
        lyap_start_choice_size[0], lyap_start_choice_size[1], (unsigned)lyap_start_choice_look[0],
        (unsigned)lyap_start_choice_look[1], count.seen, LYAP_START_CHOICE_CASES, count.failed, budgets.text,
        (LYAP_START_CHOICE_NEIGHBOURS + 1) / 2.0, tangent.text);
}

static void judge_rival(struct lyap_report *report, const struct lyap_start_choice *s) {
    struct lyap_start_choice_count count = {0};
    struct numbers hybrid = {""}, tangent = {""};
    char effect[160];
    for (size_t c = 0; c < LYAP_START_CHOICE_CASES; c++) {
        lyap_start_choice_add(&count, &main_cell(s, c, LYAP_RULE_HYBRID)->rival);
        add_number(&hybrid, main_cell(s, c, LYAP_RULE_HYBRID)->rival.value);
        add_number(&tangent, main_cell(s, c, LYAP_RULE_TANGENT)->rival.value);
    }
    snprintf(effect, sizeof effect, "%s of the oracle's gain", hybrid.text);
    lyap_report_judge(report,
                      &(const struct lyap_report_judgement){
                          "C3f", "At equal compute, the exponent tells more than the loss after as many steps",
                          lyap_start_choice_verdict(&count), effect},
                      "Gain of the hybrid less that of the lowest loss after %u steps, of %zu candidates with a budget "
                      "of %u steps: it counts in %zu of %d data sets and does not in %zu. Tangent exponent: %s.",
                      (unsigned)lyap_start_choice_look[0], lyap_start_choice_size[LYAP_START_CHOICE_MOST],
                      (unsigned)lyap_start_choice_budget[LYAP_START_CHOICE_LONGEST], count.seen,
                      LYAP_START_CHOICE_CASES, count.failed, tangent.text);
}

void lyap_start_choice_judge(struct lyap_report *report, const struct lyap_start_choice *s) {
    judge_free(report, s);
    judge_paid(report, s);
    judge_rival(report, s);
}
