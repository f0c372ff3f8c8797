/* N: the data files. */
#include <math.h>

#include "report/common/columns.h"
#include "report/precision/precision.h"
#include "lyapgrad/network.h"
#include "lyapgrad/status.h"

/* ---- precision.csv ---- */

struct cell_row {
    size_t panel, rate, size;
    const struct lyap_precision_cell *c;
};
LYAP_COLUMN(activation, struct cell_row, lyap_word_value(lyap_activation_name(lyap_precision_activation[r->panel])))
LYAP_COLUMN(lr, struct cell_row, lyap_short_value(lyap_precision_rate[r->rate]))
LYAP_COLUMN(perturbation, struct cell_row, lyap_short_value(lyap_precision_size[r->size]))
LYAP_COLUMN(starts, struct cell_row, lyap_count_value(r->c->n))
LYAP_COLUMN(weights, struct cell_row, lyap_real_value(r->c->weights))
LYAP_COLUMN(distance, struct cell_row, lyap_real_value(r->c->distance))
LYAP_COLUMN(rounding, struct cell_row, lyap_real_value(r->c->rounding))
LYAP_COLUMN(signal, struct cell_row, lyap_real_value(r->c->signal))
LYAP_COLUMN(noise, struct cell_row, lyap_real_value(r->c->noise))
LYAP_COLUMN(step_signal, struct cell_row, lyap_real_value(r->c->step_signal))
LYAP_COLUMN(step_noise, struct cell_row, lyap_real_value(r->c->step_noise))
LYAP_ESTIMATE_COLUMNS(bias, struct cell_row, r->c->bias)
LYAP_ESTIMATE_COLUMNS(between, struct cell_row, r->c->between)
LYAP_COLUMN(r_32_tangent, struct cell_row, lyap_real_value(r->c->tangent32.value))
LYAP_COLUMN(r_64_tangent, struct cell_row, lyap_real_value(r->c->tangent64.value))
LYAP_COLUMN(bias_32, struct cell_row, lyap_real_value(r->c->tangent_bias32))
LYAP_COLUMN(bias_64, struct cell_row, lyap_real_value(r->c->tangent_bias64))
LYAP_COLUMN(same_sign, struct cell_row, lyap_real_value(r->c->same_sign.value))

static const struct lyap_column cell_columns[] = {
    {"activation", NULL, "of both layers", WORD, activation, NULL},
    {"lr", NULL, "learning rate", REAL, lr, NULL},
    {"perturbation", "weight", "standard deviation of every weight of a neighbour", REAL, perturbation, NULL},
    {"starts", NULL, "starting points with both exponents", COUNT, starts, NULL},
    {"weights", "weight", "mean Euclidean length of the starting weights", REAL, weights, NULL},
    {"distance", "weight", "mean initial distance of a neighbour", REAL, distance, NULL},
    {"rounding", NULL, "2^-24 weights / distance: what one rounding of the weights does to the distance, at most", REAL,
     rounding, NULL},
    {"signal", "nats per step", "median size of the float64 exponent", REAL, signal, NULL},
    {"noise", "nats per step", "root mean square of float32 less float64", REAL, noise, NULL},
    {"step_signal", "nats per step", "signal of the first step alone", REAL, step_signal, NULL},
    {"step_noise", "nats per step", "noise of the first step alone", REAL, step_noise, NULL},
    {"bias", "nats per step", "mean of float32 less float64", REAL, bias, NULL},
    {"bias_low", "nats per step", LYAP_LOW_END, REAL, bias_low, NULL},
    {"bias_high", "nats per step", LYAP_HIGH_END, REAL, bias_high, NULL},
    {"r_32_64", NULL, "correlation of the two precisions", REAL, between, NULL},
    {"r_32_64_low", NULL, LYAP_LOW_END, REAL, between_low, NULL},
    {"r_32_64_high", NULL, LYAP_HIGH_END, REAL, between_high, NULL},
    {"r_32_tangent", NULL, "correlation of float32 with the mean over tangent directions", REAL, r_32_tangent, NULL},
    {"r_64_tangent", NULL, "correlation of float64 with the mean over tangent directions", REAL, r_64_tangent, NULL},
    {"bias_32_tangent", "nats per step", "mean of float32 less the tangents'", REAL, bias_32, NULL},
    {"bias_64_tangent", "nats per step", "mean of float64 less the tangents'", REAL, bias_64, NULL},
    {"same_sign", NULL, "share of the starts whose two exponents have the same sign", REAL, same_sign, NULL},
};
static const struct lyap_schema cell_schema = {
    "precision.csv", "a perturbation of a network", {LYAP_GROUP(cell_columns)}};

/* ---- precision_published.csv ---- */

LYAP_COLUMN(of, struct lyap_precision_number, lyap_word_value(lyap_activation_name(r->published.activation)))
LYAP_COLUMN(rate, struct lyap_precision_number, lyap_short_value(r->published.lr))
LYAP_COLUMN(unit, struct lyap_precision_number, lyap_word_value(r->published.by_step ? "nats per step" : "nats"))
LYAP_COLUMN(published, struct lyap_precision_number, lyap_short_value(r->published.value))
LYAP_COLUMN(counted, struct lyap_precision_number, lyap_count_value(r->n))
LYAP_COLUMN(noise95, struct lyap_precision_number, lyap_real_value(r->noise95))
LYAP_COLUMN(low32, struct lyap_precision_number, lyap_real_value(r->low[0]))
LYAP_COLUMN(high32, struct lyap_precision_number, lyap_real_value(r->high[0]))
LYAP_COLUMN(low64, struct lyap_precision_number, lyap_real_value(r->low[1]))
LYAP_COLUMN(high64, struct lyap_precision_number, lyap_real_value(r->high[1]))
LYAP_COLUMN(is_rounding, struct lyap_precision_number, lyap_count_value(r->rounding))
LYAP_COLUMN(only_float32, struct lyap_precision_number, lyap_count_value(r->only_float32))

static const struct lyap_column number_columns[] = {
    {"activation", NULL, "of both layers", WORD, of, NULL},
    {"lr", NULL, "learning rate", REAL, rate, NULL},
    {"unit", NULL, "of the number", WORD, unit, NULL},
    {"published", NULL, "the number, in its unit", REAL, published, NULL},
    {"starts", NULL, "starting points of ours with these settings", COUNT, counted, NULL},
    {"noise95", NULL, "95 % of the starts differ by less between float32 and float64", REAL, noise95, NULL},
    {"float32_low", NULL, "lower end of the central 95 % of the float32 exponents", REAL, low32, NULL},
    {"float32_high", NULL, "upper end of these", REAL, high32, NULL},
    {"float64_low", NULL, "lower end of the central 95 % of the float64 exponents", REAL, low64, NULL},
    {"float64_high", NULL, "upper end of these", REAL, high64, NULL},
    {"rounding", NULL, "1: half of the number or more may be rounding", COUNT, is_rounding, NULL},
    {"only_float32", NULL, "1: within the float32 range, outside the float64 range", COUNT, only_float32, NULL},
};
static const struct lyap_schema number_schema = {
    "precision_published.csv", "a number that the paper prints", {LYAP_GROUP(number_columns)}};

/* ---- precision_ranks.csv ---- */

struct rank_row {
    size_t panel, start;
    const struct lyap_precision_state *s;
};
static double exponent_of(const struct rank_row *r, size_t horizon, size_t precision) {
    return r->s->ranks[r->panel].exponent[precision][horizon * r->s->starts + r->start];
}
LYAP_COLUMN(rank_activation, struct rank_row,
            lyap_word_value(lyap_activation_name(lyap_precision_activation[r->panel])))
LYAP_COLUMN(rank_start, struct rank_row, lyap_count_value(r->start))
LYAP_COLUMN(rank_initial, struct rank_row, lyap_real_value(r->s->ranks[r->panel].initial[r->start]))
LYAP_COLUMN(rank_5_32, struct rank_row, lyap_real_value(exponent_of(r, 0, 0)))
LYAP_COLUMN(rank_5_64, struct rank_row, lyap_real_value(exponent_of(r, 0, 1)))
LYAP_COLUMN(rank_100_32, struct rank_row, lyap_real_value(exponent_of(r, 1, 0)))
LYAP_COLUMN(rank_100_64, struct rank_row, lyap_real_value(exponent_of(r, 1, 1)))

static const struct lyap_column rank_columns[] = {
    {"activation", NULL, "of both layers", WORD, rank_activation, NULL},
    {"start", NULL, "number of the starting point, within the band of initial losses", COUNT, rank_start, NULL},
    {"initial_loss", NULL, "loss before the first update", REAL, rank_initial, NULL},
    {"kw_5_float32", "nats", "Kantz-Wolf exponent over 5 epochs", REAL, rank_5_32, NULL},
    {"kw_5_float64", "nats", "the same in float64", REAL, rank_5_64, NULL},
    {"kw_100_float32", "nats", "Kantz-Wolf exponent over 100 epochs", REAL, rank_100_32, NULL},
    {"kw_100_float64", "nats", "the same in float64", REAL, rank_100_64, NULL},
};
static const struct lyap_schema rank_schema = {"precision_ranks.csv", "a start", {LYAP_GROUP(rank_columns)}};

const struct lyap_schema *const lyap_precision_tables[] = {&cell_schema, &number_schema, &rank_schema, NULL};

enum lyap_status lyap_precision_data(struct lyap_report *report, const struct lyap_precision_state *s,
                                     struct lyap_error *error) {
    FILE *file = lyap_report_table(report, &cell_schema, NULL, error);
    if (!file) return error->status;
    for (size_t p = 0; p < LYAP_PRECISION_PANELS; p++)
        for (size_t rate_at = 0; rate_at < LYAP_PRECISION_RATES; rate_at++)
            for (size_t i = 0; i < LYAP_PRECISION_SIZES; i++)
                lyap_schema_row(file, &cell_schema, NULL,
                                &(const struct cell_row){p, rate_at, i, &s->cell[p][rate_at][i]});
    if (!(file = lyap_report_table(report, &number_schema, NULL, error))) return error->status;
    for (size_t i = 0; i < s->numbers; i++) lyap_schema_row(file, &number_schema, NULL, &s->number[i]);
    if (!(file = lyap_report_table(report, &rank_schema, NULL, error))) return error->status;
    for (size_t p = 0; p < LYAP_PRECISION_PANELS; p++)
        for (size_t i = 0; i < s->starts; i++)
            lyap_schema_row(file, &rank_schema, NULL, &(const struct rank_row){p, i, s});
    return LYAP_OK;
}
