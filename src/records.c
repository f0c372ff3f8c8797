#include "records.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../simd/kernels.h"
#include "csv.h"
#include "lyapgrad/estimator.h"
#include "memory.h"
#include "output.h"

/* ",number", or "," alone for what is undefined. */
static void put(FILE *file, bool defined, double value) {
    char text[32];
    putc(',', file);
    if (defined) fputs(lyap_format_real(value, text), file);
}

void lyap_write_cells_header(FILE *file, const struct lyap_swept *swept) {
    fputs("cell,lr,initial_loss,final_loss,lambda_kw,lambda_step,escape_epoch,status", file);
    if (swept && strcmp(swept->name, "lr") != 0) fprintf(file, ",%s", swept->name);
    putc('\n', file);
}

void lyap_write_cell(FILE *file, const struct lyap_record *r, const struct lyap_swept *swept) {
    fprintf(file, "%llu", (unsigned long long)r->cell);
    put(file, true, r->lr);
    put(file, r->losses > 0, r->initial_loss);
    put(file, r->losses > 0, r->final_loss);
    put(file, r->terms > 0, r->lambda_kw);
    put(file, r->terms > 0, r->lambda_step);
    if (r->event_epoch >= 0)
        fprintf(file, ",%lld", (long long)r->event_epoch);
    else
        putc(',', file);
    fprintf(file, ",%s", lyap_outcome_name(r->outcome));
    if (swept && strcmp(swept->name, "lr") != 0) put(file, true, swept->values[r->value]);
    putc('\n', file);
}

void lyap_write_series_header(FILE *file) {
    fputs("cell,epoch,distance,lambda_step,loss\n", file);
}

void lyap_write_series(FILE *file, const struct lyap_chunk *chunk, double *step) {
    for (size_t c = 0; c < chunk->count; c++) {
        const struct lyap_record *r = &chunk->records[c];
        const double *distance = chunk->distance + c * chunk->stride, *loss = chunk->loss + c * chunk->stride;
        lyap_step_exponents(distance, r->length, step);
        for (uint32_t t = 0; t < r->length || t < r->losses; t++) {
            fprintf(file, "%llu,%lu", (unsigned long long)r->cell, (unsigned long)t);
            put(file, t < r->length, t < r->length ? distance[t] : 0);
            put(file, t > 0 && t < r->length, t < r->length ? step[t] : 0);
            put(file, t < r->losses, t < r->losses ? loss[t] : 0);
            putc('\n', file);
        }
    }
}

void lyap_write_sweep_header(FILE *file, const struct lyap_swept *swept) {
    fprintf(file,
            "%s,cells,measured,lambda_kw_q25,lambda_kw_median,lambda_kw_q75,lambda_step_q25,lambda_step_median,"
            "lambda_step_q75,share_positive,share_dead,share_diverged\n",
            swept->name);
}

void lyap_write_sweep(FILE *file, double value, struct lyap_tally *tally) {
    char text[32];
    bool any = tally->measured > 0;
    double cells = (double)tally->cells;
    fprintf(file, "%s,%llu,%llu", lyap_format_real(value, text), (unsigned long long)tally->cells,
            (unsigned long long)tally->measured);
    for (int q = 1; q <= 3; q++) put(file, any, lyap_quantiles_at(&tally->lambda_kw, 0.25 * q));
    for (int q = 1; q <= 3; q++) put(file, any, lyap_quantiles_at(&tally->lambda_step, 0.25 * q));
    put(file, true, (double)tally->positive / cells);
    put(file, true, (double)tally->outcomes[LYAP_DEAD] / cells);
    put(file, true, (double)lyap_tally_diverged(tally) / cells);
    putc('\n', file);
}

/* Text could not restore a weight that left the finite numbers, and nothing could be learnt from it. */
static enum lyap_status check_finite(const double *w, size_t parameters, uint64_t cell, size_t trajectory,
                                     enum lyap_precision precision, struct lyap_error *error) {
    for (size_t p = 0; p < parameters; p++)
        if (!isfinite(w[p]))
            return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                             "initial weights: w%zu of cell %llu, trajectory %zu, is beyond %s; narrow their "
                             "distribution or lower the perturbation",
                             p, (unsigned long long)cell, trajectory, lyap_precision_name(precision));
    return LYAP_OK;
}

enum lyap_status lyap_write_initial(FILE *file, const struct lyap_plan *plan, struct lyap_error *error) {
    size_t parameters = lyap_network_parameters(plan->network), trajectories = (size_t)plan->neighbours + 1;
    uint64_t cells = plan->starts * plan->values;
    const size_t some = 1 << 22; /* weights at a time: 32 MB */
    if (parameters > SIZE_MAX / sizeof(double) / LYAP_BLOCK / trajectories)
        return lyap_fail(error, LYAP_ERROR_MEMORY, "starting points of %zu parameters: too many", parameters);
    size_t batch = some / (trajectories * parameters) / LYAP_BLOCK * LYAP_BLOCK;
    if (batch < LYAP_BLOCK) batch = LYAP_BLOCK;
    size_t bytes = batch * trajectories * parameters * sizeof(double);
    double *w = lyap_memory_fits(2.0 * (double)bytes) ? malloc(bytes) : NULL; /* twice: the engine has them too */
    if (!w) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the starting points");
    fputs("cell,trajectory", file);
    for (size_t p = 0; p < parameters; p++) fprintf(file, ",w%zu", p);
    putc('\n', file);
    enum lyap_status status = LYAP_OK;
    for (uint64_t first = 0; first < cells && !status && !ferror(file); first += batch) {
        size_t count = cells - first < batch ? (size_t)(cells - first) : batch;
        if (plan->progress && !plan->progress(0, cells, plan->progress_context))
            status = lyap_fail(error, LYAP_ERROR_INTERRUPTED, "interrupted");
        if (!status) status = lyap_ensemble_initial(plan, first, count, w, error);
        for (size_t row = 0; row < count * trajectories && !status; row++) {
            const double *weights = w + row * parameters;
            uint64_t cell = first + row / trajectories;
            status = check_finite(weights, parameters, cell, row % trajectories, plan->precision, error);
            fprintf(file, "%llu,%zu", (unsigned long long)cell, row % trajectories);
            for (size_t p = 0; p < parameters && !status; p++) put(file, true, weights[p]);
            putc('\n', file);
        }
    }
    free(w);
    return status;
}

/* Drops the rows that are no parents and the two leading columns of a file that lyap_write_initial made. */
static void keep_parents(struct lyap_table *table, size_t parameters) {
    size_t kept = 0;
    for (size_t row = 0; row < table->rows; row++) {
        const double *from = table->values + row * table->columns;
        if (from[1] != 0) continue;
        memmove(table->values + kept * parameters, from + 2, parameters * sizeof *from);
        kept++;
    }
    table->rows = kept;
}

enum lyap_status lyap_read_weights(const char *path, const struct lyap_network *net, double **weights, uint64_t *starts,
                                   struct lyap_error *error) {
    struct lyap_table table;
    size_t parameters = lyap_network_parameters(net);
    char shape[64];
    *weights = NULL;
    *starts = 0;
    enum lyap_status status = lyap_csv_read(&table, path, error);
    if (status) return status;
    bool ours = table.names && table.columns > 2 && strcmp(table.names[0], "cell") == 0 &&
                strcmp(table.names[1], "trajectory") == 0;
    if (table.columns != parameters + (ours ? 2 : 0)) {
        status =
            lyap_fail(error, LYAP_ERROR_FILE, "%.200s: %zu columns; network %.60s has %zu parameters, one a column%s",
                      path, table.columns, lyap_network_shape(net, shape, sizeof shape), parameters,
                      ours ? " behind cell and trajectory" : "");
    } else if (ours) {
        keep_parents(&table, parameters);
        if (table.rows == 0)
            status = lyap_fail(error, LYAP_ERROR_FILE, "%.200s: no row has trajectory 0, a parent", path);
    }
    if (!status) {
        *weights = table.values;
        *starts = table.rows;
        table.values = NULL;
    }
    lyap_table_free(&table);
    return status;
}
