/* Training data: generated (XOR, noisy parity) or read from CSV. */
#include "lyapgrad/dataset.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "csv.h"
#include "lyapgrad/random.h"
#include "memory.h"
#include "number.h"
#include "words.h"

#define GENERATORS "xor and xor-noisy:BITS,SAMPLES,SIGMA"

enum { MAX_BITS = 20 };
static const uint64_t max_samples = UINT64_C(1) << 31;
static const double max_sigma = 1e300; /* times a normal draw, still finite */

static bool product_fits(size_t rows, size_t columns) {
    return columns == 0 || rows <= SIZE_MAX / 8 / columns;
}

static enum lyap_status allocate(struct lyap_dataset *data, size_t samples, size_t inputs, size_t outputs,
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

/* Writes the bits of `pattern`, most significant first; returns their parity. */
static double write_bits(double *x, int bits, uint64_t pattern) {
    int parity = 0;
    for (int i = 0; i < bits; i++) {
        int bit = (int)(pattern >> (bits - 1 - i)) & 1;
        x[i] = bit;
        parity ^= bit;
    }
    return parity;
}

enum lyap_status lyap_dataset_xor(struct lyap_dataset *data, struct lyap_error *error) {
    enum lyap_status status = allocate(data, 4, 2, 1, error);
    if (status != LYAP_OK) return status;
    for (size_t s = 0; s < 4; s++) data->y[s] = write_bits(data->x + 2 * s, 2, s);
    return LYAP_OK;
}

enum lyap_status lyap_dataset_xor_noisy(struct lyap_dataset *data, int bits, size_t samples, double sigma,
                                        uint64_t seed, struct lyap_error *error) {
    memset(data, 0, sizeof *data);
    if (bits < 1 || bits > MAX_BITS) {
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "xor-noisy: %d bits; allowed are 1 to %d", bits, MAX_BITS);
    }
    if (samples < 1 || samples > max_samples) {
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "xor-noisy: %zu samples; allowed are 1 to %llu", samples,
                         (unsigned long long)max_samples);
    }
    if (!(sigma >= 0 && sigma <= max_sigma)) {
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "xor-noisy: sigma %g; allowed are 0 to %g", sigma, max_sigma);
    }
    enum lyap_status status = allocate(data, samples, (size_t)bits, 1, error);
    if (status != LYAP_OK) return status;
    for (size_t s = 0; s < samples; s++) {
        double *x = data->x + s * (size_t)bits;
        double noise[MAX_BITS];
        lyap_random_normal(seed, LYAP_STREAM_DATA, s, 0, (size_t)bits, noise);
        data->y[s] = write_bits(x, bits, s); /* uses the low `bits` bits of s */
        for (int i = 0; i < bits; i++) x[i] += sigma * noise[i];
    }
    return LYAP_OK;
}

enum lyap_status lyap_dataset_csv(struct lyap_dataset *data, const char *path, size_t targets,
                                  struct lyap_error *error) {
    memset(data, 0, sizeof *data);
    if (targets < 1)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "%.200s: 0 target columns; at least 1 is needed", path);
    struct lyap_table table;
    enum lyap_status status = lyap_csv_read(&table, path, error);
    if (status != LYAP_OK) return status;
    if (table.columns <= targets) {
        status = lyap_fail(error, LYAP_ERROR_FILE,
                           "%.200s: %zu columns; %zu targets behind at least 1 input need %zu or more", path,
                           table.columns, targets, targets + 1);
    } else {
        status = allocate(data, table.rows, table.columns - targets, targets, error);
    }
    for (size_t s = 0; status == LYAP_OK && s < table.rows; s++) {
        const double *row = table.values + s * table.columns;
        memcpy(data->x + s * data->inputs, row, data->inputs * sizeof *row);
        memcpy(data->y + s * targets, row + data->inputs, targets * sizeof *row);
    }
    lyap_table_free(&table);
    return status;
}

/* Copies the text up to `end`, at most size-1 characters of it. False if it does not fit. */
static bool copy_part(char *part, size_t size, const char *text, size_t length) {
    if (length >= size) return false;
    memcpy(part, text, length);
    part[length] = '\0';
    return true;
}

/* "BITS,SAMPLES,SIGMA", all three given. */
static enum lyap_status parse_noisy(struct lyap_dataset *data, const char *text, const char *settings, uint64_t seed,
                                    struct lyap_error *error) {
    char part[2][24];
    uint64_t bits, samples;
    double sigma;
    size_t first = strcspn(settings, ",");
    const char *second = settings[first] == ',' ? settings + first + 1 : "";
    size_t length = strcspn(second, ",");
    const char *third = second[length] == ',' ? second + length + 1 : "";
    if (!copy_part(part[0], sizeof part[0], settings, first) || !lyap_number_count(part[0], MAX_BITS, &bits) ||
        bits == 0 || !copy_part(part[1], sizeof part[1], second, length) ||
        !lyap_number_count(part[1], max_samples, &samples) || samples == 0 ||
        lyap_number_real(third, &sigma) != LYAP_NUMBER_OK || !(sigma >= 0 && sigma <= max_sigma)) {
        return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                         "data '%.60s' is malformed: give xor-noisy:BITS,SAMPLES,SIGMA with BITS 1 to %d, SAMPLES 1 to "
                         "%llu, SIGMA 0 or more, as in xor-noisy:3,1000,0.3",
                         text, MAX_BITS, (unsigned long long)max_samples);
    }
    return lyap_dataset_xor_noisy(data, (int)bits, (size_t)samples, sigma, seed, error);
}

static bool resembles_generator(const char *text) {
    size_t length = strcspn(text, ":");
    return length >= 2 && length < 16 &&
           (lyap_edit_distance(text, length, "xor") <= 1 || lyap_edit_distance(text, length, "xro") == 0 ||
            lyap_edit_distance(text, length, "xor-noisy") <= 3);
}

enum lyap_status lyap_dataset_parse(struct lyap_dataset *data, const char *text, size_t targets, uint64_t seed,
                                    struct lyap_error *error) {
    static const char noisy[] = "xor-noisy:";
    memset(data, 0, sizeof *data);
    bool is_xor = strcmp(text, "xor") == 0;
    bool is_noisy = strncmp(text, noisy, sizeof noisy - 1) == 0;
    if ((is_xor || is_noisy) && targets != 1) {
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "data '%.60s' has 1 target, not %zu", text, targets);
    }
    if (is_xor) return lyap_dataset_xor(data, error);
    if (is_noisy) return parse_noisy(data, text, text + sizeof noisy - 1, seed, error);
    if (*text == '\0') {
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "data '' is empty: give a CSV file or one of " GENERATORS);
    }
    struct stat info;
    if (stat(text, &info) != 0 && resembles_generator(text)) {
        return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                         "data '%.60s' is no file and no generator: the generators are " GENERATORS, text);
    }
    return lyap_dataset_csv(data, text, targets, error);
}
