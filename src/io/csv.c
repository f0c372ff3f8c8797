/* CSV text to a table of finite numbers, one record at a time, so that an error knows its line and column. */
#include "io/csv.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/csv_form.h"
#include "io/csv_row.h"
#include "io/foreign.h"

struct reader {
    struct lyap_table *table;
    struct lyap_csv_records records;
    struct lyap_csv_rows rows;
    size_t room;  /* allocated values of the table */
    bool waiting; /* the names are 0, 1, 2, ...; the second record decides whether they are */
};

static enum lyap_status out_of_memory(const struct reader *reader, struct lyap_error *error) {
    return lyap_fail(error, LYAP_ERROR_MEMORY, "%.200s: line %lu: out of memory", reader->records.source->path,
                     reader->records.line);
}

/* ---- rows ---- */

static enum lyap_status make_room(struct reader *reader, struct lyap_error *error) {
    struct lyap_table *table = reader->table;
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

static enum lyap_status read_row(struct reader *reader, struct lyap_error *error) {
    struct lyap_table *table = reader->table;
    if (table->columns == 0) {
        table->columns = lyap_csv_count_fields(reader->records.text, reader->records.delimiter);
        reader->rows.first_line = reader->records.line;
    }
    reader->rows.columns = table->columns;
    enum lyap_status status = make_room(reader, error);
    if (!status) status = lyap_csv_read_row(&reader->rows, table->values + table->rows * table->columns, error);
    table->rows += !status;
    return status;
}

/* ---- the header ---- */

/* The record's fields as texts, in a copy of it. */
struct texts {
    char *copy, **field;
    size_t count;
    bool first_quoted, trailed;
};

static void free_texts(struct texts *texts) {
    free(texts->copy);
    free(texts->field);
}

static enum lyap_status cut(const struct reader *reader, struct texts *texts, struct lyap_error *error) {
    const lyap_delimiter delimiter = reader->records.delimiter;
    const size_t count = lyap_csv_count_fields(reader->records.text, delimiter);
    *texts = (struct texts){.copy = malloc(reader->records.length + 1), .field = calloc(count, sizeof *texts->field)};
    if (!texts->copy || !texts->field) return out_of_memory(reader, error);
    memcpy(texts->copy, reader->records.text, reader->records.length + 1);
    for (char *rest = texts->copy; rest; texts->count++) {
        struct lyap_csv_field field = lyap_csv_next_field(&rest, delimiter);
        texts->first_quoted = texts->count ? texts->first_quoted : field.quoted;
        if (field.trailed)
            return lyap_fail(error, LYAP_ERROR_FILE,
                             "%.200s: line %lu, column %zu: text follows the closing quote; a quote inside quotes is "
                             "doubled",
                             reader->records.source->path, reader->records.line, texts->count + 1);
        texts->field[texts->count] = lyap_csv_field_text(&field);
    }
    return LYAP_OK;
}

static enum lyap_status keep_names(struct reader *reader, const struct texts *texts, struct lyap_error *error) {
    struct lyap_table *table = reader->table;
    table->names = calloc(texts->count + 1, sizeof *table->names); /* one more for row names without a name */
    if (table->names == NULL) return out_of_memory(reader, error);
    table->columns = texts->count;
    for (size_t i = 0; i < texts->count; i++) {
        table->names[i] = strdup(texts->field[i]);
        if (table->names[i] == NULL) return out_of_memory(reader, error);
    }
    reader->rows.first_line = reader->records.line;
    return LYAP_OK;
}

static void drop_first_name(struct lyap_table *table) {
    free(table->names[0]);
    table->columns--;
    memmove(table->names, table->names + 1, table->columns * sizeof *table->names);
    table->names[table->columns] = NULL;
}

/* A first column without a name has the names of rows. */
static void leave_out_unnamed(struct reader *reader) {
    struct lyap_table *table = reader->table;
    if (!table->names || reader->rows.options->loose || table->columns < 2 || table->names[0][0] != '\0') return;
    drop_first_name(table);
    reader->rows.row_names = true;
}

/* The first record is names, a row, or to be judged by the next. */
static enum lyap_status read_first(struct reader *reader, struct lyap_error *error) {
    const enum lyap_header header = reader->rows.options->header;
    struct texts texts = {0};
    enum lyap_status status = cut(reader, &texts, error);
    enum lyap_csv_first first = LYAP_CSV_ROW;
    if (!status && header == LYAP_HEADER_DETECT) first = lyap_csv_judge_first(texts.field, texts.count);
    if (header == LYAP_HEADER_YES) first = LYAP_CSV_NAMES;
    if (!status && first != LYAP_CSV_ROW) status = keep_names(reader, &texts, error);
    free_texts(&texts);
    if (status) return status;
    reader->waiting = first == LYAP_CSV_COUNTS;
    if (first == LYAP_CSV_ROW) return read_row(reader, error);
    leave_out_unnamed(reader);
    return LYAP_OK;
}

static void free_names(struct lyap_table *table) {
    for (size_t i = 0; i < table->columns; i++) free(table->names[i]);
    free(table->names);
    table->names = NULL;
}

/* The names 0, 1, 2, ... become the first row. */
static enum lyap_status take_counts(struct reader *reader, struct lyap_error *error) {
    struct lyap_table *table = reader->table;
    free_names(table);
    enum lyap_status status = make_room(reader, error);
    for (size_t i = 0; i < table->columns && !status; i++) table->values[i] = (double)i;
    table->rows += !status;
    reader->waiting = false;
    reader->rows.row_line = reader->rows.first_line;
    return status;
}

static enum lyap_status ask_for_header(const struct reader *reader, const char *what, struct lyap_error *error) {
    if (reader->rows.options->need) *reader->rows.options->need = LYAP_NEED_HEADER;
    return lyap_fail(error, LYAP_ERROR_FILE, "%.200s: line %lu %s", reader->records.source->path,
                     reader->rows.first_line, what);
}

/* The second record: it decides about names that count, and shows row names that the header has no place for. */
static enum lyap_status look_at_second(struct reader *reader, struct lyap_error *error) {
    struct lyap_table *table = reader->table;
    struct texts texts = {0};
    enum lyap_status status = cut(reader, &texts, error);
    enum lyap_csv_first first = LYAP_CSV_NAMES;
    if (!status && reader->waiting) first = lyap_csv_judge_counts(texts.field, texts.count);
    const bool named = !status && !reader->waiting && !reader->rows.row_names && texts.count == table->columns + 1 &&
                       (texts.first_quoted || !lyap_csv_looks_numeric(texts.field[0], strlen(texts.field[0])));
    free_texts(&texts);
    if (!status && first == LYAP_CSV_ROW) return take_counts(reader, error);
    if (!status && first == LYAP_CSV_COUNTS)
        return ask_for_header(reader,
                              table->columns == 2
                                  ? "counts 0, 1: it may name the columns or be a row of numbers"
                                  : "counts 0, 1, 2, ...: it may name the columns or be a row of numbers",
                              error);
    reader->waiting = false;
    if (!named) return status;
    memmove(table->names + 1, table->names, table->columns++ * sizeof *table->names);
    table->names[0] = strdup("");
    if (!table->names[0]) return out_of_memory(reader, error);
    leave_out_unnamed(reader);
    return LYAP_OK;
}

/* ---- the file ---- */

static enum lyap_status check_rows(struct reader *reader, struct lyap_error *error) {
    const struct lyap_table *table = reader->table;
    const char *path = reader->records.source->path;
    size_t number;
    if (table->rows == 0 && table->names)
        return lyap_fail(error, LYAP_ERROR_FILE, "%.200s: line %lu: the file has a header but no rows of numbers", path,
                         reader->records.lines);
    if (table->rows == 0)
        return lyap_fail(error, LYAP_ERROR_FILE, "%.200s: the file is empty; expected rows of numbers", path);
    if (table->names && table->columns == 1 && reader->rows.options->header == LYAP_HEADER_DETECT &&
        lyap_word_set_find(&table->words, table->names[0], &number))
        return ask_for_header(reader, "is a class name of other lines: it may name the column or be a row", error);
    return LYAP_OK;
}

/* Words get the numbers of their order. */
static enum lyap_status number_words(struct reader *reader, struct lyap_error *error) {
    struct lyap_table *table = reader->table;
    if (table->words.count == 0) return LYAP_OK;
    size_t *number = malloc(table->words.count * sizeof *number);
    if (!number || !lyap_word_set_sort(&table->words, number)) {
        free(number);
        return out_of_memory(reader, error);
    }
    for (size_t r = 0; r < table->rows; r++) {
        double *value = &table->values[(r + 1) * table->columns - 1];
        *value = (double)number[(size_t)*value];
    }
    free(number);
    return LYAP_OK;
}

static enum lyap_status read_records(struct reader *reader, struct lyap_error *error) {
    for (size_t record = 0;; record++) {
        bool more = false;
        enum lyap_status status = lyap_csv_next_record(&reader->records, &more, error);
        if (!status && !more && reader->waiting) status = take_counts(reader, error);
        if (status || !more) return status;
        if (record == 1 && reader->table->names) status = look_at_second(reader, error);
        if (!status) status = record == 0 ? read_first(reader, error) : read_row(reader, error);
        if (status) return status;
    }
}

static enum lyap_status begin(struct reader *reader, struct lyap_error *error) {
    struct lyap_source *source = reader->records.source;
    const unsigned char *bytes;
    unsigned char mark[3];
    enum lyap_status status = lyap_foreign_refuse(source, error);
    if (status) return status;
    if (lyap_source_peek(source, &bytes) >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
        lyap_source_read(source, mark, sizeof mark);
    const size_t size = lyap_source_sample(source, &bytes);
    const size_t told = lyap_csv_told_delimiter(bytes, size, &reader->records.delimiter);
    if (told) {
        bool more;
        return lyap_csv_next_record(&reader->records, &more, error); /* this line */
    }
    return lyap_csv_find_delimiter(bytes, size, source->ended, &reader->records.delimiter, error);
}

enum lyap_status lyap_csv_read_source(struct lyap_table *table, struct lyap_source *source,
                                      const struct lyap_table_options *options, struct lyap_error *error) {
    memset(table, 0, sizeof *table);
    struct reader reader = {.table = table, .records = {.source = source}};
    reader.rows.options = options;
    reader.rows.records = &reader.records;
    reader.rows.words = &table->words;
    enum lyap_status status = begin(&reader, error);
    if (!status) status = read_records(&reader, error);
    if (!status) status = check_rows(&reader, error);
    if (!status) status = number_words(&reader, error);
    lyap_csv_records_free(&reader.records);
    table->dimensions = 2;
    table->second = table->columns;
    table->form = (struct lyap_file_form){.kind = LYAP_FILE_CSV,
                                          .packed = source->packed != NULL,
                                          .header = table->names != NULL,
                                          .decimal_comma = reader.rows.comma_line > 0,
                                          .row_names = reader.rows.row_names,
                                          .delimiter = reader.records.delimiter};
    if (table->columns + reader.rows.row_names < 2) table->form.delimiter = '\0';
    if (status != LYAP_OK) lyap_table_free(table);
    return status;
}

static enum lyap_status read_file(struct lyap_table *table, const char *path, bool loose, struct lyap_error *error) {
    struct lyap_source source;
    const struct lyap_table_options options = {.loose = loose};
    memset(table, 0, sizeof *table);
    enum lyap_status status = lyap_source_open(&source, path, error);
    if (status != LYAP_OK) return status;
    status = lyap_csv_read_source(table, &source, &options, error);
    lyap_source_close(&source);
    return status;
}

enum lyap_status lyap_csv_read(struct lyap_table *table, const char *path, struct lyap_error *error) {
    return read_file(table, path, false, error);
}

enum lyap_status lyap_csv_read_loose(struct lyap_table *table, const char *path, struct lyap_error *error) {
    return read_file(table, path, true, error);
}
