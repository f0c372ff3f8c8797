/* C1: the data files. */
#include <math.h>

#include "report/common/columns.h"
#include "report/rate/rate.h"
#include "lyapgrad/network.h"
#include "lyapgrad/precision.h"
#include "lyapgrad/regime.h"
#include "lyapgrad/status.h"

static struct lyap_value activation(int panel) {
    return lyap_word_value(lyap_activation_name(lyap_paper_activation[panel]));
}

/* ---- C1-sweep.csv ---- */

struct sweep_row {
    const struct lyap_rate_state *state;
    int panel, precision, horizon;
    size_t v; /* number of the learning rate */
};
static const struct lyap_rate_sweep *sweep(const struct sweep_row *r) {
    return &r->state->sweep[r->panel][r->precision][r->horizon];
}
LYAP_COLUMN(s_activation, struct sweep_row, activation(r->panel))
LYAP_COLUMN(s_precision, struct sweep_row,
            lyap_word_value(lyap_precision_name(r->precision == 0 ? LYAP_FLOAT32 : LYAP_FLOAT64)))
LYAP_COLUMN(s_epochs, struct sweep_row, lyap_count_value(lyap_rate_epochs[r->horizon]))
LYAP_COLUMN(s_lr, struct sweep_row, lyap_real_value(r->state->grid[r->v]))
LYAP_COLUMN(s_starts, struct sweep_row, lyap_count_value(sweep(r)->starts))
LYAP_COLUMN(s_counted, struct sweep_row, lyap_count_value(sweep(r)->counted[r->v]))
LYAP_COLUMN(s_positive, struct sweep_row, lyap_count_value(sweep(r)->positive[r->v]))
LYAP_COLUMN(s_zero, struct sweep_row, lyap_count_value(sweep(r)->zero[r->v]))
LYAP_COLUMN(s_died, struct sweep_row, lyap_count_value(sweep(r)->died[r->v]))
LYAP_COLUMN(s_diverged, struct sweep_row, lyap_count_value(sweep(r)->diverged[r->v]))
LYAP_COLUMN(s_q25, struct sweep_row, lyap_real_value(sweep(r)->quartile[r->v][0]))
LYAP_COLUMN(s_median, struct sweep_row, lyap_real_value(sweep(r)->quartile[r->v][1]))
LYAP_COLUMN(s_q75, struct sweep_row, lyap_real_value(sweep(r)->quartile[r->v][2]))

static const struct lyap_column sweep_columns[] = {
    {"activation", NULL, "of both layers", WORD, s_activation, NULL},
    {"precision", NULL, "of the training", WORD, s_precision, NULL},
    {"epochs", "steps", "length of the run", COUNT, s_epochs, NULL},
    {"lr", NULL, "learning rate", REAL, s_lr, NULL},
    {"starts", NULL, "number of starting points", COUNT, s_starts, NULL},
    {"counted", NULL, "those with an exponent that were not dead from the first", COUNT, s_counted, NULL},
    {"positive", NULL, "of these, with lambda_kw above 0", COUNT, s_positive, NULL},
    {"dead_zero", NULL, "dead from the first: an exponent of exactly 0", COUNT, s_zero, NULL},
    {"died_later", NULL, "dead at the end, after steps that count", COUNT, s_died, NULL},
    {"diverged", NULL, "escaped or overflowed", COUNT, s_diverged, NULL},
    {"q25", "nats", "lower quartile of lambda_kw over those that count", REAL, s_q25, NULL},
    {"median", "nats", "median of lambda_kw over these", REAL, s_median, NULL},
    {"q75", "nats", "upper quartile of lambda_kw over these", REAL, s_q75, NULL},
};
static const struct lyap_schema sweep_schema = {"C1-sweep.csv", "a learning rate", {LYAP_GROUP(sweep_columns)}};

/* ---- C1-onset.csv ---- */

static struct lyap_value crossing_of(const struct sweep_row *r, double value) {
    return sweep(r)->crosses ? lyap_real_value(value) : lyap_no_value();
}
LYAP_COLUMN(o_starts, struct sweep_row, lyap_count_value(sweep(r)->fine_starts))
LYAP_COLUMN(o_lr, struct sweep_row, lyap_real_value(sweep(r)->fine[r->v]))
LYAP_COLUMN(o_share, struct sweep_row, lyap_real_value(sweep(r)->share[r->v]))
LYAP_COLUMN(crossing, struct sweep_row, crossing_of(r, sweep(r)->crossing.value))
LYAP_COLUMN(crossing_low, struct sweep_row, crossing_of(r, sweep(r)->crossing.low))
LYAP_COLUMN(crossing_high, struct sweep_row, crossing_of(r, sweep(r)->crossing.high))

static const struct lyap_column kind_columns[] = {
    {"activation", NULL, "of both layers", WORD, s_activation, NULL},
    {"precision", NULL, "of the training", WORD, s_precision, NULL},
    {"epochs", "steps", "length of the run", COUNT, s_epochs, NULL},
};
static const struct lyap_column onset_columns[] = {
    {"starts", NULL, "number of starting points", COUNT, o_starts, NULL},
    {"lr", NULL, "learning rate, on a fine grid around the onset", REAL, o_lr, NULL},
    {"share_positive", NULL, "share of the starts that count with lambda_kw above 0", REAL, o_share, NULL},
    {"crossing", NULL, "learning rate at which that share passes one half", REAL, crossing, NULL},
    {"low", NULL, "lower end of its 95 % interval", REAL, crossing_low, NULL},
    {"high", NULL, "upper end of its 95 % interval", REAL, crossing_high, NULL},
};
static const struct lyap_schema onset_schema = {
    "C1-onset.csv", "a learning rate near the onset", {LYAP_GROUP(kind_columns), LYAP_GROUP(onset_columns)}};

/* ---- C1-regimes.csv ---- */

struct regime_row {
    const struct lyap_rate_state *state;
    int panel;
    uint64_t start;
    size_t v;
};
static uint64_t place(const struct regime_row *r) {
    return r->v * r->state->regimes[r->panel].starts + r->start;
}
static const struct lyap_long *cell(const struct regime_row *r) {
    return &r->state->regimes[r->panel].cells[place(r)];
}
LYAP_COLUMN(r_activation, struct regime_row, activation(r->panel))
LYAP_COLUMN(r_start, struct regime_row, lyap_count_value(r->start))
LYAP_COLUMN(r_lr, struct regime_row, lyap_real_value(r->state->grid[r->v]))
LYAP_COLUMN(r_kw, struct regime_row, lyap_real_value(r->state->regimes[r->panel].exponent[place(r)]))
LYAP_COLUMN(r_lambda, struct regime_row,
            lyap_real_value(cell(r)->regime == LYAP_DIVERGED ? (double)NAN : cell(r)->lambda))
LYAP_COLUMN(r_regime, struct regime_row, lyap_word_value(lyap_regime_name(cell(r)->regime)))
LYAP_COLUMN(r_confirmed, struct regime_row, lyap_count_value(cell(r)->confirmed))

static const struct lyap_column regime_columns[] = {
    {"activation", NULL, "of both layers", WORD, r_activation, NULL},
    {"start", NULL, "number of the starting point", COUNT, r_start, NULL},
    {"lr", NULL, "learning rate", REAL, r_lr, NULL},
    {"lambda_kw_100", "nats", "lambda_kw in float64 over 100 epochs", REAL, r_kw, NULL},
    {"lambda_1", "nats per step", "largest exponent in tangent space", REAL, r_lambda, NULL},
    {"regime", NULL, "what the run is: converging, neutral, transient, chaotic, diverged or dead", WORD, r_regime,
     NULL},
    {"confirmed", NULL, "1: chaotic, and again so over a longer run", COUNT, r_confirmed, NULL},
};
static const struct lyap_schema regime_schema = {
    "C1-regimes.csv", "a starting point at a learning rate", {LYAP_GROUP(regime_columns)}};

/* ---- C1-edge.csv ---- */

struct edge_row {
    int panel;
    const struct lyap_edge *of;
    uint64_t start;
};
LYAP_COLUMN(e_activation, struct edge_row, activation(r->panel))
LYAP_COLUMN(e_start, struct edge_row, lyap_count_value(r->start))
LYAP_COLUMN(e_onset, struct edge_row, lyap_real_value(r->of->onset[r->start]))
LYAP_COLUMN(e_first, struct edge_row, lyap_real_value(r->of->first[r->start]))
LYAP_COLUMN(e_run, struct edge_row, lyap_real_value(r->of->run[r->start]))

static const struct lyap_column edge_columns[] = {
    {"activation", NULL, "of both layers", WORD, e_activation, NULL},
    {"start", NULL, "number of the starting point", COUNT, e_start, NULL},
    {"onset", NULL, "learning rate at which its exponent turns positive", REAL, e_onset, NULL},
    {"edge_start", NULL, "edge of stability by the sharpness at the start", REAL, e_first, NULL},
    {"edge_run", NULL, "edge of stability by the largest sharpness along the run below the onset", REAL, e_run, NULL},
};
static const struct lyap_schema edge_schema = {"C1-edge.csv", "a starting point", {LYAP_GROUP(edge_columns)}};

const struct lyap_schema *const lyap_rate_tables[] = {&sweep_schema, &onset_schema, &regime_schema, &edge_schema, NULL};

static void write_sweeps(FILE *file, const struct lyap_schema *schema, const struct lyap_rate_state *state) {
    for (int a = 0; a < LYAP_PANELS; a++)
        for (int p = 0; p < LYAP_RATE_PRECISIONS; p++)
            for (int h = 0; h < LYAP_RATE_HORIZONS; h++) {
                const bool fine = schema == &onset_schema;
                size_t rows = !fine ? LYAP_RATE_GRID : state->sweep[a][p][h].fine_starts > 0 ? LYAP_RATE_FINE : 0;
                for (size_t v = 0; v < rows; v++)
                    lyap_schema_row(file, schema, NULL, &(const struct sweep_row){state, a, p, h, v});
            }
}

static void write_regimes(FILE *file, const struct lyap_rate_state *state) {
    for (int a = 0; a < LYAP_PANELS; a++)
        for (uint64_t s = 0; s < state->regimes[a].starts; s++)
            for (size_t v = 0; v < LYAP_RATE_GRID; v++)
                lyap_schema_row(file, &regime_schema, NULL, &(const struct regime_row){state, a, s, v});
}

static void write_edges(FILE *file, const struct lyap_rate_state *state) {
    for (int a = 0; a < LYAP_PANELS; a++)
        for (uint64_t s = 0; s < state->edge[a].starts; s++)
            lyap_schema_row(file, &edge_schema, NULL, &(const struct edge_row){a, &state->edge[a], s});
}

enum lyap_status lyap_rate_data(struct lyap_report *report, const struct lyap_rate_state *state,
                                struct lyap_error *error) {
    for (size_t t = 0; lyap_rate_tables[t]; t++) {
        FILE *file = lyap_report_table(report, lyap_rate_tables[t], NULL, error);
        if (!file) return error ? error->status : LYAP_ERROR_OUTPUT;
        if (lyap_rate_tables[t] == &regime_schema)
            write_regimes(file, state);
        else if (lyap_rate_tables[t] == &edge_schema)
            write_edges(file, state);
        else
            write_sweeps(file, lyap_rate_tables[t], state);
    }
    return LYAP_OK;
}
