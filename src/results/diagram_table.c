#include "results/diagram_table.h"
#include "results/regime_column.h"
#include "lyapgrad/orbit.h"
#include "lyapgrad/regime.h"

/* ---- bifurcation.csv ---- */

struct point_row {
    const struct lyap_bifurcation_cell *cell;
    size_t step;
    const double *numbers; /* [columns] */
};
LYAP_COLUMN(value, struct point_row, lyap_any_value(r->cell->at))
LYAP_COLUMN(start, struct point_row, lyap_count_value(r->cell->start))
LYAP_COLUMN(step, struct point_row, lyap_count_value(r->step))
LYAP_COLUMN(number, struct point_row, lyap_any_value(r->numbers[k]))

static const struct lyap_column place_columns[] = {
    {"value", NULL, "of the swept quantity", LYAP_COLUMN_REAL, value, NULL},
    {"start", NULL, "number of the starting point", LYAP_COLUMN_COUNT, start, NULL},
    {"step", "steps", "updates before this point", LYAP_COLUMN_COUNT, step, NULL},
};
/* By kind of orbit. */
static const struct lyap_column weight_column[] = {
    {"w%zu", NULL, "weight or bias, in the order of lyapgrad/network.h", LYAP_COLUMN_REAL, number, NULL}};
static const struct lyap_column output_column[] = {
    {"y%zu", NULL, "output: number sample * units + unit", LYAP_COLUMN_REAL, number, NULL}};
static const struct lyap_column loss_column[] = {
    {"loss", NULL, "loss before the next update", LYAP_COLUMN_REAL, number, NULL}};

const struct lyap_schema lyap_diagram_schema = {
    "bifurcation.csv",
    "a step of a starting point at a value",
    {LYAP_GROUP(place_columns), LYAP_GROUP(weight_column), LYAP_GROUP(output_column), LYAP_GROUP(loss_column)},
};

static void diagram_groups(const struct lyap_bifurcation_plan *plan, size_t columns, struct lyap_repeat repeat[4]) {
    repeat[0] = (struct lyap_repeat){.times = 1};
    for (int kind = LYAP_ORBIT_WEIGHTS; kind <= LYAP_ORBIT_LOSS; kind++)
        repeat[1 + kind] = (struct lyap_repeat){.times = kind == (int)plan->kind ? columns : 0, .number = plan->which};
}

void lyap_write_diagram_header(FILE *file, const struct lyap_bifurcation_plan *plan, size_t columns) {
    struct lyap_repeat repeat[4];
    diagram_groups(plan, columns, repeat);
    lyap_schema_head(file, &lyap_diagram_schema, repeat);
}

void lyap_write_diagram(FILE *file, const struct lyap_bifurcation_plan *plan, size_t columns,
                        const struct lyap_bifurcation_cell *cell) {
    struct lyap_repeat repeat[4];
    diagram_groups(plan, columns, repeat);
    for (size_t k = 0; k < cell->points; k++) {
        const struct point_row row = {cell, plan->spectrum.transient + k, cell->orbit + k * columns};
        lyap_schema_row(file, &lyap_diagram_schema, repeat, &row);
    }
}

/* ---- exponents.csv ---- */

struct exponent_row {
    const struct lyap_bifurcation_cell *cell;
    bool interval;
};
LYAP_COLUMN(cell_value, struct exponent_row, lyap_any_value(r->cell->at))
LYAP_COLUMN(cell_start, struct exponent_row, lyap_count_value(r->cell->start))
LYAP_COLUMN(lambda, struct exponent_row, lyap_value_if(r->cell->defined, r->cell->exponent.lambda))
LYAP_COLUMN(low, struct exponent_row, lyap_value_if(r->cell->defined && r->interval, r->cell->exponent.low))
LYAP_COLUMN(high, struct exponent_row, lyap_value_if(r->cell->defined && r->interval, r->cell->exponent.high))
LYAP_COLUMN(regime, struct exponent_row, lyap_word_value(lyap_regime_name(r->cell->regime)))
LYAP_COLUMN(period, struct exponent_row, r->cell->period ? lyap_count_value(r->cell->period) : lyap_no_value())

static const struct lyap_column exponent_columns[] = {
    {"value", NULL, "of the swept quantity", LYAP_COLUMN_REAL, cell_value, NULL},
    {"start", NULL, "number of the starting point", LYAP_COLUMN_COUNT, cell_start, NULL},
    {"lambda", "nats per step", "largest exponent in tangent space, over the points", LYAP_COLUMN_REAL, lambda, NULL},
    {"low", "nats per step", "lower end of its 95 % interval over time", LYAP_COLUMN_REAL, low, NULL},
    {"high", "nats per step", "upper end of its 95 % interval over time", LYAP_COLUMN_REAL, high, NULL},
    {"regime", NULL, LYAP_REGIME_MEANING, LYAP_COLUMN_WORD, regime, NULL},
    {"period", "steps", "of the cycle that the points are; 1: they stay", LYAP_COLUMN_COUNT, period, NULL},
};
const struct lyap_schema lyap_diagram_exponents_schema = {
    "exponents.csv", "a starting point at a value", {LYAP_GROUP(exponent_columns)}};

void lyap_write_diagram_exponents_header(FILE *file) {
    lyap_schema_head(file, &lyap_diagram_exponents_schema, NULL);
}

void lyap_write_diagram_exponent(FILE *file, const struct lyap_bifurcation_cell *cell, bool interval) {
    const struct exponent_row row = {cell, interval};
    lyap_schema_row(file, &lyap_diagram_exponents_schema, NULL, &row);
}
