/* L2: the data files. */
#include <math.h>

#include "report/common/columns.h"
#include "report/estimators/estimators.h"
#include "lyapgrad/status.h"

/* ---- estimators.csv ---- */

struct estimate_row {
    const struct lyap_estimators *e;
    size_t of;
    enum lyap_contender contender;
    size_t length, start;
};
static const struct lyap_estimator_result *result(const struct estimate_row *r) {
    return &r->e->result[r->of];
}
static uint32_t steps_of(const struct estimate_row *r) {
    return lyap_estimator_length[r->length];
}
LYAP_COLUMN(of_case, struct estimate_row, lyap_quoted_value(lyap_estimator_case[r->of]))
LYAP_COLUMN(estimator, struct estimate_row, lyap_quoted_value(lyap_contender_name(r->contender)))
LYAP_COLUMN(steps, struct estimate_row, lyap_count_value(steps_of(r)))
LYAP_COLUMN(cost, struct estimate_row, lyap_count_value((uint64_t)lyap_contender_cost(r->contender, steps_of(r))))
LYAP_COLUMN(start, struct estimate_row, lyap_count_value(r->start))
LYAP_COLUMN(estimate, struct estimate_row, lyap_real_value(result(r)->estimate[r->contender][r->length][r->start]))
LYAP_COLUMN(reference, struct estimate_row, lyap_real_value(result(r)->reference[r->start]))

static const struct lyap_column estimate_columns[] = {
    {"case", NULL, "network and data, or the map", WORD, of_case, NULL},
    {"estimator", NULL, "name of the estimator", WORD, estimator, NULL},
    {"steps", "steps", "length of the estimate", COUNT, steps, NULL},
    {"cost", "gradient steps", "that one network takes for it", COUNT, cost, NULL},
    {"start", NULL, "number of the starting point", COUNT, start, NULL},
    {"estimate", "nats per step", "exponent by this estimator", REAL, estimate, NULL},
    {"reference", "nats per step", "exponent of a long run in tangent space", REAL, reference, NULL},
};
static const struct lyap_schema estimate_schema = {
    "estimators.csv", "an estimate from a start", {LYAP_GROUP(estimate_columns)}};

/* ---- estimators_errors.csv ---- */

static const struct lyap_estimator_score *score_of(const struct estimate_row *r) {
    return &result(r)->score[r->contender][r->length];
}
LYAP_COLUMN(with_estimate, struct estimate_row, lyap_count_value(score_of(r)->n))
LYAP_COLUMN(spread, struct estimate_row, lyap_real_value(score_of(r)->spread))
LYAP_ESTIMATE_COLUMNS(bias, struct estimate_row, score_of(r)->mean)
LYAP_ESTIMATE_COLUMNS(relative, struct estimate_row, score_of(r)->relative)

static const struct lyap_column error_columns[] = {
    {"case", NULL, "network and data, or the map", WORD, of_case, NULL},
    {"estimator", NULL, "name of the estimator", WORD, estimator, NULL},
    {"steps", "steps", "length of the estimate", COUNT, steps, NULL},
    {"cost", "gradient steps", "that one network takes for it", COUNT, cost, NULL},
    {"starts", NULL, "starting points with an estimate", COUNT, with_estimate, NULL},
    {"bias", "nats per step", "mean of estimate less reference", REAL, bias, NULL},
    {"bias_low", "nats per step", LYAP_LOW_END, REAL, bias_low, NULL},
    {"bias_high", "nats per step", LYAP_HIGH_END, REAL, bias_high, NULL},
    {"spread", "nats per step", "standard deviation of that over the starts", REAL, spread, NULL},
    {"relative_error", NULL, "median over the starts of |estimate - reference| / |reference|", REAL, relative, NULL},
    {"relative_error_low", NULL, LYAP_LOW_END, REAL, relative_low, NULL},
    {"relative_error_high", NULL, LYAP_HIGH_END, REAL, relative_high, NULL},
};
static const struct lyap_schema error_schema = {
    "estimators_errors.csv", "an estimator at a length", {LYAP_GROUP(error_columns)}};

/* ---- estimators_growth.csv ---- */

struct scaling_row {
    const char *shape;
    const struct lyap_estimator_scaling *g;
};
LYAP_COLUMN(network, struct scaling_row, lyap_word_value(r->shape))
LYAP_COLUMN(parameters, struct scaling_row, lyap_count_value(r->g->parameters))
LYAP_COLUMN(multiplications, struct scaling_row, lyap_real_value(r->g->multiplications))
LYAP_COLUMN(exponent, struct scaling_row, lyap_real_value(r->g->size))
LYAP_COLUMN(spread_hybrid, struct scaling_row, lyap_real_value(r->g->hybrid))
LYAP_COLUMN(spread_tangent, struct scaling_row, lyap_real_value(r->g->tangent))

static const struct lyap_column scaling_columns[] = {
    {"network", NULL, "units from input to output", WORD, network, NULL},
    {"parameters", NULL, "number of weights and biases", COUNT, parameters, NULL},
    {"multiplications", NULL, "of a gradient step", REAL, multiplications, NULL},
    {"exponent", "nats per step", "mean size of the exponent", REAL, exponent, NULL},
    {"spread_hybrid", "nats per step",
     "root mean square over starts of the standard deviation over directions, of neighbours", REAL, spread_hybrid,
     NULL},
    {"spread_tangent", "nats per step", "the same of tangent vectors", REAL, spread_tangent, NULL},
};
static const struct lyap_schema scaling_schema = {"estimators_growth.csv", "a network", {LYAP_GROUP(scaling_columns)}};

const struct lyap_schema *const lyap_estimators_tables[] = {&estimate_schema, &error_schema, &scaling_schema, NULL};

enum lyap_status lyap_estimators_data(struct lyap_report *report, const struct lyap_estimators *e,
                                      struct lyap_error *error) {
    FILE *file = lyap_report_table(report, &estimate_schema, NULL, error);
    if (!file) return error->status;
    for (size_t c = 0; c < LYAP_ESTIMATOR_CASES; c++)
        for (int k = 0; k < LYAP_CONTENDERS; k++)
            for (size_t l = 0; l < LYAP_ESTIMATOR_LENGTHS; l++)
                for (size_t i = 0; i < e->result[c].starts; i++)
                    lyap_schema_row(file, &estimate_schema, NULL,
                                    &(const struct estimate_row){e, c, (enum lyap_contender)k, l, i});
    if (!(file = lyap_report_table(report, &error_schema, NULL, error))) return error->status;
    for (size_t c = 0; c < LYAP_ESTIMATOR_CASES; c++)
        for (int k = 0; k < LYAP_CONTENDERS; k++)
            for (size_t l = 0; l < LYAP_ESTIMATOR_LENGTHS; l++)
                lyap_schema_row(file, &error_schema, NULL,
                                &(const struct estimate_row){e, c, (enum lyap_contender)k, l, 0});
    if (!(file = lyap_report_table(report, &scaling_schema, NULL, error))) return error->status;
    for (size_t s = 0; s < LYAP_ESTIMATOR_SHAPES; s++)
        lyap_schema_row(file, &scaling_schema, NULL,
                        &(const struct scaling_row){lyap_estimator_shape[s], &e->scaling[s]});
    return LYAP_OK;
}
