#include "io/csv_row.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "io/csv_form.h"

#define FAIL(rows, column, ...) fail_at(rows, column, error, __VA_ARGS__)

/* The column is counted as in the file. */
#if defined(__GNUC__)
__attribute__((format(printf, 4, 5)))
#endif
static enum lyap_status
fail_at(const struct lyap_csv_rows *rows, size_t column, struct lyap_error *error, const char *format, ...) {
    char text[sizeof error->message];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return lyap_fail(error, LYAP_ERROR_FILE, "%.200s: line %lu, column %zu: %s", rows->records->source->path,
                     rows->records->line, column + 1 + rows->row_names, text);
}

static enum lyap_status out_of_memory(const struct lyap_csv_rows *rows, struct lyap_error *error) {
    return lyap_fail(error, LYAP_ERROR_MEMORY, "%.200s: line %lu: out of memory", rows->records->source->path,
                     rows->records->line);
}

/* The record has `fields` columns of the table. */
static enum lyap_status ragged(const struct lyap_csv_rows *rows, size_t fields, struct lyap_error *error) {
    const size_t all = fields + rows->row_names;
    return FAIL(rows, fields < rows->columns ? fields : rows->columns, "the row has %zu column%s, but line %lu has %zu",
                all, all == 1 ? "" : "s", rows->first_line, rows->columns + rows->row_names);
}

static void tell_need(const struct lyap_csv_rows *rows, size_t column) {
    enum lyap_file_need need = LYAP_NEED_NOTHING;
    if (column + 1 == rows->columns && !rows->options->words)
        need = LYAP_NEED_CLASS_NAMES;
    else if (rows->records->line == rows->first_line && rows->options->header == LYAP_HEADER_DETECT)
        need = LYAP_NEED_HEADER;
    if (rows->options->need) *rows->options->need = need;
}

static enum lyap_status bad_field(const struct lyap_csv_rows *rows, size_t column, const char *field,
                                  enum lyap_number reason, struct lyap_error *error) {
    if (reason == LYAP_NUMBER_MEMORY) return out_of_memory(rows, error);
    if (*field == '\0') return FAIL(rows, column, "the field is empty; expected a number");
    if (reason == LYAP_NUMBER_TOO_LARGE) return FAIL(rows, column, "'%.60s' is too large for double precision", field);
    const char other = rows->columns == 1 ? lyap_csv_other_delimiter(field) : '\0';
    if (other)
        return FAIL(rows, column,
                    "'%.60s' is not a finite decimal number; '%c' seems to separate the fields; allowed are a comma, "
                    "';', a tab and blanks",
                    field, other);
    if (lyap_csv_looks_numeric(field, strlen(field)))
        return FAIL(rows, column, "'%.60s' is not a finite decimal number%s", field,
                    lyap_csv_decimal_comma(field) ? "; a decimal comma is read where ';' separates the fields" : "");
    tell_need(rows, column);
    return FAIL(rows, column, "'%.60s' is not a number", field);
}

/* Where ';' separates, a comma is a decimal one; one file has points or commas. */
static enum lyap_status read_mark(struct lyap_csv_rows *rows, size_t column, char *field, enum lyap_number *result,
                                  double *value, struct lyap_error *error) {
    char *const comma = strchr(field, ','), *const point = strchr(field, '.');
    if (comma && !point) *comma = '.';
    *result = lyap_number_real(field, value);
    if (comma && !point) *comma = ',';
    if (*result != LYAP_NUMBER_OK || (!comma && !point)) return LYAP_OK;
    unsigned long *const own = comma ? &rows->comma_line : &rows->point_line;
    const unsigned long other = comma ? rows->point_line : rows->comma_line;
    if (other)
        return FAIL(rows, column, "'%.60s' has a decimal %s, but line %lu has a decimal %s", field,
                    comma ? "comma" : "point", other, comma ? "point" : "comma");
    if (!*own) *own = rows->records->line;
    return LYAP_OK;
}

static enum lyap_status read_word(struct lyap_csv_rows *rows, size_t column, const char *field, double *value,
                                  struct lyap_error *error) {
    const struct lyap_word_set *known = rows->options->known;
    size_t number = 0;
    if (*field == '\0') return FAIL(rows, column, "the field is empty; expected the name of a class");
    if (known && !lyap_word_set_find(known, field, &number))
        return FAIL(rows, column, "'%.60s' is none of the %zu class names of the training data, such as '%.60s'", field,
                    known->count, known->count ? known->word[0] : "");
    if (!known && !lyap_word_set_add(rows->words, field, &number)) return out_of_memory(rows, error);
    if (!known && rows->words->count > LYAP_MOST_CLASS_NAMES)
        return FAIL(rows, column, "more than %d different class names", LYAP_MOST_CLASS_NAMES);
    *value = (double)number;
    return LYAP_OK;
}

/* Blanks inside quotes are part of a name, and of no number. */
static char *strip(char *text) {
    size_t length = strlen(text);
    while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t')) text[--length] = '\0';
    return text + strspn(text, " \t");
}

/* What the quick way does not take: quotes, words, long numbers, and all that is wrong. */
static enum lyap_status read_field(struct lyap_csv_rows *rows, size_t column, struct lyap_csv_field *field,
                                   double *value, struct lyap_error *error) {
    char *text = lyap_csv_field_text(field);
    const bool may_be_word = rows->options->words && column + 1 == rows->columns;
    enum lyap_number result = LYAP_NUMBER_TEXT;
    if (field->trailed) return FAIL(rows, column, "text follows the closing quote; a quote inside quotes is doubled");
    if (rows->last_is_words && may_be_word) return read_word(rows, column, text, value, error);
    if (field->quoted) text = strip(text);
    if (rows->records->delimiter == ';') {
        enum lyap_status status = read_mark(rows, column, text, &result, value, error);
        if (status) return status;
    } else {
        result = lyap_number_real(text, value);
    }
    if (result == LYAP_NUMBER_OK) return LYAP_OK;
    if (result == LYAP_NUMBER_TEXT && rows->options->loose) {
        *value = NAN;
        return LYAP_OK;
    }
    const bool first = rows->records->line == rows->row_line;
    if (may_be_word && first && *text && result == LYAP_NUMBER_TEXT && !lyap_csv_not_finite(text)) {
        rows->last_is_words = true;
        return read_word(rows, column, text, value, error);
    }
    return bad_field(rows, column, text, result, error);
}

/* A short plain number at *rest, up to its delimiter. */
static bool read_quickly(const struct lyap_csv_rows *rows, char **rest, double *value) {
    const lyap_delimiter delimiter = rows->records->delimiter;
    const char *at = *rest;
    while (*at == ' ' || (*at == '\t' && delimiter != '\t')) at++;
    const char *end = lyap_number_short(at, value);
    if (!end) return false;
    if (delimiter == ';' && memchr(at, '.', (size_t)(end - at))) return false; /* noted by read_mark */
    if (*end == delimiter && delimiter != ' ') {
        *rest += end + 1 - *rest;
        return true;
    }
    if (*end != '\0') return false;
    *rest = NULL;
    return true;
}

enum lyap_status lyap_csv_read_row(struct lyap_csv_rows *rows, double *row, struct lyap_error *error) {
    const lyap_delimiter delimiter = rows->records->delimiter;
    char *rest = rows->records->text;
    if (rows->row_line == 0) {
        rows->row_line = rows->records->line;
        rows->last_is_words = rows->options->known != NULL;
    }
    if (rows->row_names) lyap_csv_next_field(&rest, delimiter);
    for (size_t i = 0; i < rows->columns; i++) {
        if (!rest) return ragged(rows, i, error);
        if (!(rows->last_is_words && i + 1 == rows->columns) && read_quickly(rows, &rest, &row[i])) continue;
        struct lyap_csv_field field = lyap_csv_next_field(&rest, delimiter);
        enum lyap_status status = read_field(rows, i, &field, &row[i], error);
        if (!status) continue;
        const size_t fields = i + 1 + (rest ? lyap_csv_count_fields(rest, delimiter) : 0);
        return status == LYAP_ERROR_FILE && fields != rows->columns ? ragged(rows, fields, error) : status;
    }
    return rest ? ragged(rows, rows->columns + lyap_csv_count_fields(rest, delimiter), error) : LYAP_OK;
}
