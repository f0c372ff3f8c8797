#include "io/npy.h"

#include <stdlib.h>
#include <string.h>

#include "io/binary.h"

enum { MAX_HEADER = 1 << 20 }; /* bytes; NumPy writes some 118 */

/* The header's text while it is read. */
struct header {
    const struct lyap_source *source;
    char *text; /* with an end mark */
    size_t length, at;
    uint64_t start; /* offset of text[0] in the file */
    struct lyap_array array;
    bool have_descr, have_order, have_shape;
    struct lyap_error *error;
};

#define FAIL_AT(h, position, ...) lyap_source_fail((h)->source, (h)->start + (position), (h)->error, __VA_ARGS__)

static void skip_space(struct header *h) {
    while (h->text[h->at] == ' ' || h->text[h->at] == '\t' || h->text[h->at] == '\n' || h->text[h->at] == '\r') h->at++;
}

static bool take(struct header *h, char wanted) {
    skip_space(h);
    if (h->text[h->at] != wanted) return false;
    h->at++;
    return true;
}

static enum lyap_status expect(struct header *h, char wanted) {
    if (take(h, wanted)) return LYAP_OK;
    return FAIL_AT(h, h->at, "the header has no '%c' here", wanted);
}

/* A Python string without escapes, cut at `size`. */
static enum lyap_status read_string(struct header *h, char *string, size_t size) {
    skip_space(h);
    char quote = h->text[h->at];
    if (quote != '\'' && quote != '"')
        return FAIL_AT(h, h->at, "the header has no quoted text here%s",
                       quote == '[' ? " but a list of fields: a structured type cannot be read" : "");
    size_t begin = h->at + 1;
    const char *end = memchr(h->text + begin, quote, h->length - begin);
    if (!end) return FAIL_AT(h, h->at, "the header ends inside this text");
    size_t length = (size_t)(end - h->text) - begin;
    h->at = begin + length + 1;
    snprintf(string, size, "%.*s", (int)(length < size ? length : size - 1), h->text + begin);
    return LYAP_OK;
}

static enum lyap_status read_descr(struct header *h) {
    char text[32] = "";
    skip_space(h);
    size_t at = h->at;
    enum lyap_status status = read_string(h, text, sizeof text);
    if (status) return status;
    static const char *const known[] = {"f2", "f4", "f8", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "b1"};
    const char *name = text + (*text != '\0' && strchr("<>|", *text) != NULL);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(name, known[i]) != 0) continue;
        int size = known[i][1] - '0';
        if (size > 1 && *text != '<' && *text != '>') break; /* the byte order is not told */
        h->array.element = (struct lyap_element){known[i][0], size, *text == '>'};
        return LYAP_OK;
    }
    return FAIL_AT(
        h, at,
        "type '%.20s' cannot be read; known are f2 f4 f8 i1 u1 i2 u2 i4 u4 i8 u8 b1, with < or > before those "
        "of several bytes",
        text);
}

static enum lyap_status read_order(struct header *h) {
    skip_space(h);
    const char *text = h->text + h->at;
    h->array.fortran = strncmp(text, "True", 4) == 0;
    if (!h->array.fortran && strncmp(text, "False", 5) != 0)
        return FAIL_AT(h, h->at, "'fortran_order' is neither True nor False");
    h->at += h->array.fortran ? 4 : 5;
    return LYAP_OK;
}

static enum lyap_status read_size(struct header *h, uint64_t *size) {
    skip_space(h);
    size_t begin = h->at;
    *size = 0;
    while (h->text[h->at] >= '0' && h->text[h->at] <= '9') {
        uint64_t digit = (uint64_t)(h->text[h->at++] - '0');
        if (*size > (UINT64_MAX - digit) / 10)
            return FAIL_AT(h, begin, "dimension %d is beyond any memory", h->array.dimensions + 1);
        *size = *size * 10 + digit;
    }
    if (h->at == begin) return FAIL_AT(h, begin, "'shape' has no whole number here");
    if (h->text[h->at] == 'L') h->at++; /* Python 2 */
    return LYAP_OK;
}

/* (), (3,), (3, 4), (3, 4,) */
static enum lyap_status read_shape(struct header *h) {
    enum lyap_status status = expect(h, '(');
    h->array.shape_at = h->start + h->at - 1;
    while (!status && !take(h, ')')) {
        if (h->array.dimensions == LYAP_MAX_DIMENSIONS)
            return FAIL_AT(h, h->at, "more than %d dimensions", LYAP_MAX_DIMENSIONS);
        status = read_size(h, &h->array.sizes[h->array.dimensions]);
        h->array.dimensions++;
        skip_space(h);
        if (!status && h->text[h->at] != ')') status = expect(h, ',');
    }
    return status;
}

static enum lyap_status read_entry(struct header *h) {
    char key[32] = "";
    skip_space(h);
    size_t at = h->at;
    enum lyap_status status = read_string(h, key, sizeof key);
    if (!status) status = expect(h, ':');
    if (status) return status;
    bool *have = strcmp(key, "descr") == 0           ? &h->have_descr
                 : strcmp(key, "fortran_order") == 0 ? &h->have_order
                 : strcmp(key, "shape") == 0         ? &h->have_shape
                                                     : NULL;
    if (!have || *have) return FAIL_AT(h, at, "%s key '%.30s' in the header", have ? "second" : "unknown", key);
    *have = true;
    return have == &h->have_descr ? read_descr(h) : have == &h->have_order ? read_order(h) : read_shape(h);
}

static enum lyap_status read_dictionary(struct header *h) {
    enum lyap_status status = expect(h, '{');
    while (!status && !take(h, '}')) {
        status = read_entry(h);
        skip_space(h);
        if (!status && h->text[h->at] != '}') status = expect(h, ',');
    }
    skip_space(h);
    if (!status && h->at != h->length) status = FAIL_AT(h, h->at, "text behind the header's end");
    if (!status && !(h->have_descr && h->have_order && h->have_shape))
        status = FAIL_AT(h, 0, "the header has no '%s'",
                         !h->have_descr   ? "descr"
                         : !h->have_order ? "fortran_order"
                                          : "shape");
    return status;
}

/* "\x93NUMPY", version, length; *length and *size (of the length's own field) are given. */
static enum lyap_status read_start(struct lyap_source *source, uint64_t *length, struct lyap_error *error) {
    static const unsigned char magic[] = {0x93, 'N', 'U', 'M', 'P', 'Y'};
    unsigned char start[12];
    size_t got = lyap_source_read(source, start, 8);
    for (size_t i = 0; i < sizeof magic && i < got; i++)
        if (start[i] != magic[i]) return lyap_source_fail(source, i, error, "no .npy file: it begins with \\x93NUMPY");
    if (got < 8) return lyap_source_fail(source, got, error, "the file ends inside the start of a .npy file");
    if (start[6] < 1 || start[6] > 3 || start[7] != 0)
        return lyap_source_fail(source, 6, error, ".npy version %d.%d is unknown; known are 1.0, 2.0 and 3.0", start[6],
                                start[7]);
    size_t size = start[6] == 1 ? 2 : 4;
    got = lyap_source_read(source, start + 8, size);
    if (got < size) return lyap_source_fail(source, 8 + got, error, "the file ends inside the length of its header");
    *length = 0;
    for (size_t i = size; i-- > 0;) *length = *length << 8 | start[8 + i];
    if (*length > MAX_HEADER)
        return lyap_source_fail(source, 8, error, "a header of %llu bytes; allowed are %d", (unsigned long long)*length,
                                MAX_HEADER);
    return LYAP_OK;
}

enum lyap_status lyap_npy_read(struct lyap_table *table, struct lyap_source *source, struct lyap_error *error) {
    uint64_t length = 0;
    enum lyap_status status = read_start(source, &length, error);
    if (status) return status;
    struct header h = {.source = source, .length = (size_t)length, .start = source->taken, .error = error};
    h.text = malloc(h.length + 1);
    if (!h.text) return lyap_fail(error, LYAP_ERROR_MEMORY, "%.200s: out of memory", source->path);
    size_t got = lyap_source_read(source, h.text, h.length);
    h.text[got] = '\0';
    if (got < h.length)
        status =
            lyap_source_fail(source, source->taken, error, "the file ends inside its header of %zu bytes", h.length);
    if (!status) status = read_dictionary(&h);
    if (!status && h.array.dimensions == 0)
        status = lyap_source_fail(source, h.array.shape_at, error, "a single number; expected an array");
    free(h.text);
    if (!status) status = lyap_binary_read(table, source, &h.array, error);
    table->form.kind = LYAP_FILE_NPY;
    return status;
}

bool lyap_npy_named(const char *path) {
    size_t length = strlen(path);
    return length > 4 && strcmp(path + length - 4, ".npy") == 0;
}

void lyap_npy_write_header(FILE *file, enum lyap_npy_type type, const size_t *sizes, int dimensions) {
    char text[1024]; /* 32 sizes of 20 digits and what is round them */
    int length = snprintf(text, sizeof text, "{'descr': '%s', 'fortran_order': False, 'shape': (",
                          type == LYAP_NPY_F4 ? "<f4" : "<f8");
    for (int d = 0; d < dimensions; d++)
        length += snprintf(text + length, sizeof text - (size_t)length, "%s%zu%s", d ? " " : "", sizes[d],
                           d == 0 || d + 1 < dimensions ? "," : "");
    length += snprintf(text + length, sizeof text - (size_t)length, "), }");
    int padded = (10 + length + 1 + 63) / 64 * 64 - 10; /* behind magic, version and length; a line feed ends it */
    const unsigned char start[10] = {
        0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (unsigned char)(padded & 0xff), (unsigned char)(padded >> 8)};
    fwrite(start, 1, sizeof start, file);
    fprintf(file, "%-*s\n", padded - 1, text);
}

void lyap_npy_write_values(FILE *file, enum lyap_npy_type type, const double *values, size_t count) {
    int size = type == LYAP_NPY_F4 ? 4 : 8;
    for (size_t i = 0; i < count; i++) {
        unsigned char bytes[8] = {0};
        uint64_t word;
        if (type == LYAP_NPY_F4) {
            float single = (float)values[i];
            uint32_t half;
            memcpy(&half, &single, sizeof half);
            word = half;
        } else {
            memcpy(&word, &values[i], sizeof word);
        }
        for (int b = 0; b < size; b++) bytes[b] = (unsigned char)(word >> (8 * b));
        fwrite(bytes, 1, (size_t)size, file);
    }
}
