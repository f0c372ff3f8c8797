/* C2: text, table and figure. */
#include <math.h>
#include <stdlib.h>

#include "lyapgrad/statistics.h"
#include "report/activation/activation.h"
#include "report/common/sample.h"
#include "report/frame/section.h"

/* The finite values of an activation at a setting, sorted, to values[starts]; infinite ones count behind them in *all. */
static size_t sorted_of(const struct lyap_act_population *p, const double *of, size_t setting, int activation,
                        double *values, size_t *all) {
    size_t n = 0;
    *all = 0;
    for (size_t s = 0; s < (size_t)p->starts; s++) {
        const double value = of[(setting * (size_t)p->starts + s) * LYAP_ACTIVATION_COUNT + (size_t)activation];
        *all += isnan(value) ? 0 : 1;
        if (isfinite(value)) values[n++] = value;
    }
    lyap_sort(values, n);
    return n;
}

/* The median, in which infinite values are larger than all; NaN where it is infinite or fewer than half are defined. */
static double median_of(struct lyap_document *d, const struct lyap_act_population *p, const double *of, size_t setting,
                        int activation) {
    size_t all = 0;
    double *values = p->starts ? lyap_document_room(d, (size_t)p->starts, sizeof *values) : NULL, median = NAN;
    if (!values) return median;
    const size_t n = sorted_of(p, of, setting, activation, values, &all);
    if (2 * all >= (size_t)p->starts && 2 * n > all)
        median = n == all ? lyap_quantile(values, n, 0.5) : values[all / 2 < n ? all / 2 : n - 1];
    free(values);
    return median;
}

struct table_row {
    const struct lyap_act_state *state;
    int activation;
};
static void median_cell(struct lyap_document *d, const struct table_row *r, int kind, int measure) {
    const struct lyap_act_population *p = &r->state->population[kind];
    const double *of = measure < 0 ? p->lambda : p->measure[measure];
    lyap_value_cell(d, of ? median_of(d, p, of, LYAP_ACT_PUBLISHED, r->activation) : (double)NAN);
}
LYAP_CELL(table_activation, struct table_row, lyap_document_cell(d, "%s", lyap_act_name(r->activation)))
LYAP_CELL(table_passed, struct table_row,
          lyap_document_cell(d, "%.3g", 100 * (double)r->state->passed[r->activation] / (double)r->state->drawn))
LYAP_CELL(table_own_lambda, struct table_row, median_cell(d, r, LYAP_ACT_OWN, -1))
LYAP_CELL(table_own_ratio, struct table_row, median_cell(d, r, LYAP_ACT_OWN, LYAP_ACT_RATIO))
LYAP_CELL(table_own_loss, struct table_row, median_cell(d, r, LYAP_ACT_OWN, LYAP_ACT_LOSS))
LYAP_CELL(table_common_lambda, struct table_row, median_cell(d, r, LYAP_ACT_COMMON, -1))
LYAP_CELL(table_common_ratio, struct table_row, median_cell(d, r, LYAP_ACT_COMMON, LYAP_ACT_RATIO))
LYAP_CELL(table_common_initial, struct table_row, median_cell(d, r, LYAP_ACT_COMMON, LYAP_ACT_INITIAL))
LYAP_CELL(table_common_loss, struct table_row, median_cell(d, r, LYAP_ACT_COMMON, LYAP_ACT_LOSS))

static const struct lyap_document_column table_columns[] = {
    {"activation", table_activation},
    {"draws in its window %", table_passed},
    {"own starts: exponent", table_own_lambda},
    {"loss ratio", table_own_ratio},
    {"final loss", table_own_loss},
    {"common starts: exponent", table_common_lambda},
    {"loss ratio", table_common_ratio},
    {"initial loss", table_common_initial},
    {"final loss", table_common_loss},
};

static void write_table(struct lyap_document *d, const struct lyap_act_state *state) {
    lyap_document_columns(
        d,
        "Medians over the starts at the published setting, learning rate 0.001 and 100 epochs: exponent (nats per "
        "step), final loss over initial loss, and losses",
        LYAP_COLUMNS(table_columns));
    for (int a = 0; a < LYAP_ACTIVATION_COUNT; a++)
        lyap_document_row(d, LYAP_COLUMNS(table_columns), &(const struct table_row){state, a});
    lyap_document_table_end(d);
}

/* ---- the figure ---- */

static void draw(struct lyap_document *d, const struct lyap_act_state *state) {
    static const char *const label[LYAP_ACT_HORIZONS] = {"5 epochs", "100 epochs", "500 epochs"},
                             *const title[4] = {"Own starts, published three", "Own starts, ten activations",
                                                "Common starts, published three", "Common starts, ten activations"};
    struct drawing {
        double x[LYAP_ACT_HORIZONS][LYAP_ACT_RATES], y[4][LYAP_ACT_HORIZONS][3][LYAP_ACT_RATES];
        struct lyap_chart chart;
    } *c = lyap_document_room(d, 1, sizeof *c);
    if (!c) return;
    c->chart.count = 4;
    c->chart.columns = 2;
    for (int k = 0; k < 4; k++) {
        struct lyap_panel *panel = &c->chart.panel[k];
        panel->title = title[k];
        panel->x = (struct lyap_axis){"learning rate", true, 0.0006, 0.8};
        panel->y = (struct lyap_axis){"Kendall's tau", false, -1.05, 1.05};
        for (int h = 0; h < LYAP_ACT_HORIZONS; h++) {
            double(*of)[LYAP_ACT_RATES] = c->y[k][h];
            for (int r = 0; r < LYAP_ACT_RATES; r++) {
                const struct lyap_act_order *order =
                    &state->population[k / 2].order[LYAP_ACT_RATIO][r * LYAP_ACT_HORIZONS + h][k % 2];
                c->x[h][r] = lyap_act_rates[r] * (0.85 + 0.15 * h); /* side by side */
                of[0][r] = order->known ? order->agree.value : NAN;
                of[1][r] = order->known ? order->agree.low : NAN;
                of[2][r] = order->known ? order->agree.high : NAN;
            }
            struct lyap_mark_series *bars =
                lyap_panel_add(panel, LYAP_MARK_BARS, label[h], h, LYAP_ACT_RATES, c->x[h], of[0]);
            bars->low = of[1];
            bars->high = of[2];
        }
        lyap_panel_line(panel, false, 0, NULL);
    }
    lyap_document_figure(
        d, "C2-agreement", &c->chart,
        "Agreement of the order of exponents with the order of loss ratios over pairs of activations: mean over the "
        "starts of Kendall's tau, with its 95 %% interval. 1: the lower exponent always converges better, as claimed; "
        "0.5: in three of four pairs; -1: never.");
    free(c);
}

/* ---- the paragraphs ---- */

/* "0.98 [0.97, 0.99]"; a constant with its count. */
static const char *tau_text(const struct lyap_act_order *order, char text[160]) {
    if (!order->known)
        snprintf(text, 160, "not known (%llu starts have two different values in both)", ull(order->starts));
    else if (order->constant)
        snprintf(text, 160, "%.2g [%.2f, %.2f] (the same in each of %llu starts, interval by the rule of three)",
                 order->agree.value, order->agree.low, order->agree.high, ull(order->starts));
    else
        snprintf(text, 160, "%.2f [%.2f, %.2f]", order->agree.value, order->agree.low, order->agree.high);
    return text;
}

static void write_published(struct lyap_report *report, struct lyap_document *d, const struct lyap_act_state *state) {
    char ratio[160], steps[160], loss[160], p[2][32];
    const struct lyap_act_population *own = &state->population[LYAP_ACT_OWN];
    const int g = LYAP_ACT_THREE, i = LYAP_ACT_PUBLISHED;
    const struct lyap_act_identical *t = &state->identical[0];
    for (int m = 0; m < 2; m++) lyap_report_p_text(report, state->test[LYAP_ACT_OWN][m], p[m]);
    lyap_document_paragraph(
        d,
        "The paper compares one run of each activation. Here each activation has %llu starts of its own, drawn as "
        "published, and one of each makes one comparison. Agreement of the order of exponents with an order of "
        "convergence is Kendall's tau over the pairs of activations: 1 if the lower exponent is always the better, 0.5 "
        "if it is in three of four pairs, which is the size that counts here. Linear and ReLU are the same network "
        "wherever no ReLU is off (in %llu of %llu starts at learning rate %g they give the same bits), and then count "
        "once.",
        ull(own->starts), ull(t->same), ull(t->starts), t->lr);
    lyap_document_paragraph(
        d,
        "For linear, sigmoid and ReLU at learning rate %g over %u epochs tau is %s for the loss ratio, final over "
        "initial (p %s%s); %s for the number of updates to a loss of %g within %u epochs (p %s%s); and %s for the "
        "final loss.%s",
        lyap_act_rates[0], (unsigned)lyap_act_epochs[1], tau_text(&own->order[LYAP_ACT_RATIO][i][g], ratio),
        p[0][0] == '<' ? "" : "= ", p[0], tau_text(&own->order[LYAP_ACT_STEPS][i][g], steps), lyap_act_target,
        (unsigned)lyap_act_epochs[LYAP_ACT_HORIZONS - 1], p[1][0] == '<' ? "" : "= ", p[1],
        tau_text(&own->order[LYAP_ACT_LOSS][i][g], loss),
        10 * t->same > 9 * t->starts
            ? " Since linear and ReLU coincide, this is one comparison, of sigmoid with linear. A likely reason is "
              "that at a small learning rate the network with the larger gradients both contracts and learns faster."
            : "");
}

static void write_common(struct lyap_document *d, const struct lyap_act_state *state) {
    const struct lyap_act_population *common = &state->population[LYAP_ACT_COMMON];
    const struct lyap_act_order *three = &common->inherited[LYAP_ACT_PUBLISHED][LYAP_ACT_THREE],
                                *ten = &common->inherited[LYAP_ACT_PUBLISHED][LYAP_ACT_ALL];
    char ratio[160], loss[160], from[160];
    int scarce = 0, plenty = 0;
    for (int a = 1; a < LYAP_ACTIVATION_COUNT; a++) {
        if (state->passed[a] < state->passed[scarce]) scarce = a;
        if (state->passed[a] > state->passed[plenty]) plenty = a;
    }
    if (common->starts == 0) return;
    lyap_document_paragraph(
        d,
        "Common weights remove the chance of the draw, but they are a selection. The published window of initial "
        "losses passes between %.2g %% (%s) and %.3g %% (%s) of the draws, and of %llu draws only %llu (%.2g %%) pass "
        "it under all ten activations; the first %llu of them are used. In these the activations differ in initial "
        "loss, and the final loss inherits it: the order of the final losses of linear, sigmoid and ReLU is that of "
        "their initial ones in %llu of %llu starts, and that of all ten activations agrees with a tau of %s.%s The "
        "exponents of the three have tau = %s with the loss ratio, and tau = %s with the final loss.",
        100 * (double)state->passed[scarce] / (double)state->drawn, lyap_act_name(scarce),
        100 * (double)state->passed[plenty] / (double)state->drawn, lyap_act_name(plenty), ull(state->drawn),
        ull(state->passed_all), 100 * (double)state->passed_all / (double)state->drawn, ull(state->kept),
        ull(three->full), ull(three->starts), tau_text(ten, from),
        10 * three->full > 9 * three->starts
            ? " A comparison of final losses at this setting is one of starting points."
            : "",
        tau_text(&common->order[LYAP_ACT_RATIO][LYAP_ACT_PUBLISHED][LYAP_ACT_THREE], ratio),
        tau_text(&common->order[LYAP_ACT_LOSS][LYAP_ACT_PUBLISHED][LYAP_ACT_THREE], loss));
}

static void write_twins(struct lyap_document *d, const struct lyap_act_state *state) {
    const struct lyap_act_identical *t = &state->identical[0];
    const struct lyap_estimate share = lyap_share(t->same, t->starts);
    uint64_t exceptions = 0, all = 0;
    for (int i = 0; i < LYAP_ACT_IDENTICAL_RATES; i++) {
        exceptions += state->identical[i].differ_open;
        all += state->identical[i].open;
    }
    lyap_document_paragraph(
        d,
        "Linear and ReLU are the same network wherever no ReLU is off: weights from [0, 1) and inputs 0 and 1 make "
        "every preactivation positive at the start. At learning rate %g, %.3g %% of the starts (95 %% interval %.3g to "
        "%.3g %%) give the same bits for both; of %llu starts without a ReLU that is ever off, at %d learning rates, "
        "%llu differ. Leaky ReLU and ELU are the identity there too. In every start, activations with the same bits as "
        "an earlier one are left out, so that no pair counts twice: %llu of %llu at the published setting of the own "
        "starts, %llu of %llu of the common ones.",
        t->lr, 100 * share.value, 100 * share.low, 100 * share.high, ull(all), (int)LYAP_ACT_IDENTICAL_RATES,
        ull(exceptions), ull(state->population[0].twins[LYAP_ACT_PUBLISHED]),
        ull(state->population[0].starts * LYAP_ACTIVATION_COUNT), ull(state->population[1].twins[LYAP_ACT_PUBLISHED]),
        ull(state->population[1].starts * LYAP_ACTIVATION_COUNT));
}

static void write_general(struct lyap_document *d, const struct lyap_act_state *state) {
    const struct lyap_act_population *own = &state->population[LYAP_ACT_OWN];
    double low = INFINITY, high = -INFINITY;
    int at_low = 0, at_high = 0;
    for (int i = 0; i < LYAP_ACT_SETTINGS; i++) {
        const struct lyap_act_order *order = &own->order[LYAP_ACT_RATIO][i][LYAP_ACT_ALL];
        if (!order->known) continue;
        if (order->agree.value < low) low = order->agree.value, at_low = i;
        if (order->agree.value > high) high = order->agree.value, at_high = i;
    }
    if (!(high >= low)) return;
    const struct lyap_act_tally tally = lyap_act_tally_of(own, LYAP_ACT_RATIO, LYAP_ACT_ALL),
                                steps = lyap_act_tally_of(own, LYAP_ACT_STEPS, LYAP_ACT_ALL);
    lyap_document_paragraph(d,
                            "%sFor ten activations from their own starts tau goes from %.2f (learning rate %g, %u "
                            "epochs) to %.2f (%g, %u); of %d settings its 95 %% interval lies above 0.5 in %d, below "
                            "-0.5 in %d, and above 0 in %d, for the loss ratio; for the updates to the target in %d, "
                            "%d and %d of %d. Exponent and loss are measured on the same run, and at a small learning "
                            "rate both may follow from the size of the gradients.",
                            tally.agree == tally.known
                                ? ""
                                : "The order is no property of the activations alone: it depends on the learning rate "
                                  "and the number of epochs. ",
                            low, lyap_act_rates[at_low / LYAP_ACT_HORIZONS],
                            (unsigned)lyap_act_epochs[at_low % LYAP_ACT_HORIZONS], high,
                            lyap_act_rates[at_high / LYAP_ACT_HORIZONS],
                            (unsigned)lyap_act_epochs[at_high % LYAP_ACT_HORIZONS], tally.known, tally.agree,
                            tally.opposed, tally.positive, steps.agree, steps.opposed, steps.positive, steps.known);
}

static enum lyap_status write(struct lyap_report *report, void *context, struct lyap_error *error) {
    const struct lyap_act_state *state = context;
    struct lyap_document *d = lyap_report_document(report);
    draw(d, state);
    write_table(d, state);
    write_published(report, d, state);
    write_common(d, state);
    write_general(d, state);
    lyap_document_paragraph(
        lyap_report_appendix(report),
        "Protocol. Training is in float64, where no exponent is rounding, with %u neighbours; the exponent is "
        "lambda_step. Diverged runs have the worst loss; an exponent of exactly 0 of a network that was dead from the "
        "first is none. Updates to the target count for starts whose initial loss is above it; a run that does not get "
        "there is worse than all that do. Intervals resample the starts %d times; where tau is the same in all starts "
        "there is nothing to resample, and the rule of three bounds the share of starts with another one to 3/n "
        "(Hanley and Lippman-Hand 1983). p by %d flips of signs, adjusted over the four tests of the claim. With ten "
        "activations there are ten points however many starts: an order that holds in all starts may be that of these "
        "ten alone. C2-cells.csv has every run, C2-agreement.csv every tau.",
        (unsigned)LYAP_PAPER_NEIGHBOURS, (int)LYAP_RESAMPLES, (int)LYAP_SHUFFLES);
    lyap_document_paragraph(lyap_report_appendix(report),
                            "Sizes that count. An order agrees where the interval of tau lies above "
                            "%.2g, and does not where it lies below. C2a and C2b want both the loss ratio and the "
                            "updates to the target, and hold in part for one; a measure for which fewer than 30 starts "
                            "have a pair says nothing. C2 holds where C2a and C2c do, does not where neither does, and "
                            "holds in part otherwise.",
                            lyap_act_counts);
    write_twins(lyap_report_appendix(report), state);
    lyap_report_cite(report,
                     "J. A. Hanley, A. Lippman-Hand, \"If nothing goes wrong, is everything all right?\", Journal of "
                     "the American Medical Association 249, 1743-1745 (1983)");
    lyap_act_verdicts(report, state);
    return lyap_act_data(report, state, error);
}

static const char *const figures[] = {"C2-agreement", NULL};

const struct lyap_section lyap_section_activation = {
    .id = "C2",
    .title = "Do activations with a lower exponent converge better?",
    .part = LYAP_PART_C2,
    .weight = 16,
    .compute = lyap_act_compute,
    .write = write,
    .release = lyap_act_release,
    .tables = lyap_act_tables,
    .figures = figures,
};
