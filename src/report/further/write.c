/* L1: text, figure and data. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/common/cells.h"
#include "report/further/further.h"
#include "report/frame/section.h"
#include "lyapgrad/regime.h"
#include "lyapgrad/status.h"

/* Sizes that count, fixed in advance: a share of chaotic starts of one in twenty; of the pairs of case and horizon, nine tenths make
 * C3 hold and a quarter is a part that matters. */
static const double SHARE = 0.05, MOST = 0.9, PART = 0.25;

enum { SAME = 3, /* the first horizons: exponent and loss over the same epochs */ ENOUGH_STARTS = 20 };

/* Three of 20 starts or more give a lower end above SHARE; none of 20 an upper end below a fifth. */
static bool turns_chaotic(const struct lyap_further_result *r) {
    return r->chaotic.low > SHARE;
}
static bool stays_calm(const struct lyap_further_result *r) {
    return r->chaotic.high < 4 * SHARE;
}

struct counts {
    size_t chaotic, calm; /* cases that surely turn chaotic, that surely do not */
    size_t defined, agree_same,
        oppose_same;     /* pairs of case and horizon with a correlation; of SAME, those surely above and below 0 */
    size_t always, sign; /* cases that agree at all of SAME; that agree at one of all horizons and oppose at another */
    size_t agree[LYAP_FURTHER_HORIZONS], oppose[LYAP_FURTHER_HORIZONS]; /* cases */
    double low, high; /* the least and the largest correlation of SAME; NaN without one */
};

static void count_case(struct counts *n, const struct lyap_further_result *r) {
    size_t same = 0, yes = 0, against = 0;
    n->chaotic += turns_chaotic(r);
    n->calm += stays_calm(r);
    for (size_t h = 0; h < LYAP_FURTHER_HORIZONS; h++) {
        const struct lyap_correlations *c = &r->correlation[h];
        const int sign = c->defined ? lyap_estimate_sign(&c->spearman) : 0;
        n->defined += c->defined;
        n->agree[h] += sign > 0;
        n->oppose[h] += sign < 0;
        yes += sign > 0;
        against += sign < 0;
        if (h >= SAME || !c->defined) continue;
        same += sign > 0;
        n->agree_same += sign > 0;
        n->oppose_same += sign < 0;
        n->low = fmin(n->low, c->spearman.value);
        n->high = fmax(n->high, c->spearman.value);
    }
    n->always += same == SAME;
    n->sign += yes > 0 && against > 0;
}

static struct counts count(const struct lyap_further *f) {
    struct counts n = {.low = (double)NAN, .high = (double)NAN};
    for (size_t c = 0; c < LYAP_FURTHER_CASES; c++) count_case(&n, &f->result[c]);
    return n;
}

/* ---- figure ---- */

struct numbers {
    double at[LYAP_FURTHER_HORIZONS + 1][LYAP_FURTHER_CASES], value[LYAP_FURTHER_HORIZONS + 1][LYAP_FURTHER_CASES],
        low[LYAP_FURTHER_HORIZONS + 1][LYAP_FURTHER_CASES], high[LYAP_FURTHER_HORIZONS + 1][LYAP_FURTHER_CASES];
    const char *name[LYAP_FURTHER_CASES];
};

static void put(struct numbers *n, size_t series, size_t c, double shift, const struct lyap_estimate *e) {
    n->at[series][c] = (double)c + shift;
    n->value[series][c] = e->value;
    n->low[series][c] = e->low;
    n->high[series][c] = e->high;
}

static void add(struct lyap_panel *panel, const struct numbers *n, size_t series, const char *label, int colour) {
    struct lyap_mark_series *s =
        lyap_panel_add(panel, LYAP_MARK_SPANS, label, colour, LYAP_FURTHER_CASES, n->value[series], n->at[series]);
    s->low = n->low[series];
    s->high = n->high[series];
    s->shape = (enum lyap_shape)(series % LYAP_FURTHER_HORIZONS);
}

static void figure(struct lyap_document *d, const struct lyap_further *f) {
    static const int colour[LYAP_FURTHER_HORIZONS] = {1, 2, 3, 5};
    struct lyap_chart *chart = lyap_document_room(d, 1, sizeof *chart);
    struct numbers *n = lyap_document_room(d, 1, sizeof *n);
    if (chart && n) {
        struct lyap_panel *top = &chart->panel[0], *bottom = &chart->panel[1];
        chart->count = 2;
        chart->columns = 1;
        chart->height = 330;
        top->title = "C1: chaotic starts at the chosen learning rate";
        bottom->title = "C3: rank correlation of exponent and final loss";
        top->x = (struct lyap_axis){.title = "share of starts", .low = 0, .high = 1};
        bottom->x = (struct lyap_axis){.title = "rank correlation (positive: as the paper says)", .low = -1, .high = 1};
        top->y_names = bottom->y_names = (struct lyap_names){LYAP_FURTHER_CASES, n->name, NULL};
        for (size_t c = 0; c < LYAP_FURTHER_CASES; c++) {
            n->name[c] = lyap_further_cases[c].subject.name;
            put(n, LYAP_FURTHER_HORIZONS, c, 0, &f->result[c].chaotic);
            for (size_t h = 0; h < LYAP_FURTHER_HORIZONS; h++)
                put(n, h, c, 0.2 * ((double)h - 1.5), &f->result[c].correlation[h].spearman);
        }
        add(top, n, LYAP_FURTHER_HORIZONS, NULL, 1);
        lyap_panel_line(top, true, SHARE, "1 in 20");
        for (size_t h = 0; h < LYAP_FURTHER_HORIZONS; h++) add(bottom, n, h, lyap_further_horizons[h].name, colour[h]);
        lyap_panel_line(bottom, true, 0, NULL);
        lyap_document_figure(
            d, "further", chart,
            "Ten other cases with 95 %% intervals. Top: share of bounded chaos at the learning rate that the other "
            "half "
            "of the starts chose (Wilson). Bottom: Spearman's correlation of exponent and final loss over the same "
            "epochs, and of the exponent over 20 epochs with the loss after 500 (bootstrap, %d resamples). All "
            "numbers: "
            "`further.csv`.",
            LYAP_FURTHER_RESAMPLES);
    }
    free(chart);
    free(n);
}

/* ---- text ---- */

static void main_text(struct lyap_document *d, const struct lyap_further *f) {
    const struct counts n = count(f);
    lyap_document_paragraph(
        d,
        "L1. The paper admits that its results may not generalise to other architectures and data. Ten other cases "
        "change the depth, the width, the activation, the data, the loss and the optimiser. Each case was run at "
        "several learning rates, and the rate with the most chaotic starts was chosen on half of the starts. The share "
        "of "
        "chaotic starts among the others is surely above one in twenty in %zu of %d cases, and surely below one in "
        "five in "
        "%zu; surely means that the whole 95 %% interval lies there. Chaotic means bounded motion without a period and "
        "with a positive tangent exponent to the end of "
        "the run; divergence does not count.",
        n.chaotic, LYAP_FURTHER_CASES, n.calm);
    lyap_document_paragraph(
        d,
        "The rank correlation behind C3 was measured at several horizons. Exponent and final loss over the same 5, 20 "
        "and 100 epochs correlate as the paper says (interval above 0) in %zu, %zu and %zu of %d cases, and the other "
        "way (interval below 0) in %zu, %zu and %zu. All three horizons agree with the paper in %zu cases. The "
        "exponent "
        "over 20 epochs correlates with the loss after 500 epochs as the paper says in %zu cases, and the other way in "
        "%zu. The sign at one of these horizons is the opposite of that at another in %zu.",
        n.agree[0], n.agree[1], n.agree[2], LYAP_FURTHER_CASES, n.oppose[0], n.oppose[1], n.oppose[2], n.always,
        n.agree[3], n.oppose[3], n.sign);
}

static void protocol(struct lyap_document *d, const struct lyap_further *f) {
    lyap_document_paragraph(
        d,
        "Protocol, C1: per case %zu starts at %d learning rates from 0.1 to 100 (Adam: 0.001 to 10), evenly spaced in "
        "their logarithm; %u steps with a tangent, of which a quarter is a transient; regimes by the rules of "
        "lyapgrad/regime.h. The learning rate with the most chaotic starts is chosen on the first half of the starts, "
        "and its share is estimated on the second half, so that the choice of a maximum does not raise it. "
        "`further_regimes.csv` has every run.",
        f->sizes.chaos, LYAP_FURTHER_RATES, (unsigned)f->sizes.steps);
    lyap_document_paragraph(
        d,
        "Protocol, C3: at one learning rate that trains (`further.csv`), %zu starts drawn into the 45 %% to 55 %% band "
        "of their own initial losses, 24 neighbours at N(0, 1e-4), as for C3; float64, full batch. "
        "`further_starts.csv` has the exponents and losses of each start. The noisy XOR on 3 bits and the ReLU network "
        "with momentum are configurations of the same author's earlier work.",
        f->sizes.scatter);
    lyap_document_paragraph(
        d, "Adam divides by the root of the mean squared gradient, so its steps do not shrink with the gradient and it "
           "keeps moving near a minimum: its exponents describe the optimiser as much as the loss. Distances are over "
           "the weights, not over the optimisers' buffers.");
}

/* ---- verdicts ---- */

/* Two cases of ten are a part that matters; one is not. */
static enum lyap_verdict of_cases(size_t yes, size_t no) {
    const size_t all = LYAP_FURTHER_CASES;
    if (yes == all) return LYAP_HOLDS;
    if (yes >= 2 && no >= 1) return LYAP_HOLDS_IN_PART;
    if (no + 1 >= all) return LYAP_DOES_NOT_HOLD;
    return yes >= 2 ? LYAP_HOLDS_IN_PART : LYAP_CANNOT_BE_TOLD;
}

static enum lyap_verdict judge_chaos(struct lyap_report *report, const struct lyap_further *f, const struct counts *n) {
    struct lyap_report_judgement j = {
        .id = "L1a",
        .claim = "C1 on other networks, data and optimisers: some learning rate makes training chaotic",
        .verdict = LYAP_CANNOT_BE_TOLD,
        .effect = "-"};
    char effect[96];
    if (f->sizes.chaos < ENOUGH_STARTS) {
        lyap_report_judge(report, &j, "there are too few starts");
        return j.verdict;
    }
    snprintf(effect, sizeof effect, "chaos in %zu of %d cases, none in %zu", n->chaotic, LYAP_FURTHER_CASES, n->calm);
    j.verdict = of_cases(n->chaotic, n->calm);
    j.effect = effect;
    lyap_report_judge(report, &j,
                      "in %zu of %d cases the interval of the share of chaotic starts lies above %g at the learning "
                      "rate that other starts chose, and in %zu below %g",
                      n->chaotic, LYAP_FURTHER_CASES, SHARE, n->calm, 4 * SHARE);
    return j.verdict;
}

static enum lyap_verdict judge_correlation(struct lyap_report *report, const struct counts *n) {
    struct lyap_report_judgement j = {
        .id = "L1b",
        .claim = "C3 on other networks, data and optimisers: a lower exponent goes with a lower final loss",
        .verdict = LYAP_CANNOT_BE_TOLD,
        .effect = "-"};
    const size_t cells = SAME * LYAP_FURTHER_CASES;
    char effect[96];
    if (n->defined < LYAP_FURTHER_HORIZONS * LYAP_FURTHER_CASES) {
        lyap_report_judge(report, &j, "too few starts have an exponent and a final loss");
        return j.verdict;
    }
    snprintf(effect, sizeof effect, "%zu of %zu agree, %zu oppose; r = %.2f to %.2f", n->agree_same, cells,
             n->oppose_same, n->low, n->high);
    const double share = (double)n->agree_same / (double)cells;
    j.verdict = share >= MOST && n->oppose_same == 0 ? LYAP_HOLDS
                : share >= PART                      ? LYAP_HOLDS_IN_PART
                                                     : LYAP_DOES_NOT_HOLD;
    j.effect = effect;
    lyap_report_judge(
        report, &j,
        "over the same 5, 20 or 100 epochs the interval of the rank correlation lies above 0 in %zu of %zu "
        "pairs of case and horizon and below 0 in %zu; nine tenths would be needed, a quarter is a part; "
        "%zu of %d cases agree at all three horizons",
        n->agree_same, cells, n->oppose_same, n->always, LYAP_FURTHER_CASES);
    return j.verdict;
}

static void verdicts(struct lyap_report *report, const struct lyap_further *f) {
    const struct counts n = count(f);
    struct lyap_report_judgement j = {.id = "L1",
                                      .claim =
                                          "The results may not generalise to other architectures and data (a limit "
                                          "that the paper admits)",
                                      .effect = "-"};
    const enum lyap_verdict a = judge_chaos(report, f, &n), b = judge_correlation(report, &n);
    char effect[128];
    const int general = (a == LYAP_HOLDS) + (b == LYAP_HOLDS);
    j.verdict = a == LYAP_CANNOT_BE_TOLD || b == LYAP_CANNOT_BE_TOLD ? LYAP_CANNOT_BE_TOLD
                : general == 0                                       ? LYAP_HOLDS
                : general == 1                                       ? LYAP_HOLDS_IN_PART
                                                                     : LYAP_DOES_NOT_HOLD;
    snprintf(effect, sizeof effect, "chaos in %zu of %d other cases; the sign of C3 in %zu of %d correlations",
             n.chaotic, LYAP_FURTHER_CASES, n.agree_same, SAME * LYAP_FURTHER_CASES);
    if (j.verdict != LYAP_CANNOT_BE_TOLD) j.effect = effect;
    lyap_report_judge(report, &j,
                      "C1 on ten other cases: %s; C3 on these: %s; the limit is real for each claim that does not hold "
                      "in all of them",
                      lyap_verdict_name(a), lyap_verdict_name(b));
}

static void effects(struct lyap_report *report, const struct lyap_further *f) {
    for (size_t h = 0; h < LYAP_FURTHER_HORIZONS; h++)
        if (isfinite(f->median[h].value))
            lyap_report_effect(report, "L1", &f->median[h], "exponent and final loss, median of ten other cases, %s",
                               lyap_further_horizons[h].name);
}

static enum lyap_status write(struct lyap_report *report, void *state, struct lyap_error *error) {
    const struct lyap_further *f = state;
    enum lyap_status status = lyap_further_data(report, f, error);
    if (status) return status;
    main_text(lyap_report_document(report), f);
    figure(lyap_report_document(report), f);
    protocol(lyap_report_appendix(report), f);
    verdicts(report, f);
    effects(report, f);
    return LYAP_OK;
}

static const char *const figures[] = {"further", NULL};

const struct lyap_section lyap_section_further = {
    .id = "L1",
    .title = "L1. Do the claims carry over to other networks, data and optimisers?",
    .part = LYAP_PART_LIMITS,
    .weight = 10,
    .compute = lyap_further_compute,
    .write = write,
    .release = lyap_further_release,
    .tables = lyap_further_tables,
    .figures = figures,
};
