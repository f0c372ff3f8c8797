#include "paper/tables.h"
#include "lyapgrad/network.h"
#include "lyapgrad/outcome.h"

#define COUNT LYAP_COLUMN_COUNT
#define REAL LYAP_COLUMN_REAL
#define WORD LYAP_COLUMN_WORD

static const double published_scale = (double)LYAP_PAPER_NEIGHBOURS / (LYAP_PAPER_NEIGHBOURS + 1);

static struct lyap_value panel_name(int panel) {
    return lyap_word_value(lyap_activation_name(lyap_paper_activation[panel]));
}

/* ---- LyapunovVsLoss ---- */

struct scatter_row {
    int panel;
    uint64_t start;
    const struct lyap_point *point;
};
LYAP_COLUMN(scatter_activation, struct scatter_row, panel_name(r->panel))
LYAP_COLUMN(scatter_cell, struct scatter_row, lyap_count_value(r->start))
LYAP_COLUMN(initial_loss, struct scatter_row, lyap_any_value(r->point->initial_loss))
LYAP_COLUMN(final_loss, struct scatter_row, lyap_any_value(r->point->final_loss))
LYAP_COLUMN(scatter_kw, struct scatter_row, lyap_value_if(r->point->terms > 0, r->point->lambda_kw))
LYAP_COLUMN(scatter_step, struct scatter_row, lyap_value_if(r->point->terms > 0, r->point->lambda_step))
LYAP_COLUMN(scatter_status, struct scatter_row, lyap_word_value(lyap_outcome_name(r->point->outcome)))

static const struct lyap_column scatter_columns[] = {
    {"activation", NULL, "of both layers", WORD, scatter_activation, NULL},
    {"cell", NULL, "number of the starting point", COUNT, scatter_cell, NULL},
    {"initial_loss", NULL, "loss before the first update", REAL, initial_loss, NULL},
    {"final_loss", NULL, "loss before the last update", REAL, final_loss, NULL},
    {"lambda_kw", "nats", "mean over i of ln(d(i)/d(0))", REAL, scatter_kw, NULL},
    {"lambda_step", "nats per step", "mean over i of ln(d(i)/d(i-1))", REAL, scatter_step, NULL},
    {"status", NULL, "ok, dead, escaped, overflow, zero_distance or underflow", WORD, scatter_status, NULL},
};
#define SCATTER_ROW "a starting point whose initial loss lies in the band"
const struct lyap_schema lyap_scatter_schema = {"LyapunovVsLoss.csv", SCATTER_ROW, {LYAP_GROUP(scatter_columns)}};
const struct lyap_schema lyap_scatter_small_schema = {
    "LyapunovVsLoss-1000.csv", SCATTER_ROW ", of a tenth of the starts", {LYAP_GROUP(scatter_columns)}};

void lyap_write_scatter(FILE *file, const struct lyap_scatter scatter[LYAP_PANELS]) {
    lyap_schema_head(file, &lyap_scatter_schema, NULL);
    for (int panel = 0; panel < LYAP_PANELS; panel++)
        for (size_t i = 0; i < scatter[panel].kept; i++) {
            const struct scatter_row row = {panel, scatter[panel].start[i], &scatter[panel].point[i]};
            lyap_schema_row(file, &lyap_scatter_schema, NULL, &row);
        }
}

/* ---- against the epoch ---- */

struct epoch_row {
    int panel;
    const struct lyap_epochs *of;
    unsigned t;
};
static struct lyap_value reached(const struct epoch_row *r, double value) {
    return lyap_value_if(r->of->reached[r->t] > 0, value);
}
static struct lyap_value with_loss(const struct epoch_row *r, double value) {
    return lyap_value_if(r->of->with_loss[r->t] > 0, value);
}
LYAP_COLUMN(activation, struct epoch_row, panel_name(r->panel))
LYAP_COLUMN(epoch, struct epoch_row, lyap_count_value(r->t))
LYAP_COLUMN(distance_published, struct epoch_row,
            lyap_value_if(r->t < r->of->length, r->of->distance[r->t] * published_scale))
LYAP_COLUMN(distance, struct epoch_row, lyap_value_if(r->t < r->of->length, r->of->distance[r->t]))
LYAP_COLUMN(ratio_q25, struct epoch_row, reached(r, r->of->ratio[r->t][0]))
LYAP_COLUMN(ratio_median, struct epoch_row, reached(r, r->of->ratio[r->t][1]))
LYAP_COLUMN(ratio_q75, struct epoch_row, reached(r, r->of->ratio[r->t][2]))
LYAP_COLUMN(starts_reached, struct epoch_row, lyap_count_value(r->of->reached[r->t]))
LYAP_COLUMN(step, struct epoch_row, lyap_value_if(r->t < r->of->length, r->of->step[r->t]))
LYAP_COLUMN(step_q25, struct epoch_row, reached(r, r->of->step_quartile[r->t][0]))
LYAP_COLUMN(step_median, struct epoch_row, reached(r, r->of->step_quartile[r->t][1]))
LYAP_COLUMN(step_q75, struct epoch_row, reached(r, r->of->step_quartile[r->t][2]))
LYAP_COLUMN(loss, struct epoch_row, lyap_value_if(r->t < r->of->losses, r->of->loss[r->t]))
LYAP_COLUMN(loss_q25, struct epoch_row, with_loss(r, r->of->loss_quartile[r->t][0]))
LYAP_COLUMN(loss_median, struct epoch_row, with_loss(r, r->of->loss_quartile[r->t][1]))
LYAP_COLUMN(loss_q75, struct epoch_row, with_loss(r, r->of->loss_quartile[r->t][2]))
LYAP_COLUMN(starts_with_loss, struct epoch_row, lyap_count_value(r->of->with_loss[r->t]))

static const struct lyap_column place_columns[] = {
    {"activation", NULL, "of both layers", WORD, activation, NULL},
    {"epoch", NULL, "updates before this one", COUNT, epoch, NULL},
};
static const struct lyap_column distance_columns[] = {
    {"distance_published", "weight",
     "distance of start 0, the sum over the neighbours divided by one more than they are", REAL, distance_published,
     NULL},
    {"distance", "weight", "mean distance of start 0 from its neighbours", REAL, distance, NULL},
    {"ratio_q25", NULL, "lower quartile of d(t)/d(0) over the starts", REAL, ratio_q25, NULL},
    {"ratio_median", NULL, "median of d(t)/d(0) over the starts", REAL, ratio_median, NULL},
    {"ratio_q75", NULL, "upper quartile of d(t)/d(0) over the starts", REAL, ratio_q75, NULL},
    {"starts", NULL, "starting points in the quartiles", COUNT, starts_reached, NULL},
};
static const struct lyap_column step_columns[] = {
    {"lambda_step", "nats per step", "ln(d(t)/d(t-1)) of start 0", REAL, step, NULL},
    {"q25", "nats per step", "lower quartile over the starts", REAL, step_q25, NULL},
    {"median", "nats per step", "median over the starts", REAL, step_median, NULL},
    {"q75", "nats per step", "upper quartile over the starts", REAL, step_q75, NULL},
    {"starts", NULL, "starting points in the quartiles", COUNT, starts_reached, NULL},
};
static const struct lyap_column loss_columns[] = {
    {"loss", NULL, "loss of start 0 before the update", REAL, loss, NULL},
    {"q25", NULL, "lower quartile over the starts", REAL, loss_q25, NULL},
    {"median", NULL, "median over the starts", REAL, loss_median, NULL},
    {"q75", NULL, "upper quartile over the starts", REAL, loss_q75, NULL},
    {"starts", NULL, "starting points in the quartiles", COUNT, starts_with_loss, NULL},
};
const struct lyap_schema lyap_distance_schema = {
    "DistanceVsEpochs.csv", "an epoch", {LYAP_GROUP(place_columns), LYAP_GROUP(distance_columns)}};
const struct lyap_schema lyap_step_schema = {
    "LyapkVsEpochs.csv", "an epoch", {LYAP_GROUP(place_columns), LYAP_GROUP(step_columns)}};
const struct lyap_schema lyap_loss_schema = {
    "LossVsEpochs.csv", "an epoch", {LYAP_GROUP(place_columns), LYAP_GROUP(loss_columns)}};

static void write_epochs(FILE *file, const struct lyap_schema *schema, const struct lyap_paper *paper, unsigned first) {
    lyap_schema_head(file, schema, NULL);
    for (int panel = 0; panel < LYAP_PANELS; panel++)
        for (unsigned t = first; t < LYAP_PAPER_EPOCHS; t++) {
            const struct epoch_row row = {panel, &paper->epochs[panel], t};
            lyap_schema_row(file, schema, NULL, &row);
        }
}

void lyap_write_distance(FILE *file, const struct lyap_paper *paper) {
    write_epochs(file, &lyap_distance_schema, paper, 0);
}

void lyap_write_step(FILE *file, const struct lyap_paper *paper) {
    write_epochs(file, &lyap_step_schema, paper, 1);
}

void lyap_write_loss(FILE *file, const struct lyap_paper *paper) {
    write_epochs(file, &lyap_loss_schema, paper, 0);
}

/* ---- LyapunovVsLearningRate ---- */

struct rate_row {
    int panel, i;
    const struct lyap_rate *rate;
};
static struct lyap_value published(const struct rate_row *r) {
    double value = 0;
    bool known = lyap_published_at(r->i, r->panel, &value);
    return lyap_value_if(known, value);
}
LYAP_COLUMN(rate_activation, struct rate_row, panel_name(r->panel))
LYAP_COLUMN(rate_lr, struct rate_row, lyap_any_value(r->rate->lr))
LYAP_COLUMN(rate_kw, struct rate_row, lyap_value_if(r->rate->one.terms > 0, r->rate->one.lambda_kw))
LYAP_COLUMN(rate_step, struct rate_row, lyap_value_if(r->rate->one.terms > 0, r->rate->one.lambda_step))
LYAP_COLUMN(rate_status, struct rate_row, lyap_word_value(lyap_outcome_name(r->rate->one.outcome)))
LYAP_COLUMN(rate_q25, struct rate_row, lyap_value_if(r->rate->counted > 0, r->rate->quartile[0]))
LYAP_COLUMN(rate_median, struct rate_row, lyap_value_if(r->rate->counted > 0, r->rate->quartile[1]))
LYAP_COLUMN(rate_q75, struct rate_row, lyap_value_if(r->rate->counted > 0, r->rate->quartile[2]))
LYAP_COLUMN(rate_starts, struct rate_row, lyap_count_value(r->rate->starts))
LYAP_COLUMN(dead_zero, struct rate_row, lyap_count_value(r->rate->zero))
LYAP_COLUMN(died_later, struct rate_row, lyap_count_value(r->rate->died))
LYAP_COLUMN(diverged, struct rate_row, lyap_count_value(r->rate->diverged))
LYAP_COLUMN(rate_published, struct rate_row, published(r))

static const struct lyap_column rate_columns[] = {
    {"activation", NULL, "of both layers", WORD, rate_activation, NULL},
    {"lr", NULL, "learning rate", REAL, rate_lr, NULL},
    {"lambda_kw", "nats", "mean over i of ln(d(i)/d(0)) of start 0", REAL, rate_kw, NULL},
    {"lambda_step", "nats per step", "mean over i of ln(d(i)/d(i-1)) of start 0", REAL, rate_step, NULL},
    {"status", NULL, "of start 0: ok, dead, escaped, overflow, zero_distance or underflow", WORD, rate_status, NULL},
    {"q25", "nats", "lower quartile of lambda_kw over the starts that are not dead with an exponent of exactly 0", REAL,
     rate_q25, NULL},
    {"median", "nats", "median of lambda_kw over these", REAL, rate_median, NULL},
    {"q75", "nats", "upper quartile of lambda_kw over these", REAL, rate_q75, NULL},
    {"starts", NULL, "number of starting points", COUNT, rate_starts, NULL},
    {"dead_zero", NULL, "dead from the first: an exponent of exactly 0", COUNT, dead_zero, NULL},
    {"died_later", NULL, "dead at the end, after steps that count", COUNT, died_later, NULL},
    {"diverged", NULL, "escaped or overflowed", COUNT, diverged, NULL},
    {"published", "nats", "the paper's lambda_kw, where it prints one", REAL, rate_published, NULL},
};
const struct lyap_schema lyap_learning_rate_schema = {
    "LyapunovVsLearningRate.csv", "a learning rate", {LYAP_GROUP(rate_columns)}};

void lyap_write_rates(FILE *file, const struct lyap_paper *paper) {
    lyap_schema_head(file, &lyap_learning_rate_schema, NULL);
    for (int panel = 0; panel < LYAP_PANELS; panel++)
        for (int i = 0; i < LYAP_PAPER_RATES; i++) {
            const struct rate_row row = {panel, i, &paper->rates[panel][i]};
            lyap_schema_row(file, &lyap_learning_rate_schema, NULL, &row);
        }
}
