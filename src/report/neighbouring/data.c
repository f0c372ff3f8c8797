/* J: the data file. */
#include <math.h>

#include "report/common/columns.h"
#include "report/neighbouring/neighbouring.h"
#include "lyapgrad/status.h"

/* ---- neighbouring.csv ---- */

struct row {
    const struct lyap_neighbouring_result *of;
    const struct lyap_subject *subject;
    size_t i, start;
};
LYAP_COLUMN(network, struct row, lyap_quoted_value(r->subject->name))
LYAP_COLUMN(starts, struct row, lyap_count_value(r->of->starts))
LYAP_COLUMN(epochs, struct row, lyap_count_value(r->of->epochs))
LYAP_COLUMN(target, struct row, lyap_real_value(r->of->target))
LYAP_COLUMN(lr, struct row, lyap_real_value(r->of->lr[r->i]))
LYAP_COLUMN(q25, struct row, lyap_real_value(r->of->q25[r->i]))
LYAP_COLUMN(median, struct row, lyap_real_value(r->of->median[r->i]))
LYAP_COLUMN(q75, struct row, lyap_real_value(r->of->q75[r->i]))
LYAP_COLUMN(time_q25, struct row, lyap_real_value(r->of->time25[r->i]))
LYAP_COLUMN(time_median, struct row, lyap_real_value(r->of->time[r->i]))
LYAP_COLUMN(time_q75, struct row, lyap_real_value(r->of->time75[r->i]))
LYAP_COLUMN(reached, struct row, lyap_real_value(r->of->reached[r->i]))

static const struct lyap_column rate_columns[] = {
    {"network", NULL, "network, data and optimiser", WORD, network, NULL},
    {"starts", NULL, "number of starting points", COUNT, starts, NULL},
    {"epochs", "steps", "length of the run", COUNT, epochs, NULL},
    {"target", NULL, "loss that ends the training", REAL, target, NULL},
    {"lr", NULL, "learning rate", REAL, lr, NULL},
    {"q25", "nats per step", "lower quartile of the exponent over the starts", REAL, q25, NULL},
    {"median", "nats per step", "median of the exponent over the starts", REAL, median, NULL},
    {"q75", "nats per step", "upper quartile of the exponent over the starts", REAL, q75, NULL},
    {"time_q25", "steps", "lower quartile of the updates to the target", REAL, time_q25, NULL},
    {"time_median", "steps", "median of the updates to the target", REAL, time_median, NULL},
    {"time_q75", "steps", "upper quartile of the updates to the target", REAL, time_q75, NULL},
    {"reached", NULL, "share of the starts that reach the target", REAL, reached, NULL},
};
static const struct lyap_schema rate_schema = {
    "neighbouring.csv", "a learning rate of a network", {LYAP_GROUP(rate_columns)}};

/* ---- neighbouring_starts.csv ---- */

LYAP_COLUMN(start, struct row, lyap_count_value(r->start))
LYAP_COLUMN(exponent, struct row, lyap_real_value(r->of->step[r->i * r->of->starts + r->start]))
LYAP_COLUMN(updates, struct row, lyap_real_value(r->of->taken[r->i * r->of->starts + r->start]))

static const struct lyap_column start_columns[] = {
    {"network", NULL, "network, data and optimiser", WORD, network, NULL},
    {"start", NULL, "number of the starting point", COUNT, start, NULL},
    {"lr", NULL, "learning rate", REAL, lr, NULL},
    {"exponent", "nats per step", "exponent over the first epochs", REAL, exponent, NULL},
    {"updates", "steps", "updates to the target loss; empty: it is not reached", REAL, updates, NULL},
};
static const struct lyap_schema start_schema = {
    "neighbouring_starts.csv", "a start at a learning rate", {LYAP_GROUP(start_columns)}};

const struct lyap_schema *const lyap_neighbouring_tables[] = {&rate_schema, &start_schema, NULL};

enum lyap_status lyap_neighbouring_data(struct lyap_report *report, const struct lyap_neighbouring *s,
                                        struct lyap_error *error) {
    FILE *file = lyap_report_table(report, &rate_schema, NULL, error);
    if (!file) return error->status;
    for (size_t c = 0; c < LYAP_NEIGHBOURING_CASES; c++)
        for (size_t i = 0; i < LYAP_NEIGHBOURING_RATES; i++)
            lyap_schema_row(file, &rate_schema, NULL,
                            &(const struct row){&s->result[c], &lyap_neighbouring_subject[c], i, 0});
    if (!(file = lyap_report_table(report, &start_schema, NULL, error))) return error->status;
    for (size_t c = 0; c < LYAP_NEIGHBOURING_CASES; c++)
        for (size_t start = 0; start < s->result[c].starts; start++)
            for (size_t i = 0; i < LYAP_NEIGHBOURING_RATES; i++)
                lyap_schema_row(file, &start_schema, NULL,
                                &(const struct row){&s->result[c], &lyap_neighbouring_subject[c], i, start});
    return LYAP_OK;
}
