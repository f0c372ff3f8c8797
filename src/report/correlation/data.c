/* C3: the data files. */
#include <math.h>

#include "lyapgrad/network.h"
#include "lyapgrad/status.h"
#include "report/common/columns.h"
#include "report/correlation/correlation.h"

static const char *const precision_name[2] = {"float32", "float64"};

/* ---- the published sample ---- */

struct row {
    size_t panel;
    int precision;
    const struct lyap_loss_correlation *choice;
    size_t i;
};
static const struct lyap_loss_correlation_sample *sample(const struct row *r) {
    return &r->choice->panel[r->panel].sample[r->precision];
}
static const struct lyap_correlations *band(const struct row *r) {
    return &sample(r)->inside[r->i];
}

LYAP_COLUMN(activation, struct row, lyap_word_value(lyap_activation_name(lyap_loss_correlation_activation[r->panel])))
LYAP_COLUMN(precision, struct row, lyap_word_value(precision_name[r->precision]))
LYAP_COLUMN(starts, struct row, lyap_count_value(r->choice->sizes.size[r->i]))
LYAP_COLUMN(low, struct row, lyap_real_value(sample(r)->low[r->i]))
LYAP_COLUMN(high, struct row, lyap_real_value(sample(r)->high[r->i]))
LYAP_COLUMN(band_n, struct row, lyap_count_value(band(r)->n))
LYAP_ESTIMATE_COLUMNS(band_pearson, struct row, band(r)->pearson)
LYAP_ESTIMATE_COLUMNS(band_spearman, struct row, band(r)->spearman)
LYAP_ESTIMATE_COLUMNS(band_partial, struct row, band(r)->partial)
LYAP_COLUMN(run, struct row, lyap_count_value(r->i))
LYAP_COLUMN(run_n, struct row, lyap_count_value((uint64_t)sample(r)->run_n[r->i]))
LYAP_COLUMN(run_r, struct row, lyap_real_value(sample(r)->r[r->i]))
LYAP_COLUMN(run_p, struct row, lyap_three_digits(sample(r)->run_p[r->i]))
LYAP_COLUMN(initial_loss, struct row, lyap_real_value(sample(r)->z[r->i]))
LYAP_COLUMN(final_loss, struct row, lyap_real_value(sample(r)->x[r->i]))
LYAP_COLUMN(lambda_kw, struct row, lyap_real_value(sample(r)->y[r->i]))

#define ACTIVATION_COLUMN                                                                                              \
    { "activation", NULL, "of both layers", WORD, activation, NULL }
#define PRECISION_COLUMN                                                                                               \
    { "precision", NULL, "of the training", WORD, precision, NULL }

static const struct lyap_column band_columns[] = {
    ACTIVATION_COLUMN,
    PRECISION_COLUMN,
    {"starts", NULL, "starting points of the sample, of which those in the band count", COUNT, starts, NULL},
    {"low", NULL, "lower end of the band of initial losses", REAL, low, NULL},
    {"high", NULL, "upper end of that band", REAL, high, NULL},
    {"n", NULL, "starting points in the correlation", COUNT, band_n, NULL},
    {"pearson", NULL, "Pearson's correlation of final loss and lambda_kw", REAL, band_pearson, NULL},
    {"pearson_low", NULL, LYAP_LOW_END, REAL, band_pearson_low, NULL},
    {"pearson_high", NULL, LYAP_HIGH_END, REAL, band_pearson_high, NULL},
    {"spearman", NULL, "Spearman's correlation of them", REAL, band_spearman, NULL},
    {"spearman_low", NULL, LYAP_LOW_END, REAL, band_spearman_low, NULL},
    {"spearman_high", NULL, LYAP_HIGH_END, REAL, band_spearman_high, NULL},
    {"partial", NULL, "partial correlation at equal initial loss", REAL, band_partial, NULL},
    {"partial_low", NULL, LYAP_LOW_END, REAL, band_partial_low, NULL},
    {"partial_high", NULL, LYAP_HIGH_END, REAL, band_partial_high, NULL},
};
static const struct lyap_column run_columns[] = {
    ACTIVATION_COLUMN,
    PRECISION_COLUMN,
    {"run", NULL, "number of the run of the published size", COUNT, run, NULL},
    {"n", NULL, "starting points in its band", COUNT, run_n, NULL},
    {"pearson", NULL, "Pearson's correlation of final loss and lambda_kw", REAL, run_r, NULL},
    {"p", NULL, "of that correlation, by Student's t, to three digits", REAL, run_p, NULL},
};
static const struct lyap_column point_columns[] = {
    ACTIVATION_COLUMN,
    PRECISION_COLUMN,
    {"initial_loss", NULL, "loss before the first update", REAL, initial_loss, NULL},
    {"final_loss", NULL, "loss before the last update", REAL, final_loss, NULL},
    {"lambda_kw", "nats", "mean over i of ln(d(i)/d(0))", REAL, lambda_kw, NULL},
};
static const struct lyap_schema band_schema = {
    "choice_correlations.csv", "a sample in its band", {LYAP_GROUP(band_columns)}};
static const struct lyap_schema run_schema = {
    "choice_runs.csv", "a run of the published size", {LYAP_GROUP(run_columns)}};
static const struct lyap_schema point_schema = {
    "choice_points.csv", "a starting point in the band of the larger sample", {LYAP_GROUP(point_columns)}};

static void write_sample(FILE *file, const struct lyap_loss_correlation *choice, const struct lyap_schema *schema) {
    for (size_t p = 0; p < LYAP_LOSS_CORRELATION_PANELS; p++)
        for (int precision = 0; precision < 2; precision++) {
            const struct lyap_loss_correlation_sample *s = &choice->panel[p].sample[precision];
            size_t rows = schema == &run_schema     ? s->runs
                          : schema == &point_schema ? s->points
                                                    : LYAP_LOSS_CORRELATION_SIZES;
            for (size_t k = 0; k < rows; k++)
                lyap_schema_row(file, schema, NULL,
                                &(const struct row){.panel = p, .precision = precision, .choice = choice, .i = k});
        }
}

/* ---- the rivals ---- */

struct rival_row {
    const struct lyap_rivals *of;
    size_t i; /* a start, or a horizon */
    enum lyap_held held;
    enum lyap_predictor predictor;
};
static const struct lyap_rival_points *points(const struct rival_row *r) {
    return &r->of->points;
}
static const struct lyap_rival_result *result(const struct rival_row *r) {
    return &r->of->result[r->i];
}
static const struct lyap_estimate *correlation(const struct rival_row *r) {
    return &result(r)->r[r->held][r->predictor];
}

LYAP_COLUMN(rival_activation, struct rival_row, lyap_word_value(lyap_activation_name(r->of->activation)))
LYAP_COLUMN(rival_lr, struct rival_row, lyap_short_value(r->of->lr))
LYAP_COLUMN(rival_side, struct rival_row, lyap_word_value(r->of->outside ? "outside" : "inside"))
LYAP_COLUMN(rival_epochs, struct rival_row, lyap_count_value(lyap_rival_horizon[r->i]))
LYAP_COLUMN(rival_n, struct rival_row, lyap_count_value(result(r)->n))
LYAP_COLUMN(rival_stake, struct rival_row, lyap_real_value(result(r)->at_stake))
LYAP_COLUMN(rival_predictor, struct rival_row, lyap_word_value(lyap_predictor_name(r->predictor)))
LYAP_COLUMN(rival_held, struct rival_row, lyap_word_value(lyap_held_name(r->held)))
LYAP_ESTIMATE_COLUMNS(rival_r, struct rival_row, *correlation(r))
LYAP_COLUMN(rival_pearson, struct rival_row, lyap_real_value(result(r)->pearson[r->held][r->predictor]))
LYAP_COLUMN(rival_start, struct rival_row, lyap_count_value(r->i))
LYAP_COLUMN(rival_initial, struct rival_row, lyap_real_value(points(r)->initial[r->i]))
LYAP_COLUMN(rival_gradient, struct rival_row, lyap_real_value(points(r)->gradient[r->i]))
LYAP_COLUMN(rival_sharpness, struct rival_row, lyap_real_value(points(r)->sharpness[r->i]))
LYAP_COLUMN(rival_drop, struct rival_row, lyap_real_value(points(r)->drop[r->i]))
LYAP_COLUMN(rival_change, struct rival_row, lyap_real_value(points(r)->change[k * points(r)->n + r->i]))
LYAP_COLUMN(rival_hybrid, struct rival_row, lyap_real_value(points(r)->hybrid[k * points(r)->n + r->i]))
LYAP_COLUMN(rival_tangent, struct rival_row, lyap_real_value(points(r)->tangent[k * points(r)->n + r->i]))

#define RIVAL_COLUMNS                                                                                                  \
    {"activation", NULL, "of both layers", WORD, rival_activation, NULL},                                              \
        {"lr", NULL, "learning rate", REAL, rival_lr, NULL}, {                                                         \
        "side", NULL, "of the band of initial losses", WORD, rival_side, NULL                                          \
    }

static const struct lyap_column rival_columns[] = {
    RIVAL_COLUMNS,
    {"epochs", "steps", "before whose last one the final loss is taken", COUNT, rival_epochs, NULL},
    {"n", NULL, "starting points in the correlation", COUNT, rival_n, NULL},
    {"at_stake", NULL, "interquartile range of the final loss at equal initial loss, over the median final loss", REAL,
     rival_stake, NULL},
    {"predictor", NULL, "what predicts the final loss", WORD, rival_predictor, NULL},
    {"held", NULL, "what is held equal", WORD, rival_held, NULL},
    {"r", NULL, "rank correlation; +1: what the predictor prefers ends lower", REAL, rival_r, NULL},
    {"r_low", NULL, LYAP_LOW_END, REAL, rival_r_low, NULL},
    {"r_high", NULL, LYAP_HIGH_END, REAL, rival_r_high, NULL},
    {"pearson", NULL, "the same by Pearson's correlation", REAL, rival_pearson, NULL},
};
static const struct lyap_column start_columns[] = {
    RIVAL_COLUMNS,
    {"start", NULL, "number of the starting point", COUNT, rival_start, NULL},
    {"initial_loss", NULL, "loss before the first update", REAL, rival_initial, NULL},
    {"squared_gradient", NULL, "squared norm of the gradient at the start", REAL, rival_gradient, NULL},
    {"sharpness", NULL, "largest eigenvalue of the Hessian at the start", REAL, rival_sharpness, NULL},
    {"drop", NULL, "initial loss less the loss after one step", REAL, rival_drop, NULL},
};
static const struct lyap_column change_columns[] = {
    {"change_%zu", NULL, "final loss less initial loss, by epochs", REAL, rival_change, NULL}};
static const struct lyap_column hybrid_columns[] = {
    {"lambda_kw_%zu", "nats", "the paper's exponent, by epochs", REAL, rival_hybrid, NULL}};
static const struct lyap_column tangent_columns[] = {
    {"tangent_%zu", "nats per step", "tangent exponent, by epochs", REAL, rival_tangent, NULL}};

static const struct lyap_schema rival_schema = {
    "choice_rivals.csv", "a predictor of the final loss, at a number of epochs", {LYAP_GROUP(rival_columns)}};
static const struct lyap_schema start_schema = {
    "choice_rivals_points.csv",
    "a starting point",
    {LYAP_GROUP(start_columns), LYAP_GROUP(change_columns), LYAP_GROUP(hybrid_columns), LYAP_GROUP(tangent_columns)}};

static void write_rivals(FILE *file, const struct lyap_rivals *rivals, const struct lyap_schema *schema,
                         const struct lyap_repeat *repeat) {
    if (schema == &start_schema) {
        for (size_t i = 0; i < rivals->points.n; i++)
            lyap_schema_row(file, schema, repeat, &(const struct rival_row){.of = rivals, .i = i});
        return;
    }
    for (size_t h = 0; h < LYAP_RIVAL_HORIZONS; h++)
        for (int held = 0; held < LYAP_HELDS; held++)
            for (int k = 0; k < LYAP_PREDICTORS; k++)
                if (isfinite(rivals->result[h].r[held][k].value))
                    lyap_schema_row(file, schema, NULL,
                                    &(const struct rival_row){rivals, h, (enum lyap_held)held, (enum lyap_predictor)k});
}

const struct lyap_schema *const lyap_loss_correlation_tables[] = {&band_schema,  &run_schema,   &point_schema,
                                                                  &rival_schema, &start_schema, NULL};

static enum lyap_status rivals_data(struct lyap_report *report, const struct lyap_loss_correlation *choice,
                                    const struct lyap_schema *schema, struct lyap_error *error) {
    size_t epochs[LYAP_RIVAL_HORIZONS];
    for (size_t h = 0; h < LYAP_RIVAL_HORIZONS; h++) epochs[h] = lyap_rival_horizon[h];
    const struct lyap_repeat by_epochs = {.times = LYAP_RIVAL_HORIZONS, .number = epochs};
    const struct lyap_repeat repeat[LYAP_MOST_GROUPS] = {{.times = 1}, by_epochs, by_epochs, by_epochs};
    const struct lyap_repeat *with = schema == &start_schema ? repeat : NULL;
    FILE *file = lyap_report_table(report, schema, with, error);
    if (!file) return error->status;
    for (size_t p = 0; p < LYAP_LOSS_CORRELATION_PANELS; p++) {
        const struct lyap_loss_correlation_panel *panel = &choice->panel[p];
        for (size_t rate = 0; rate < LYAP_RIVAL_RATES; rate++) write_rivals(file, &panel->inside[rate], schema, with);
        write_rivals(file, &panel->outside, schema, with);
    }
    return LYAP_OK;
}

enum lyap_status lyap_loss_correlation_data(struct lyap_report *report, const struct lyap_loss_correlation *choice,
                                            struct lyap_error *error) {
    static const struct lyap_schema *const samples[] = {&band_schema, &run_schema, &point_schema, NULL};
    for (const struct lyap_schema *const *schema = samples; *schema; schema++) {
        FILE *file = lyap_report_table(report, *schema, NULL, error);
        if (!file) return error->status;
        write_sample(file, choice, *schema);
    }
    enum lyap_status status = rivals_data(report, choice, &rival_schema, error);
    return status ? status : rivals_data(report, choice, &start_schema, error);
}
