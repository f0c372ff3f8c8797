/* Training data: their memory. */
#include "data/dataset.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

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
