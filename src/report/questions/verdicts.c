/* Q: verdicts and effects. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/questions/counts.h"
#include "report/questions/questions.h"

/* Sizes that count, fixed in advance: a held-out loss of 0.02 of that of equal probabilities, and a rank agreement of 0.7 (half of the
 * variance of ranks). */
static const double LOSS = 0.02, AGREEMENT = 0.7;
enum { ENOUGH_STARTS = 10, PART = 3 /* of the ten networks */ };

struct lyap_depth_counts lyap_depth_count(const struct lyap_depth *q) {
    struct lyap_depth_counts n = {.least = (double)NAN, .most = (double)NAN};
    for (size_t c = 0; c < LYAP_DEPTH_CASES; c++) {
        const struct lyap_depth_result *r = &q->result[c];
        n.early += r->onset[0].high < 0.5;
        n.near += r->onset[0].low > 0.5 && r->onset[0].high < 2;
        if (isfinite(r->onset[1].value)) {
            n.reached++;
            n.least = fmin(n.least, r->onset[1].value);
            n.most = fmax(n.most, r->onset[1].value);
        }
        n.told += r->correlation.has_partial;
        n.agree += r->correlation.has_partial && r->correlation.partial.low > 0;
        n.oppose += r->correlation.has_partial && r->correlation.partial.high < 0;
    }
    return n;
}

struct lyap_chaos_counts lyap_chaos_count(const struct lyap_chaos *q) {
    struct lyap_chaos_counts n = {0};
    for (size_t c = 0; c < LYAP_CHAOS_CASES; c++) {
        const struct lyap_chaos_result *r = &q->result[c];
        if (r->chaotic < LYAP_CHAOS_LEAST) continue;
        n.told++;
        n.chaos_lower += r->chaos_calm.high < -LYAP_CHAOS_MATTERS;
        n.chaos_higher += r->chaos_calm.low > LYAP_CHAOS_MATTERS;
        n.cooled_lower += r->cooled_calm.high < -LYAP_CHAOS_MATTERS;
        n.cooled_higher += r->cooled_calm.low > LYAP_CHAOS_MATTERS;
        n.cooled_same += r->cooled_calm.low > -LYAP_CHAOS_MATTERS && r->cooled_calm.high < LYAP_CHAOS_MATTERS;
    }
    return n;
}

void lyap_chaos_list(const struct lyap_chaos *q, bool cooled, char *text, size_t size) {
    char number[64];
    text[0] = '\0';
    for (size_t c = 0; c < LYAP_CHAOS_CASES; c++) {
        const struct lyap_chaos_result *r = &q->result[c];
        const size_t used = strlen(text);
        if (r->chaotic < LYAP_CHAOS_LEAST) continue;
        snprintf(text + used, size - used, "%s%s %s", used ? "; " : "", lyap_chaos_name[c],
                 lyap_estimate_text(cooled ? &r->cooled_calm : &r->chaos_calm, number));
    }
}

static void judge_rates(struct lyap_report *report, const struct lyap_rate_rules *q) {
    static const enum lyap_rate_rule rivals[] = {LYAP_RATE_RANGE, LYAP_RATE_SHARPNESS, LYAP_RATE_LOSS};
    enum { RIVALS = sizeof rivals / sizeof *rivals };
    struct lyap_report_judgement j = {
        .id = "Q1",
        .claim =
            "At equal compute the exponent chooses a better learning rate than a range test, 2/sharpness and early "
            "loss",
        .verdict = LYAP_CANNOT_BE_TOLD,
        .effect = "-"};
    char effect[160], best[64], own[64];
    size_t better = 0, worse = 0;
    for (size_t i = 0; i < RIVALS; i++) {
        const struct lyap_estimate *e = &q->behind[rivals[i]];
        better += e->high < 0;
        worse += e->low > 0 && e->value > LOSS;
    }
    if (q->starts * LYAP_RATE_DRAWS < ENOUGH_STARTS) {
        lyap_report_judge(report, &j, "there are too few starts");
        return;
    }
    j.verdict = better == RIVALS           ? LYAP_HOLDS
                : worse > 0 && better == 0 ? LYAP_DOES_NOT_HOLD
                : better > 0               ? LYAP_HOLDS_IN_PART
                                           : LYAP_CANNOT_BE_TOLD;
    snprintf(effect, sizeof effect, "loss above the best rate: exponent %s; best rule (%s) %s",
             lyap_estimate_text(&q->excess[LYAP_RATE_LARGEST], own), lyap_rate_rule_name(q->best),
             lyap_estimate_text(&q->excess[q->best], best));
    j.effect = effect;
    lyap_report_judge(
        report, &j,
        "the held-out loss with the exponent's rule is surely lower than with %zu of %d rivals, and surely "
        "higher, by more than %g on average, than with %zu",
        better, RIVALS, LOSS, worse);
    lyap_report_sentence(
        report, "instead",
        "To choose the learning rate at equal compute, the best of the rules compared is \"%s\": its "
        "held-out loss, as a share of the loss of equal probabilities, is %s above that of the best rate "
        "of a grid%s%s%s.",
        lyap_rate_rule_name(q->best), best, q->best == LYAP_RATE_LARGEST ? "" : ", against ",
        q->best == LYAP_RATE_LARGEST ? "" : own, q->best == LYAP_RATE_LARGEST ? "" : " with the exponent's rule");
}

static void judge_batches(struct lyap_report *report, const struct lyap_batches *q) {
    struct lyap_report_judgement j = {.id = "Q2",
                                      .claim = "The exponent survives the noise of mini-batches: it orders learning "
                                               "rates and starts as with the full batch",
                                      .verdict = LYAP_CANNOT_BE_TOLD,
                                      .effect = "-"};
    enum { ALL = 2 * LYAP_BATCH_CASES };
    size_t yes = 0, no = 0, told = 0;
    char text[240] = "", number[64];
    for (int k = 0; k < 2; k++)
        for (size_t c = 0; c < LYAP_BATCH_CASES; c++) {
            const struct lyap_batch_agreement *a = &q->agree[c][LYAP_BATCH_JUDGED];
            const struct lyap_estimate *e = k ? &a->starts : &a->rates;
            const size_t used = strlen(text);
            told += isfinite(e->low) != 0;
            yes += e->low > AGREEMENT;
            no += e->high < AGREEMENT;
            snprintf(text + used, sizeof text - used, "%s%s",
                     c   ? ", "
                     : k ? "; starts: "
                         : "rates: ",
                     lyap_estimate_text(e, number));
        }
    if (told < ALL || q->starts < ENOUGH_STARTS) {
        lyap_report_judge(report, &j, "there are too few starts");
        return;
    }
    j.verdict = yes == ALL  ? LYAP_HOLDS
                : no == ALL ? LYAP_DOES_NOT_HOLD
                : yes >= 2  ? LYAP_HOLDS_IN_PART
                            : LYAP_CANNOT_BE_TOLD;
    j.effect = text;
    lyap_report_judge(
        report, &j,
        "with batches of a quarter of the samples the rank agreement with the full batch is surely above "
        "%g in %zu of %d cases (over learning rates and over starts, two networks) and surely below it in "
        "%zu",
        AGREEMENT, yes, ALL, no);
    lyap_report_effect(report, "Q2", &q->agree[0][LYAP_BATCH_JUDGED].rates,
                       "batches of a quarter and full batch, over learning rates");
    lyap_report_effect(report, "Q2", &q->agree[0][LYAP_BATCH_JUDGED].starts,
                       "batches of a quarter and full batch, over starts");
}

static void judge_depth(struct lyap_report *report, const struct lyap_depth *q) {
    struct lyap_report_judgement a = {.id = "Q3a",
                                      .claim = "The exponent turns positive at 2/sharpness, whatever depth and width",
                                      .verdict = LYAP_CANNOT_BE_TOLD,
                                      .effect = "-"},
                                 b = {.id = "Q3b",
                                      .claim = "C3 at any depth and width: a lower exponent goes with a lower final "
                                               "loss at equal initial loss",
                                      .verdict = LYAP_CANNOT_BE_TOLD,
                                      .effect = "-"};
    const struct lyap_depth_counts n = lyap_depth_count(q);
    const size_t all = LYAP_DEPTH_CASES;
    char onset[96], partial[96];
    if (q->sizes.starts < 4 || n.told < all) {
        lyap_report_judge(report, &a, "there are too few starts");
        lyap_report_judge(report, &b, "there are too few starts");
        return;
    }
    snprintf(onset, sizeof onset, "far below 2/sharpness in %zu of %zu networks, near it in %zu", n.early, all, n.near);
    a.verdict = n.near == all            ? LYAP_HOLDS
                : n.near >= PART         ? LYAP_HOLDS_IN_PART
                : n.early >= 3 * all / 4 ? LYAP_DOES_NOT_HOLD
                                         : LYAP_CANNOT_BE_TOLD;
    a.effect = onset;
    lyap_report_judge(report, &a,
                      "the interval of the median onset lies within a factor of two of 2/sharpness of the initial "
                      "weights in %zu of %zu networks, and below half of it in %zu",
                      n.near, all, n.early);
    double low = (double)NAN, high = (double)NAN;
    for (size_t c = 0; c < all; c++) {
        low = fmin(low, q->result[c].correlation.partial.value);
        high = fmax(high, q->result[c].correlation.partial.value);
    }
    snprintf(partial, sizeof partial, "partial r = %.2f to %.2f over %zu networks", low, high, all);
    b.effect = partial;
    b.verdict = n.agree == all                   ? LYAP_HOLDS
                : n.oppose > 0 && n.agree < PART ? LYAP_DOES_NOT_HOLD
                : n.agree >= PART                ? LYAP_HOLDS_IN_PART
                                                 : LYAP_CANNOT_BE_TOLD;
    lyap_report_judge(
        report, &b,
        "with %zu starts per network the partial correlation is surely positive in %zu of %zu networks and "
        "surely negative in %zu; %d would be a part",
        q->sizes.more, n.agree, all, n.oppose, PART);
    for (size_t c = 0; c < all; c++)
        if (q->result[c].hidden == 4 && q->result[c].width == 64)
            lyap_report_effect(report, "Q3", &q->result[c].correlation.partial,
                               "exponent and final loss at equal initial loss, %s", lyap_depth_subjects[c].name);
}

static void judge_chaos(struct lyap_report *report, const struct lyap_chaos *q) {
    struct lyap_report_judgement a = {.id = "Q4a",
                                      .claim =
                                          "Chaos lowers the final loss, compared with the same starts at a low rate",
                                      .verdict = LYAP_CANNOT_BE_TOLD,
                                      .effect = "-"},
                                 b = {.id = "Q4b",
                                      .claim =
                                          "A chaotic phase before a low rate lowers the final loss, at equal steps",
                                      .verdict = LYAP_CANNOT_BE_TOLD,
                                      .effect = "-"};
    const struct lyap_chaos_counts n = lyap_chaos_count(q);
    char chaos[300], cooled[300];
    if (n.told < 2) {
        lyap_report_judge(report, &a, "too few starts are chaotic");
        lyap_report_judge(report, &b, "too few starts are chaotic");
        return;
    }
    lyap_chaos_list(q, false, chaos, sizeof chaos);
    lyap_chaos_list(q, true, cooled, sizeof cooled);
    a.effect = chaos;
    b.effect = cooled;
    a.verdict = n.chaos_lower == n.told ? LYAP_HOLDS
                : n.chaos_lower > 0     ? LYAP_HOLDS_IN_PART
                : n.chaos_higher > 0    ? LYAP_DOES_NOT_HOLD
                                        : LYAP_CANNOT_BE_TOLD;
    b.verdict = n.cooled_lower == n.told                             ? LYAP_HOLDS
                : n.cooled_lower > 0                                 ? LYAP_HOLDS_IN_PART
                : n.cooled_higher > 0 || n.cooled_same * 2 >= n.told ? LYAP_DOES_NOT_HOLD
                                                                     : LYAP_CANNOT_BE_TOLD;
    lyap_report_judge(report, &a,
                      "the median difference of the final losses is surely below -%g in %zu of %zu cases and surely "
                      "above %g in %zu",
                      LYAP_CHAOS_MATTERS, n.chaos_lower, n.told, LYAP_CHAOS_MATTERS, n.chaos_higher);
    lyap_report_judge(
        report, &b,
        "the median difference of the final losses is surely below -%g in %zu of %zu cases, surely above %g "
        "in %zu and surely between both in %zu",
        LYAP_CHAOS_MATTERS, n.cooled_lower, n.told, LYAP_CHAOS_MATTERS, n.cooled_higher, n.cooled_same);
}

void lyap_questions_judge(struct lyap_report *report, const struct lyap_questions *q) {
    judge_rates(report, &q->rules);
    judge_batches(report, &q->batches);
    judge_depth(report, &q->depth);
    judge_chaos(report, &q->chaos);
}
