/* Q: the data files. */
#include <math.h>

#include "report/common/columns.h"
#include "report/questions/questions.h"
#include "lyapgrad/status.h"

/* ---- questions_rates.csv ---- */

struct rate_row {
    const struct lyap_rate_rules *q;
    size_t set, draw, start;
    enum lyap_rate_rule rule;
};
static const struct lyap_rate_outcome *outcome(const struct rate_row *r) {
    return &r->q->outcome[lyap_rate_place(r->q, r->set, r->draw, r->rule) + r->start];
}
LYAP_COLUMN(rate_set, struct rate_row, lyap_word_value(lyap_rate_set_name(r->set)))
LYAP_COLUMN(rate_draw, struct rate_row, lyap_count_value(r->draw))
LYAP_COLUMN(rate_rule, struct rate_row, lyap_quoted_value(lyap_rate_rule_name(r->rule)))
LYAP_COLUMN(rate_start, struct rate_row, lyap_count_value(r->start))
LYAP_COLUMN(rate_lr, struct rate_row, lyap_real_value(outcome(r)->lr))
LYAP_COLUMN(rate_steps, struct rate_row, lyap_count_value(outcome(r)->steps))
LYAP_COLUMN(rate_loss, struct rate_row, lyap_real_value(outcome(r)->loss))
LYAP_COLUMN(rate_accuracy, struct rate_row, lyap_real_value(outcome(r)->accuracy))

static const struct lyap_column rate_columns[] = {
    {"data", NULL, "data set", WORD, rate_set, NULL},
    {"draw", NULL, "number of the draw of the data", COUNT, rate_draw, NULL},
    {"rule", NULL, "by which the learning rate was chosen", WORD, rate_rule, NULL},
    {"start", NULL, "number of the starting point", COUNT, rate_start, NULL},
    {"lr", NULL, "learning rate", REAL, rate_lr, NULL},
    {"steps", "steps", "length of the training that the rule's costs leave", COUNT, rate_steps, NULL},
    {"loss", NULL, "held-out loss over that of equal probabilities, at most 1", REAL, rate_loss, NULL},
    {"accuracy", NULL, "share of the held-out samples that are right", REAL, rate_accuracy, NULL},
};
static const struct lyap_schema rate_schema = {
    "questions_rates.csv", "a start with the learning rate of a rule", {LYAP_GROUP(rate_columns)}};

/* ---- questions_batches.csv ---- */

struct batch_row {
    const struct lyap_batches *q;
    size_t of, size, order, rate, start;
};
static double exponent_of(const struct batch_row *r) {
    return r->q->exponent[r->of][r->size][r->order][r->rate * r->q->starts + r->start];
}
LYAP_COLUMN(batch_network, struct batch_row, lyap_quoted_value(lyap_batch_subjects[r->of].name))
LYAP_COLUMN(batch_size, struct batch_row, lyap_count_value(lyap_batch_size[r->size]))
LYAP_COLUMN(batch_order, struct batch_row, lyap_count_value(r->order))
LYAP_COLUMN(batch_lr, struct batch_row, lyap_short_value(lyap_batch_rate[r->rate]))
LYAP_COLUMN(batch_start, struct batch_row, lyap_count_value(r->start))
LYAP_COLUMN(batch_exponent, struct batch_row, lyap_real_value(exponent_of(r)))

static const struct lyap_column batch_columns[] = {
    {"network", NULL, "data and network", WORD, batch_network, NULL},
    {"batch", "samples", "size of a mini-batch; the first size is the full batch", COUNT, batch_size, NULL},
    {"order", NULL, "number of the order of the samples; of the full batch, of the tangent", COUNT, batch_order, NULL},
    {"lr", NULL, "learning rate", REAL, batch_lr, NULL},
    {"start", NULL, "number of the starting point", COUNT, batch_start, NULL},
    {"exponent", "nats per step", "exponent in tangent space", REAL, batch_exponent, NULL},
};
static const struct lyap_schema batch_schema = {
    "questions_batches.csv", "a start at a learning rate and batch size", {LYAP_GROUP(batch_columns)}};

/* ---- questions_depth.csv and questions_depth_starts.csv ---- */

struct depth_row {
    const struct lyap_depth *q;
    size_t of, rate, start;
};
static const struct lyap_depth_result *depth_result(const struct depth_row *r) {
    return &r->q->result[r->of];
}
LYAP_COLUMN(depth_network, struct depth_row, lyap_quoted_value(lyap_depth_subjects[r->of].name))
LYAP_COLUMN(depth_parameters, struct depth_row, lyap_count_value(depth_result(r)->parameters))
LYAP_COLUMN(depth_start, struct depth_row, lyap_count_value(r->start))
LYAP_COLUMN(depth_sharpness, struct depth_row, lyap_real_value(depth_result(r)->sharpness[r->start]))
LYAP_COLUMN(depth_multiple, struct depth_row, lyap_short_value(lyap_depth_multiple[r->rate]))
LYAP_COLUMN(depth_lr, struct depth_row, lyap_real_value(lyap_depth_multiple[r->rate] * depth_result(r)->edge))
LYAP_COLUMN(depth_exponent, struct depth_row,
            lyap_real_value(depth_result(r)->exponent[r->rate * r->q->sizes.starts + r->start]))
LYAP_COLUMN(depth_initial, struct depth_row, lyap_real_value(depth_result(r)->initial[r->start]))
LYAP_COLUMN(depth_loss, struct depth_row, lyap_real_value(depth_result(r)->loss[r->start]))
LYAP_COLUMN(depth_lambda, struct depth_row, lyap_real_value(depth_result(r)->lambda[r->start]))

static const struct lyap_column depth_columns[] = {
    {"network", NULL, "hidden layers, width and activation", WORD, depth_network, NULL},
    {"parameters", NULL, "number of weights and biases", COUNT, depth_parameters, NULL},
    {"start", NULL, "number of the starting point", COUNT, depth_start, NULL},
    {"sharpness", NULL, "largest eigenvalue of the Hessian at its initial weights", REAL, depth_sharpness, NULL},
    {"multiple", NULL, "learning rate over the median start's 2/sharpness", REAL, depth_multiple, NULL},
    {"lr", NULL, "learning rate", REAL, depth_lr, NULL},
    {"exponent", "nats per step", "exponent in tangent space; empty for a diverged run", REAL, depth_exponent, NULL},
};
static const struct lyap_schema depth_schema = {
    "questions_depth.csv", "a start at a learning rate", {LYAP_GROUP(depth_columns)}};

static const struct lyap_column more_columns[] = {
    {"network", NULL, "hidden layers, width and activation", WORD, depth_network, NULL},
    {"start", NULL, "number of the starting point", COUNT, depth_start, NULL},
    {"initial_loss", NULL, "loss before the first update", REAL, depth_initial, NULL},
    {"final_loss", NULL, "loss before the last update, at half of 2/sharpness", REAL, depth_loss, NULL},
    {"exponent", "nats per step", "exponent in tangent space of that run", REAL, depth_lambda, NULL},
};
static const struct lyap_schema more_schema = {"questions_depth_starts.csv", "a start", {LYAP_GROUP(more_columns)}};

/* ---- questions_chaos.csv ---- */

struct chaos_row {
    size_t of;
    double low;
    const struct lyap_chaos_start *run;
};
LYAP_COLUMN(chaos_network, struct chaos_row, lyap_quoted_value(lyap_chaos_subjects[r->of].name))
LYAP_COLUMN(chaos_start, struct chaos_row, lyap_count_value(r->run->start))
LYAP_COLUMN(chaos_lr, struct chaos_row, lyap_real_value(r->run->lr))
LYAP_COLUMN(chaos_low, struct chaos_row, lyap_real_value(r->low))
LYAP_COLUMN(chaos_loss, struct chaos_row, lyap_real_value(r->run->chaos))
LYAP_COLUMN(chaos_calm, struct chaos_row, lyap_real_value(r->run->calm))
LYAP_COLUMN(chaos_cooled, struct chaos_row, lyap_real_value(r->run->cooled))

static const struct lyap_column chaos_columns[] = {
    {"network", NULL, "data, network and initial law", WORD, chaos_network, NULL},
    {"start", NULL, "number of the starting point", COUNT, chaos_start, NULL},
    {"lr", NULL, "lowest learning rate at which it is chaotic; empty: none, or it is not calm at the low one", REAL,
     chaos_lr, NULL},
    {"low_lr", NULL, "the low learning rate", REAL, chaos_low, NULL},
    {"chaos", NULL, "final loss at lr", REAL, chaos_loss, NULL},
    {"calm", NULL, "final loss at low_lr", REAL, chaos_calm, NULL},
    {"cooled", NULL, "final loss of half of the steps at lr, then half at low_lr", REAL, chaos_cooled, NULL},
};
static const struct lyap_schema chaos_schema = {"questions_chaos.csv", "a start", {LYAP_GROUP(chaos_columns)}};

const struct lyap_schema *const lyap_questions_tables[] = {&rate_schema, &batch_schema, &depth_schema,
                                                           &more_schema, &chaos_schema, NULL};

static void write_rates(FILE *file, const struct lyap_rate_rules *q) {
    for (size_t set = 0; set < LYAP_RATE_SETS; set++)
        for (size_t draw = 0; draw < LYAP_RATE_DRAWS; draw++)
            for (int rule = 0; rule < LYAP_RATE_RULES; rule++)
                for (size_t i = 0; i < q->starts; i++)
                    lyap_schema_row(file, &rate_schema, NULL,
                                    &(const struct rate_row){q, set, draw, i, (enum lyap_rate_rule)rule});
}

static void write_batches(FILE *file, const struct lyap_batches *q) {
    for (size_t c = 0; c < LYAP_BATCH_CASES; c++)
        for (size_t size = 0; size < LYAP_BATCH_SIZES; size++)
            for (size_t order = 0; order < LYAP_BATCH_ORDERS; order++)
                for (size_t rate = 0; rate < LYAP_BATCH_RATES; rate++)
                    for (size_t i = 0; i < q->starts; i++)
                        lyap_schema_row(file, &batch_schema, NULL,
                                        &(const struct batch_row){q, c, size, order, rate, i});
}

static void write_depth(FILE *file, const struct lyap_depth *q) {
    for (size_t c = 0; c < LYAP_DEPTH_CASES; c++)
        for (size_t i = 0; i < q->sizes.starts; i++)
            for (size_t rate = 0; rate < LYAP_DEPTH_RATES; rate++)
                lyap_schema_row(file, &depth_schema, NULL, &(const struct depth_row){q, c, rate, i});
}

static void write_chaos(FILE *file, const struct lyap_chaos *q) {
    for (size_t c = 0; c < LYAP_CHAOS_CASES; c++)
        for (size_t i = 0, next = 0; i < q->starts; i++) {
            const struct lyap_chaos_result *r = &q->result[c];
            const bool chaotic = next < r->chaotic && r->run[next].start == i;
            const struct lyap_chaos_start none = {i, (double)NAN, (double)NAN, (double)NAN, (double)NAN};
            lyap_schema_row(file, &chaos_schema, NULL,
                            &(const struct chaos_row){c, lyap_chaos_subjects[c].lr, chaotic ? &r->run[next] : &none});
            next += chaotic;
        }
}

enum lyap_status lyap_questions_data(struct lyap_report *report, const struct lyap_questions *q,
                                     struct lyap_error *error) {
    FILE *file = lyap_report_table(report, &rate_schema, NULL, error);
    if (!file) return error->status;
    write_rates(file, &q->rules);
    if (!(file = lyap_report_table(report, &batch_schema, NULL, error))) return error->status;
    write_batches(file, &q->batches);
    if (!(file = lyap_report_table(report, &depth_schema, NULL, error))) return error->status;
    write_depth(file, &q->depth);
    if (!(file = lyap_report_table(report, &more_schema, NULL, error))) return error->status;
    for (size_t c = 0; c < LYAP_DEPTH_CASES; c++)
        for (size_t i = 0; i < q->depth.sizes.more; i++)
            lyap_schema_row(file, &more_schema, NULL, &(const struct depth_row){&q->depth, c, 0, i});
    if (!(file = lyap_report_table(report, &chaos_schema, NULL, error))) return error->status;
    write_chaos(file, &q->chaos);
    return LYAP_OK;
}
