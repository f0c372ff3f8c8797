/* L1: the data files. */
#include <math.h>

#include "report/common/columns.h"
#include "report/further/further.h"
#include "results/regime_column.h"
#include "lyapgrad/optimiser.h"
#include "lyapgrad/regime.h"
#include "lyapgrad/status.h"

struct row {
    const struct lyap_further *f;
    size_t of, rate, start, horizon;
};
static const struct lyap_further_result *result(const struct row *r) {
    return &r->f->result[r->of];
}
static const struct lyap_subject *subject(const struct row *r) {
    return &lyap_further_cases[r->of].subject;
}
LYAP_COLUMN(number, struct row, lyap_count_value(r->of + 1))
LYAP_COLUMN(network, struct row, lyap_quoted_value(subject(r)->name))
LYAP_COLUMN(start, struct row, lyap_count_value(r->start))

/* ---- further_regimes.csv ---- */

static const struct lyap_further_run *run(const struct row *r) {
    return &result(r)->run[r->rate * r->f->sizes.chaos + r->start];
}
LYAP_COLUMN(rate, struct row, lyap_real_value(result(r)->lr[r->rate]))
LYAP_COLUMN(half, struct row, lyap_count_value(r->start < r->f->sizes.chaos / 2 ? 1 : 2))
LYAP_COLUMN(regime, struct row, lyap_word_value(lyap_regime_name((enum lyap_regime)run(r)->regime)))
LYAP_COLUMN(lambda, struct row, lyap_real_value(run(r)->lambda))

static const struct lyap_column regime_columns[] = {
    {"case", NULL, "number of the case, from 1", COUNT, number, NULL},
    {"lr", NULL, "learning rate", REAL, rate, NULL},
    {"start", NULL, "number of the starting point", COUNT, start, NULL},
    {"half", NULL, "1: the rate is chosen on these starts; 2: the share is estimated on these", COUNT, half, NULL},
    {"regime", NULL, LYAP_REGIME_MEANING, WORD, regime, NULL},
    {"lambda", "nats per step", "exponent in tangent space after the transient", REAL, lambda, NULL},
};
static const struct lyap_schema regime_schema = {
    "further_regimes.csv", "a start at a learning rate", {LYAP_GROUP(regime_columns)}};

/* ---- further_starts.csv ---- */

static double kw(const struct row *r, size_t i) {
    return result(r)->kw[i * r->f->sizes.scatter + r->start];
}
static double loss(const struct row *r, size_t h) {
    return result(r)->loss[h * r->f->sizes.scatter + r->start];
}
LYAP_COLUMN(initial, struct row, lyap_real_value(result(r)->initial[r->start]))
LYAP_COLUMN(kw_5, struct row, lyap_real_value(kw(r, 0)))
LYAP_COLUMN(kw_20, struct row, lyap_real_value(kw(r, 1)))
LYAP_COLUMN(kw_100, struct row, lyap_real_value(kw(r, 2)))
LYAP_COLUMN(loss_5, struct row, lyap_real_value(loss(r, 0)))
LYAP_COLUMN(loss_20, struct row, lyap_real_value(loss(r, 1)))
LYAP_COLUMN(loss_100, struct row, lyap_real_value(loss(r, 2)))
LYAP_COLUMN(loss_500, struct row, lyap_real_value(loss(r, 3)))

static const struct lyap_column start_columns[] = {
    {"case", NULL, "number of the case, from 1", COUNT, number, NULL},
    {"start", NULL, "number of the starting point, within the band", COUNT, start, NULL},
    {"initial_loss", NULL, "loss before the first update", REAL, initial, NULL},
    {"kw_5", "nats", "Kantz-Wolf exponent over 5 epochs", REAL, kw_5, NULL},
    {"kw_20", "nats", "Kantz-Wolf exponent over 20 epochs", REAL, kw_20, NULL},
    {"kw_100", "nats", "Kantz-Wolf exponent over 100 epochs", REAL, kw_100, NULL},
    {"loss_5", NULL, "final loss of a run of 5 epochs", REAL, loss_5, NULL},
    {"loss_20", NULL, "final loss of a run of 20 epochs", REAL, loss_20, NULL},
    {"loss_100", NULL, "final loss of a run of 100 epochs", REAL, loss_100, NULL},
    {"loss_500", NULL, "final loss of a run of 500 epochs", REAL, loss_500, NULL},
};
static const struct lyap_schema start_schema = {
    "further_starts.csv", "a start within the band", {LYAP_GROUP(start_columns)}};

/* ---- further.csv ---- */

static const struct lyap_correlations *correlation(const struct row *r) {
    return &result(r)->correlation[r->horizon];
}
LYAP_COLUMN(optimiser, struct row, lyap_word_value(lyap_optimiser_name(subject(r)->optimiser)))
LYAP_ESTIMATE_COLUMNS(chaotic, struct row, result(r)->chaotic)
LYAP_COLUMN(chosen_lr, struct row, lyap_real_value(result(r)->chosen_lr))
LYAP_COLUMN(lr, struct row, lyap_short_value(subject(r)->lr))
LYAP_COLUMN(band_low, struct row, lyap_real_value(result(r)->low))
LYAP_COLUMN(band_high, struct row, lyap_real_value(result(r)->high))
LYAP_COLUMN(exponent_epochs, struct row, lyap_count_value(lyap_further_horizons[r->horizon].exponent))
LYAP_COLUMN(loss_epochs, struct row, lyap_count_value(lyap_further_horizons[r->horizon].loss))
LYAP_COLUMN(n, struct row, lyap_count_value(correlation(r)->n))
LYAP_ESTIMATE_COLUMNS(pearson, struct row, correlation(r)->pearson)
LYAP_ESTIMATE_COLUMNS(spearman, struct row, correlation(r)->spearman)
LYAP_ESTIMATE_COLUMNS(partial, struct row, correlation(r)->partial)

static const struct lyap_column case_columns[] = {
    {"case", NULL, "number of the case, from 1", COUNT, number, NULL},
    {"network", NULL, "network, data and optimiser", WORD, network, NULL},
    {"optimiser", NULL, "name of the optimiser", WORD, optimiser, NULL},
    {"chaotic", NULL, "share of chaotic starts of the second half at chosen_lr", REAL, chaotic, NULL},
    {"chaotic_low", NULL, LYAP_LOW_END, REAL, chaotic_low, NULL},
    {"chaotic_high", NULL, LYAP_HIGH_END, REAL, chaotic_high, NULL},
    {"chosen_lr", NULL, "learning rate with the most chaotic starts of the first half", REAL, chosen_lr, NULL},
    {"lr", NULL, "learning rate of the correlation", REAL, lr, NULL},
    {"band_low", NULL, "lower end of the band of initial losses", REAL, band_low, NULL},
    {"band_high", NULL, "upper end of that band", REAL, band_high, NULL},
    {"exponent_epochs", "epochs", "over which the exponent is measured", COUNT, exponent_epochs, NULL},
    {"loss_epochs", "epochs", "after which the final loss is taken", COUNT, loss_epochs, NULL},
    {"n", NULL, "starting points in the correlation", COUNT, n, NULL},
    {"pearson", NULL, "Pearson's correlation of final loss and lambda_kw in the band", REAL, pearson, NULL},
    {"pearson_low", NULL, LYAP_LOW_END, REAL, pearson_low, NULL},
    {"pearson_high", NULL, LYAP_HIGH_END, REAL, pearson_high, NULL},
    {"spearman", NULL, "Spearman's correlation of the same", REAL, spearman, NULL},
    {"spearman_low", NULL, LYAP_LOW_END, REAL, spearman_low, NULL},
    {"spearman_high", NULL, LYAP_HIGH_END, REAL, spearman_high, NULL},
    {"partial", NULL, "partial correlation at equal initial loss", REAL, partial, NULL},
    {"partial_low", NULL, LYAP_LOW_END, REAL, partial_low, NULL},
    {"partial_high", NULL, LYAP_HIGH_END, REAL, partial_high, NULL},
};
static const struct lyap_schema case_schema = {"further.csv", "a network and a horizon", {LYAP_GROUP(case_columns)}};

const struct lyap_schema *const lyap_further_tables[] = {&case_schema, &regime_schema, &start_schema, NULL};

enum lyap_status lyap_further_data(struct lyap_report *report, const struct lyap_further *f, struct lyap_error *error) {
    FILE *file = lyap_report_table(report, &case_schema, NULL, error);
    if (!file) return error->status;
    for (size_t c = 0; c < LYAP_FURTHER_CASES; c++)
        for (size_t h = 0; h < LYAP_FURTHER_HORIZONS; h++)
            lyap_schema_row(file, &case_schema, NULL, &(const struct row){f, c, 0, 0, h});
    if (!(file = lyap_report_table(report, &regime_schema, NULL, error))) return error->status;
    for (size_t c = 0; c < LYAP_FURTHER_CASES; c++)
        for (size_t r = 0; r < LYAP_FURTHER_RATES; r++)
            for (size_t i = 0; i < f->sizes.chaos; i++)
                lyap_schema_row(file, &regime_schema, NULL, &(const struct row){f, c, r, i, 0});
    if (!(file = lyap_report_table(report, &start_schema, NULL, error))) return error->status;
    for (size_t c = 0; c < LYAP_FURTHER_CASES; c++)
        for (size_t i = 0; i < f->sizes.scatter; i++)
            lyap_schema_row(file, &start_schema, NULL, &(const struct row){f, c, 0, i, 0});
    return LYAP_OK;
}
