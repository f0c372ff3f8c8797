/* Training data: their memory, and reading them from files. */
#include "data/dataset.h"

#include <stdlib.h>
#include <string.h>

#include "io/csv.h"
#include "base/memory.h"
#include "io/table_read.h"

static const uint64_t max_samples = UINT64_C(1) << 31;
static const double max_sigma = 1e300; /* times a normal draw, still finite */

static bool product_fits(size_t rows, size_t columns) {
    return columns == 0 || rows <= SIZE_MAX / 8 / columns;
}

enum lyap_status lyap_dataset_allocate(struct lyap_dataset *data, size_t samples, size_t inputs, size_t outputs,
                                       struct lyap_error *error) {
    memset(data, 0, sizeof *data);
    /* Twice: a run works on a copy in its own precision. */
    double bytes = 2.0 * sizeof(double) * (double)samples * ((double)inputs + (double)outputs);
    if (product_fits(samples, inputs) && product_fits(samples, outputs) && lyap_memory_fits(bytes)) {
        data->x = malloc(samples * inputs * sizeof *data->x);
        data->y = malloc(samples * outputs * sizeof *data->y);
    }
    if (data->x == NULL || data->y == NULL) {
        lyap_dataset_free(data);
        return lyap_fail(error, LYAP_ERROR_MEMORY,
                         "out of memory for a data set of %zu samples, %zu inputs, %zu targets", samples, inputs,
                         outputs);
    }
    data->samples = samples;
    data->inputs = inputs;
    data->outputs = outputs;
    return LYAP_OK;
}

void lyap_dataset_free(struct lyap_dataset *data) {
    free(data->x);
    free(data->y);
    memset(data, 0, sizeof *data);
}

enum lyap_status lyap_dataset_check(const char *name, size_t samples, const char *what, double sigma,
                                    struct lyap_error *error) {
    if (samples < 1 || samples > max_samples)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "%s: %zu samples; allowed are 1 to %llu", name, samples,
                         (unsigned long long)max_samples);
    if (!(sigma >= 0 && sigma <= max_sigma))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "%s: %s %g; allowed are 0 to %g", name, what, sigma, max_sigma);
    return LYAP_OK;
}

/* Bytes are the grey levels of images: 0 .. 255 become 0 .. 1. */
static void copy_inputs(double *to, const double *from, size_t count, bool bytes) {
    for (size_t i = 0; i < count; i++) to[i] = bytes ? from[i] / 255 : from[i];
}

/* The last `targets` columns of the table are the targets. */
static enum lyap_status from_columns(struct lyap_dataset *data, const struct lyap_table *table, const char *path,
                                     size_t targets, struct lyap_error *error) {
    if (table->dimensions > 2)
        return lyap_fail(error, LYAP_ERROR_FILE,
                         "%.200s: an array of %d dimensions has no target columns; the targets (labels) come from a "
                         "file of their own",
                         path, table->dimensions);
    if (table->columns <= targets)
        return lyap_fail(error, LYAP_ERROR_FILE,
                         "%.200s: %zu columns; %zu targets behind at least 1 input need %zu or more", path,
                         table->columns, targets, targets + 1);
    enum lyap_status status = lyap_dataset_allocate(data, table->rows, table->columns - targets, targets, error);
    for (size_t s = 0; status == LYAP_OK && s < table->rows; s++) {
        const double *row = table->values + s * table->columns;
        copy_inputs(data->x + s * data->inputs, row, data->inputs, table->bytes);
        memcpy(data->y + s * targets, row + data->inputs, targets * sizeof *row);
    }
    return status;
}

/* All columns of `table` are inputs, all of `labels` targets. */
static enum lyap_status from_pair(struct lyap_dataset *data, struct lyap_table *table, const char *path,
                                  struct lyap_table *labels, const char *labels_path, struct lyap_error *error) {
    if (labels->rows != table->rows)
        return lyap_fail(error, LYAP_ERROR_FILE, "%.150s: %zu labels, but %.150s has %zu samples", labels_path,
                         labels->rows, path, table->rows);
    copy_inputs(table->values, table->values, table->rows * table->columns, table->bytes);
    *data = (struct lyap_dataset){.samples = table->rows,
                                  .inputs = table->columns,
                                  .outputs = labels->columns,
                                  .x = table->values,
                                  .y = labels->values};
    table->values = labels->values = NULL;
    return LYAP_OK;
}

static enum lyap_status need_targets(const char *path, size_t targets, struct lyap_error *error) {
    if (targets > 0) return LYAP_OK;
    return lyap_fail(error, LYAP_ERROR_ARGUMENT, "%.200s: 0 target columns; at least 1 is needed", path);
}

enum lyap_status lyap_dataset_csv(struct lyap_dataset *data, const char *path, size_t targets,
                                  struct lyap_error *error) {
    struct lyap_table table = {0};
    memset(data, 0, sizeof *data);
    enum lyap_status status = need_targets(path, targets, error);
    if (!status) status = lyap_csv_read(&table, path, error);
    if (!status) status = from_columns(data, &table, path, targets, error);
    lyap_table_free(&table);
    return status;
}

enum lyap_status lyap_dataset_read(struct lyap_dataset *data, const char *path, const char *labels_path, size_t targets,
                                   struct lyap_error *error) {
    struct lyap_table table = {0}, labels = {0};
    memset(data, 0, sizeof *data);
    enum lyap_status status = labels_path ? LYAP_OK : need_targets(path, targets, error);
    if (!status) status = lyap_table_read(&table, path, error);
    if (!status && labels_path) status = lyap_table_read(&labels, labels_path, error);
    if (!status && labels_path) status = from_pair(data, &table, path, &labels, labels_path, error);
    if (!status && !labels_path) status = from_columns(data, &table, path, targets, error);
    lyap_table_free(&table);
    lyap_table_free(&labels);
    return status;
}
