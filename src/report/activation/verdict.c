/* C2: the claim and its steps. */
#include <math.h>
#include <stdio.h>

#include "report/activation/activation.h"
#include "report/frame/report.h"

enum { LEAST_STARTS = 30 };

struct lyap_act_tally lyap_act_tally_of(const struct lyap_act_population *p, enum lyap_act_measure measure,
                                        enum lyap_act_group group) {
    struct lyap_act_tally t = {0, 0, 0, 0};
    for (int i = 0; i < LYAP_ACT_SETTINGS; i++) {
        const struct lyap_act_order *order = &p->order[measure][i][group];
        if (!order->known) continue;
        t.known++;
        t.agree += order->agree.low > lyap_act_counts;
        t.positive += order->agree.low > 0;
        t.opposed += order->agree.high < -lyap_act_counts;
    }
    return t;
}

/* Of one order: whether it agrees by the size that counts. */
static enum lyap_verdict verdict_of(const struct lyap_act_order *order) {
    return !order->known || order->starts < LEAST_STARTS ? LYAP_CANNOT_BE_TOLD
           : order->agree.low > lyap_act_counts          ? LYAP_HOLDS
           : order->agree.high < lyap_act_counts         ? LYAP_DOES_NOT_HOLD
                                                         : LYAP_CANNOT_BE_TOLD;
}

static const struct lyap_act_order *published(const struct lyap_act_state *state, enum lyap_act_kind kind,
                                              enum lyap_act_measure measure) {
    return &state->population[kind].order[measure][LYAP_ACT_PUBLISHED][LYAP_ACT_THREE];
}

/* Two orders that the claim wants both: holds for both, in part for one. An order that too few starts have says nothing. */
static enum lyap_verdict both(const struct lyap_act_order *first, const struct lyap_act_order *second) {
    const enum lyap_verdict a = verdict_of(first), b = verdict_of(second);
    if (second->starts < LEAST_STARTS) return a;
    if (first->starts < LEAST_STARTS) return b;
    if (a == LYAP_HOLDS && b == LYAP_HOLDS) return LYAP_HOLDS;
    if (a == LYAP_HOLDS || b == LYAP_HOLDS) return LYAP_HOLDS_IN_PART;
    if (a == LYAP_DOES_NOT_HOLD && b == LYAP_DOES_NOT_HOLD) return LYAP_DOES_NOT_HOLD;
    return LYAP_CANNOT_BE_TOLD;
}

static void text_of(const struct lyap_act_order *order, const char *name, char text[96]) {
    if (order->known)
        snprintf(text, 96, "%s: tau = %.2f [%.2f, %.2f]", name, order->agree.value, order->agree.low,
                 order->agree.high);
    else
        snprintf(text, 96, "%s: unknown", name);
}

static void judge_published(struct lyap_report *report, const struct lyap_act_state *state) {
    static const struct {
        enum lyap_act_kind kind;
        const char *id, *claim;
    } step[] = {
        {LYAP_ACT_OWN, "C2a",
         "Of linear, sigmoid and ReLU, each from its own starts, the lower exponent converges better, at the published "
         "setting"},
        {LYAP_ACT_COMMON, "C2b", "The same from common weights"},
    };
    for (int k = 0; k < 2; k++) {
        const struct lyap_act_order *ratio = published(state, step[k].kind, LYAP_ACT_RATIO),
                                    *steps = published(state, step[k].kind, LYAP_ACT_STEPS);
        char a[96], b[96], effect[208];
        text_of(ratio, "loss ratio", a);
        text_of(steps, "updates to the target", b);
        snprintf(effect, sizeof effect, "%s; %s", a, b);
        lyap_report_judge(
            report, &(const struct lyap_report_judgement){step[k].id, step[k].claim, both(ratio, steps), effect},
            "The interval of Kendall's tau has to lie above %.2g, the lower exponent being the better in three of four "
            "pairs; %llu and %llu starts have a pair, and in %llu and %llu of them tau is 1",
            lyap_act_counts, ull(ratio->starts), ull(steps->starts), ull(ratio->full), ull(steps->full));
    }
}

static enum lyap_verdict verdict_general(const struct lyap_act_tally *t) {
    return t->known == 0                  ? LYAP_CANNOT_BE_TOLD
           : 4 * t->agree >= 3 * t->known ? LYAP_HOLDS
           : 3 * t->agree >= t->known     ? LYAP_HOLDS_IN_PART
                                          : LYAP_DOES_NOT_HOLD;
}

static void judge_general(struct lyap_report *report, const struct lyap_act_state *state) {
    const struct lyap_act_tally own = lyap_act_tally_of(&state->population[LYAP_ACT_OWN], LYAP_ACT_RATIO, LYAP_ACT_ALL),
                                common = lyap_act_tally_of(&state->population[LYAP_ACT_COMMON], LYAP_ACT_RATIO,
                                                           LYAP_ACT_ALL);
    const bool enough = state->population[LYAP_ACT_OWN].starts >= LEAST_STARTS;
    char effect[128];
    snprintf(effect, sizeof effect, "tau above 0.5 in %d of %d settings (own starts), %d of %d (common)", own.agree,
             own.known, common.agree, common.known);
    lyap_report_judge(
        report,
        &(const struct lyap_report_judgement){
            "C2c",
            "The order of exponents is the order of convergence for ten activations, at any learning rate and horizon",
            enough ? verdict_general(&own) : LYAP_CANNOT_BE_TOLD, effect},
        "By the loss ratio and with 95 %% intervals; the order is opposed (below -0.5) in %d settings of the own and "
        "%d of the common starts. To hold it has to agree in three of four settings, in part in one of three",
        own.opposed, common.opposed);
}

static void judge_claim(struct lyap_report *report, const struct lyap_act_state *state) {
    const struct lyap_act_order *ratio = published(state, LYAP_ACT_OWN, LYAP_ACT_RATIO),
                                *steps = published(state, LYAP_ACT_OWN, LYAP_ACT_STEPS);
    const struct lyap_act_tally own = lyap_act_tally_of(&state->population[LYAP_ACT_OWN], LYAP_ACT_RATIO, LYAP_ACT_ALL);
    const enum lyap_verdict here = both(ratio, steps), general = verdict_general(&own);
    const bool enough = state->population[LYAP_ACT_OWN].starts >= LEAST_STARTS;
    const enum lyap_verdict verdict = !enough || here == LYAP_CANNOT_BE_TOLD        ? LYAP_CANNOT_BE_TOLD
                                      : here == LYAP_HOLDS && general == LYAP_HOLDS ? LYAP_HOLDS
                                      : here == LYAP_DOES_NOT_HOLD && general == LYAP_DOES_NOT_HOLD
                                          ? LYAP_DOES_NOT_HOLD
                                          : LYAP_HOLDS_IN_PART;
    char a[96], b[96], effect[320];
    text_of(ratio, "loss ratio", a);
    text_of(steps, "updates to the target", b);
    snprintf(effect, sizeof effect, "published setting, %s; %s; ten activations: tau above 0.5 in %d of %d settings", a,
             b, own.agree, own.known);
    lyap_report_judge(
        report,
        &(const struct lyap_report_judgement){
            "C2", "Activation functions with a more negative exponent converge better", verdict, effect},
        "For linear, sigmoid and ReLU at the published setting, %s; for ten activations the agreement %s with learning "
        "rate and epochs",
        here == LYAP_HOLDS           ? "the order of exponents is that of convergence by both measures"
        : here == LYAP_HOLDS_IN_PART ? "the order of exponents is that of convergence by one of two measures"
        : here == LYAP_DOES_NOT_HOLD ? "the order of exponents is not that of convergence"
                                     : "it cannot be told whether the order of exponents is that of convergence",
        general == LYAP_HOLDS ? "mostly stays" : "changes");
    for (int k = 0; k < LYAP_ACT_KINDS; k++) {
        const struct lyap_act_population *p = &state->population[k];
        const struct lyap_act_order *three = published(state, (enum lyap_act_kind)k, LYAP_ACT_RATIO),
                                    *ten = &p->order[LYAP_ACT_RATIO][LYAP_ACT_PUBLISHED][LYAP_ACT_ALL],
                                    *later = &p->order[LYAP_ACT_RATIO][LYAP_ACT_SETTINGS - 1][LYAP_ACT_ALL];
        if (three->known)
            lyap_report_effect(report, "C2", &three->agree,
                               "exponent and loss ratio, three activations, %s starts, lr 0.001",
                               lyap_act_kind_names[k]);
        if (ten->known)
            lyap_report_effect(report, "C2", &ten->agree,
                               "exponent and loss ratio, ten activations, %s starts, lr 0.001", lyap_act_kind_names[k]);
        if (later->known)
            lyap_report_effect(report, "C2", &later->agree,
                               "exponent and loss ratio, ten activations, %s starts, lr 0.5, 500 epochs",
                               lyap_act_kind_names[k]);
    }
}

/* For the abstract. */
static void answer(struct lyap_report *report, const struct lyap_act_state *state) {
    const struct lyap_act_population *own = &state->population[LYAP_ACT_OWN];
    const struct lyap_act_order *ratio = published(state, LYAP_ACT_OWN, LYAP_ACT_RATIO);
    const struct lyap_act_tally tally = lyap_act_tally_of(own, LYAP_ACT_RATIO, LYAP_ACT_ALL);
    double low = INFINITY, high = -INFINITY;
    for (int i = 0; i < LYAP_ACT_SETTINGS; i++) {
        const struct lyap_act_order *order = &own->order[LYAP_ACT_RATIO][i][LYAP_ACT_ALL];
        if (!order->known) continue;
        low = fmin(low, order->agree.value);
        high = fmax(high, order->agree.value);
    }
    if (!ratio->known || tally.known == 0 || own->starts < LEAST_STARTS) return;
    lyap_report_sentence(report, "C2",
                         "Of linear, sigmoid and ReLU at the published setting the lower exponent %s the larger fall "
                         "of the loss (Kendall's tau %.2f [%.2f, %.2f], where 0.5 counts, and linear and ReLU are one "
                         "network), and for ten activations tau lies between %.2f and %.2f over %d settings of "
                         "learning rate and epochs and is surely above 0.5 in %d.",
                         ratio->agree.low > lyap_act_counts ? "goes with" : "does not clearly go with",
                         ratio->agree.value, ratio->agree.low, ratio->agree.high, low, high, tally.known, tally.agree);
}

void lyap_act_verdicts(struct lyap_report *report, const struct lyap_act_state *state) {
    answer(report, state);
    judge_claim(report, state);
    judge_published(report, state);
    judge_general(report, state);
}
