/* lyapgrad run --estimator all: the estimators side by side on the same starting points. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/estimate.h"
#include "cli/verify/gather.h"
#include "results/manifest.h"
#include "io/keys.h"
#include "io/output_file.h"
#include "io/schema.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/experiment.h"
#include "lyapgrad/precision.h"
#include "lyapgrad/spectrum.h"
#include "lyapgrad/status.h"

enum column { STEP32, STEP64, RESCALED32, RESCALED64, TANGENT64, COLUMNS };
static const char *const names[COLUMNS] = {"kantz_wolf_step_f32", "kantz_wolf_step_f64", "rescaled_f32", "rescaled_f64",
                                           "tangent_f64"};
static const char *const files[] = {"estimators.csv", "manifest.txt"};

/* One column's exponents over the cells, all in nats per step; defined[] says which there are. */
struct column_values {
    double *value;
    bool *defined;
    size_t n;
};

static enum lyap_status take_records(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    struct column_values *c = context;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++, c->n++) {
        c->value[c->n] = chunk->records[i].lambda_step;
        c->defined[c->n] = chunk->records[i].terms > 0;
    }
    return LYAP_OK;
}

static enum lyap_status take_spectra(const struct lyap_spectrum_chunk *chunk, void *context, struct lyap_error *error) {
    struct column_values *c = context;
    (void)error;
    for (size_t i = 0; i < chunk->count; i++, c->n++) {
        c->value[c->n] = chunk->lambda[i * chunk->exponents].lambda;
        c->defined[c->n] = chunk->records[i].resolved > 0;
    }
    return LYAP_OK;
}

static struct lyap_spectrum_plan plan_of(enum column column, const struct lyap_spectrum_plan *asked) {
    struct lyap_spectrum_plan plan = *asked;
    bool wide = column == STEP64 || column == RESCALED64 || column == TANGENT64;
    plan.base.precision = wide ? LYAP_FLOAT64 : LYAP_FLOAT32;
    plan.method = column == TANGENT64 ? LYAP_TANGENT : LYAP_RESCALED;
    return plan;
}

/* The plan of a column as an experiment that fills it. */
static struct lyap_experiment experiment_of(enum column column, const struct lyap_spectrum_plan *plan,
                                            struct column_values *c) {
    return column <= STEP64 ? lyap_ensemble_experiment(&plan->base, take_records, c)
                            : lyap_spectrum_experiment(plan, take_spectra, c);
}

/* Networks that a column trains for a cell, about; in float64 a step takes twice as long. */
static double cost_of(int column, const struct lyap_plan *plan) {
    const double networks = column <= STEP64 ? 1 + plan->neighbours : column == TANGENT64 ? 3 : 2;
    return column == STEP64 || column == RESCALED64 || column == TANGENT64 ? 2 * networks : networks;
}

/* The bar is that of all columns. */
static void begin_column(int column, const struct lyap_plan *plan) {
    double before = 0, all = 0;
    for (int k = 0; k < COLUMNS; k++) {
        if (k < column) before += cost_of(k, plan);
        all += cost_of(k, plan);
    }
    cli_progress_part(before / all, cost_of(column, plan) / all);
}

static enum lyap_status fill(struct column_values *c, enum column column, const struct lyap_spectrum_plan *asked,
                             const struct cli_checkpoint *checkpoint, struct lyap_error *error) {
    struct lyap_spectrum_plan plan = plan_of(column, asked);
    c->value = calloc(plan.base.starts, sizeof *c->value);
    c->defined = calloc(plan.base.starts, sizeof *c->defined);
    if (!c->value || !c->defined) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the table");
    const struct lyap_experiment experiment = experiment_of(column, &plan, c);
    begin_column((int)column, &plan.base);
    return cli_checkpoint_cells(checkpoint, column, &experiment, error);
}

/* Computes the cells that the checkpoint lacks, column by column; the precisions and methods are the columns' own. */
static enum lyap_status work(const struct lyap_spectrum_plan *asked, struct cli_experiment *e,
                             struct lyap_error *error) {
    const struct lyap_experiment whole = lyap_spectrum_experiment(asked, NULL, NULL);
    const struct cli_checkpoint_run run = {.whole = &whole, .more = "estimators = all\n", .parts = COLUMNS};
    enum lyap_status status = cli_checkpoint_open(&e->checkpoint, &run, e->argc - 1, e->argv + 1, error);
    for (int k = 0; k < COLUMNS && !status; k++) {
        const struct lyap_spectrum_plan plan = plan_of((enum column)k, asked);
        const struct lyap_experiment experiment = experiment_of((enum column)k, &plan, NULL);
        begin_column(k, &plan.base);
        status = cli_checkpoint_work(&e->checkpoint, (uint64_t)k, &experiment, error);
    }
    return status;
}

/* The last place of a weight of size 1, over the perturbation: the relative error that rounding puts on a distance. */
static double rounding_floor(enum column column, const struct lyap_plan *plan) {
    if (column == TANGENT64) return 0;
    return (column == STEP32 || column == RESCALED32 ? 0x1p-24 : 0x1p-53) / plan->setting.perturbation;
}

static const char *explanation(enum column column, double floor, double difference) {
    if (column == TANGENT64) return "the derivative itself: the reference of this table";
    if (floor > 0.1) return "rounding drowns the perturbation: raise --perturbation or use float64";
    if (difference < 10 * floor + 1e-9) return "agrees to its rounding floor";
    if (column <= STEP64) return "finite time and finite size: a mean of distances, never rescaled";
    return "finite size: differs by terms of the order of the perturbation";
}

struct cell_row {
    const struct column_values *columns;
    size_t cell;
};
LYAP_COLUMN(cell, struct cell_row, lyap_count_value(r->cell))
LYAP_COLUMN(estimate, struct cell_row, lyap_value_if(r->columns[k].defined[r->cell], r->columns[k].value[r->cell]))

static const char *estimator_name(size_t number) {
    return names[number];
}
static const struct lyap_column cell_columns[] = {
    {"cell", NULL, "number of the experiment", LYAP_COLUMN_COUNT, cell, NULL},
};
static const struct lyap_column estimate_columns[] = {
    {NULL, "nats per step", "exponent by the estimator of that name", LYAP_COLUMN_REAL, estimate, estimator_name},
};
const struct lyap_schema cli_estimators_schema = {
    "estimators.csv", "a starting point", {LYAP_GROUP(cell_columns), LYAP_GROUP(estimate_columns)}};

static void print_table(const struct column_values *c, const struct lyap_plan *plan) {
    printf("%llu cells, lr %g, %lu steps, perturbation %g\n\n", (unsigned long long)plan->starts, plan->setting.lr,
           (unsigned long)plan->setting.epochs, plan->setting.perturbation);
    printf("  %-20s %6s %14s %16s %10s\n", estimate_columns->unit, "cells", "mean", "|off tangent|", "floor");
    for (int k = 0; k < COLUMNS; k++) {
        double sum = 0, off = 0;
        size_t count = 0, both = 0;
        for (size_t i = 0; i < c[k].n; i++) {
            if (!c[k].defined[i]) continue;
            sum += c[k].value[i];
            count++;
            if (!c[TANGENT64].defined[i]) continue;
            off += fabs(c[k].value[i] - c[TANGENT64].value[i]);
            both++;
        }
        double floor = rounding_floor((enum column)k, plan), difference = both ? off / (double)both : 0;
        printf("  %-20s %6zu %14.6g %16.2g %10.1e  %s\n", names[k], count, count ? sum / (double)count : 0, difference,
               floor, count ? explanation((enum column)k, floor, difference) : "undefined in every cell");
    }
    puts("\n  |off tangent|: mean over cells; floor: last place of a weight of size 1 over the perturbation");
}

static void write_cells(const struct column_values *c, FILE *file) {
    const struct lyap_repeat repeat[] = {{.times = 1}, {.times = COLUMNS}};
    lyap_schema_head(file, &cli_estimators_schema, repeat);
    for (size_t i = 0; i < c[0].n; i++) {
        const struct cell_row row = {c, i};
        lyap_schema_row(file, &cli_estimators_schema, repeat, &row);
    }
}

static void write_manifest(const struct lyap_plan *plan, const struct cli_experiment *e, const struct cli_results *r,
                           FILE *file) {
    lyap_manifest_head(file, e->argc, e->argv);
    lyap_manifest_plan(file, plan, e->data_text, e->weights_path);
    cli_data_manifest(file, &e->source);
    cli_optimiser_manifest(file, plan);
    cli_put_each(file, &cli_training_options, "lr perturbation epochs", plan);
    cli_results_manifest(r, file);
}

static enum lyap_status write_tables(const struct column_values *c, const struct lyap_plan *plan,
                                     const struct cli_experiment *e, struct cli_results *r, struct lyap_error *error) {
    FILE *table = NULL, *manifest = NULL;
    enum lyap_status status = cli_results_open(r, error);
    if (!status) status = cli_results_add(r, files[0], &table, error);
    if (!status) status = cli_results_add(r, files[1], &manifest, error);
    if (status) return status;
    write_cells(c, table);
    write_manifest(plan, e, r, manifest);
    return lyap_output_set_commit(&r->set, error);
}

int cli_compare_run(const struct lyap_spectrum_plan *plan, struct cli_experiment *e) {
    struct column_values columns[COLUMNS] = {{0}};
    struct cli_results results;
    struct lyap_error error = {0};
    bool sharded = false;
    cli_experiment_results(e, &results);
    for (int t = 0; t < 2; t++) cli_results_table(&results, files[t]);
    const struct lyap_experiment whole = lyap_spectrum_experiment(plan, NULL, NULL);
    enum lyap_status status = lyap_experiment_check(&whole, &error); /* before a directory is made for it */
    if (!status) status = cli_results_probe(&results, &error);
    cli_progress_phase(e->quiet, "finding starts, first steps");
    if (!status && cli_checkpoint_used(&e->checkpoint)) {
        status = work(plan, e, &error);
        sharded = !status && cli_checkpoint_sharded(&e->checkpoint);
    }
    for (int k = 0; k < COLUMNS && !status && !sharded; k++)
        status = fill(&columns[k], (enum column)k, plan, &e->checkpoint, &error);
    if (!status && !sharded) status = write_tables(columns, &plan->base, e, &results, &error);
    cli_results_free(&results);
    cli_progress_end();
    if (!status && !sharded && !e->quiet) print_table(columns, &plan->base);
    for (int k = 0; k < COLUMNS; k++) {
        free(columns[k].value);
        free(columns[k].defined);
    }
    return status ? cli_fail(&error) : 0;
}

enum lyap_status cli_compare_gather(const struct lyap_spectrum_plan *asked, struct cli_gather *to,
                                    struct lyap_error *error) {
    enum lyap_status status = LYAP_OK;
    to->results->digest = 0; /* the manifest has none */
    for (int k = 0; k < COLUMNS && !status; k++) {
        const struct lyap_spectrum_plan plan = plan_of((enum column)k, asked);
        to->column = names[k];
        status = k <= STEP64 ? cli_gather_ensemble(to, &plan.base, error) : cli_gather_spectrum(to, &plan, error);
    }
    return status;
}
