/* Starting points to and from files. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/npy.h"
#include "results/cells_table.h"
#include "io/table_read.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/network.h"
#include "lyapgrad/precision.h"
#include "lyapgrad/status.h"

/* No file could restore a weight that left the finite numbers, and nothing could be learnt from it. */
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

struct weights_row {
    uint64_t cell;
    size_t trajectory;
    const double *w; /* [parameters] */
};
LYAP_COLUMN(cell_of, struct weights_row, lyap_count_value(r->cell))
LYAP_COLUMN(trajectory_of, struct weights_row, lyap_count_value(r->trajectory))
LYAP_COLUMN(weight_of, struct weights_row, lyap_any_value(r->w[k]))

static const struct lyap_column place_columns[] = {
    {"cell", NULL, "number of the experiment", LYAP_COLUMN_COUNT, cell_of, NULL},
    {"trajectory", NULL, "0 for the parent, then its neighbours", LYAP_COLUMN_COUNT, trajectory_of, NULL},
};
static const struct lyap_column weight_column[] = {
    {"w%zu", NULL, "weight or bias, in the order of lyapgrad/network.h", LYAP_COLUMN_REAL, weight_of, NULL},
};
const struct lyap_schema lyap_weights_schema = {
    "the file that --save-initial or --save-weights names",
    "a trajectory's weights",
    {LYAP_GROUP(place_columns), LYAP_GROUP(weight_column)},
};

/* Writes one trajectory's weights. */
typedef void row_writer(FILE *file, const double *w, size_t parameters, uint64_t cell, size_t trajectory,
                        enum lyap_precision precision);

static void write_csv_row(FILE *file, const double *w, size_t parameters, uint64_t cell, size_t trajectory,
                          enum lyap_precision precision) {
    const struct lyap_repeat repeat[] = {{.times = 1}, {.times = parameters}};
    const struct weights_row row = {cell, trajectory, w};
    (void)precision;
    lyap_schema_row(file, &lyap_weights_schema, repeat, &row);
}

static enum lyap_npy_type npy_type(enum lyap_precision precision) {
    return precision == LYAP_FLOAT32 ? LYAP_NPY_F4 : LYAP_NPY_F8;
}

static void write_npy_row(FILE *file, const double *w, size_t parameters, uint64_t cell, size_t trajectory,
                          enum lyap_precision precision) {
    (void)cell;
    (void)trajectory;
    lyap_npy_write_values(file, npy_type(precision), w, parameters);
}

/* Cells that the engine draws side by side: whole groups of them leaves no lane idle. */
enum { DRAWN_TOGETHER = 16 };

/* Draws the cells some at a time. */
static enum lyap_status write_rows(FILE *file, const struct lyap_plan *plan, row_writer *write,
                                   struct lyap_error *error) {
    size_t parameters = lyap_network_parameters(plan->network), trajectories = (size_t)plan->neighbours + 1;
    uint64_t cells = plan->starts * plan->values;
    const size_t some = 1 << 22; /* weights at a time: 32 MB */
    if (parameters > SIZE_MAX / sizeof(double) / DRAWN_TOGETHER / trajectories)
        return lyap_fail(error, LYAP_ERROR_MEMORY, "starting points of %zu parameters: too many", parameters);
    size_t at_once = some / (trajectories * parameters) / DRAWN_TOGETHER * DRAWN_TOGETHER;
    if (at_once < DRAWN_TOGETHER) at_once = DRAWN_TOGETHER;
    size_t bytes = at_once * trajectories * parameters * sizeof(double);
    double *w = lyap_memory_fits(2.0 * (double)bytes) ? malloc(bytes) : NULL; /* twice: the engine has them too */
    if (!w) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the starting points");
    enum lyap_status status = LYAP_OK;
    for (uint64_t first = 0; first < cells && !status && !ferror(file); first += at_once) {
        size_t count = cells - first < at_once ? (size_t)(cells - first) : at_once;
        if (plan->progress && !plan->progress(0, cells, plan->progress_context))
            status = lyap_fail(error, LYAP_ERROR_INTERRUPTED, "interrupted");
        if (!status) status = lyap_ensemble_initial(plan, first, count, w, error);
        for (size_t row = 0; row < count * trajectories && !status; row++) {
            const double *weights = w + row * parameters;
            uint64_t cell = first + row / trajectories;
            status = check_finite(weights, parameters, cell, row % trajectories, plan->precision, error);
            if (!status) write(file, weights, parameters, cell, row % trajectories, plan->precision);
        }
    }
    free(w);
    return status;
}

static void write_csv_header(FILE *file, size_t parameters) {
    const struct lyap_repeat repeat[] = {{.times = 1}, {.times = parameters}};
    lyap_schema_head(file, &lyap_weights_schema, repeat);
}

void lyap_write_weights_header(FILE *file, const struct lyap_plan *plan, bool npy) {
    const size_t sizes[] = {(size_t)(plan->starts * plan->values), lyap_network_parameters(plan->network)};
    if (npy)
        lyap_npy_write_header(file, npy_type(plan->precision), sizes, 2);
    else
        write_csv_header(file, sizes[1]);
}

void lyap_write_weights(FILE *file, const struct lyap_chunk *chunk, enum lyap_precision precision, bool npy) {
    row_writer *write = npy ? write_npy_row : write_csv_row;
    for (size_t i = 0; i < chunk->count; i++)
        write(file, chunk->weights + i * chunk->parameters, chunk->parameters, chunk->first_cell + i, 0, precision);
}

enum lyap_status lyap_write_initial(FILE *file, const struct lyap_plan *plan, struct lyap_error *error) {
    write_csv_header(file, lyap_network_parameters(plan->network));
    return write_rows(file, plan, write_csv_row, error);
}

enum lyap_status lyap_write_initial_npy(FILE *file, const struct lyap_plan *plan, struct lyap_error *error) {
    uint64_t cells = plan->starts * plan->values;
    if (cells > SIZE_MAX) return lyap_fail(error, LYAP_ERROR_MEMORY, "starting points: too many cells");
    const size_t sizes[] = {(size_t)cells, (size_t)plan->neighbours + 1, lyap_network_parameters(plan->network)};
    lyap_npy_write_header(file, npy_type(plan->precision), sizes, 3);
    return write_rows(file, plan, write_npy_row, error);
}

/* Keeps one row of `stride` rows, without its `skip` leading columns. */
static void keep_row(struct lyap_table *table, size_t *kept, size_t row, size_t skip) {
    size_t width = table->columns - skip;
    memmove(table->values + *kept * width, table->values + row * table->columns + skip, width * sizeof *table->values);
    ++*kept;
}

/* Drops the rows that are no parents and the two leading columns of a CSV file that lyap_write_initial made. */
static void keep_parents(struct lyap_table *table) {
    size_t kept = 0;
    for (size_t row = 0; row < table->rows; row++)
        if (table->values[row * table->columns + 1] == 0) keep_row(table, &kept, row, 2);
    table->rows = kept;
    table->columns -= 2;
}

/* Brings an array to one start a row: [parameters], [starts][parameters] or [cells][trajectories][parameters]. */
static enum lyap_status shape_array(struct lyap_table *table, const char *path, struct lyap_error *error) {
    if (table->dimensions == 1) {
        table->columns = table->rows;
        table->rows = 1;
    } else if (table->dimensions == 3) {
        size_t trajectories = table->second, kept = 0;
        table->columns /= trajectories;
        table->rows *= trajectories;
        for (size_t row = 0; row < table->rows; row += trajectories) keep_row(table, &kept, row, 0);
        table->rows = kept;
    } else if (table->dimensions != 2) {
        return lyap_fail(error, LYAP_ERROR_FILE,
                         "%.200s: an array of %d dimensions; expected [starts][parameters], [parameters] or "
                         "[cells][trajectories][parameters]",
                         path, table->dimensions);
    }
    return LYAP_OK;
}

/* Nothing about the columns is left to a guess. */
static enum lyap_status read_table(struct lyap_table *table, const char *path, struct lyap_error *error) {
    enum lyap_file_need need = LYAP_NEED_NOTHING;
    struct lyap_error inner = {0};
    const struct lyap_table_options options = {.need = &need};
    enum lyap_status status = lyap_table_read_with(table, path, &options, &inner);
    if (status)
        return lyap_fail(error, status, "%.400s%s", inner.message,
                         need == LYAP_NEED_HEADER ? "; call them w0, w1, ... or leave the line out" : "");
    if (table->form.row_names)
        return lyap_fail(error, LYAP_ERROR_FILE,
                         "%.200s: the first column has no name; call it w0, or leave it out if it names the rows",
                         path);
    return LYAP_OK;
}

enum lyap_status lyap_read_weights(const char *path, const struct lyap_network *net, double **weights, uint64_t *starts,
                                   struct lyap_error *error) {
    struct lyap_table table;
    size_t parameters = lyap_network_parameters(net);
    char shape[64];
    *weights = NULL;
    *starts = 0;
    enum lyap_status status = read_table(&table, path, error);
    if (!status) status = shape_array(&table, path, error);
    bool ours = !status && table.names && table.columns > 2 && strcmp(table.names[0], "cell") == 0 &&
                strcmp(table.names[1], "trajectory") == 0;
    if (!status && table.columns != parameters + (ours ? 2 : 0))
        status =
            lyap_fail(error, LYAP_ERROR_FILE, "%.200s: %zu columns; network %.60s has %zu parameters, one a column%s",
                      path, table.columns, lyap_network_shape(net, shape, sizeof shape), parameters,
                      ours ? " behind cell and trajectory" : "");
    size_t names = table.columns;
    if (!status && ours) {
        keep_parents(&table);
        if (table.rows == 0)
            status = lyap_fail(error, LYAP_ERROR_FILE, "%.200s: no row has trajectory 0, a parent", path);
    }
    if (!status) {
        *weights = table.values;
        *starts = table.rows;
        table.values = NULL;
    }
    table.columns = names; /* as many as there are names to free */
    lyap_table_free(&table);
    return status;
}
