/* C1: the verdicts. */
#include <math.h>

#include "report/rate/rate.h"
#include "lyapgrad/inference.h"
#include "lyapgrad/network.h"
#include "lyapgrad/regime.h"

enum { LEAST_STARTS = 30 };

static const char *activation(int panel) {
    return lyap_activation_name(lyap_paper_activation[panel]);
}

static double percent(uint64_t part, uint64_t whole) {
    return whole ? 100 * (double)part / (double)whole : 0;
}

static void verdict_sign(struct lyap_report *report, const struct lyap_rate_state *state) {
    const char *claim = "A larger learning rate turns the finite-time exponent from negative to positive";
    unsigned turning = 0, same = 0;
    for (int a = 0; a < LYAP_PANELS; a++) {
        const struct lyap_rate_sweep *single = &state->sweep[a][0][1], *both = &state->sweep[a][1][1];
        turning += single->crosses && both->crosses;
        same += single->crosses && both->crosses && single->crossing.low <= both->crossing.high &&
                both->crossing.low <= single->crossing.high;
    }
    if (state->sweep[0][0][1].starts < LEAST_STARTS) {
        lyap_report_verdict(report, "C1a", claim, LYAP_CANNOT_BE_TOLD, "%llu starts are too few for an onset.",
                            ull(state->sweep[0][0][1].starts));
        return;
    }
    enum lyap_verdict verdict = lyap_verdict_of(turning, LYAP_PANELS);
    lyap_report_verdict(report, "C1a", claim, verdict,
                        "Over %u epochs the median of the starts that are not dead passes zero for %d of %d "
                        "activations in float32 and float64, "
                        "at learning rates whose intervals overlap between the precisions for %d.",
                        (unsigned)lyap_rate_epochs[1], turning, (int)LYAP_PANELS, same);
}

static void verdict_positive(struct lyap_report *report, const struct lyap_rate_state *state) {
    const char *claim = "A positive exponent of the published sweep is chaos";
    uint64_t starts = 0, chaotic = 0, pairs = 0, confirmed = 0, diverged = 0, settled = 0;
    for (int a = 0; a < LYAP_PANELS; a++) {
        const struct lyap_rate_regimes *r = &state->regimes[a];
        starts += r->starts_positive;
        chaotic += r->starts_chaotic;
        pairs += r->positive;
        confirmed += r->positive_confirmed;
        diverged += r->positive_regime[LYAP_DIVERGED];
        settled +=
            r->positive_regime[LYAP_STILL] + r->positive_regime[LYAP_PERIODIC] + r->positive_regime[LYAP_CONVERGING];
    }
    if (starts < LEAST_STARTS) {
        lyap_report_verdict(report, "C1b", claim, LYAP_CANNOT_BE_TOLD, "Only %llu starts have a positive exponent.",
                            ull(starts));
        return;
    }
    struct lyap_estimate share = lyap_share(chaotic, starts);
    enum lyap_verdict verdict = share.low > 0.5    ? LYAP_HOLDS
                                : share.high < 0.1 ? LYAP_DOES_NOT_HOLD
                                                   : LYAP_HOLDS_IN_PART;
    lyap_report_verdict(
        report, "C1b", claim, verdict,
        "Of %llu positive exponents %.3g %% belong to diverging training and %.3g %% to training that settles, "
        "%.3g %% to confirmed chaos; "
        "%llu of the %llu starts with a positive exponent somewhere (95 %% interval %.3g to %.3g %%) "
        "are chaotic where it is.",
        ull(pairs), percent(diverged, pairs), percent(settled, pairs), percent(confirmed, pairs), ull(chaotic),
        ull(starts), 100 * share.low, 100 * share.high);
}

static void verdict_chaos(struct lyap_report *report, const struct lyap_rate_state *state) {
    const char *claim = "The learning rate makes the published networks chaotic";
    uint64_t best = 0, starts = state->regimes[0].starts, cells = 0;
    int at = 0, of = 0;
    for (int a = 0; a < LYAP_PANELS; a++)
        for (int v = 0; v < LYAP_RATE_GRID; v++) {
            cells += state->regimes[a].confirmed[v];
            if (state->regimes[a].confirmed[v] > best) best = state->regimes[a].confirmed[v], at = v, of = a;
        }
    struct lyap_estimate share = lyap_share(best, starts);
    if (starts < LEAST_STARTS) {
        lyap_report_verdict(report, "C1c", claim, LYAP_CANNOT_BE_TOLD, "%llu starts are too few for a share.",
                            ull(starts));
    } else if (best == 0) {
        lyap_report_verdict(report, "C1c", claim, LYAP_DOES_NOT_HOLD,
                            "None of %llu starts is chaotic at any of %d learning rates for any of %d activations "
                            "(upper end of the 95 %% "
                            "interval at each: %.2g %%).",
                            ull(starts), (int)LYAP_RATE_GRID, (int)LYAP_PANELS, 100 * share.high);
    } else {
        lyap_report_verdict(report, "C1c", claim, share.low > 0.5 ? LYAP_HOLDS : LYAP_HOLDS_IN_PART,
                            "%llu of %llu pairs of start and learning rate are confirmed chaotic, at most %.3g %% of "
                            "the starts (95 %% interval "
                            "%.3g to %.3g %%) at one learning rate (%s at %.4g).",
                            ull(cells), ull(starts * LYAP_RATE_GRID * LYAP_PANELS), 100 * share.value, 100 * share.low,
                            100 * share.high, activation(of), state->grid[at]);
    }
}

static void verdict_edge(struct lyap_report *report, const struct lyap_rate_state *state) {
    const char *claim = "The onset of positive exponents is the edge of stability, 2/sharpness";
    unsigned known = 0, near = 0;
    double low = INFINITY, high = 0;
    for (int a = 0; a < LYAP_PANELS; a++) {
        const struct lyap_edge *e = &state->edge[a];
        if (!e->compared || e->starts < LEAST_STARTS) continue;
        known++;
        near += e->ratio_run.low > 0.8 && e->ratio_run.high < 1.25;
        low = fmin(low, e->ratio_run.value);
        high = fmax(high, e->ratio_run.value);
    }
    if (known == 0)
        lyap_report_verdict(report, "C1d", claim, LYAP_CANNOT_BE_TOLD, "Too few starts have an onset.");
    else
        lyap_report_verdict(report, "C1d", claim, lyap_verdict_of(near, known),
                            "For %u of %u activations the median onset lies within 25 %% of 2 over the largest "
                            "sharpness of the run; its "
                            "ratio to that lies between %.2g and %.2g.",
                            near, known, low, high);
}

void lyap_rate_verdicts(struct lyap_report *report, const struct lyap_rate_state *state) {
    verdict_sign(report, state);
    verdict_positive(report, state);
    verdict_chaos(report, state);
    verdict_edge(report, state);
}
