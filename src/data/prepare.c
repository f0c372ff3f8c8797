/* What is done to data before training: classes to columns, a choice of samples, held-out samples, standard units. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/dataset.h"
#include "lyapgrad/data_file.h"
#include "lyapgrad/network.h"
#include "lyapgrad/random.h"
#include "base/memory.h"

/* The class numbers are whole and below `limit`; *largest receives the largest. */
static enum lyap_status check_classes(const struct lyap_dataset *data, size_t limit, size_t *largest,
                                      struct lyap_error *error) {
    *largest = 0;
    for (size_t s = 0; s < data->samples; s++) {
        double y = data->y[s];
        if (!(y >= 0 && y < (double)limit && floor(y) == y))
            return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                             "one-hot: target %g of sample %zu (from 0) is no whole class number 0 .. %zu", y, s,
                             limit - 1);
        if ((size_t)y > *largest) *largest = (size_t)y;
    }
    return LYAP_OK;
}

enum lyap_status lyap_dataset_one_hot(struct lyap_dataset *data, size_t classes, struct lyap_error *error) {
    size_t largest;
    if (data->outputs != 1)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                         "one-hot: the data have %zu target columns; class numbers stand in one", data->outputs);
    if (classes == 1 || classes > LYAP_MAX_WIDTH)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "one-hot: %zu classes; allowed are 2 to %d", classes,
                         LYAP_MAX_WIDTH);
    enum lyap_status status = check_classes(data, classes ? classes : LYAP_MAX_WIDTH, &largest, error);
    if (status) return status;
    if (classes == 0 && largest == 0)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "one-hot: all targets are class 0; 2 classes or more are needed");
    size_t columns = classes ? classes : largest + 1;
    double *y = NULL;
    if (data->samples <= SIZE_MAX / sizeof *y / columns &&
        lyap_memory_fits(2.0 * sizeof *y * (double)data->samples * (double)columns))
        y = calloc(data->samples * columns, sizeof *y);
    if (!y)
        return lyap_fail(error, LYAP_ERROR_MEMORY, "one-hot: out of memory for %zu samples of %zu classes",
                         data->samples, columns);
    for (size_t s = 0; s < data->samples; s++) y[s * columns + (size_t)data->y[s]] = 1;
    free(data->y);
    data->y = y;
    data->outputs = columns;
    return LYAP_OK;
}

/* Selection sampling, one sample after the other: the state is what remains to be seen and to be chosen. */
struct selection {
    size_t remaining, wanted;
};

static bool is_chosen(struct selection *selection, uint64_t seed, uint64_t cell, uint64_t sample) {
    double u;
    lyap_random_uniform(seed, LYAP_STREAM_DATA, cell, sample, 1, &u);
    bool chosen = (double)selection->remaining * u < (double)selection->wanted;
    selection->remaining--;
    selection->wanted -= chosen;
    return chosen;
}

static void copy_sample(struct lyap_dataset *to, size_t t, const struct lyap_dataset *from, size_t s) {
    memmove(to->x + t * to->inputs, from->x + s * from->inputs, from->inputs * sizeof *from->x);
    memmove(to->y + t * to->outputs, from->y + s * from->outputs, from->outputs * sizeof *from->y);
}

/* Gives back the memory behind the samples that are left. */
static void shrink(struct lyap_dataset *data, size_t samples) {
    double *x = realloc(data->x, samples * data->inputs * sizeof *x);
    if (x) data->x = x;
    double *y = realloc(data->y, samples * data->outputs * sizeof *y);
    if (y) data->y = y;
    data->samples = samples;
}

enum lyap_status lyap_dataset_chosen(const struct lyap_dataset *data, size_t count, uint64_t seed, bool *kept,
                                     struct lyap_error *error) {
    if (count < 1 || count > data->samples)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "%zu samples to choose of %zu; allowed are 1 to %zu", count,
                         data->samples, data->samples);
    struct selection selection = {data->samples, count};
    for (size_t s = 0; s < data->samples; s++) kept[s] = is_chosen(&selection, seed, LYAP_DATA_CELL_CHOOSE, s);
    return LYAP_OK;
}

/* Room for one mark for each sample. */
static bool *new_marks(const struct lyap_dataset *data, const char *what, struct lyap_error *error) {
    bool *kept = calloc(data->samples ? data->samples : 1, sizeof *kept);
    if (!kept) lyap_fail(error, LYAP_ERROR_MEMORY, "%s: out of memory for %zu samples", what, data->samples);
    return kept;
}

enum lyap_status lyap_dataset_choose(struct lyap_dataset *data, size_t count, uint64_t seed, struct lyap_error *error) {
    bool *kept = new_marks(data, "samples", error);
    if (!kept) return LYAP_ERROR_MEMORY;
    enum lyap_status status = lyap_dataset_chosen(data, count, seed, kept, error);
    size_t there = 0;
    for (size_t s = 0; s < data->samples && !status; s++)
        if (kept[s]) copy_sample(data, there++, data, s);
    if (!status) shrink(data, count);
    free(kept);
    return status;
}

enum lyap_status lyap_dataset_split(struct lyap_dataset *train, struct lyap_dataset *test, double fraction,
                                    uint64_t seed, struct lyap_error *error) {
    memset(test, 0, sizeof *test);
    bool *kept = new_marks(train, "split", error);
    if (!kept) return LYAP_ERROR_MEMORY;
    size_t there = 0;
    enum lyap_status status = lyap_dataset_divided(train, fraction, seed, kept, error);
    for (size_t s = 0; s < train->samples && !status; s++) there += kept[s];
    if (!status) status = lyap_dataset_allocate(test, train->samples - there, train->inputs, train->outputs, error);
    if (!status) {
        size_t done = 0;
        for (size_t s = 0; s < train->samples; s++)
            if (kept[s])
                copy_sample(train, done++, train, s);
            else
                copy_sample(test, s - done, train, s);
        shrink(train, there);
    }
    free(kept);
    return status;
}

/* Mean and deviation of a column, with its range; a constant column has its value as the mean and the deviation 1. */
struct column {
    double mean, deviation, low, high;
};

static void widen(const struct lyap_dataset *data, size_t i, struct column *column) {
    for (size_t s = 0; s < data->samples; s++) {
        double x = data->x[s * data->inputs + i];
        if (x < column->low) column->low = x;
        if (x > column->high) column->high = x;
    }
}

/* The squares are of deviations divided by the largest one, which neither overflow nor vanish. */
static struct column describe(const struct lyap_dataset *data, size_t i) {
    double first = data->x[i], n = (double)data->samples, sum = 0, squares = 0;
    struct column column = {first, 1, first, first};
    widen(data, i, &column);
    if (column.low == column.high) return column;
    for (size_t s = 0; s < data->samples; s++) sum += data->x[s * data->inputs + i];
    column.mean = sum / n;
    double scale = fmax(column.high - column.mean, column.mean - column.low);
    for (size_t s = 0; s < data->samples; s++) {
        double z = (data->x[s * data->inputs + i] - column.mean) / scale;
        squares = fma(z, z, squares);
    }
    column.deviation = scale * sqrt(squares / n);
    return column;
}

static void apply(struct lyap_dataset *data, size_t i, const struct column *column) {
    for (size_t s = 0; s < data->samples; s++) {
        double *x = &data->x[s * data->inputs + i];
        *x = (*x - column->mean) / column->deviation;
    }
}

/* [inputs], for the caller to free; NULL with the reason in *failed. */
static struct column *find_moments(const struct lyap_dataset *train, const struct lyap_dataset *test,
                                   enum lyap_status *failed, struct lyap_error *error) {
    struct column *columns = calloc(train->inputs ? train->inputs : 1, sizeof *columns);
    enum lyap_status status = LYAP_OK;
    if (!columns) {
        *failed = lyap_fail(error, LYAP_ERROR_MEMORY, "standardise: out of memory");
        return NULL;
    }
    if (test && test->samples && test->inputs != train->inputs)
        status = lyap_fail(error, LYAP_ERROR_ARGUMENT, "standardise: %zu inputs held out, %zu in training",
                           test->inputs, train->inputs);
    for (size_t i = 0; i < train->inputs && !status; i++) {
        columns[i] = describe(train, i);
        if (test) widen(test, i, &columns[i]);
        /* The map is monotone: its results are finite when those of both ends are. */
        double low = (columns[i].low - columns[i].mean) / columns[i].deviation,
               high = (columns[i].high - columns[i].mean) / columns[i].deviation;
        if (!(columns[i].deviation >= DBL_MIN) || !isfinite(low) || !isfinite(high))
            status = lyap_fail(error, LYAP_ERROR_ARGUMENT,
                               "standardise: input column %zu (from 0): its mean, deviation or result is beyond double "
                               "precision",
                               i);
    }
    *failed = status;
    if (!status) return columns;
    free(columns);
    return NULL;
}

enum lyap_status lyap_dataset_moments(const struct lyap_dataset *train, const struct lyap_dataset *test, double *mean,
                                      double *deviation, struct lyap_error *error) {
    enum lyap_status status;
    struct column *columns = find_moments(train, test, &status, error);
    for (size_t i = 0; i < train->inputs && columns; i++) {
        mean[i] = columns[i].mean;
        deviation[i] = columns[i].deviation;
    }
    free(columns);
    return status;
}

enum lyap_status lyap_dataset_standardise(struct lyap_dataset *train, struct lyap_dataset *test,
                                          struct lyap_error *error) {
    enum lyap_status status;
    struct column *columns = find_moments(train, test, &status, error);
    for (size_t i = 0; i < train->inputs && columns; i++) {
        apply(train, i, &columns[i]);
        if (test) apply(test, i, &columns[i]);
    }
    free(columns);
    return status;
}
