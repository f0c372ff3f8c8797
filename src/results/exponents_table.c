#include "results/exponents_table.h"

#include "lyapgrad/edge.h"
#include "lyapgrad/outcome.h"
#include "lyapgrad/regime.h"
#include "results/evaluation_columns.h"
#include "results/regime_column.h"

/* ---- exponents.csv ---- */

struct exponents_row {
    struct lyap_evaluation_row evaluation; /* first, as its columns expect */
    const struct lyap_spectrum_plan *plan;
    const struct lyap_spectrum_record *record;
    const struct lyap_exponent *lambda; /* [plan->exponents] */
};

static struct lyap_value first_curvature(const struct exponents_row *r, double value) {
    return lyap_value_if(r->plan->curvature, value);
}
/* At the last weights, which a diverged cell does not have. */
static bool ended(const struct exponents_row *r) {
    return r->plan->curvature && r->record->regime != LYAP_DIVERGED;
}
static double edge_of(const struct exponents_row *r) {
    const struct lyap_plan *base = &r->plan->base;
    return ended(r) ? lyap_edge_rate(&base->optimiser, base->network->layers, r->record->sharpness_last) : 0;
}

LYAP_COLUMN(cell, struct exponents_row, lyap_count_value(r->record->cell))
LYAP_COLUMN(lr, struct exponents_row, lyap_any_value(r->record->lr))
LYAP_COLUMN(regime, struct exponents_row, lyap_word_value(lyap_regime_name(r->record->regime)))
LYAP_COLUMN(outcome, struct exponents_row, lyap_word_value(lyap_outcome_name(r->record->outcome)))
LYAP_COLUMN(stop, struct exponents_row, lyap_word_value(lyap_stop_name(r->record->stop)))
LYAP_COLUMN(steps, struct exponents_row, lyap_count_value(r->record->steps))
LYAP_COLUMN(initial_loss, struct exponents_row, lyap_any_value(r->record->initial_loss))
LYAP_COLUMN(final_loss, struct exponents_row, lyap_any_value(r->record->final_loss))
LYAP_COLUMN(sum, struct exponents_row, lyap_value_if(r->record->resolved > 0, r->record->sum))
/* The dimension is one of an attractor: an orbit that is still on its way to one, or leaves for nowhere, has none. */
static bool on_attractor(const struct lyap_spectrum_record *r) {
    return r->regime == LYAP_CHAOTIC || r->regime == LYAP_PERIODIC || r->regime == LYAP_STILL;
}
LYAP_COLUMN(dimension, struct exponents_row,
            lyap_value_if(on_attractor(r->record) && r->record->dimension >= 0, r->record->dimension))
LYAP_COLUMN(growth, struct exponents_row, lyap_any_value(r->record->growth))
LYAP_COLUMN(sharpness_first, struct exponents_row, first_curvature(r, r->record->sharpness_first))
LYAP_COLUMN(sharpness_last, struct exponents_row, lyap_value_if(ended(r), r->record->sharpness_last))
LYAP_COLUMN(smallest_first, struct exponents_row, first_curvature(r, r->record->smallest_first))
LYAP_COLUMN(smallest_last, struct exponents_row, lyap_value_if(ended(r), r->record->smallest_last))
LYAP_COLUMN(two_over_lr, struct exponents_row, lyap_any_value(2 / r->record->lr))
LYAP_COLUMN(edge_lr, struct exponents_row, lyap_value_if(edge_of(r) > 0, edge_of(r)))
LYAP_COLUMN(event_epoch, struct exponents_row, lyap_index_value(r->record->event_epoch))
LYAP_COLUMN(lambda, struct exponents_row, lyap_value_if(k < r->record->resolved, r->lambda[k].lambda))
LYAP_COLUMN(low, struct exponents_row, lyap_value_if(k < r->record->resolved && r->record->batches, r->lambda[k].low))
LYAP_COLUMN(high, struct exponents_row, lyap_value_if(k < r->record->resolved && r->record->batches, r->lambda[k].high))
LYAP_COLUMN(period, struct exponents_row, r->record->period ? lyap_count_value(r->record->period) : lyap_no_value())

static const struct lyap_column cell_columns[] = {
    {"cell", NULL, "number of the experiment", LYAP_COLUMN_COUNT, cell, NULL},
    {"lr", NULL, "learning rate", LYAP_COLUMN_REAL, lr, NULL},
    {"regime", NULL, LYAP_REGIME_MEANING, LYAP_COLUMN_WORD, regime, NULL},
    {"status", NULL, "ok, dead, escaped, overflow, zero_distance or underflow", LYAP_COLUMN_WORD, outcome, NULL},
    {"stop", NULL, "why the measurement ended", LYAP_COLUMN_WORD, stop, NULL},
    {"steps", "steps", "length of the measurement", LYAP_COLUMN_COUNT, steps, NULL},
    {"initial_loss", NULL, "loss before the first update", LYAP_COLUMN_REAL, initial_loss, NULL},
    {"final_loss", NULL, "last loss that was measured", LYAP_COLUMN_REAL, final_loss, NULL},
    {"sum", "nats per step", "sum of the exponents that this row has", LYAP_COLUMN_REAL, sum, NULL},
    {"dimension", NULL, "Kaplan-Yorke dimension, where the regime is chaotic, periodic or still", LYAP_COLUMN_REAL,
     dimension, NULL},
    {"growth", "nats", "largest growth of the first tangent vector since the start", LYAP_COLUMN_REAL, growth, NULL},
    {"sharpness_first", "loss per squared weight", "largest Hessian eigenvalue at the start", LYAP_COLUMN_REAL,
     sharpness_first, NULL},
    {"sharpness_last", "loss per squared weight", "largest Hessian eigenvalue at the end", LYAP_COLUMN_REAL,
     sharpness_last, NULL},
    {"smallest_first", "loss per squared weight", "smallest Hessian eigenvalue at the start", LYAP_COLUMN_REAL,
     smallest_first, NULL},
    {"smallest_last", "loss per squared weight", "smallest Hessian eigenvalue at the end", LYAP_COLUMN_REAL,
     smallest_last, NULL},
    {"two_over_lr", "loss per squared weight", "2/lr, the sharpness up to which gradient descent is stable",
     LYAP_COLUMN_REAL, two_over_lr, NULL},
    {"edge_lr", NULL, "learning rate at which the last weights lose their stability", LYAP_COLUMN_REAL, edge_lr, NULL},
    {"event_epoch", "epoch", "of the divergence or merger", LYAP_COLUMN_COUNT, event_epoch, NULL},
};
static const struct lyap_column lambda_columns[] = {
    {"lambda_%zu", "nats per step", "exponent, from the largest", LYAP_COLUMN_REAL, lambda, NULL},
    {"low_%zu", "nats per step", "lower end of its 95 % interval over time", LYAP_COLUMN_REAL, low, NULL},
    {"high_%zu", "nats per step", "upper end of its 95 % interval over time", LYAP_COLUMN_REAL, high, NULL},
};
static const struct lyap_column period_column[] = {
    {"period", "steps", "of the cycle that the state is in at the end; 1: it stays", LYAP_COLUMN_COUNT, period, NULL},
};
const struct lyap_schema lyap_exponents_schema = {
    "exponents.csv",
    "a starting point, in tangent space or as a rescaled pair",
    {LYAP_GROUP(cell_columns), LYAP_GROUP(lambda_columns), LYAP_GROUP(lyap_evaluation_columns),
     LYAP_GROUP(period_column)},
};

static void exponents_groups(size_t exponents, bool evaluated, struct lyap_repeat repeat[4]) {
    repeat[0] = repeat[3] = (struct lyap_repeat){.times = 1};
    repeat[1] = (struct lyap_repeat){.times = exponents, .first = 1};
    repeat[2] = (struct lyap_repeat){.times = evaluated};
}

void lyap_write_exponents_header(FILE *file, size_t exponents, bool evaluated) {
    struct lyap_repeat repeat[4];
    exponents_groups(exponents, evaluated, repeat);
    lyap_schema_head(file, &lyap_exponents_schema, repeat);
}

void lyap_write_exponents(FILE *file, const struct lyap_spectrum_plan *plan, const struct lyap_spectrum_record *record,
                          const struct lyap_exponent *exponents, const struct lyap_evaluation *evaluation) {
    struct lyap_repeat repeat[4];
    const struct exponents_row row = {
        .evaluation = {evaluation, plan->base.test != NULL}, .plan = plan, .record = record, .lambda = exponents};
    exponents_groups(plan->exponents, evaluation != NULL, repeat);
    lyap_schema_row(file, &lyap_exponents_schema, repeat, &row);
}

/* ---- history.csv ---- */

struct history_row {
    uint64_t cell;
    const struct lyap_history *point;
    const double *running; /* [resolved] */
    size_t resolved;
    bool curvature;
};
LYAP_COLUMN(history_cell, struct history_row, lyap_count_value(r->cell))
LYAP_COLUMN(history_epoch, struct history_row, lyap_count_value(r->point->epoch))
LYAP_COLUMN(history_loss, struct history_row, lyap_any_value(r->point->loss))
LYAP_COLUMN(history_sharpness, struct history_row, lyap_value_if(r->curvature, r->point->sharpness))
LYAP_COLUMN(history_smallest, struct history_row, lyap_value_if(r->curvature, r->point->smallest))
LYAP_COLUMN(history_lambda, struct history_row, k < r->resolved ? lyap_any_value(r->running[k]) : lyap_no_value())

static const struct lyap_column point_columns[] = {
    {"cell", NULL, "number of the experiment", LYAP_COLUMN_COUNT, history_cell, NULL},
    {"epoch", "steps", "from the start, the transient with them", LYAP_COLUMN_COUNT, history_epoch, NULL},
    {"loss", NULL, "the last measured before", LYAP_COLUMN_REAL, history_loss, NULL},
    {"sharpness", "loss per squared weight", "largest Hessian eigenvalue there", LYAP_COLUMN_REAL, history_sharpness,
     NULL},
    {"smallest", "loss per squared weight", "smallest Hessian eigenvalue there", LYAP_COLUMN_REAL, history_smallest,
     NULL},
};
static const struct lyap_column running_column[] = {
    {"lambda_%zu", "nats per step", "exponent of the steps so far", LYAP_COLUMN_REAL, history_lambda, NULL},
};
const struct lyap_schema lyap_history_schema = {
    "history.csv", "a time of a cell", {LYAP_GROUP(point_columns), LYAP_GROUP(running_column)}};

void lyap_write_history_header(FILE *file, size_t exponents) {
    const struct lyap_repeat repeat[] = {{.times = 1}, {.times = exponents, .first = 1}};
    lyap_schema_head(file, &lyap_history_schema, repeat);
}

void lyap_write_history(FILE *file, const struct lyap_spectrum_chunk *chunk, bool curvature) {
    const struct lyap_repeat repeat[] = {{.times = 1}, {.times = chunk->exponents, .first = 1}};
    for (size_t c = 0; c < chunk->count; c++)
        for (size_t p = 0; p < chunk->used[c]; p++) {
            size_t at = c * chunk->points + p;
            const struct history_row row = {.cell = chunk->first_cell + c,
                                            .point = &chunk->history[at],
                                            .running = chunk->running + at * chunk->exponents,
                                            .resolved = chunk->records[c].resolved,
                                            .curvature = curvature};
            lyap_schema_row(file, &lyap_history_schema, repeat, &row);
        }
}
