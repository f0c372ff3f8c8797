/* C1: the claim and its steps. Verdicts rest on effect sizes with intervals. */
#include <math.h>
#include <stdio.h>

#include "base/text.h"
#include "report/rate/rate.h"

enum { LEAST_STARTS = 30 };

/* Sizes of effect that count, fixed in advance. */
static const double most = 0.5, few = 0.05, near_edge = 1.25;

static void judge_sign(struct lyap_report *report, const struct lyap_rate_state *state) {
    unsigned turning = 0, same = 0;
    char effect[256] = "";
    size_t length = 0;
    for (int a = 0; a < LYAP_PANELS; a++) {
        const struct lyap_rate_sweep *single = &state->sweep[a][0][LYAP_RATE_AT],
                                     *both = &state->sweep[a][1][LYAP_RATE_AT];
        turning += single->crosses && both->crosses;
        same += single->crosses && both->crosses && single->crossing.low <= both->crossing.high &&
                both->crossing.low <= single->crossing.high;
        if (single->crosses && length < sizeof effect)
            length += (size_t)snprintf(effect + length, sizeof effect - length, "%s%s at %.3g [%.3g, %.3g]",
                                       length ? "; " : "", lyap_rate_activation(a), single->crossing.value,
                                       single->crossing.low, single->crossing.high);
    }
    const bool enough = state->sweep[0][0][LYAP_RATE_AT].starts >= LEAST_STARTS;
    lyap_report_judge(
        report,
        &(const struct lyap_report_judgement){
            "C1a", "A larger learning rate turns the finite-time exponent from negative to positive",
            enough ? lyap_verdict_of(turning, LYAP_PANELS) : LYAP_CANNOT_BE_TOLD, effect},
        "Over %u epochs the median of the networks that are not dead passes zero for %u of %d activations in both "
        "precisions, at learning rates whose intervals overlap between float32 and float64 for %u",
        (unsigned)lyap_rate_epochs[LYAP_RATE_AT], turning, (int)LYAP_PANELS, same);
}

/* Of a share that the claim wants large. */
static enum lyap_verdict verdict_of_share(const struct lyap_estimate *share, uint64_t starts) {
    return starts < LEAST_STARTS  ? LYAP_CANNOT_BE_TOLD
           : share->low > most    ? LYAP_HOLDS
           : share->high < few    ? LYAP_DOES_NOT_HOLD
           : share->low > 2 * few ? LYAP_HOLDS_IN_PART
                                  : LYAP_CANNOT_BE_TOLD;
}

static void share_text(const struct lyap_estimate *share, uint64_t hits, uint64_t starts, char text[128]) {
    snprintf(text, 128, "%llu of %llu networks, 95 %% interval %.2g to %.2g %%", ull(hits), ull(starts),
             100 * share->low, 100 * share->high);
}

static void judge_chaos(struct lyap_report *report, const struct lyap_rate_state *state) {
    const struct lyap_rate_totals t = lyap_rate_total(state);
    const uint64_t positive = t.starts_positive ? t.starts_positive : 1;
    const struct lyap_estimate of_positive =
                                   lyap_share(t.starts_chaotic < positive ? t.starts_chaotic : positive, positive),
                               of_all = lyap_share(t.starts_chaotic, t.starts);
    char effect[128];
    share_text(&of_positive, t.starts_chaotic, t.starts_positive, effect);
    lyap_report_judge(
        report,
        &(const struct lyap_report_judgement){"C1b", "A positive exponent of the published sweep is chaos",
                                              verdict_of_share(&of_positive, t.starts_positive), effect},
        "Of %llu positive exponents %.3g %% belong to networks that diverge, %.3g %% to networks that die, %.3g %% to "
        "networks that settle, and %.3g %% to confirmed chaos",
        ull(t.positive), lyap_percent(t.kind[LYAP_KIND_DIVERGED], t.positive),
        lyap_percent(t.kind[LYAP_KIND_DEAD], t.positive), lyap_percent(t.kind[LYAP_KIND_SETTLED], t.positive),
        lyap_percent(t.kind[LYAP_KIND_CHAOTIC], t.positive));
    share_text(&of_all, t.starts_chaotic, t.starts, effect);
    lyap_report_judge(report,
                      &(const struct lyap_report_judgement){"C1c",
                                                            "The learning rate makes the published networks chaotic",
                                                            verdict_of_share(&of_all, t.starts), effect},
                      "The networks counted are chaotic at one or more of %d learning rates, of %llu starts for each "
                      "of %d activations",
                      (int)LYAP_RATE_GRID, ull(state->regimes[0].starts), (int)LYAP_PANELS);
}

static bool is_edge(const struct lyap_edge_compared *c) {
    return c->ratio.low > 1 / near_edge && c->ratio.high < near_edge && c->rank.low > most;
}

/* A horizon of an activation: its effects, and its words in the verdict. */
static void add_edge(struct lyap_report *report, const struct lyap_edge *e, int a, struct lyap_text *effect,
                     struct lyap_text *where) {
    const struct lyap_edge_compared *c = &e->against[0];
    char line[128];
    if (e->epochs == lyap_rate_epochs[LYAP_RATE_AT] || a == 0)
        lyap_report_effect(report, "C1", &c->rank, "onset of positive exponents and 2/sharpness, %s, %u epochs",
                           lyap_rate_activation(a), (unsigned)e->epochs);
    snprintf(line, sizeof line, "%s%s, %u epochs: %.3g [%.3g, %.3g], r = %.2f [%.2f, %.2f]", effect->length ? "; " : "",
             lyap_rate_activation(a), (unsigned)e->epochs, c->ratio.value, c->ratio.low, c->ratio.high, c->rank.value,
             c->rank.low, c->rank.high);
    lyap_text_add(effect, line);
    snprintf(line, sizeof line, "%s%s after %u epochs", where->length ? ", " : " (", lyap_rate_activation(a),
             (unsigned)e->epochs);
    if (is_edge(c)) lyap_text_add(where, line);
}

static void judge_edge(struct lyap_report *report, const struct lyap_rate_state *state) {
    unsigned known = 0, near = 0;
    struct lyap_text effect = {0}, where = {0};
    for (int a = 0; a < LYAP_PANELS; a++)
        for (int h = 0; h < LYAP_EDGE_HORIZONS; h++) {
            const struct lyap_edge *e = &state->edge[a][h];
            if (!e->against[0].known || e->starts < LEAST_STARTS) continue;
            known++;
            near += is_edge(&e->against[0]);
            add_edge(report, e, a, &effect, &where);
        }
    if (near) lyap_text_add(&where, ")");
    lyap_report_judge(
        report,
        &(const struct lyap_report_judgement){
            "C1d", "The onset of positive exponents is the edge of stability, 2/sharpness",
            known ? lyap_verdict_of(near, known) : LYAP_CANNOT_BE_TOLD, lyap_text_of(&effect)},
        "In %u of %u combinations of activation and epochs%s the median ratio of onset to edge lies between %.2g and "
        "%.3g and the rank correlation above %.2g, each with its 95 %% interval",
        near, known, lyap_text_of(&where), 1 / near_edge, near_edge, most);
    lyap_text_free(&effect);
    lyap_text_free(&where);
}

static void judge_claim(struct lyap_report *report, const struct lyap_rate_state *state) {
    const struct lyap_rate_totals t = lyap_rate_total(state);
    const struct lyap_estimate share = lyap_share(t.starts_chaotic, t.starts);
    const size_t best = lyap_bifurcation_best(&state->bifurcation);
    const struct lyap_bifurcation_diagram *g = best < LYAP_BIFURCATION_CASES ? &state->bifurcation.diagram[best] : NULL;
    int brought = 0;
    for (int i = 0; i < LYAP_BIFURCATION_CASES; i++)
        brought += lyap_bifurcation_is_brought(&state->bifurcation.diagram[i]);
    const enum lyap_verdict published = verdict_of_share(&share, t.starts);
    const enum lyap_verdict verdict = t.starts < LEAST_STARTS           ? LYAP_CANNOT_BE_TOLD
                                      : published == LYAP_HOLDS         ? LYAP_HOLDS
                                      : brought > 0                     ? LYAP_HOLDS_IN_PART
                                      : published == LYAP_DOES_NOT_HOLD ? LYAP_DOES_NOT_HOLD
                                                                        : LYAP_CANNOT_BE_TOLD;
    char effect[384], elsewhere[192] = "";
    if (g)
        snprintf(elsewhere, sizeof elsewhere, "; at best elsewhere %.3g %% [%.3g, %.3g] of the starts (%s)",
                 100 * g->share.value, 100 * g->share.low, 100 * g->share.high, lyap_bifurcation_cases[best].name);
    snprintf(effect, sizeof effect, "published networks: %llu of %llu chaotic at any rate [%.2g, %.2g] %%%s",
             ull(t.starts_chaotic), ull(t.starts), 100 * share.low, 100 * share.high, elsewhere);
    lyap_report_judge(
        report,
        &(const struct lyap_report_judgement){"C1", "Changing the learning rate can make the weights' dynamics chaotic",
                                              verdict, effect},
        "The positive exponents of the published networks are %.3g %% divergence, death or convergence and %.3g %% "
        "chaos; the learning rate alone brings bounded chaos in %d of %d further combinations of network, data and "
        "starts",
        lyap_percent(t.kind[LYAP_KIND_DIVERGED] + t.kind[LYAP_KIND_DEAD] + t.kind[LYAP_KIND_SETTLED], t.positive),
        lyap_percent(t.kind[LYAP_KIND_CHAOTIC], t.positive), brought, (int)LYAP_BIFURCATION_CASES);
}

/* For the abstract. */
static void answer(struct lyap_report *report, const struct lyap_rate_state *state) {
    const struct lyap_rate_totals t = lyap_rate_total(state);
    const struct lyap_estimate share = lyap_share(t.starts_chaotic, t.starts);
    const size_t best = lyap_bifurcation_best(&state->bifurcation);
    char elsewhere[320] = "";
    if (t.starts < LEAST_STARTS) return;
    if (best < LYAP_BIFURCATION_CASES && lyap_bifurcation_is_brought(&state->bifurcation.diagram[best])) {
        const struct lyap_bifurcation_diagram *g = &state->bifurcation.diagram[best];
        snprintf(
            elsewhere, sizeof elsewhere,
            ", while the learning rate alone makes up to %.3g %% [%.3g, %.3g] of the starts of other bounded networks "
            "chaotic",
            100 * g->share.value, 100 * g->share.low, 100 * g->share.high);
    }
    lyap_report_sentence(
        report, "C1",
        "A large learning rate makes the exponent positive, but %.3g %% of the %llu positive exponents of the "
        "published networks belong to training that diverges, dies or settles, and %llu of %llu networks are chaotic "
        "at any learning rate (95 %% interval %.2g to %.2g %%)%s.",
        lyap_percent(t.kind[LYAP_KIND_DIVERGED] + t.kind[LYAP_KIND_DEAD] + t.kind[LYAP_KIND_SETTLED], t.positive),
        ull(t.positive), ull(t.starts_chaotic), ull(t.starts), 100 * share.low, 100 * share.high, elsewhere);
}

void lyap_rate_verdicts(struct lyap_report *report, const struct lyap_rate_state *state) {
    answer(report, state);
    judge_claim(report, state);
    judge_sign(report, state);
    judge_chaos(report, state);
    judge_edge(report, state);
}
