/* C1e: the data files. */
#include <math.h>

#include "report/common/columns.h"
#include "report/bifurcation/bifurcation.h"
#include "results/regime_column.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/regime.h"
#include "lyapgrad/status.h"

/* ---- C1-bifurcation-exponents.csv ---- */

struct cell_row {
    size_t of; /* number of the case */
    const struct lyap_bifurcation_diagram *diagram;
    size_t v;
    uint64_t start;
};
static const struct lyap_long *cell(const struct cell_row *r) {
    return &r->diagram->cells[r->v * r->diagram->starts + r->start];
}
LYAP_COLUMN(cell_case, struct cell_row, lyap_quoted_value(lyap_bifurcation_cases[r->of].text))
LYAP_COLUMN(cell_lr, struct cell_row, lyap_real_value(r->diagram->rates[r->v]))
LYAP_COLUMN(cell_start, struct cell_row, lyap_count_value(r->start))
LYAP_COLUMN(cell_lambda, struct cell_row,
            lyap_real_value(cell(r)->regime == LYAP_DIVERGED ? (double)NAN : cell(r)->lambda))
LYAP_COLUMN(cell_regime, struct cell_row, lyap_word_value(lyap_regime_name(cell(r)->regime)))
LYAP_COLUMN(cell_confirmed, struct cell_row, lyap_count_value(cell(r)->confirmed))

static const struct lyap_column cell_columns[] = {
    {"case", NULL, "network, data and starting points", WORD, cell_case, NULL},
    {"lr", NULL, "learning rate", REAL, cell_lr, NULL},
    {"start", NULL, "number of the starting point", COUNT, cell_start, NULL},
    {"lambda_1", "nats per step", "largest exponent in tangent space", REAL, cell_lambda, NULL},
    {"regime", NULL, LYAP_REGIME_MEANING, WORD, cell_regime, NULL},
    {"confirmed", NULL, "1: chaotic, and again so over a longer run", COUNT, cell_confirmed, NULL},
};
const struct lyap_schema lyap_bifurcation_cells_schema = {
    "C1-bifurcation-exponents.csv", "a starting point at a learning rate", {LYAP_GROUP(cell_columns)}};

/* ---- C1-bifurcation-weights.csv ---- */

struct point_row {
    size_t of; /* number of the case */
    const struct lyap_bifurcation_diagram *diagram;
    size_t point;
};
LYAP_COLUMN(point_case, struct point_row, lyap_quoted_value(lyap_bifurcation_cases[r->of].text))
LYAP_COLUMN(point_start, struct point_row, lyap_count_value(r->diagram->chosen))
LYAP_COLUMN(point_lr, struct point_row, lyap_real_value(r->diagram->x[r->point]))
LYAP_COLUMN(point_update, struct point_row,
            lyap_count_value(lyap_bifurcation_cases[r->of].steps / 2 + r->point % LYAP_BIFURCATION_KEPT + 1))
LYAP_COLUMN(point_weight, struct point_row, lyap_real_value(r->diagram->y[r->point]))

static const struct lyap_column point_columns[] = {
    {"case", NULL, "network, data and starting points", WORD, point_case, NULL},
    {"start", NULL, "number of the starting point", COUNT, point_start, NULL},
    {"lr", NULL, "learning rate", REAL, point_lr, NULL},
    {"update", NULL, "number of the update, from 1", COUNT, point_update, NULL},
    {"weight", NULL, "first weight into the output after it", REAL, point_weight, NULL},
};
const struct lyap_schema lyap_bifurcation_weights_schema = {
    "C1-bifurcation-weights.csv", "an update of the drawn starting point", {LYAP_GROUP(point_columns)}};

enum lyap_status lyap_bifurcation_data(struct lyap_report *report, const struct lyap_bifurcation_state *state,
                                       struct lyap_error *error) {
    FILE *file = lyap_report_table(report, &lyap_bifurcation_cells_schema, NULL, error);
    if (!file) return error ? error->status : LYAP_ERROR_OUTPUT;
    for (size_t i = 0; i < LYAP_BIFURCATION_CASES; i++)
        for (size_t v = 0; v < state->diagram[i].n; v++)
            for (uint64_t s = 0; s < state->diagram[i].starts; s++)
                lyap_schema_row(file, &lyap_bifurcation_cells_schema, NULL,
                                &(const struct cell_row){i, &state->diagram[i], v, s});
    if (!(file = lyap_report_table(report, &lyap_bifurcation_weights_schema, NULL, error)))
        return error ? error->status : LYAP_ERROR_OUTPUT;
    for (size_t i = 0; i < LYAP_BIFURCATION_CASES; i++)
        for (size_t k = 0; k < state->diagram[i].wide * LYAP_BIFURCATION_KEPT; k++)
            lyap_schema_row(file, &lyap_bifurcation_weights_schema, NULL,
                            &(const struct point_row){i, &state->diagram[i], k});
    return LYAP_OK;
}
