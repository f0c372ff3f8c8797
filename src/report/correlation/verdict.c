#include "report/common/rounded.h"
#include "report/correlation/verdict.h"

#include <math.h>
#include <string.h>

#include "report/correlation/write.h"

static bool above(const struct lyap_estimate *r) {
    return r->low > LYAP_C3_COUNTS;
}

static bool below(const struct lyap_estimate *r) {
    return r->high < LYAP_C3_COUNTS;
}

enum lyap_verdict lyap_c3_verdict(const struct lyap_c3_network *network, size_t count) {
    size_t all = 0, some = 0, none = 0;
    for (size_t i = 0; i < count; i++) {
        const struct lyap_c3_network *n = &network[i];
        all += above(&n->band) && above(&n->equal);
        some += above(&n->band) || above(&n->equal);
        none += below(&n->band) && below(&n->equal);
    }
    if (count == 0) return LYAP_CANNOT_BE_TOLD;
    return all == count    ? LYAP_HOLDS
           : some > 0      ? LYAP_HOLDS_IN_PART
           : none == count ? LYAP_DOES_NOT_HOLD
                           : LYAP_CANNOT_BE_TOLD;
}

bool lyap_c3_changes_sign(const struct lyap_estimate *r, size_t n) {
    bool up = false, down = false;
    for (size_t i = 0; i < n; i++) {
        up = up || r[i].low > LYAP_C3_SIGN;
        down = down || r[i].high < -LYAP_C3_SIGN;
    }
    return up && down;
}

void lyap_c3_series(const struct lyap_rivals *rivals, struct lyap_estimate *r) {
    for (size_t h = 0; h < LYAP_RIVAL_HORIZONS; h++)
        r[h] = rivals->result[h].r[LYAP_HELD_INITIAL][LYAP_PREDICTOR_HYBRID];
}

struct lyap_c3_network lyap_c3_network_of(const struct lyap_loss_correlation *choice, size_t p) {
    const struct lyap_loss_correlation_panel *panel = &choice->panel[p];
    const struct lyap_rival_result *first = &panel->inside[0].result[0];
    return (struct lyap_c3_network){.band = panel->sample[0].inside[LYAP_LOSS_CORRELATION_SIZES - 1].pearson,
                                    .equal = first->r[LYAP_HELD_INITIAL][LYAP_PREDICTOR_HYBRID],
                                    .given = first->r[LYAP_HELD_GRADIENT][LYAP_PREDICTOR_HYBRID]};
}

static void judge_claim(struct lyap_report *report, const struct lyap_loss_correlation *choice) {
    struct lyap_c3_network network[LYAP_LOSS_CORRELATION_PANELS];
    char in_band[160] = "", equal[160] = "", given[160] = "", gradient[160] = "", effect[400], one[32];
    char *const text[] = {in_band, equal, given, gradient};
    size_t count = 0;
    for (size_t p = 0; p < LYAP_LOSS_CORRELATION_PANELS; p++) {
        if (!lyap_loss_correlation_published(p)) continue;
        const struct lyap_c3_network *n = &network[count];
        network[count++] = lyap_c3_network_of(choice, p);
        const double value[] = {
            n->band.value, n->equal.value, n->given.value,
            choice->panel[p].inside[0].result[0].r[LYAP_HELD_INITIAL][LYAP_PREDICTOR_GRADIENT].value};
        for (size_t k = 0; k < sizeof text / sizeof *text; k++) {
            size_t used = strlen(text[k]);
            snprintf(text[k] + used, 160 - used, "%s%s (%s)", used ? ", " : "", lyap_decimals_text(value[k], one),
                     lyap_c3_name(p));
        }
    }
    snprintf(effect, sizeof effect, "r = %s at equal initial loss, %s in the published band; %g counts", equal, in_band,
             LYAP_C3_COUNTS);
    lyap_report_judge(report,
                      &(const struct lyap_report_judgement){
                          "C3", "Among starts of the same initial loss, a lower exponent goes with a lower final loss",
                          lyap_c3_verdict(network, count), effect},
                      "The squared gradient of the first step has the rank correlation %s at equal initial loss; with "
                      "that held equal, "
                      "too, the exponent's is %s.",
                      gradient, given);
}

/* A run of the published size sees the claim where r is positive with p < 0.05. */
static void judge_size(struct lyap_report *report, const struct lyap_loss_correlation *choice) {
    size_t told = 0, enough = 0, short_of = 0, panels = 0;
    char text[300] = "", one[64];
    for (size_t p = 0; p < LYAP_LOSS_CORRELATION_PANELS; p++) {
        const struct lyap_loss_correlation_sample *s = &choice->panel[p].sample[0];
        if (!lyap_loss_correlation_published(p)) continue;
        panels++;
        if (s->runs < 10) continue;
        told++;
        struct lyap_estimate share = lyap_share(s->positive, s->runs);
        enough += share.low > LYAP_C3_POWER;
        short_of += share.high < LYAP_C3_POWER;
        share.value *= 100, share.low *= 100, share.high *= 100;
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s%s %% (%s)", used ? ", " : "", lyap_estimate_text(&share, one),
                 lyap_c3_name(p));
    }
    const enum lyap_verdict verdict = told < panels        ? LYAP_CANNOT_BE_TOLD
                                      : enough == panels   ? LYAP_HOLDS
                                      : enough > 0         ? LYAP_HOLDS_IN_PART
                                      : short_of == panels ? LYAP_DOES_NOT_HOLD
                                                           : LYAP_CANNOT_BE_TOLD;
    lyap_report_judge(report,
                      &(const struct lyap_report_judgement){
                          "C3b", "A run of the published size is enough to see the relation", verdict, text},
                      "The share of runs of %zu starts with r above 0 and p < 0.05 (Student), with Wilson's interval; "
                      "%g %% count as enough.",
                      choice->sizes.size[0], 100 * LYAP_C3_POWER);
}

/* An example of a changed sign. */
static void tell_change(char *text, size_t size, const struct lyap_rivals *of) {
    struct lyap_estimate r[LYAP_RIVAL_HORIZONS];
    size_t up = 0, down = 0;
    lyap_c3_series(of, r);
    for (size_t h = 0; h < LYAP_RIVAL_HORIZONS; h++) {
        if (r[h].low > LYAP_C3_SIGN) up = h;
        if (r[h].high < -LYAP_C3_SIGN) down = h;
    }
    snprintf(text, size, "; %s at learning rate %g has r = %.2f over %u epochs and %.2f over %u",
             lyap_activation_name(of->activation), of->lr, r[up].value, (unsigned)lyap_rival_horizon[up], r[down].value,
             (unsigned)lyap_rival_horizon[down]);
}

static void judge_horizon(struct lyap_report *report, const struct lyap_loss_correlation *choice) {
    size_t series = 0, changes = 0, plus = 0, minus = 0;
    char example[160] = "", effect[80];
    for (size_t p = 0; p < LYAP_LOSS_CORRELATION_PANELS; p++)
        for (size_t rate = 0; rate < LYAP_RIVAL_RATES; rate++) {
            const struct lyap_rivals *of = &choice->panel[p].inside[rate];
            struct lyap_estimate r[LYAP_RIVAL_HORIZONS];
            lyap_c3_series(of, r);
            bool change = lyap_c3_changes_sign(r, LYAP_RIVAL_HORIZONS);
            size_t up = 0, down = 0, defined = 0;
            for (size_t h = 0; h < LYAP_RIVAL_HORIZONS; h++) {
                defined += isfinite(r[h].value) != 0;
                up += r[h].low > LYAP_C3_SIGN;
                down += r[h].high < -LYAP_C3_SIGN;
            }
            series += defined > 1;
            changes += change;
            plus += up;
            minus += down;
            if (change && !*example) tell_change(example, sizeof example, of);
        }
    snprintf(effect, sizeof effect, "changes in %zu of %zu pairs", changes, series);
    lyap_report_judge(report,
                      &(const struct lyap_report_judgement){
                          "C3c", "The sign of the relation does not depend on how long one trains and measures",
                          changes          ? LYAP_DOES_NOT_HOLD
                          : plus && !minus ? LYAP_HOLDS
                                           : LYAP_CANNOT_BE_TOLD,
                          effect},
                      "Of all pairs of activation and learning rate at equal initial loss, with 5 to %u epochs, %zu "
                      "correlations lie above %g with their interval and %zu below -%g%s.",
                      (unsigned)lyap_rival_horizon[LYAP_RIVAL_HORIZONS - 1], plus, LYAP_C3_SIGN, minus, LYAP_C3_SIGN,
                      example);
}

static void hand_in_effects(struct lyap_report *report, const struct lyap_loss_correlation *choice) {
    const size_t last = LYAP_RIVAL_HORIZONS - 1;
    for (size_t p = 0; p < LYAP_LOSS_CORRELATION_PANELS; p++) {
        if (!lyap_loss_correlation_distinct(p)) continue;
        const struct lyap_loss_correlation_panel *panel = &choice->panel[p];
        const struct lyap_rival_result *first = &panel->inside[0].result[0], *long_run = &panel->inside[0].result[last];
        const struct lyap_estimate band = panel->sample[0].inside[LYAP_LOSS_CORRELATION_SIZES - 1].pearson;
        lyap_report_effect(report, "C3", &band, "%s, exponent, band of initial losses, 5 epochs", lyap_c3_name(p));
        lyap_report_effect(report, "C3", &first->r[LYAP_HELD_INITIAL][LYAP_PREDICTOR_HYBRID],
                           "%s, exponent, equal initial loss, 5 epochs", lyap_c3_name(p));
        lyap_report_effect(report, "C3", &first->r[LYAP_HELD_GRADIENT][LYAP_PREDICTOR_HYBRID],
                           "%s, exponent, equal initial loss and gradient, 5 epochs", lyap_c3_name(p));
        lyap_report_effect(report, "C3", &first->r[LYAP_HELD_INITIAL][LYAP_PREDICTOR_GRADIENT],
                           "%s, squared gradient, equal initial loss, 5 epochs", lyap_c3_name(p));
        lyap_report_effect(report, "C3", &long_run->r[LYAP_HELD_INITIAL][LYAP_PREDICTOR_GRADIENT],
                           "%s, squared gradient, equal initial loss, %u epochs", lyap_c3_name(p),
                           (unsigned)lyap_rival_horizon[last]);
    }
}

void lyap_c3_judge(struct lyap_report *report, const struct lyap_loss_correlation *choice) {
    judge_claim(report, choice);
    judge_size(report, choice);
    judge_horizon(report, choice);
    hand_in_effects(report, choice);
}
