/* C2: the data files. */
#include <math.h>

#include "report/common/columns.h"
#include "report/activation/activation.h"
#include "lyapgrad/network.h"
#include "lyapgrad/status.h"

static struct lyap_value name(int activation) {
    return lyap_word_value(lyap_activation_name((enum lyap_activation)activation));
}
static double rate_of(size_t setting) {
    return lyap_act_rates[setting / LYAP_ACT_HORIZONS];
}
static uint64_t epochs_of(size_t setting) {
    return lyap_act_epochs[setting % LYAP_ACT_HORIZONS];
}

/* ---- C2-cells.csv ---- */

struct cell_row {
    const struct lyap_act_state *state;
    int kind;
    size_t setting;
    uint64_t start;
    int activation;
};
static double cell(const struct cell_row *r, const double *of) {
    const struct lyap_act_population *p = &r->state->population[r->kind];
    return of[(r->setting * (size_t)p->starts + r->start) * LYAP_ACTIVATION_COUNT + (size_t)r->activation];
}
static double measured(const struct cell_row *r, enum lyap_act_measure measure) {
    return cell(r, r->state->population[r->kind].measure[measure]);
}
LYAP_COLUMN(cell_kind, struct cell_row, lyap_word_value(lyap_act_kind_names[r->kind]))
LYAP_COLUMN(cell_activation, struct cell_row, name(r->activation))
LYAP_COLUMN(cell_start, struct cell_row, lyap_count_value(r->start))
LYAP_COLUMN(cell_lr, struct cell_row, lyap_short_value(rate_of(r->setting)))
LYAP_COLUMN(cell_epochs, struct cell_row, lyap_count_value(epochs_of(r->setting)))
LYAP_COLUMN(cell_lambda, struct cell_row, lyap_real_value(cell(r, r->state->population[r->kind].lambda)))
LYAP_COLUMN(cell_initial, struct cell_row, lyap_real_value(measured(r, LYAP_ACT_INITIAL)))
LYAP_COLUMN(cell_final, struct cell_row, lyap_real_value(measured(r, LYAP_ACT_LOSS)))
LYAP_COLUMN(cell_steps, struct cell_row, lyap_real_value(measured(r, LYAP_ACT_STEPS)))

static const struct lyap_column cell_columns[] = {
    {"starts", NULL, "own: each activation has its own starts; common: all have the same weights", WORD, cell_kind,
     NULL},
    {"activation", NULL, "of both layers", WORD, cell_activation, NULL},
    {"start", NULL, "number of the starting point", COUNT, cell_start, NULL},
    {"lr", NULL, "learning rate", REAL, cell_lr, NULL},
    {"epochs", "steps", "length of the run", COUNT, cell_epochs, NULL},
    {"lambda_step", "nats per step", "exponent", REAL, cell_lambda, NULL},
    {"initial_loss", NULL, "loss before the first update", REAL, cell_initial, NULL},
    {"final_loss", NULL, "loss before the last update; empty where the run diverged", REAL, cell_final, NULL},
    {"steps", "steps", "updates until the loss is at or below 0.26; empty: not within 500, or there from the first",
     REAL, cell_steps, NULL},
};
static const struct lyap_schema cell_schema = {"C2-cells.csv", "an activation on a start", {LYAP_GROUP(cell_columns)}};

/* ---- C2-agreement.csv ---- */

struct order_row {
    int kind, group, measure; /* LYAP_ACT_MEASURES: the initial loss against the final one */
    size_t setting;
    const struct lyap_act_order *order;
};
static const char *const against_names[] = {"loss", "ratio", "steps", "initial", "initial_and_loss"};
static struct lyap_value known(const struct order_row *r, double value) {
    return r->order->known ? lyap_real_value(value) : lyap_no_value();
}
LYAP_COLUMN(kind, struct order_row, lyap_word_value(lyap_act_kind_names[r->kind]))
LYAP_COLUMN(activations, struct order_row, lyap_word_value(r->group == 0 ? "published" : "all"))
LYAP_COLUMN(against, struct order_row, lyap_word_value(against_names[r->measure]))
LYAP_COLUMN(order_lr, struct order_row, lyap_short_value(rate_of(r->setting)))
LYAP_COLUMN(order_epochs, struct order_row, lyap_count_value(epochs_of(r->setting)))
LYAP_COLUMN(pairs, struct order_row, lyap_count_value(r->order->pairs))
LYAP_COLUMN(order_starts, struct order_row, lyap_count_value(r->order->starts))
LYAP_COLUMN(full, struct order_row, lyap_count_value(r->order->full))
LYAP_COLUMN(none, struct order_row, lyap_count_value(r->order->none))
LYAP_COLUMN(tau, struct order_row, known(r, r->order->agree.value))
LYAP_COLUMN(low, struct order_row, known(r, r->order->agree.low))
LYAP_COLUMN(high, struct order_row, known(r, r->order->agree.high))
LYAP_COLUMN(p, struct order_row, known(r, r->order->p))

static const struct lyap_column order_columns[] = {
    {"starts", NULL, "own or common", WORD, kind, NULL},
    {"activations", NULL, "published: linear, sigmoid, ReLU; all: all ten", WORD, activations, NULL},
    {"against", NULL,
     "exponent against final loss, its ratio to the initial one, updates to 0.26, initial loss; or initial against "
     "final loss",
     WORD, against, NULL},
    {"lr", NULL, "learning rate", REAL, order_lr, NULL},
    {"epochs", "steps", "length of the run", COUNT, order_epochs, NULL},
    {"pairs", NULL, "pairs of activations of all starts that differ in both", COUNT, pairs, NULL},
    {"with_pairs", NULL, "starts with such a pair", COUNT, order_starts, NULL},
    {"tau_1", NULL, "of these, with Kendall's tau 1", COUNT, full, NULL},
    {"tau_minus_1", NULL, "of these, with -1", COUNT, none, NULL},
    {"tau", NULL, "mean over the starts of Kendall's tau", REAL, tau, NULL},
    {"low", NULL, "lower end of its 95 % interval", REAL, low, NULL},
    {"high", NULL, "upper end of its 95 % interval", REAL, high, NULL},
    {"p", NULL, "that tau is 0, by flipping the signs of starts", REAL, p, NULL},
};
static const struct lyap_schema order_schema = {
    "C2-agreement.csv", "an order of exponents against an order of losses", {LYAP_GROUP(order_columns)}};

/* ---- C2-twins.csv ---- */

LYAP_COLUMN(lr, struct lyap_act_identical, lyap_short_value(r->lr))
LYAP_COLUMN(starts, struct lyap_act_identical, lyap_count_value(r->starts))
LYAP_COLUMN(same, struct lyap_act_identical, lyap_count_value(r->same))
LYAP_COLUMN(open, struct lyap_act_identical, lyap_count_value(r->open))
LYAP_COLUMN(same_open, struct lyap_act_identical, lyap_count_value(r->same_open))
LYAP_COLUMN(same_shut, struct lyap_act_identical, lyap_count_value(r->same_shut))
LYAP_COLUMN(differ_open, struct lyap_act_identical, lyap_count_value(r->differ_open))

static const struct lyap_column identical_columns[] = {
    {"lr", NULL, "learning rate", REAL, lr, NULL},
    {"starts", NULL, "number of starting points", COUNT, starts, NULL},
    {"same", NULL, "give the same bits for both", COUNT, same, NULL},
    {"open", NULL, "no ReLU of parent or neighbours is ever off", COUNT, open, NULL},
    {"same_open", NULL, "the same bits, and none was ever off", COUNT, same_open, NULL},
    {"same_shut", NULL, "the same bits although one was off", COUNT, same_shut, NULL},
    {"differ_open", NULL, "other bits although none was off", COUNT, differ_open, NULL},
};
static const struct lyap_schema identical_schema = {
    "C2-twins.csv", "a learning rate: linear against ReLU on the same starts", {LYAP_GROUP(identical_columns)}};

const struct lyap_schema *const lyap_act_tables[] = {&cell_schema, &order_schema, &identical_schema, NULL};

static void write_cells(FILE *file, const struct lyap_act_state *state) {
    for (int k = 0; k < LYAP_ACT_KINDS; k++)
        for (size_t i = 0; i < LYAP_ACT_SETTINGS; i++)
            for (uint64_t s = 0; s < state->population[k].starts; s++)
                for (int a = 0; a < LYAP_ACTIVATION_COUNT; a++)
                    lyap_schema_row(file, &cell_schema, NULL, &(const struct cell_row){state, k, i, s, a});
}

static void write_orders(FILE *file, const struct lyap_act_state *state) {
    for (int k = 0; k < LYAP_ACT_KINDS; k++)
        for (int g = 0; g < LYAP_ACT_GROUPS; g++)
            for (int m = 0; m <= LYAP_ACT_MEASURES; m++)
                for (size_t i = 0; i < LYAP_ACT_SETTINGS; i++) {
                    const struct lyap_act_population *p = &state->population[k];
                    const struct lyap_act_order *order =
                        m == LYAP_ACT_MEASURES ? &p->inherited[i][g] : &p->order[m][i][g];
                    lyap_schema_row(file, &order_schema, NULL, &(const struct order_row){k, g, m, i, order});
                }
}

enum lyap_status lyap_act_data(struct lyap_report *report, const struct lyap_act_state *state,
                               struct lyap_error *error) {
    FILE *file = lyap_report_table(report, &cell_schema, NULL, error);
    if (file) write_cells(file, state);
    if (file && (file = lyap_report_table(report, &order_schema, NULL, error))) write_orders(file, state);
    if (file) file = lyap_report_table(report, &identical_schema, NULL, error);
    for (int i = 0; file && i < LYAP_ACT_IDENTICAL_RATES; i++)
        lyap_schema_row(file, &identical_schema, NULL, &state->identical[i]);
    return file ? LYAP_OK : error ? error->status : LYAP_ERROR_OUTPUT;
}
