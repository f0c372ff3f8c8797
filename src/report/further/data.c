/* L1: the data files. */
#include <math.h>

#include "report/common/columns.h"
#include "report/further/further.h"
#include "lyapgrad/optimiser.h"
#include "lyapgrad/regime.h"
#include "lyapgrad/status.h"

struct row {
    const struct lyap_further_result *it;
    const struct lyap_subject *subject;
    size_t rate; /* of the sweep */
};

/* ---- further_sweep.csv ---- */

LYAP_COLUMN(network, struct row, lyap_quoted_value(r->subject->name))
LYAP_COLUMN(sweep_lr, struct row, lyap_real_value(r->it->lr[r->rate]))
LYAP_COLUMN(q25, struct row, lyap_real_value(r->it->q25[r->rate]))
LYAP_COLUMN(median, struct row, lyap_real_value(r->it->median[r->rate]))
LYAP_COLUMN(q75, struct row, lyap_real_value(r->it->q75[r->rate]))
LYAP_COLUMN(lost, struct row, lyap_real_value(r->it->lost[r->rate]))
/* At every second learning rate regimes are looked at. */
LYAP_COLUMN(in_regime, struct row, r->rate % 2 ? lyap_count_value(r->it->regime[r->rate / 2][k]) : lyap_no_value())

static const char *regime_name(size_t number) {
    return lyap_regime_name((enum lyap_regime)number);
}
static const struct lyap_column sweep_columns[] = {
    {"network", NULL, "network, data and optimiser", WORD, network, NULL},
    {"lr", NULL, "learning rate", REAL, sweep_lr, NULL},
    {"q25", "nats per step", "lower quartile of the exponent over the starts", REAL, q25, NULL},
    {"median", "nats per step", "median of the exponent over the starts", REAL, median, NULL},
    {"q75", "nats per step", "upper quartile of the exponent over the starts", REAL, q75, NULL},
    {"lost", NULL, "share of the starts that escaped or overflowed", REAL, lost, NULL},
};
static const struct lyap_column regime_columns[] = {
    {NULL, NULL, "number of starts in the regime of that name", COUNT, in_regime, regime_name},
};
static const struct lyap_schema sweep_schema = {
    "further_sweep.csv", "a learning rate of a network", {LYAP_GROUP(sweep_columns), LYAP_GROUP(regime_columns)}};

/* ---- further.csv ---- */

LYAP_COLUMN(case_network, struct row, lyap_quoted_value(r->subject->name))
LYAP_COLUMN(optimiser, struct row, lyap_word_value(lyap_optimiser_name(r->subject->optimiser)))
LYAP_COLUMN(lr, struct row, lyap_short_value(r->subject->lr))
LYAP_ESTIMATE_COLUMNS(crossing, struct row, r->it->crossing)
LYAP_COLUMN(from_start, struct row, lyap_count_value(r->it->from_start))
LYAP_ESTIMATE_COLUMNS(chaotic, struct row, r->it->chaotic)
LYAP_COLUMN(chaotic_lr, struct row, lyap_real_value(r->it->chaotic_lr))
LYAP_COLUMN(first_chaotic, struct row, lyap_real_value(r->it->first_chaotic))
LYAP_COLUMN(band_low, struct row, lyap_real_value(r->it->low))
LYAP_COLUMN(band_high, struct row, lyap_real_value(r->it->high))
LYAP_COLUMN(n, struct row, lyap_count_value(r->it->correlation.n))
LYAP_ESTIMATE_COLUMNS(pearson, struct row, r->it->correlation.pearson)
LYAP_COLUMN(p, struct row, lyap_three_digits(r->it->correlation.p))
LYAP_ESTIMATE_COLUMNS(partial, struct row, r->it->correlation.partial)

static const struct lyap_column case_columns[] = {
    {"network", NULL, "network, data and optimiser", WORD, case_network, NULL},
    {"optimiser", NULL, "name of the optimiser", WORD, optimiser, NULL},
    {"lr", NULL, "learning rate of the correlation", REAL, lr, NULL},
    {"crossing", NULL, "learning rate at which the median exponent turns positive", REAL, crossing, NULL},
    {"crossing_low", NULL, LYAP_LOW_END, REAL, crossing_low, NULL},
    {"crossing_high", NULL, LYAP_HIGH_END, REAL, crossing_high, NULL},
    {"positive_from_the_lowest", NULL, "1: it is positive at the lowest learning rate", COUNT, from_start, NULL},
    {"chaotic", NULL, "largest share of chaotic starts at any learning rate", REAL, chaotic, NULL},
    {"chaotic_low", NULL, LYAP_LOW_END, REAL, chaotic_low, NULL},
    {"chaotic_high", NULL, LYAP_HIGH_END, REAL, chaotic_high, NULL},
    {"chaotic_lr", NULL, "that learning rate", REAL, chaotic_lr, NULL},
    {"first_chaotic", NULL, "lowest learning rate at which surely more than one start in twenty is chaotic", REAL,
     first_chaotic, NULL},
    {"band_low", NULL, "lower end of the band of initial losses", REAL, band_low, NULL},
    {"band_high", NULL, "upper end of that band", REAL, band_high, NULL},
    {"n", NULL, "starting points in the correlation", COUNT, n, NULL},
    {"pearson", NULL, "Pearson's correlation of final loss and lambda_kw in the band", REAL, pearson, NULL},
    {"pearson_low", NULL, LYAP_LOW_END, REAL, pearson_low, NULL},
    {"pearson_high", NULL, LYAP_HIGH_END, REAL, pearson_high, NULL},
    {"p", NULL, "of that correlation, by Student's t, to three digits", REAL, p, NULL},
    {"partial", NULL, "partial correlation at equal initial loss", REAL, partial, NULL},
    {"partial_low", NULL, LYAP_LOW_END, REAL, partial_low, NULL},
    {"partial_high", NULL, LYAP_HIGH_END, REAL, partial_high, NULL},
};
static const struct lyap_schema case_schema = {"further.csv", "a network", {LYAP_GROUP(case_columns)}};

const struct lyap_schema *const lyap_further_tables[] = {&sweep_schema, &case_schema, NULL};

enum lyap_status lyap_further_data(struct lyap_report *report, const struct lyap_further *f, struct lyap_error *error) {
    const struct lyap_repeat repeat[] = {{.times = 1}, {.times = LYAP_REGIME_COUNT}};
    FILE *file = lyap_report_table(report, &sweep_schema, repeat, error);
    if (!file) return error->status;
    for (size_t c = 0; c < LYAP_FURTHER_CASES; c++)
        for (size_t i = 0; i < LYAP_FURTHER_RATES; i++)
            lyap_schema_row(file, &sweep_schema, repeat,
                            &(const struct row){&f->result[c], &lyap_further_cases[c].subject, i});
    if (!(file = lyap_report_table(report, &case_schema, NULL, error))) return error->status;
    for (size_t c = 0; c < LYAP_FURTHER_CASES; c++)
        lyap_schema_row(file, &case_schema, NULL,
                        &(const struct row){&f->result[c], &lyap_further_cases[c].subject, 0});
    return LYAP_OK;
}
