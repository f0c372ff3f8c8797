/* C3: the data files. */
#include <math.h>

#include "report/common/columns.h"
#include "report/correlation/correlation.h"
#include "lyapgrad/network.h"
#include "lyapgrad/status.h"

static const char *const precision_name[2] = {"float32", "float64"};

/* The row of every table here; each uses what it needs. */
struct row {
    size_t panel;
    int precision;
    const struct lyap_loss_correlation *choice;
    size_t i, rate;
    bool second;                       /* of two: outside the band; the later loss */
    const struct lyap_correlations *c; /* NULL where the table has none */
};
static const struct lyap_loss_correlation_sample *sample(const struct row *r) {
    return &r->choice->panel[r->panel].sample[r->precision];
}

LYAP_COLUMN(activation, struct row, lyap_word_value(lyap_activation_name(lyap_loss_correlation_activation[r->panel])))
LYAP_COLUMN(precision, struct row, lyap_word_value(precision_name[r->precision]))
LYAP_COLUMN(starts, struct row, lyap_count_value(r->choice->sizes.size[r->i]))
LYAP_COLUMN(side, struct row, lyap_word_value(r->second ? "outside" : "inside"))
LYAP_COLUMN(low, struct row, lyap_real_value(sample(r)->low[r->i]))
LYAP_COLUMN(high, struct row, lyap_real_value(sample(r)->high[r->i]))
LYAP_COLUMN(c_n, struct row, lyap_count_value(r->c->n))
LYAP_ESTIMATE_COLUMNS(c_pearson, struct row, r->c->pearson)
LYAP_ESTIMATE_COLUMNS(c_spearman, struct row, r->c->spearman)
LYAP_ESTIMATE_COLUMNS(c_partial, struct row, r->c->partial)
LYAP_COLUMN(run, struct row, lyap_count_value(r->i))
LYAP_COLUMN(run_n, struct row, lyap_count_value((uint64_t)sample(r)->run_n[r->i]))
LYAP_COLUMN(run_r, struct row, lyap_real_value(sample(r)->r[r->i]))
LYAP_COLUMN(run_p, struct row, lyap_three_digits(sample(r)->run_p[r->i]))
LYAP_COLUMN(lr, struct row, lyap_short_value(lyap_loss_correlation_rate[r->rate]))
LYAP_COLUMN(epochs, struct row, lyap_count_value(lyap_loss_correlation_horizon[r->i]))
LYAP_COLUMN(loss_after, struct row,
            lyap_count_value(lyap_loss_correlation_horizon[r->second ? LYAP_LOSS_CORRELATION_HORIZONS - 1 : r->i]))
LYAP_COLUMN(initial_loss, struct row, lyap_real_value(sample(r)->z[r->i]))
LYAP_COLUMN(final_loss, struct row, lyap_real_value(sample(r)->x[r->i]))
LYAP_COLUMN(lambda_kw, struct row, lyap_real_value(sample(r)->y[r->i]))

#define ACTIVATION_COLUMN                                                                                              \
    { "activation", NULL, "of both layers", WORD, activation, NULL }
#define PRECISION_COLUMN                                                                                               \
    { "precision", NULL, "of the training", WORD, precision, NULL }

static const struct lyap_column band_columns[] = {
    {"activation", NULL, "of both layers", WORD, activation, NULL},
    {"precision", NULL, "of the training", WORD, precision, NULL},
    {"starts", NULL, "starting points of the sample, of which those in the band count", COUNT, starts, NULL},
    {"side", NULL, "of the band of initial losses", WORD, side, NULL},
    {"low", NULL, "lower end of that band", REAL, low, NULL},
    {"high", NULL, "upper end of that band", REAL, high, NULL},
};
static const struct lyap_column correlation_columns[] = {
    {"n", NULL, "starting points in the correlation", COUNT, c_n, NULL},
    {"pearson", NULL, "Pearson's correlation of final loss and lambda_kw", REAL, c_pearson, NULL},
    {"pearson_low", NULL, LYAP_LOW_END, REAL, c_pearson_low, NULL},
    {"pearson_high", NULL, LYAP_HIGH_END, REAL, c_pearson_high, NULL},
    {"spearman", NULL, "Spearman's correlation of them", REAL, c_spearman, NULL},
    {"spearman_low", NULL, LYAP_LOW_END, REAL, c_spearman_low, NULL},
    {"spearman_high", NULL, LYAP_HIGH_END, REAL, c_spearman_high, NULL},
    {"partial", NULL, "partial correlation at equal initial loss", REAL, c_partial, NULL},
    {"partial_low", NULL, LYAP_LOW_END, REAL, c_partial_low, NULL},
    {"partial_high", NULL, LYAP_HIGH_END, REAL, c_partial_high, NULL},
};
static const struct lyap_column run_columns[] = {
    ACTIVATION_COLUMN,
    PRECISION_COLUMN,
    {"run", NULL, "number of the part of the sample, of the published size", COUNT, run, NULL},
    {"n", NULL, "starting points in its band", COUNT, run_n, NULL},
    {"pearson", NULL, "Pearson's correlation of final loss and lambda_kw", REAL, run_r, NULL},
    {"p", NULL, "of that correlation, by Student's t, to three digits", REAL, run_p, NULL},
};
static const struct lyap_column horizon_columns[] = {
    ACTIVATION_COLUMN,
    {"lr", NULL, "learning rate", REAL, lr, NULL},
    {"epochs", "steps", "over which the exponent is measured", COUNT, epochs, NULL},
    {"loss_after", "steps", "after which the loss is taken", COUNT, loss_after, NULL},
};
static const struct lyap_column point_columns[] = {
    ACTIVATION_COLUMN,
    PRECISION_COLUMN,
    {"initial_loss", NULL, "loss before the first update", REAL, initial_loss, NULL},
    {"final_loss", NULL, "loss before the last update", REAL, final_loss, NULL},
    {"lambda_kw", "nats", "mean over i of ln(d(i)/d(0))", REAL, lambda_kw, NULL},
};
static const struct lyap_schema band_schema = {"choice_correlations.csv",
                                               "a sample, in or outside its band",
                                               {LYAP_GROUP(band_columns), LYAP_GROUP(correlation_columns)}};
static const struct lyap_schema run_schema = {
    "choice_runs.csv", "a part of the largest sample, as large as the published one", {LYAP_GROUP(run_columns)}};
static const struct lyap_schema horizon_schema = {
    "choice_horizons.csv", "a length of the run", {LYAP_GROUP(horizon_columns), LYAP_GROUP(correlation_columns)}};
static const struct lyap_schema point_schema = {"choice_points.csv", "a starting point", {LYAP_GROUP(point_columns)}};
const struct lyap_schema *const lyap_loss_correlation_tables[] = {&band_schema, &run_schema, &horizon_schema,
                                                                  &point_schema, NULL};

static void write_samples(FILE *file, const struct lyap_loss_correlation *choice, const struct lyap_schema *schema) {
    for (size_t p = 0; p < LYAP_LOSS_CORRELATION_PANELS; p++)
        for (int precision = 0; precision < 2; precision++) {
            const struct lyap_loss_correlation_sample *s = &choice->panel[p].sample[precision];
            size_t rows = schema == &run_schema     ? s->runs
                          : schema == &point_schema ? s->points
                                                    : 2 * LYAP_LOSS_CORRELATION_SIZES;
            for (size_t k = 0; k < rows; k++) {
                struct row row = {.panel = p, .precision = precision, .choice = choice, .i = k};
                if (schema == &band_schema) {
                    row.i = k / 2;
                    row.second = k % 2;
                    row.c = row.second ? &s->outside[row.i] : &s->inside[row.i];
                }
                lyap_schema_row(file, schema, NULL, &row);
            }
        }
}

static void write_horizons(FILE *file, const struct lyap_loss_correlation *choice) {
    for (size_t p = 0; p < LYAP_LOSS_CORRELATION_PANELS; p++)
        for (size_t rate = 0; rate < LYAP_LOSS_CORRELATION_RATES; rate++)
            for (size_t h = 0; h < LYAP_LOSS_CORRELATION_HORIZONS; h++)
                for (int later = 0; later < 2; later++) {
                    const struct lyap_loss_correlation_panel *panel = &choice->panel[p];
                    const struct row row = {.panel = p,
                                            .choice = choice,
                                            .i = h,
                                            .rate = rate,
                                            .second = later,
                                            .c = later ? &panel->later[rate][h] : &panel->same[rate][h]};
                    lyap_schema_row(file, &horizon_schema, NULL, &row);
                }
}

enum lyap_status lyap_loss_correlation_data(struct lyap_report *report, const struct lyap_loss_correlation *choice,
                                            struct lyap_error *error) {
    for (size_t t = 0; lyap_loss_correlation_tables[t]; t++) {
        FILE *file = lyap_report_table(report, lyap_loss_correlation_tables[t], NULL, error);
        if (!file) return error->status;
        if (lyap_loss_correlation_tables[t] == &horizon_schema)
            write_horizons(file, choice);
        else
            write_samples(file, choice, lyap_loss_correlation_tables[t]);
    }
    return LYAP_OK;
}
