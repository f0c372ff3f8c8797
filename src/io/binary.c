#include "io/binary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { BATCH = 8192 }; /* numbers at a time */

/* The bytes as an unsigned integer of their order. */
static uint64_t assemble(const unsigned char *bytes, const struct lyap_element *e) {
    uint64_t word = 0;
    for (int i = 0; i < e->size; i++) word = word << 8 | bytes[e->big_endian ? i : e->size - 1 - i];
    return word;
}

/* Two's complement of `size` bytes. */
static int64_t signed_value(uint64_t word, int size) {
    uint64_t sign = UINT64_C(1) << (8 * size - 1);
    return word & sign ? -(int64_t)(sign - (word & (sign - 1)) - 1) - 1 : (int64_t)word;
}

/* IEEE 754 binary16. */
static double half_value(uint64_t word) {
    const int exponent = (int)(word >> 10 & 31), fraction = (int)(word & 1023);
    const double sign = word >> 15 ? -1 : 1;
    if (exponent == 31) return fraction ? NAN : sign * INFINITY;
    return sign * (exponent ? ldexp(1024 + fraction, exponent - 25) : ldexp(fraction, -24));
}

static double value_of(const unsigned char *bytes, const struct lyap_element *e) {
    uint64_t word = assemble(bytes, e);
    if (e->kind == 'i') return (double)signed_value(word, e->size);
    if (e->kind != 'f') return (double)word;
    if (e->size == 2) return half_value(word);
    if (e->size == 4) {
        uint32_t bits = (uint32_t)word;
        float single;
        memcpy(&single, &bits, sizeof single);
        return (double)single;
    }
    double value;
    memcpy(&value, &word, sizeof value);
    return value;
}

/* The number of elements; 0 with an error for a size of 0 or a product that no memory could hold. */
static uint64_t count_elements(const struct lyap_source *source, const struct lyap_array *a, struct lyap_error *error) {
    uint64_t count = 1;
    for (int d = 0; d < a->dimensions; d++) {
        if (a->sizes[d] == 0) {
            lyap_source_fail(source, a->shape_at, error, "dimension %d of %d is 0: the array is empty", d + 1,
                             a->dimensions);
            return 0;
        }
        if (a->sizes[d] > SIZE_MAX / 16 / count) {
            lyap_source_fail(source, a->shape_at, error, "the product of the %d dimensions is beyond any memory",
                             a->dimensions);
            return 0;
        }
        count *= a->sizes[d];
    }
    return count;
}

static enum lyap_status check_size(const struct lyap_source *source, const struct lyap_array *a, uint64_t count,
                                   struct lyap_error *error) {
    uint64_t start = source->taken, bytes = count * (uint64_t)a->element.size, there = source->size - start;
    const unsigned long long promised = start + bytes, more = there - bytes;
    if (source->size != UINT64_MAX && there < bytes)
        return lyap_source_fail(source, source->size, error, "the file ends, but the header promises %llu bytes",
                                promised);
    if (source->size != UINT64_MAX && there > bytes)
        return lyap_source_fail(source, start + bytes, error,
                                "%llu byte%s more than the header says; the data end here", more, more == 1 ? "" : "s");
    if (!lyap_memory_fits(2.0 * sizeof(double) * (double)count))
        return lyap_fail(error, LYAP_ERROR_MEMORY, "%.200s: out of memory for %llu numbers", source->path,
                         (unsigned long long)count);
    return LYAP_OK;
}

/* Room for `wanted` numbers, growing by doubling where the file's size could not be compared with its header. */
static enum lyap_status reserve(struct lyap_table *table, size_t *room, size_t wanted, size_t total,
                                const struct lyap_source *source, struct lyap_error *error) {
    if (wanted <= *room) return LYAP_OK;
    size_t more = *room ? *room * 2 : source->size != UINT64_MAX ? total : (size_t)BATCH * 8;
    if (more < wanted) more = wanted;
    if (more > total) more = total;
    double *values = realloc(table->values, more * sizeof *values);
    if (!values)
        return lyap_fail(error, LYAP_ERROR_MEMORY, "%.200s: out of memory for %zu numbers", source->path, total);
    table->values = values;
    *room = more;
    return LYAP_OK;
}

static enum lyap_status convert(const struct lyap_source *source, const struct lyap_element *e, uint64_t offset,
                                const unsigned char *bytes, size_t count, double *values, struct lyap_error *error) {
    for (size_t i = 0; i < count; i++) {
        values[i] = value_of(bytes + i * (size_t)e->size, e);
        uint64_t at = offset + i * (uint64_t)e->size;
        if (!isfinite(values[i]))
            return lyap_source_fail(source, at, error, "%s; expected finite numbers",
                                    isnan(values[i]) ? "not a number (NaN)" : "an infinite number");
        if (e->kind == 'b' && values[i] > 1)
            return lyap_source_fail(source, at, error, "%g is no truth value; expected 0 or 1", values[i]);
    }
    return LYAP_OK;
}

static enum lyap_status read_elements(struct lyap_table *table, struct lyap_source *source, const struct lyap_array *a,
                                      size_t total, struct lyap_error *error) {
    unsigned char bytes[BATCH];
    size_t room = 0, size = (size_t)a->element.size;
    for (size_t done = 0; done < total;) {
        size_t count = total - done < BATCH / size ? total - done : BATCH / size;
        uint64_t offset = source->taken;
        enum lyap_status status = reserve(table, &room, done + count, total, source, error);
        if (status) return status;
        size_t got = lyap_source_read(source, bytes, count * size);
        if (got < count * size)
            return lyap_source_fail(source, source->taken, error,
                                    "the file ends, but the header promises %zu numbers of %zu bytes, and there are "
                                    "%zu",
                                    total, size, done + got / size);
        status = convert(source, &a->element, offset, bytes, count, table->values + done, error);
        if (status) return status;
        done += count;
    }
    uint64_t end = source->taken;
    if (lyap_source_byte(source) != EOF)
        return lyap_source_fail(source, end, error, "more bytes than the header says; the data end here");
    return source->failure.status ? lyap_source_fail(source, end, error, "cannot read") : LYAP_OK;
}

/* The next place of the dimensions behind the first, the last of them running fastest. `at` is its place where the first of them does. */
static void step(const struct lyap_array *a, size_t *index, size_t *at) {
    for (int d = a->dimensions - 1; d > 0; d--) {
        size_t stride = 1;
        for (int k = 1; k < d; k++) stride *= (size_t)a->sizes[k];
        *at += stride;
        if (++index[d] < a->sizes[d]) return;
        *at -= stride * index[d];
        index[d] = 0;
    }
}

enum { ROWS_AT_ONCE = 16 }; /* a cache line or two of one column */

/* Puts the first index, which runs fastest, to the front: column by column becomes row by row. */
static enum lyap_status transpose(struct lyap_table *table, const struct lyap_source *source,
                                  const struct lyap_array *a, size_t total, struct lyap_error *error) {
    const size_t rows = (size_t)a->sizes[0], columns = total / rows;
    double *values = malloc(total * sizeof *values);
    if (!values)
        return lyap_fail(error, LYAP_ERROR_MEMORY, "%.200s: out of memory for %zu numbers", source->path, total);
    for (size_t first = 0; first < rows; first += ROWS_AT_ONCE) {
        const size_t end = rows - first < ROWS_AT_ONCE ? rows : first + ROWS_AT_ONCE;
        size_t index[LYAP_MAX_DIMENSIONS] = {0}, at = 0;
        for (size_t c = 0; c < columns; c++, step(a, index, &at))
            for (size_t r = first; r < end; r++) values[r * columns + c] = table->values[at * rows + r];
    }
    free(table->values);
    table->values = values;
    return LYAP_OK;
}

enum lyap_status lyap_binary_read(struct lyap_table *table, struct lyap_source *source, const struct lyap_array *a,
                                  struct lyap_error *error) {
    uint64_t count = count_elements(source, a, error);
    if (count == 0) return LYAP_ERROR_FILE;
    enum lyap_status status = check_size(source, a, count, error);
    if (!status) status = read_elements(table, source, a, (size_t)count, error);
    if (!status && a->fortran && a->dimensions > 1) status = transpose(table, source, a, (size_t)count, error);
    table->rows = (size_t)a->sizes[0];
    table->columns = (size_t)(count / a->sizes[0]);
    table->dimensions = a->dimensions;
    table->second = a->dimensions > 1 ? (size_t)a->sizes[1] : 1;
    table->form.packed = source->packed != NULL;
    table->bytes = a->element.kind == 'u' && a->element.size == 1;
    return status;
}
