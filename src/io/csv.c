/* CSV text to a table of finite numbers, one line at a time, so that an error knows its line and column. */
#include "io/csv.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"

enum { MAX_LINE = 1 << 30 }; /* bytes; an endless line is refused before it takes all memory */

struct reader {
    struct lyap_source *source;
    const char *path;
    unsigned long line; /* number of the line in `text`, from 1 */
    char *text;         /* the line without its end */
    size_t capacity;
    unsigned long first_line; /* where the number of columns was set */
    size_t room;              /* allocated values of the table */
    bool loose;               /* what is no number becomes NaN */
};

static enum lyap_status out_of_memory(const struct reader *reader, struct lyap_error *error) {
    return lyap_fail(error, LYAP_ERROR_MEMORY, "%.200s: line %lu: out of memory", reader->path, reader->line);
}

static bool grow_line(struct reader *reader) {
    size_t capacity = reader->capacity ? reader->capacity * 2 : 256;
    char *text = realloc(reader->text, capacity);
    if (text == NULL) return false;
    memset(text + reader->capacity, 0, capacity - reader->capacity);
    reader->text = text;
    reader->capacity = capacity;
    return true;
}

/* Number of the column (from 1) in which a line of `length` bytes ends. */
static size_t last_column(const char *text, size_t length) {
    size_t column = 1;
    for (size_t i = 0; i < length; i++) column += text[i] == ',';
    return column;
}

/* Reads the next line. *more is false at the end of the file. */
static enum lyap_status next_line(struct reader *reader, bool *more, struct lyap_error *error) {
    size_t length = 0;
    int c;
    reader->line++;
    for (;;) {
        if (length + 1 >= reader->capacity && !grow_line(reader)) return out_of_memory(reader, error);
        c = lyap_source_byte(reader->source);
        if (c == EOF || c == '\n') break;
        if (c == '\0') {
            return lyap_fail(error, LYAP_ERROR_FILE, "%.200s: line %lu, column %zu: a NUL byte; expected CSV text",
                             reader->path, reader->line, last_column(reader->text, length));
        }
        if (length == MAX_LINE) {
            return lyap_fail(error, LYAP_ERROR_FILE, "%.200s: line %lu, column %zu: the line exceeds %d bytes",
                             reader->path, reader->line, last_column(reader->text, length), MAX_LINE);
        }
        reader->text[length++] = (char)c;
    }
    if (c == EOF && reader->source->reason) {
        return lyap_fail(error, LYAP_ERROR_FILE, "%.200s: line %lu: cannot read: %s", reader->path, reader->line,
                         strerror(reader->source->reason));
    }
    if (c == EOF && reader->source->failure.status) return lyap_source_fail(reader->source, 0, error, "cannot read");
    if (length > 0 && reader->text[length - 1] == '\r') length--;
    reader->text[length] = '\0';
    if (reader->line == 1 && strncmp(reader->text, "\xef\xbb\xbf", 3) == 0) {
        memmove(reader->text, reader->text + 3, length - 2);
    }
    *more = c != EOF || length > 0;
    return LYAP_OK;
}

/* Cuts the next field out of the line: ends it at its comma, strips spaces. *rest becomes NULL after the last one. */
static char *next_field(char **rest) {
    char *field = *rest;
    char *comma = strchr(field, ',');
    char *end = comma ? comma : field + strlen(field);
    *rest = comma ? comma + 1 : NULL;
    while (*field == ' ' || *field == '\t') field++;
    while (end > field && (end[-1] == ' ' || end[-1] == '\t')) end--;
    *end = '\0';
    return field;
}

static bool is_blank(const char *text) {
    return text[strspn(text, " \t")] == '\0';
}

static bool same_word(const char *field, size_t length, const char *word) {
    if (strlen(word) != length) return false;
    for (size_t i = 0; i < length; i++) {
        if ((field[i] | 0x20) != word[i]) return false;
    }
    return true;
}

/* True for a field that can only have been meant as a number, well-formed or not. */
static bool looks_numeric(const char *field, size_t length) {
    if (length > 0 && strchr("+-.0123456789", field[0]) != NULL) return true;
    return same_word(field, length, "nan") || same_word(field, length, "inf") || same_word(field, length, "infinity");
}

/* A header has text in it and nothing numeric: a first row with one bad number must not vanish as a header. */
static bool is_header(const char *text) {
    bool words = false;
    for (;;) {
        text += strspn(text, " \t");
        size_t length = strcspn(text, ",");
        size_t end = length;
        while (end > 0 && (text[end - 1] == ' ' || text[end - 1] == '\t')) end--;
        if (looks_numeric(text, end)) return false;
        words = words || end > 0;
        if (text[length] == '\0') return words;
        text += length + 1;
    }
}

static enum lyap_status read_header(struct reader *reader, struct lyap_table *table, struct lyap_error *error) {
    size_t columns = last_column(reader->text, strlen(reader->text));
    table->names = calloc(columns, sizeof *table->names);
    if (table->names == NULL) return out_of_memory(reader, error);
    table->columns = columns;
    char *rest = reader->text;
    for (size_t i = 0; i < columns; i++) {
        table->names[i] = strdup(next_field(&rest));
        if (table->names[i] == NULL) return out_of_memory(reader, error);
    }
    reader->first_line = reader->line;
    return LYAP_OK;
}

static enum lyap_status make_room(struct reader *reader, struct lyap_table *table, struct lyap_error *error) {
    size_t used = table->rows * table->columns;
    if (table->columns <= reader->room - used) return LYAP_OK;
    size_t room = reader->room < 1024 ? 1024 : reader->room;
    while (room - used < table->columns) {
        if (room > SIZE_MAX / sizeof(double) / 2) return out_of_memory(reader, error);
        room *= 2;
    }
    double *values =
        lyap_memory_fits((double)room * sizeof *values) ? realloc(table->values, room * sizeof *values) : NULL;
    if (values == NULL) return out_of_memory(reader, error);
    table->values = values;
    reader->room = room;
    return LYAP_OK;
}

static enum lyap_status bad_field(const struct reader *reader, size_t column, const char *field,
                                  enum lyap_number reason, struct lyap_error *error) {
    if (reason == LYAP_NUMBER_MEMORY) return out_of_memory(reader, error);
    if (*field == '\0') {
        return lyap_fail(error, LYAP_ERROR_FILE, "%.200s: line %lu, column %zu: the field is empty; expected a number",
                         reader->path, reader->line, column);
    }
    if (reason == LYAP_NUMBER_TOO_LARGE) {
        return lyap_fail(error, LYAP_ERROR_FILE,
                         "%.200s: line %lu, column %zu: '%.60s' is too large for double precision", reader->path,
                         reader->line, column, field);
    }
    if (looks_numeric(field, strlen(field))) {
        return lyap_fail(error, LYAP_ERROR_FILE, "%.200s: line %lu, column %zu: '%.60s' is not a finite decimal number",
                         reader->path, reader->line, column, field);
    }
    return lyap_fail(error, LYAP_ERROR_FILE, "%.200s: line %lu, column %zu: '%.60s' is not a number", reader->path,
                     reader->line, column, field);
}

static enum lyap_status read_row(struct reader *reader, struct lyap_table *table, struct lyap_error *error) {
    size_t fields = last_column(reader->text, strlen(reader->text));
    if (table->columns == 0) {
        table->columns = fields;
        reader->first_line = reader->line;
    }
    if (fields != table->columns) {
        return lyap_fail(error, LYAP_ERROR_FILE,
                         "%.200s: line %lu, column %zu: the row has %zu columns, but line %lu has %zu", reader->path,
                         reader->line, (fields < table->columns ? fields : table->columns) + 1, fields,
                         reader->first_line, table->columns);
    }
    enum lyap_status status = make_room(reader, table, error);
    if (status != LYAP_OK) return status;
    double *row = table->values + table->rows * table->columns;
    char *rest = reader->text;
    for (size_t i = 0; i < fields; i++) {
        const char *field = next_field(&rest);
        enum lyap_number result = lyap_number_real(field, &row[i]);
        if (result == LYAP_NUMBER_TEXT && reader->loose)
            row[i] = NAN;
        else if (result != LYAP_NUMBER_OK)
            return bad_field(reader, i + 1, field, result, error);
    }
    table->rows++;
    return LYAP_OK;
}

static enum lyap_status read_table(struct reader *reader, struct lyap_table *table, struct lyap_error *error) {
    for (;;) {
        bool more = false;
        enum lyap_status status = next_line(reader, &more, error);
        if (status != LYAP_OK) return status;
        if (!more) break;
        if (is_blank(reader->text)) continue;
        bool header = table->columns == 0 && is_header(reader->text);
        status = header ? read_header(reader, table, error) : read_row(reader, table, error);
        if (status != LYAP_OK) return status;
    }
    if (table->rows > 0) return LYAP_OK;
    if (table->names != NULL) {
        return lyap_fail(error, LYAP_ERROR_FILE, "%.200s: line %lu: the file has a header but no rows of numbers",
                         reader->path, reader->line);
    }
    return lyap_fail(error, LYAP_ERROR_FILE, "%.200s: the file is empty; expected rows of comma-separated numbers",
                     reader->path);
}

enum lyap_status lyap_csv_read_source(struct lyap_table *table, struct lyap_source *source, bool loose,
                                      struct lyap_error *error) {
    memset(table, 0, sizeof *table);
    struct reader reader = {.source = source, .path = source->path, .loose = loose};
    enum lyap_status status = read_table(&reader, table, error);
    free(reader.text);
    table->dimensions = 2;
    table->second = table->columns;
    if (status != LYAP_OK) lyap_table_free(table);
    return status;
}

static enum lyap_status read_file(struct lyap_table *table, const char *path, bool loose, struct lyap_error *error) {
    struct lyap_source source;
    memset(table, 0, sizeof *table);
    enum lyap_status status = lyap_source_open(&source, path, error);
    if (status != LYAP_OK) return status;
    status = lyap_csv_read_source(table, &source, loose, error);
    lyap_source_close(&source);
    return status;
}

enum lyap_status lyap_csv_read(struct lyap_table *table, const char *path, struct lyap_error *error) {
    return read_file(table, path, false, error);
}

enum lyap_status lyap_csv_read_loose(struct lyap_table *table, const char *path, struct lyap_error *error) {
    return read_file(table, path, true, error);
}
