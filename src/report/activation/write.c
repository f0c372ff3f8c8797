/* C2: text, tables, figures and verdicts. */
#include <math.h>
#include <stdlib.h>

#include "report/activation/activation.h"
#include "report/frame/section.h"
#include "lyapgrad/inference.h"
#include "lyapgrad/network.h"
#include "lyapgrad/status.h"

enum { PUBLISHED = 1, LEAST_STARTS = 30 }; /* setting of the published figures: learning rate 0.001, 100 epochs */

static const char *name(int activation) {
    return lyap_activation_name((enum lyap_activation)activation);
}

static void write_number(struct lyap_document *d, double value) {
    if (isfinite(value))
        lyap_document_cell(d, "%.4g", value);
    else
        lyap_document_cell(d, "-");
}

struct median_row {
    const struct lyap_act_state *state;
    int activation;
};
/* The setting of 100 epochs at learning rate number r. */
#define MEDIAN_SETTING(r) ((r)*LYAP_ACT_HORIZONS + 1)
LYAP_CELL(median_activation, struct median_row, lyap_document_cell(d, "%s", name(r->activation)))
LYAP_CELL(median_0_001_exponent, struct median_row,
          write_number(d, r->state->median_lambda[MEDIAN_SETTING(0)][r->activation]))
LYAP_CELL(median_loss, struct median_row, write_number(d, r->state->median_loss[MEDIAN_SETTING(0)][r->activation]))
LYAP_CELL(median_0_01_exponent, struct median_row,
          write_number(d, r->state->median_lambda[MEDIAN_SETTING(1)][r->activation]))
LYAP_CELL(median_loss_2, struct median_row, write_number(d, r->state->median_loss[MEDIAN_SETTING(1)][r->activation]))
LYAP_CELL(median_0_1_exponent, struct median_row,
          write_number(d, r->state->median_lambda[MEDIAN_SETTING(2)][r->activation]))
LYAP_CELL(median_loss_3, struct median_row, write_number(d, r->state->median_loss[MEDIAN_SETTING(2)][r->activation]))
LYAP_CELL(median_0_5_exponent, struct median_row,
          write_number(d, r->state->median_lambda[MEDIAN_SETTING(3)][r->activation]))
LYAP_CELL(median_loss_4, struct median_row, write_number(d, r->state->median_loss[MEDIAN_SETTING(3)][r->activation]))

static const struct lyap_document_column median_columns[] = {
    {"activation", median_activation},
    {"0.001, exponent", median_0_001_exponent},
    {"loss", median_loss},
    {"0.01, exponent", median_0_01_exponent},
    {"loss", median_loss_2},
    {"0.1, exponent", median_0_1_exponent},
    {"loss", median_loss_3},
    {"0.5, exponent", median_0_5_exponent},
    {"loss", median_loss_4},
};

static void write_medians(struct lyap_document *d, const struct lyap_act_state *state) {
    lyap_document_columns(
        d, "Medians over the starts after 100 epochs, by learning rate: exponent (nats per step) and loss",
        LYAP_COLUMNS(median_columns));
    for (int a = 0; a < LYAP_ACTIVATION_COUNT; a++)
        lyap_document_row(d, LYAP_COLUMNS(median_columns), &(const struct median_row){state, a});
    lyap_document_table_end(d);
}

static void write_estimate(struct lyap_document *d, const struct lyap_act_order *order) {
    if (order->known)
        lyap_document_cell(d, "%.3f (%.3f to %.3f)", order->agree.value, order->agree.low, order->agree.high);
    else
        lyap_document_cell(d, "-");
}

struct order_row {
    const struct lyap_report *report;
    const struct lyap_act_state *state;
    int setting, group;
};
static const struct lyap_act_order *order_of(const struct order_row *r, int measure) {
    return &r->state->order[measure][r->setting][r->group];
}
static void write_p(struct lyap_document *d, const struct order_row *r, int measure) {
    const struct lyap_act_order *order = order_of(r, measure);
    if (order->known)
        lyap_document_cell(d, "%.2g", lyap_report_adjusted(r->report, order->test));
    else
        lyap_document_cell(d, "-");
}
LYAP_CELL(order_learning_rate, struct order_row,
          lyap_document_cell(d, "%g", lyap_act_rates[r->setting / LYAP_ACT_HORIZONS]))
LYAP_CELL(order_epochs, struct order_row,
          lyap_document_cell(d, "%u", (unsigned)lyap_act_epochs[r->setting % LYAP_ACT_HORIZONS]))
LYAP_CELL(order_with_the_final, struct order_row, write_estimate(d, order_of(r, 0)))
LYAP_CELL(order_p_adjusted, struct order_row, write_p(d, r, 0))
LYAP_CELL(order_with_its_ratio, struct order_row, write_estimate(d, order_of(r, 1)))
LYAP_CELL(order_p_adjusted_2, struct order_row, write_p(d, r, 1))
LYAP_CELL(order_with_the_loss, struct order_row, write_estimate(d, &r->state->later[r->setting][r->group]))

static const struct lyap_document_column order_columns[] = {
    {"learning rate", order_learning_rate},
    {"epochs", order_epochs},
    {"with the final loss", order_with_the_final},
    {"p, adjusted", order_p_adjusted},
    {"with its ratio to the initial one", order_with_its_ratio},
    {"p, adjusted", order_p_adjusted_2},
    {"with the loss at the end", order_with_the_loss},
};

static void write_orders(struct lyap_report *report, struct lyap_document *d, const struct lyap_act_state *state,
                         int group, const char *caption) {
    lyap_document_columns(d, caption, LYAP_COLUMNS(order_columns));
    for (int i = 0; i < LYAP_ACT_SETTINGS; i++)
        lyap_document_row(d, LYAP_COLUMNS(order_columns), &(const struct order_row){report, state, i, group});
    lyap_document_table_end(d);
}

static void draw(struct lyap_document *d, const struct lyap_act_state *state) {
    static const char *const title[] = {"learning rate 0.001", "learning rate 0.01", "learning rate 0.1",
                                        "learning rate 0.5"};
    static const int rate[] = {0, 2, 3};
    struct lyap_chart *chart = lyap_document_room(d, 1, sizeof *chart);
    if (!chart) return;
    chart->count = 6;
    chart->columns = 3;
    for (int p = 0; p < 6; p++) {
        struct lyap_panel *panel = &chart->panel[p];
        int i = rate[p % 3] * LYAP_ACT_HORIZONS + 1, first = p < 3 ? 0 : 4;
        double least = INFINITY, most = -INFINITY;
        for (int a = 0; a < LYAP_ACTIVATION_COUNT; a++) {
            least = fmin(least, state->median_lambda[i][a]);
            most = fmax(most, state->median_lambda[i][a]);
        }
        panel->title = title[rate[p % 3]];
        panel->x.title = "median exponent (nats per step)";
        panel->y.title = "median loss";
        panel->y.high = 0.55;
        if (most > least) {
            panel->x.low = least - 0.05 * (most - least);
            panel->x.high = most + 0.05 * (most - least);
        }
        for (int a = first; a < (p < 3 ? 4 : (int)LYAP_ACTIVATION_COUNT); a++)
            lyap_panel_add(panel, LYAP_MARK_POINTS, name(a), a - first, 1, &state->median_lambda[i][a],
                           &state->median_loss[i][a]);
    }
    lyap_document_figure(d, "C2-medians", chart,
                         "Median exponent and median loss over 100 epochs of each activation over the same %llu "
                         "starts; below, the further activations. If "
                         "a lower exponent went with better convergence the points would rise to the right. "
                         "Activations that give the same numbers lie on "
                         "each other.",
                         ull(state->starts));
    free(chart);
}

static void draw_agreement(struct lyap_document *d, const struct lyap_act_state *state) {
    static const char *const title[LYAP_ACT_MEASURES][LYAP_ACT_GROUPS] = {
        {"linear, sigmoid, relu: final loss", "all ten: final loss"},
        {"linear, sigmoid, relu: fall of the loss", "all ten: fall of the loss"}};
    static const char *const label[] = {"5 epochs", "100 epochs", "1000 epochs"};
    struct lyap_chart *chart = lyap_document_room(d, 1, sizeof *chart);
    double value[LYAP_ACT_MEASURES][LYAP_ACT_GROUPS][LYAP_ACT_HORIZONS][3][LYAP_ACT_RATES],
        x[LYAP_ACT_HORIZONS][LYAP_ACT_RATES];
    if (!chart) return;
    chart->count = LYAP_ACT_MEASURES * LYAP_ACT_GROUPS;
    chart->columns = LYAP_ACT_GROUPS;
    for (int p = 0; p < LYAP_ACT_MEASURES * LYAP_ACT_GROUPS; p++) {
        int m = p / LYAP_ACT_GROUPS, g = p % LYAP_ACT_GROUPS;
        struct lyap_panel *panel = &chart->panel[p];
        panel->title = title[m][g];
        panel->x = (struct lyap_axis){.title = "learning rate", .logarithmic = true};
        panel->y = (struct lyap_axis){.title = "rank agreement", .low = -1.05, .high = 1.05};
        for (int h = 0; h < LYAP_ACT_HORIZONS; h++) {
            double(*of)[LYAP_ACT_RATES] = value[m][g][h];
            for (int r = 0; r < LYAP_ACT_RATES; r++) {
                const struct lyap_act_order *order = &state->order[m][r * LYAP_ACT_HORIZONS + h][g];
                x[h][r] = lyap_act_rates[r] * (0.93 + 0.07 * h); /* side by side */
                of[0][r] = order->known ? order->agree.value : NAN;
                of[1][r] = order->known ? order->agree.low : NAN;
                of[2][r] = order->known ? order->agree.high : NAN;
            }
            struct lyap_mark_series *bars =
                lyap_panel_add(panel, LYAP_MARK_BARS, label[h], h, LYAP_ACT_RATES, x[h], of[0]);
            bars->low = of[1];
            bars->high = of[2];
        }
        lyap_panel_line(panel, false, 0, NULL);
    }
    lyap_document_figure(d, "C2-agreement", chart,
                         "Rank agreement (Kendall's tau) of exponents and convergence over pairs of activations, the "
                         "mean over %llu starts with its 95 %% "
                         "interval; above with the final loss, below with its ratio to the initial loss. 1: the lower "
                         "exponent always converges better, as "
                         "claimed; -1: always worse.",
                         ull(state->starts));
    free(chart);
}

LYAP_CELL(identical_learning_rate, struct lyap_act_identical, lyap_document_cell(d, "%g", r->lr))
LYAP_CELL(identical_starts, struct lyap_act_identical, lyap_document_cell(d, "%llu", ull(r->starts)))
LYAP_CELL(identical_same_bits, struct lyap_act_identical, lyap_document_cell(d, "%llu", ull(r->same)))
LYAP_CELL(identical_no_relu_ever, struct lyap_act_identical, lyap_document_cell(d, "%llu", ull(r->open)))
LYAP_CELL(identical_both, struct lyap_act_identical, lyap_document_cell(d, "%llu", ull(r->same_open)))
LYAP_CELL(identical_same_bits_one, struct lyap_act_identical, lyap_document_cell(d, "%llu", ull(r->same_shut)))
LYAP_CELL(identical_other_bits_none, struct lyap_act_identical, lyap_document_cell(d, "%llu", ull(r->differ_open)))

static const struct lyap_document_column identical_columns[] = {
    {"learning rate", identical_learning_rate},
    {"starts", identical_starts},
    {"same bits", identical_same_bits},
    {"no ReLU ever off", identical_no_relu_ever},
    {"both", identical_both},
    {"same bits, one off", identical_same_bits_one},
    {"other bits, none off", identical_other_bits_none},
};

static void write_identical(struct lyap_document *d, const struct lyap_act_state *state) {
    lyap_document_columns(d, "Linear and ReLU networks from the same seed, float32, 100 epochs",
                          LYAP_COLUMNS(identical_columns));
    for (int i = 0; i < LYAP_ACT_IDENTICAL_RATES; i++)
        lyap_document_row(d, LYAP_COLUMNS(identical_columns), &state->identical[i]);
    lyap_document_table_end(d);
}

/* 1: the orders agree; -1: they are opposed; 0: neither is sure. */
static int direction(struct lyap_report *report, const struct lyap_act_order *order) {
    if (!order->known || lyap_report_adjusted(report, order->test) >= 0.05) return 0;
    return order->agree.low > 0 ? 1 : order->agree.high < 0 ? -1 : 0;
}

static void verdict_published(struct lyap_report *report, const struct lyap_act_state *state) {
    const char *claim = "Of linear, sigmoid and ReLU the lower exponent converges better, at the published setting";
    const struct lyap_act_order *loss = &state->order[0][PUBLISHED][0], *fall = &state->order[1][PUBLISHED][0];
    if (!loss->known || !fall->known || state->starts < LEAST_STARTS) {
        lyap_report_verdict(report, "C2a", claim, LYAP_CANNOT_BE_TOLD, "%llu starts are too few for an order.",
                            ull(state->starts));
        return;
    }
    int by_loss = direction(report, loss), by_fall = direction(report, fall);
    lyap_report_verdict(report, "C2a", claim,
                        by_loss > 0 && by_fall > 0   ? LYAP_HOLDS
                        : by_loss > 0 || by_fall > 0 ? LYAP_HOLDS_IN_PART
                        : by_loss < 0 || by_fall < 0 ? LYAP_DOES_NOT_HOLD
                                                     : LYAP_CANNOT_BE_TOLD,
                        "From the same weights the order of the exponents %s that of how much the loss falls (tau = "
                        "%.2f, 95 %% interval %.2f to %.2f) and "
                        "%s that of the final losses (tau = %.2f, %.2f to %.2f).",
                        by_fall > 0   ? "agrees with"
                        : by_fall < 0 ? "is opposed to"
                                      : "tells nothing of",
                        fall->agree.value, fall->agree.low, fall->agree.high,
                        by_loss > 0   ? "agrees with"
                        : by_loss < 0 ? "is opposed to"
                                      : "tells nothing of",
                        loss->agree.value, loss->agree.low, loss->agree.high);
}

static void verdict_all(struct lyap_report *report, const struct lyap_act_state *state) {
    const char *claim =
        "The order of exponents is the order of convergence for ten activations, at any learning rate and horizon";
    int known = 0, agreeing[LYAP_ACT_MEASURES] = {0}, opposed[LYAP_ACT_MEASURES] = {0};
    for (int i = 0; i < LYAP_ACT_SETTINGS; i++) {
        known += state->order[0][i][1].known && state->order[1][i][1].known;
        for (int m = 0; m < LYAP_ACT_MEASURES; m++) {
            int sign = direction(report, &state->order[m][i][1]);
            agreeing[m] += sign > 0;
            opposed[m] += sign < 0;
        }
    }
    if (known == 0 || state->starts < LEAST_STARTS) {
        lyap_report_verdict(report, "C2b", claim, LYAP_CANNOT_BE_TOLD, "%llu starts are too few for an order.",
                            ull(state->starts));
        return;
    }
    lyap_report_verdict(report, "C2b", claim,
                        agreeing[0] == known && agreeing[1] == known ? LYAP_HOLDS
                        : agreeing[0] + agreeing[1] > 0              ? LYAP_HOLDS_IN_PART
                                                                     : LYAP_DOES_NOT_HOLD,
                        "Of %d settings of learning rate and epochs the order of the exponents agrees with that of the "
                        "final losses in %d and is opposed to it "
                        "in %d; with that of how much the loss falls it agrees in %d and is opposed in %d (each at p < "
                        "0.05, adjusted).",
                        known, agreeing[0], opposed[0], agreeing[1], opposed[1]);
}

static void verdict_twins(struct lyap_report *report, const struct lyap_act_state *state) {
    const char *claim = "Linear and ReLU are two experiments";
    const struct lyap_act_identical *t = &state->identical[0];
    struct lyap_estimate share = lyap_share(t->same, t->starts);
    uint64_t exceptions = 0, all = 0;
    for (int i = 0; i < LYAP_ACT_IDENTICAL_RATES; i++) {
        exceptions += state->identical[i].differ_open;
        all += state->identical[i].open;
    }
    if (t->starts < LEAST_STARTS) {
        lyap_report_verdict(report, "C2c", claim, LYAP_CANNOT_BE_TOLD, "%llu starts are too few for a share.",
                            ull(t->starts));
        return;
    }
    lyap_report_verdict(report, "C2c", claim,
                        share.low > 0.5     ? LYAP_DOES_NOT_HOLD
                        : share.high < 0.05 ? LYAP_HOLDS
                                            : LYAP_HOLDS_IN_PART,
                        "At learning rate %g, %.3g %% of the starts (95 %% interval %.3g to %.3g %%) give the same "
                        "bits for both; in all %llu starts "
                        "without a ReLU that is ever off, at %d learning rates, %llu differ.",
                        t->lr, 100 * share.value, 100 * share.low, 100 * share.high, ull(all),
                        (int)LYAP_ACT_IDENTICAL_RATES, ull(exceptions));
}

static enum lyap_status write(struct lyap_report *report, void *context, struct lyap_error *error) {
    const struct lyap_act_state *state = context;
    struct lyap_document *d = lyap_report_document(report);
    lyap_document_paragraph(d,
                            "The paper compares activations from other random weights each. Here all %d share them: of "
                            "%llu draws of the published law "
                            "the first %llu whose initial loss lies in the published window under every activation. "
                            "Training is in float64, where no exponent is rounding. "
                            "Agreement is Kendall's tau over the pairs of activations within a start: 1 if the lower "
                            "exponent always has the lower loss.",
                            (int)LYAP_ACTIVATION_COUNT, ull(state->drawn), ull(state->starts));
    if (state->starts > 0) {
        write_medians(d, state);
        draw(d, state);
        lyap_document_heading(d, 3, "Is the order of exponents the order of losses?");
        draw_agreement(d, state);
        write_orders(report, d, state, 0,
                     "Rank agreement of exponents with losses: linear, sigmoid, ReLU (95 % intervals)");
        write_orders(report, d, state, 1,
                     "Rank agreement of exponents with losses: all ten activations (95 % intervals)");
    }
    lyap_document_heading(d, 3, "Why linear and ReLU give the same numbers");
    lyap_document_paragraph(d, "Weights from [0,1) and inputs from {0,1} make every preactivation positive at the "
                               "start, and a ReLU that is never off is the "
                               "identity. The table counts, before each update, whether one of the parent's or of a "
                               "neighbour's ReLUs is off for some sample, and whether the two "
                               "networks give the same bits (losses and exponents).");
    write_identical(d, state);
    lyap_document_paragraph(
        d, "What would explain it otherwise: with ten activations there are ten points, however many starts; an order "
           "that "
           "holds within all starts may be that of these ten alone. The exponent and the loss of a start are measured "
           "on the same run, and both "
           "follow from how large the gradients are: fast learning contracts fast at a small learning rate.");
    verdict_published(report, state);
    verdict_all(report, state);
    verdict_twins(report, state);
    return lyap_act_data(report, state, error);
}

static const char *const figures[] = {"C2-medians", "C2-agreement", NULL};

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
