#include "results/cells_table.h"

#include <string.h>

#include "lyapgrad/estimator.h"
#include "lyapgrad/outcome.h"
#include "results/evaluation_columns.h"

/* ---- cells.csv ---- */

struct cell_row {
    struct lyap_evaluation_row evaluation; /* first, as its columns expect */
    const struct lyap_record *record;
    double swept;
};
LYAP_COLUMN(cell, struct cell_row, lyap_count_value(r->record->cell))
LYAP_COLUMN(lr, struct cell_row, lyap_any_value(r->record->lr))
LYAP_COLUMN(initial_loss, struct cell_row, lyap_value_if(r->record->losses > 0, r->record->initial_loss))
LYAP_COLUMN(final_loss, struct cell_row, lyap_value_if(r->record->losses > 0, r->record->final_loss))
LYAP_COLUMN(lambda_kw, struct cell_row, lyap_value_if(r->record->terms > 0, r->record->lambda_kw))
LYAP_COLUMN(lambda_step, struct cell_row, lyap_value_if(r->record->terms > 0, r->record->lambda_step))
LYAP_COLUMN(escape_epoch, struct cell_row, lyap_index_value(r->record->event_epoch))
LYAP_COLUMN(outcome, struct cell_row, lyap_word_value(lyap_outcome_name(r->record->outcome)))
LYAP_COLUMN(swept_value, struct cell_row, lyap_any_value(r->swept))

static const struct lyap_column cell_columns[] = {
    {"cell", NULL, "number of the experiment", LYAP_COLUMN_COUNT, cell, NULL},
    {"lr", NULL, "learning rate", LYAP_COLUMN_REAL, lr, NULL},
    {"initial_loss", NULL, "the parent's loss before the first update", LYAP_COLUMN_REAL, initial_loss, NULL},
    {"final_loss", NULL, "the parent's loss before the last update", LYAP_COLUMN_REAL, final_loss, NULL},
    {"lambda_kw", "nats", "mean over i of ln(d(i)/d(0)), d the mean distance of the neighbours", LYAP_COLUMN_REAL,
     lambda_kw, NULL},
    {"lambda_step", "nats per step", "mean over i of ln(d(i)/d(i-1))", LYAP_COLUMN_REAL, lambda_step, NULL},
    {"escape_epoch", "epoch", "of what `status` says, if that ended the measurement early", LYAP_COLUMN_COUNT,
     escape_epoch, NULL},
    {"status", NULL, "ok, dead, escaped, overflow, zero_distance or underflow", LYAP_COLUMN_WORD, outcome, NULL},
};
static const struct lyap_column swept_column[] = {
    {"<swept setting>", NULL, "the setting that a sweep changes, unless that is lr", LYAP_COLUMN_REAL, swept_value,
     NULL},
};
const struct lyap_schema lyap_cells_schema = {
    "cells.csv",
    "a starting point at a setting",
    {LYAP_GROUP(cell_columns), LYAP_GROUP(swept_column), LYAP_GROUP(lyap_evaluation_columns)},
};

static void cell_groups(const struct lyap_swept *swept, bool evaluated, struct lyap_repeat repeat[3]) {
    const bool own = swept && strcmp(swept->name, "lr") != 0;
    repeat[0] = (struct lyap_repeat){.times = 1};
    repeat[1] = (struct lyap_repeat){.times = own, .name = own ? swept->name : NULL};
    repeat[2] = (struct lyap_repeat){.times = evaluated};
}

void lyap_write_cells_header(FILE *file, const struct lyap_swept *swept, bool evaluated) {
    struct lyap_repeat repeat[3];
    cell_groups(swept, evaluated, repeat);
    lyap_schema_head(file, &lyap_cells_schema, repeat);
}

void lyap_write_cell(FILE *file, const struct lyap_record *record, const struct lyap_swept *swept,
                     const struct lyap_evaluation *evaluation, bool tested) {
    struct lyap_repeat repeat[3];
    const struct cell_row row = {
        .evaluation = {evaluation, tested}, .record = record, .swept = swept ? swept->values[record->value] : 0};
    cell_groups(swept, evaluation != NULL, repeat);
    lyap_schema_row(file, &lyap_cells_schema, repeat, &row);
}

/* ---- series.csv ---- */

struct series_row {
    const struct lyap_record *record;
    uint32_t epoch;
    double distance, step, loss; /* each defined by the record's lengths */
};
LYAP_COLUMN(series_cell, struct series_row, lyap_count_value(r->record->cell))
LYAP_COLUMN(series_epoch, struct series_row, lyap_count_value(r->epoch))
LYAP_COLUMN(series_distance, struct series_row, lyap_value_if(r->epoch < r->record->length, r->distance))
LYAP_COLUMN(series_step, struct series_row, lyap_value_if(r->epoch > 0 && r->epoch < r->record->length, r->step))
LYAP_COLUMN(series_loss, struct series_row, lyap_value_if(r->epoch < r->record->losses, r->loss))

static const struct lyap_column series_columns[] = {
    {"cell", NULL, "number of the experiment", LYAP_COLUMN_COUNT, series_cell, NULL},
    {"epoch", NULL, "updates before this one", LYAP_COLUMN_COUNT, series_epoch, NULL},
    {"distance", "weight", "mean distance of the neighbours from their parent after this update", LYAP_COLUMN_REAL,
     series_distance, NULL},
    {"lambda_step", "nats per step", "ln(d(t)/d(t-1))", LYAP_COLUMN_REAL, series_step, NULL},
    {"loss", NULL, "the parent's loss before this update", LYAP_COLUMN_REAL, series_loss, NULL},
};
const struct lyap_schema lyap_series_schema = {"series.csv", "an epoch of a cell", {LYAP_GROUP(series_columns)}};

void lyap_write_series_header(FILE *file) {
    lyap_schema_head(file, &lyap_series_schema, NULL);
}

void lyap_write_series(FILE *file, const struct lyap_chunk *chunk, double *step) {
    for (size_t c = 0; c < chunk->count; c++) {
        const struct lyap_record *r = &chunk->records[c];
        const double *distance = chunk->distance + c * chunk->stride, *loss = chunk->loss + c * chunk->stride;
        lyap_step_exponents(distance, r->length, step);
        for (uint32_t t = 0; t < r->length || t < r->losses; t++) {
            const struct series_row row = {.record = r,
                                           .epoch = t,
                                           .distance = t < r->length ? distance[t] : 0,
                                           .step = t > 0 && t < r->length ? step[t] : 0,
                                           .loss = t < r->losses ? loss[t] : 0};
            lyap_schema_row(file, &lyap_series_schema, NULL, &row);
        }
    }
}

/* ---- sweep.csv ---- */

struct sweep_row {
    double value;
    struct lyap_tally *tally; /* quartiles sort what it has */
};
LYAP_COLUMN(sweep_value, struct sweep_row, lyap_any_value(r->value))
LYAP_COLUMN(sweep_cells, struct sweep_row, lyap_count_value(r->tally->cells))
LYAP_COLUMN(sweep_measured, struct sweep_row, lyap_count_value(r->tally->measured))
LYAP_COLUMN(share_positive, struct sweep_row, lyap_any_value((double)r->tally->positive / (double)r->tally->cells))
LYAP_COLUMN(share_dead, struct sweep_row,
            lyap_any_value((double)r->tally->outcomes[LYAP_DEAD] / (double)r->tally->cells))
LYAP_COLUMN(share_diverged, struct sweep_row,
            lyap_any_value((double)lyap_tally_diverged(r->tally) / (double)r->tally->cells))

static struct lyap_value quartile(const struct sweep_row *r, struct lyap_quantiles *of, int q) {
    return r->tally->measured > 0 ? lyap_any_value(lyap_quantiles_at(of, 0.25 * q)) : lyap_no_value();
}
LYAP_COLUMN(kw_q25, struct sweep_row, quartile(r, &r->tally->lambda_kw, 1))
LYAP_COLUMN(kw_median, struct sweep_row, quartile(r, &r->tally->lambda_kw, 2))
LYAP_COLUMN(kw_q75, struct sweep_row, quartile(r, &r->tally->lambda_kw, 3))
LYAP_COLUMN(step_q25, struct sweep_row, quartile(r, &r->tally->lambda_step, 1))
LYAP_COLUMN(step_median, struct sweep_row, quartile(r, &r->tally->lambda_step, 2))
LYAP_COLUMN(step_q75, struct sweep_row, quartile(r, &r->tally->lambda_step, 3))

static const struct lyap_column sweep_setting[] = {
    {"<swept setting>", NULL, "the setting that the sweep changes", LYAP_COLUMN_REAL, sweep_value, NULL},
};
static const struct lyap_column sweep_columns[] = {
    {"cells", NULL, "number of starting points", LYAP_COLUMN_COUNT, sweep_cells, NULL},
    {"measured", NULL, "those with an exponent that are not dead: the quartiles are over them", LYAP_COLUMN_COUNT,
     sweep_measured, NULL},
    {"lambda_kw_q25", "nats", "lower quartile of lambda_kw", LYAP_COLUMN_REAL, kw_q25, NULL},
    {"lambda_kw_median", "nats", "median of lambda_kw", LYAP_COLUMN_REAL, kw_median, NULL},
    {"lambda_kw_q75", "nats", "upper quartile of lambda_kw", LYAP_COLUMN_REAL, kw_q75, NULL},
    {"lambda_step_q25", "nats per step", "lower quartile of lambda_step", LYAP_COLUMN_REAL, step_q25, NULL},
    {"lambda_step_median", "nats per step", "median of lambda_step", LYAP_COLUMN_REAL, step_median, NULL},
    {"lambda_step_q75", "nats per step", "upper quartile of lambda_step", LYAP_COLUMN_REAL, step_q75, NULL},
    {"share_positive", NULL, "share of the cells that are measured with lambda_kw above 0", LYAP_COLUMN_REAL,
     share_positive, NULL},
    {"share_dead", NULL, "share of the cells that are dead", LYAP_COLUMN_REAL, share_dead, NULL},
    {"share_diverged", NULL, "share of the cells that escaped or overflowed", LYAP_COLUMN_REAL, share_diverged, NULL},
};
const struct lyap_schema lyap_sweep_schema = {
    "sweep.csv", "a value of the swept setting", {LYAP_GROUP(sweep_setting), LYAP_GROUP(sweep_columns)}};

void lyap_write_sweep_header(FILE *file, const struct lyap_swept *swept) {
    const struct lyap_repeat repeat[] = {{.times = 1, .name = swept->name}, {.times = 1}};
    lyap_schema_head(file, &lyap_sweep_schema, repeat);
}

void lyap_write_sweep(FILE *file, double value, struct lyap_tally *tally) {
    const struct sweep_row row = {value, tally};
    lyap_schema_row(file, &lyap_sweep_schema, NULL, &row);
}
