/* The samples of one column, of one cell if the table holds many. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "io/table_read.h"
#include "results/series_file.h"
#include "lyapgrad/status.h"

/* "a, b, c" of the header, cut where it is long; "1 .. 5" without a header. */
static const char *list_columns(const struct lyap_table *table, char text[256]) {
    size_t length = 0;
    if (!table->names) snprintf(text, 256, "1 .. %zu", table->columns);
    for (size_t c = 0; c < table->columns && table->names; c++) {
        int more = snprintf(text + length, 256 - length, "%s%.60s", c ? ", " : "", table->names[c]);
        if (more < 0 || (size_t)more >= 256 - length) {
            snprintf(text + 250, 6, ", ...");
            break;
        }
        length += (size_t)more;
    }
    return text;
}

static enum lyap_status find_column(const struct lyap_table *table, const char *path, const char *text, size_t *column,
                                    struct lyap_error *error) {
    char list[256];
    size_t found = 0;
    for (size_t c = table->columns; c-- > 0 && table->names;) {
        if (strcmp(table->names[c], text) != 0) continue;
        *column = c;
        found++;
    }
    if (found == 1) return LYAP_OK;
    if (found > 1)
        return lyap_fail(error, LYAP_ERROR_FILE, "%.200s: %zu columns are called '%.60s'; give the column's number",
                         path, found, text);
    uint64_t number;
    if (lyap_number_count(text, table->columns, &number) && number >= 1) {
        *column = (size_t)number - 1;
        return LYAP_OK;
    }
    return lyap_fail(error, LYAP_ERROR_FILE, "%.150s: no column '%.60s'; the columns are %s", path, text,
                     list_columns(table, list));
}

/* The filter of "COLUMN=NUMBER". */
static enum lyap_status read_where(const struct lyap_table *table, const struct lyap_series_choice *choice,
                                   size_t *column, double *value, struct lyap_error *error) {
    const char *equals = strrchr(choice->where, '=');
    char name[128];
    if (!equals || (size_t)(equals - choice->where) >= sizeof name || lyap_number_real(equals + 1, value))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "where '%.60s' is malformed; expected COLUMN=NUMBER, as in cell=0",
                         choice->where);
    memcpy(name, choice->where, (size_t)(equals - choice->where));
    name[equals - choice->where] = '\0';
    return find_column(table, choice->path, name, column, error);
}

/* A table of many runs is not one series: the step from one run to the next would be taken for dynamics. */
static enum lyap_status refuse_many_cells(const struct lyap_table *table, const char *path, size_t column,
                                          struct lyap_error *error) {
    for (size_t c = 0; c < table->columns && table->names; c++) {
        if (strcmp(table->names[c], "cell") != 0 || c == column) continue;
        for (size_t r = 1; r < table->rows; r++) {
            double first = table->values[c], now = table->values[r * table->columns + c];
            if (now < first || now > first)
                return lyap_fail(error, LYAP_ERROR_FILE,
                                 "%.200s: holds the series of several cells; choose one, as in --where cell=%g", path,
                                 first);
        }
    }
    return LYAP_OK;
}

static enum lyap_status take_rows(const struct lyap_table *table, const struct lyap_series_choice *choice,
                                  size_t column, double *x, size_t *n, struct lyap_error *error) {
    size_t filter = 0;
    double value = 0;
    enum lyap_status status = LYAP_OK;
    uint64_t row = 0;
    if (choice->where)
        status = read_where(table, choice, &filter, &value, error);
    else
        status = refuse_many_cells(table, choice->path, column, error);
    for (size_t r = 0; r < table->rows && !status; r++) {
        const double *values = table->values + r * table->columns;
        if (choice->where && !(values[filter] >= value && values[filter] <= value)) continue;
        row++;
        if (row < choice->first || (choice->last && row > choice->last)) continue;
        if (isnan(values[column]))
            return lyap_fail(
                error, LYAP_ERROR_FILE,
                "%.200s: row %llu of the chosen rows has no number in column %zu; --rows FIRST:LAST leaves "
                "rows out",
                choice->path, (unsigned long long)row, column + 1);
        x[(*n)++] = values[column];
    }
    if (!status && *n == 0)
        return lyap_fail(error, LYAP_ERROR_FILE, "%.200s: none of its %zu rows is chosen", choice->path, table->rows);
    if (!status && choice->last > row)
        return lyap_fail(error, LYAP_ERROR_FILE, "%.200s: rows %llu:%llu are asked for, but there are %llu",
                         choice->path, (unsigned long long)choice->first, (unsigned long long)choice->last,
                         (unsigned long long)row);
    return status;
}

enum lyap_status lyap_series_read(const struct lyap_series_choice *choice, double **x, size_t *n,
                                  struct lyap_series_found *found, struct lyap_error *error) {
    struct lyap_table table;
    char list[256];
    size_t index = 0;
    *x = NULL;
    *n = 0;
    memset(found, 0, sizeof *found);
    const struct lyap_table_options options = {.header = choice->header, .loose = true, .need = &found->need};
    enum lyap_status status = lyap_table_read_with(&table, choice->path, &options, error);
    if (status) return status;
    found->rows = table.rows;
    found->columns = table.columns;
    found->form = table.form;
    if (choice->column)
        status = find_column(&table, choice->path, choice->column, &index, error);
    else if (table.columns > 1)
        status = lyap_fail(error, LYAP_ERROR_FILE, "%.150s: has several columns; choose one with --column: %s",
                           choice->path, list_columns(&table, list));
    if (!status) {
        if (table.names)
            snprintf(found->column, sizeof found->column, "%.63s", table.names[index]);
        else
            snprintf(found->column, sizeof found->column, "%zu", index + 1);
        *x = malloc(table.rows * sizeof **x);
        if (*x)
            status = take_rows(&table, choice, index, *x, n, error);
        else
            status =
                lyap_fail(error, LYAP_ERROR_MEMORY, "%.200s: out of memory for %zu rows", choice->path, table.rows);
    }
    if (status) {
        free(*x);
        *x = NULL;
    }
    lyap_table_free(&table);
    return status;
}
