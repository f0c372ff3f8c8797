/* P: the data file. */
#include <math.h>

#include "report/common/columns.h"
#include "report/published/published.h"
#include "lyapgrad/network.h"
#include "lyapgrad/precision.h"
#include "lyapgrad/status.h"

/* ---- P-ranks.csv ---- */

struct row {
    const struct lyap_candidate *candidate; /* NULL for a number of the table of steps */
    size_t panel, i;                        /* number of the learning rate, or of the row of the table of steps */
    const struct lyap_rank_of *rank;
};
/* As the paper prints it. */
static struct lyap_value rate_of(const struct row *r) {
    return r->candidate ? lyap_word_value(lyap_published_rates[r->i].lr)
                        : lyap_short_value(lyap_published_steps[r->i].lr);
}
LYAP_COLUMN(quantity, struct row, lyap_word_value(r->candidate ? "lambda_kw" : "lambda_step"))
LYAP_COLUMN(activation, struct row, lyap_word_value(lyap_activation_name(lyap_paper_activation[r->panel])))
LYAP_COLUMN(lr, struct row, rate_of(r))
LYAP_COLUMN(epochs, struct row, lyap_count_value(r->candidate ? r->candidate->epochs : LYAP_PAPER_EPOCHS))
LYAP_COLUMN(precision, struct row,
            lyap_word_value(lyap_precision_name(r->candidate ? r->candidate->precision : LYAP_FLOAT32)))
LYAP_COLUMN(window, struct row, lyap_count_value(r->candidate ? r->candidate->window : 1))
LYAP_COLUMN(published, struct row, lyap_real_value(r->rank->published))
LYAP_COLUMN(counted, struct row, lyap_count_value(r->rank->counted))
LYAP_COLUMN(dead, struct row, lyap_count_value(r->rank->dead))
LYAP_COLUMN(below, struct row, lyap_count_value(r->rank->below))
LYAP_COLUMN(equal, struct row, lyap_count_value(r->rank->equal))
LYAP_COLUMN(rank, struct row, lyap_real_value(r->rank->rank))
LYAP_COLUMN(spread_rank, struct row, lyap_real_value(r->rank->spread_rank))
LYAP_COLUMN(within, struct row, lyap_count_value(r->rank->within))
LYAP_COLUMN(q025, struct row, lyap_real_value(r->rank->low))
LYAP_COLUMN(median, struct row, lyap_real_value(r->rank->median))
LYAP_COLUMN(q975, struct row, lyap_real_value(r->rank->high))
LYAP_COLUMN(chance, struct row, lyap_real_value(r->rank->chance))

static const struct lyap_column rank_columns[] = {
    {"quantity", NULL, "which exponent, lambda_kw in nats or lambda_step in nats per step", WORD, quantity, NULL},
    {"activation", NULL, "of both layers", WORD, activation, NULL},
    {"lr", NULL, "learning rate, as printed", REAL, lr, NULL},
    {"epochs", "steps", "length of our runs", COUNT, epochs, NULL},
    {"precision", NULL, "of our runs", WORD, precision, NULL},
    {"window", NULL, "1: our starts have an initial loss in the published window", COUNT, window, NULL},
    {"published", NULL, "the number, in the unit of its quantity", REAL, published, NULL},
    {"counted", NULL, "of our starts that have an exponent", COUNT, counted, NULL},
    {"dead", NULL, "those that are dead with an exponent of exactly 0", COUNT, dead, NULL},
    {"below", NULL, "those below the number", COUNT, below, NULL},
    {"equal", NULL, "those equal to it", COUNT, equal, NULL},
    {"rank", NULL, "(below + half of the equal) / counted", REAL, rank, NULL},
    {"spread_rank", NULL, "(below + u equal) / counted, u uniform", REAL, spread_rank, NULL},
    {"within", NULL, "1: spread_rank lies in 0.025 .. 0.975", COUNT, within, NULL},
    {"q025", NULL, "2.5 % quantile of ours", REAL, q025, NULL},
    {"median", NULL, "median of ours", REAL, median, NULL},
    {"q975", NULL, "97.5 % quantile of ours", REAL, q975, NULL},
    {"chance", NULL, "share of ours within a tenth of the number", REAL, chance, NULL},
};
static const struct lyap_schema rank_schema = {
    "P-ranks.csv", "a published number among ours at a candidate setting", {LYAP_GROUP(rank_columns)}};

/* ---- P-settings.csv ---- */

LYAP_COLUMN(c_epochs, struct lyap_candidate, lyap_count_value(r->epochs))
LYAP_COLUMN(c_precision, struct lyap_candidate, lyap_word_value(lyap_precision_name(r->precision)))
LYAP_COLUMN(c_window, struct lyap_candidate, lyap_count_value(r->window))
LYAP_COLUMN(c_within, struct lyap_candidate, lyap_count_value(r->within))
LYAP_COLUMN(c_beyond, struct lyap_candidate, lyap_count_value(r->beyond))
LYAP_COLUMN(c_binomial, struct lyap_candidate, lyap_three_digits(r->binomial))
LYAP_COLUMN(c_uniform, struct lyap_candidate, r->uniform >= 0 ? lyap_three_digits(r->uniform) : lyap_no_value())
LYAP_COLUMN(c_power, struct lyap_candidate, lyap_real_value(r->power))
LYAP_COLUMN(c_chance, struct lyap_candidate, lyap_real_value(r->log_chance))
LYAP_COLUMN(c_linear, struct lyap_candidate, lyap_real_value(r->panel_log_chance[0]))
LYAP_COLUMN(c_sigmoid, struct lyap_candidate, lyap_real_value(r->panel_log_chance[1]))
LYAP_COLUMN(c_relu, struct lyap_candidate, lyap_real_value(r->panel_log_chance[2]))

static const struct lyap_column setting_columns[] = {
    {"epochs", "steps", "length of our runs", COUNT, c_epochs, NULL},
    {"precision", NULL, "of our runs", WORD, c_precision, NULL},
    {"window", NULL, "1: our starts have an initial loss in the published window", COUNT, c_window, NULL},
    {"within", NULL, "of the 33 values of the sweep, those in the central 95 % of ours", COUNT, c_within, NULL},
    {"beyond", NULL, "those beyond all of ours", COUNT, c_beyond, NULL},
    {"p_binomial", NULL, "p of as many within", REAL, c_binomial, NULL},
    {"p_uniform", NULL, "p of the ranks by Anderson and Darling, 10,000 simulated sets", REAL, c_uniform, NULL},
    {"power", NULL, "chance that this test tells a sweep with these settings from one with 100 epochs", REAL, c_power,
     NULL},
    {"ln_chance", NULL, "sum of ln(chance) of P-ranks.csv", REAL, c_chance, NULL},
    {"linear", NULL, "of the linear panel", REAL, c_linear, NULL},
    {"sigmoid", NULL, "of the sigmoid panel", REAL, c_sigmoid, NULL},
    {"relu", NULL, "of the ReLU panel", REAL, c_relu, NULL},
};
static const struct lyap_schema setting_schema = {
    "P-settings.csv", "settings that the published sweep may have been made with", {LYAP_GROUP(setting_columns)}};

const struct lyap_schema *const lyap_published_tables[] = {&rank_schema, &setting_schema, NULL};

enum lyap_status lyap_published_data(struct lyap_report *report, const struct lyap_published_state *state,
                                     struct lyap_error *error) {
    FILE *file = lyap_report_table(report, &rank_schema, NULL, error);
    if (!file) return error ? error->status : LYAP_ERROR_OUTPUT;
    for (size_t k = 0; k < LYAP_CANDIDATES; k++)
        for (size_t i = 0; i < LYAP_PUBLISHED_SWEEP; i++) {
            const struct lyap_candidate *c = &state->candidate[k];
            lyap_schema_row(file, &rank_schema, NULL,
                            &(const struct row){c, i / LYAP_PUBLISHED_RATES, i % LYAP_PUBLISHED_RATES, &c->rank[i]});
        }
    for (size_t i = 0; i < LYAP_PUBLISHED_STEPS; i++)
        for (size_t a = 0; a < LYAP_PANELS; a++)
            lyap_schema_row(file, &rank_schema, NULL, &(const struct row){NULL, a, i, &state->step[i][a]});
    if (!(file = lyap_report_table(report, &setting_schema, NULL, error)))
        return error ? error->status : LYAP_ERROR_OUTPUT;
    for (size_t k = 0; k < LYAP_CANDIDATES; k++) lyap_schema_row(file, &setting_schema, NULL, &state->candidate[k]);
    return LYAP_OK;
}
