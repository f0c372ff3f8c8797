/* What in a data set may not have been meant. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lyapgrad/data_file.h"

/* Sums of one input. */
struct sums {
    double mean, squares;
    bool counts;
};

/* Two passes over the rows, as they lie in memory. */
static void add_up(const struct lyap_dataset *data, struct sums *sums) {
    const double n = (double)data->samples;
    for (size_t i = 0; i < data->inputs; i++) sums[i] = (struct sums){.counts = data->samples > 2 && data->inputs > 1};
    for (size_t s = 0; s < data->samples; s++)
        for (size_t i = 0; i < data->inputs; i++) {
            const double x = data->x[s * data->inputs + i], first = data->x[i];
            sums[i].mean += x / n;
            sums[i].counts = sums[i].counts && (first == 0 || first == 1) && x == first + (double)s;
        }
    for (size_t s = 0; s < data->samples; s++)
        for (size_t i = 0; i < data->inputs; i++) {
            const double d = data->x[s * data->inputs + i] - sums[i].mean;
            sums[i].squares += d * d;
        }
}

static void compare_inputs(const struct lyap_dataset *data, const struct sums *sums, struct lyap_data_notes *notes) {
    double low = INFINITY, high = 0;
    notes->counting = data->inputs;
    for (size_t i = 0; i < data->inputs; i++) {
        bool varies = false;
        for (size_t s = 1; s < data->samples && !varies; s++) varies = data->x[s * data->inputs + i] != data->x[i];
        if (sums[i].counts && notes->counting == data->inputs) notes->counting = i;
        const double deviation = sqrt(sums[i].squares / (double)data->samples);
        if (!varies || !(deviation > 0)) continue;
        if (deviation < low) low = deviation, notes->smallest = i;
        if (deviation > high) high = deviation, notes->largest = i;
    }
    notes->scale = high > 0 && low < high ? high / low : 1;
}

/* The place of a value in the ascending list, where it is added; false when there is no room for another. */
static bool add_value(struct lyap_data_notes *notes, double value) {
    size_t at = 0;
    while (at < notes->values && notes->value[at] < value) at++;
    if (at == notes->values || notes->value[at] > value) {
        if (notes->values == LYAP_MOST_NOTED_VALUES) return false;
        memmove(notes->value + at + 1, notes->value + at, (notes->values - at) * sizeof *notes->value);
        memmove(notes->samples + at + 1, notes->samples + at, (notes->values - at) * sizeof *notes->samples);
        notes->value[at] = value;
        notes->samples[at] = 0;
        notes->values++;
    }
    notes->samples[at]++;
    return true;
}

static void list_targets(const struct lyap_dataset *data, struct lyap_data_notes *notes) {
    bool few = data->outputs == 1;
    for (size_t s = 0; s < data->samples && few; s++)
        few = floor(data->y[s]) == data->y[s] && add_value(notes, data->y[s]);
    if (!few || 3 * notes->values > data->samples) {
        notes->values = 0;
        return;
    }
    const double low = notes->value[0], high = notes->value[notes->values - 1];
    notes->class_numbers = notes->values > 2 || (notes->values == 2 && !(high == 1 && (low == 0 || low == -1)));
}

enum lyap_status lyap_dataset_inspect(const struct lyap_dataset *data, struct lyap_data_notes *notes,
                                      struct lyap_error *error) {
    struct sums *sums = calloc(data->inputs ? data->inputs : 1, sizeof *sums);
    memset(notes, 0, sizeof *notes);
    if (!sums) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu inputs", data->inputs);
    add_up(data, sums);
    compare_inputs(data, sums, notes);
    list_targets(data, notes);
    free(sums);
    return LYAP_OK;
}
