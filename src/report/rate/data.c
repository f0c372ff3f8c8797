/* C1: the data files. */
#include <math.h>

#include "report/common/columns.h"
#include "report/rate/rate.h"
#include "results/regime_column.h"
#include "lyapgrad/ensemble.h"
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
LYAP_COLUMN(s_left, struct sweep_row, lyap_count_value(sweep(r)->left[r->v]))
LYAP_COLUMN(s_loss, struct sweep_row, lyap_real_value(sweep(r)->loss[r->v]))
LYAP_COLUMN(s_alive, struct sweep_row, lyap_count_value(sweep(r)->alive[r->v]))
LYAP_COLUMN(s_alive_positive, struct sweep_row, lyap_count_value(sweep(r)->alive_positive[r->v]))
LYAP_COLUMN(s_alive_q25, struct sweep_row, lyap_real_value(sweep(r)->alive_quartile[r->v][0]))
LYAP_COLUMN(s_alive_median, struct sweep_row, lyap_real_value(sweep(r)->alive_quartile[r->v][1]))
LYAP_COLUMN(s_alive_q75, struct sweep_row, lyap_real_value(sweep(r)->alive_quartile[r->v][2]))
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
    {"alive", NULL, "those that count and are not dead at the end", COUNT, s_alive, NULL},
    {"alive_positive", NULL, "of these, with lambda_kw above 0", COUNT, s_alive_positive, NULL},
    {"alive_q25", "nats", "lower quartile of lambda_kw over the alive, of ten or more", REAL, s_alive_q25, NULL},
    {"alive_median", "nats", "median over these", REAL, s_alive_median, NULL},
    {"alive_q75", "nats", "upper quartile over these", REAL, s_alive_q75, NULL},
    {"loss", NULL, "median of the final losses", REAL, s_loss, NULL},
    {"left", NULL, "starts with a final loss below 0.24, which have left the plateau at 0.25", COUNT, s_left, NULL},
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
    {"share_positive", NULL, "share of the starts that are alive at the end with lambda_kw above 0", REAL, o_share,
     NULL},
    {"crossing", NULL, "learning rate at which that share passes one half", REAL, crossing, NULL},
    {"low", NULL, "lower end of its 95 % interval", REAL, crossing_low, NULL},
    {"high", NULL, "upper end of its 95 % interval", REAL, crossing_high, NULL},
};
static const struct lyap_schema onset_schema = {
    "C1-onset.csv", "a learning rate near the onset", {LYAP_GROUP(kind_columns), LYAP_GROUP(onset_columns)}};

/* ---- C1-signs.csv ---- */

struct sign_row {
    struct sweep_row of;
    bool fine;
    uint64_t start;
    char signs[LYAP_RATE_GRID + 1];
};
LYAP_COLUMN(g_activation, struct sign_row, activation(r->of.panel))
LYAP_COLUMN(g_precision, struct sign_row,
            lyap_word_value(lyap_precision_name(r->of.precision == 0 ? LYAP_FLOAT32 : LYAP_FLOAT64)))
LYAP_COLUMN(g_epochs, struct sign_row, lyap_count_value(lyap_rate_epochs[r->of.horizon]))
LYAP_COLUMN(g_file, struct sign_row, lyap_word_value(r->fine ? "onset" : "sweep"))
LYAP_COLUMN(g_start, struct sign_row, lyap_count_value(r->start))
LYAP_COLUMN(g_signs, struct sign_row, lyap_word_value(r->signs))

static const struct lyap_column sign_columns[] = {
    {"activation", NULL, "of both layers", WORD, g_activation, NULL},
    {"precision", NULL, "of the training", WORD, g_precision, NULL},
    {"epochs", "steps", "length of the run", COUNT, g_epochs, NULL},
    {"rates", NULL, "of which file in their order: sweep (C1-sweep.csv) or onset (C1-onset.csv)", WORD, g_file, NULL},
    {"start", NULL, "number of the starting point", COUNT, g_start, NULL},
    {"signs", NULL, "a letter per learning rate: p, lambda_kw above 0; n, not; x, dead or undefined", WORD, g_signs,
     NULL},
};
static const struct lyap_schema sign_schema = {"C1-signs.csv", "a starting point", {LYAP_GROUP(sign_columns)}};

static void write_signs(FILE *file, const struct lyap_rate_state *state, int a, int p, int h) {
    static const char letter[] = {'n', 'p', 'x'}; /* enum lyap_sign */
    const struct lyap_rate_sweep *sweep = &state->sweep[a][p][h];
    for (int fine = 0; fine < 2; fine++) {
        const unsigned char *sign = fine ? sweep->fine_sign : sweep->sign;
        const size_t rates = fine ? LYAP_RATE_FINE : LYAP_RATE_GRID;
        const uint64_t starts = !sign ? 0 : fine ? sweep->fine_starts : sweep->starts;
        /* The bootstraps are over the fine rates, and of the sweep over that of the published length. */
        if (!fine && (p != 0 || h != LYAP_RATE_AT)) continue;
        struct sign_row row = {{state, a, p, h, 0}, fine, 0, ""};
        for (row.start = 0; row.start < starts; row.start++) {
            for (size_t v = 0; v < rates; v++) row.signs[v] = letter[sign[row.start * rates + v]];
            row.signs[rates] = 0;
            lyap_schema_row(file, &sign_schema, NULL, &row);
        }
    }
}

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
LYAP_COLUMN(r_sharpness, struct regime_row, lyap_real_value(cell(r)->sharpness_last))
LYAP_COLUMN(r_confirmed, struct regime_row, lyap_count_value(cell(r)->confirmed))

static const struct lyap_column regime_columns[] = {
    {"activation", NULL, "of both layers", WORD, r_activation, NULL},
    {"start", NULL, "number of the starting point", COUNT, r_start, NULL},
    {"lr", NULL, "learning rate", REAL, r_lr, NULL},
    {"lambda_kw_100", "nats", "lambda_kw in float64 over 100 epochs", REAL, r_kw, NULL},
    {"lambda_1", "nats per step", "largest exponent in tangent space", REAL, r_lambda, NULL},
    {"regime", NULL, LYAP_REGIME_MEANING, WORD, r_regime, NULL},
    {"confirmed", NULL, "1: chaotic, and again so over a longer run", COUNT, r_confirmed, NULL},
    {"sharpness", NULL, "largest Hessian eigenvalue at the end", REAL, r_sharpness, NULL},
};
static const struct lyap_schema regime_schema = {
    "C1-regimes.csv", "a starting point at a learning rate", {LYAP_GROUP(regime_columns)}};

/* ---- C1-edge.csv ---- */

struct edge_row {
    int panel;
    const struct lyap_edge *of;
    uint64_t start;
};
static const char *const kind_names[] = {"seen", "at_most", "more_than"};
LYAP_COLUMN(e_activation, struct edge_row, activation(r->panel))
LYAP_COLUMN(e_epochs, struct edge_row, lyap_count_value(r->of->epochs))
LYAP_COLUMN(e_start, struct edge_row, lyap_count_value(r->start))
LYAP_COLUMN(e_kind, struct edge_row, lyap_word_value(kind_names[r->of->kind[r->start]]))
LYAP_COLUMN(e_onset, struct edge_row, lyap_real_value(r->of->onset[r->start]))
LYAP_COLUMN(e_first, struct edge_row, lyap_real_value(r->of->limit[0][r->start]))
LYAP_COLUMN(e_run, struct edge_row, lyap_real_value(r->of->limit[1][r->start]))

static const struct lyap_column edge_columns[] = {
    {"activation", NULL, "of both layers", WORD, e_activation, NULL},
    {"epochs", "steps", "length of the run", COUNT, e_epochs, NULL},
    {"start", NULL, "number of the starting point", COUNT, e_start, NULL},
    {"kind", NULL, "seen: onset is the learning rate; at_most, more_than: a bound of it", WORD, e_kind, NULL},
    {"onset", NULL, "learning rate at which its exponent turns positive", REAL, e_onset, NULL},
    {"edge_start", NULL, "edge of stability by the sharpness at the start", REAL, e_first, NULL},
    {"edge_run", NULL, "edge of stability by the largest sharpness along the run below the onset, or at the bound",
     REAL, e_run, NULL},
};
static const struct lyap_schema edge_schema = {"C1-edge.csv", "a starting point", {LYAP_GROUP(edge_columns)}};

/* ---- C1-overflow.csv ---- */

struct overflow_row {
    const struct lyap_rate_overflow *of;
    size_t i;
};
LYAP_COLUMN(v_lr, struct overflow_row, lyap_word_value(lyap_published_rates[r->i].lr))
LYAP_COLUMN(v_published, struct overflow_row, lyap_real_value(lyap_published_rates[r->i].value[0]))
LYAP_COLUMN(v_starts, struct overflow_row, lyap_count_value(r->of->starts))
LYAP_COLUMN(v_diverged, struct overflow_row, lyap_count_value(r->of->at[r->i].diverged))
LYAP_COLUMN(v_steps, struct overflow_row, lyap_real_value(r->of->at[r->i].steps))
LYAP_COLUMN(v_room, struct overflow_row, lyap_real_value(r->of->at[r->i].room))
LYAP_COLUMN(v_share, struct overflow_row, lyap_real_value(r->of->at[r->i].share))
LYAP_COLUMN(v_low, struct overflow_row, lyap_real_value(r->of->at[r->i].low))
LYAP_COLUMN(v_value, struct overflow_row, lyap_real_value(r->of->at[r->i].value))
LYAP_COLUMN(v_high, struct overflow_row, lyap_real_value(r->of->at[r->i].high))

static const struct lyap_column overflow_columns[] = {
    {"lr", NULL, "learning rate, as printed", REAL, v_lr, NULL},
    {"published", "nats", "the published exponent of the linear network", REAL, v_published, NULL},
    {"starts", NULL, "number of starting points", COUNT, v_starts, NULL},
    {"diverged", NULL, "those whose distance exceeds 1e9", COUNT, v_diverged, NULL},
    {"steps", "steps", "median number of updates up to there", REAL, v_steps, NULL},
    {"room", "nats", "median of ln(1e9 / d(0))", REAL, v_room, NULL},
    {"share", NULL, "median of lambda_kw over that", REAL, v_share, NULL},
    {"q025", "nats", "2.5 % quantile of lambda_kw of those that diverge", REAL, v_low, NULL},
    {"median", "nats", "median of these", REAL, v_value, NULL},
    {"q975", "nats", "97.5 % quantile of these", REAL, v_high, NULL},
};
static const struct lyap_schema overflow_schema = {"C1-overflow.csv",
                                                   "a published learning rate: linear networks on their way to 1e9",
                                                   {LYAP_GROUP(overflow_columns)}};

const struct lyap_schema *const lyap_rate_tables[] = {&sweep_schema,
                                                      &onset_schema,
                                                      &sign_schema,
                                                      &regime_schema,
                                                      &edge_schema,
                                                      &overflow_schema,
                                                      &lyap_bifurcation_cells_schema,
                                                      &lyap_bifurcation_weights_schema,
                                                      NULL};

static void write_sweeps(FILE *file, const struct lyap_schema *schema, const struct lyap_rate_state *state) {
    for (int a = 0; a < LYAP_PANELS; a++)
        for (int p = 0; p < LYAP_RATE_PRECISIONS; p++)
            for (int h = 0; h < LYAP_RATE_HORIZONS; h++) {
                if (!lyap_rate_runs(p, h)) continue;
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
        for (int h = 0; h < LYAP_EDGE_HORIZONS; h++)
            for (uint64_t s = 0; s < state->edge[a][h].starts; s++)
                lyap_schema_row(file, &edge_schema, NULL, &(const struct edge_row){a, &state->edge[a][h], s});
}

enum lyap_status lyap_rate_data(struct lyap_report *report, const struct lyap_rate_state *state,
                                struct lyap_error *error) {
    static const struct lyap_schema *const own[] = {&sweep_schema, &onset_schema,    &sign_schema, &regime_schema,
                                                    &edge_schema,  &overflow_schema, NULL};
    for (const struct lyap_schema *const *schema = own; *schema; schema++) {
        FILE *file = lyap_report_table(report, *schema, NULL, error);
        if (!file) return error ? error->status : LYAP_ERROR_OUTPUT;
        if (*schema == &sign_schema)
            for (int i = 0; i < LYAP_PANELS * LYAP_RATE_PRECISIONS * LYAP_RATE_HORIZONS; i++)
                write_signs(file, state, i / (LYAP_RATE_PRECISIONS * LYAP_RATE_HORIZONS),
                            i / LYAP_RATE_HORIZONS % LYAP_RATE_PRECISIONS, i % LYAP_RATE_HORIZONS);
        else if (*schema == &regime_schema)
            write_regimes(file, state);
        else if (*schema == &edge_schema)
            write_edges(file, state);
        else if (*schema == &overflow_schema)
            for (size_t i = 0; i < LYAP_PUBLISHED_RATES; i++)
                lyap_schema_row(file, *schema, NULL, &(const struct overflow_row){&state->overflow, i});
        else
            write_sweeps(file, *schema, state);
    }
    return lyap_bifurcation_data(report, &state->bifurcation, error);
}
