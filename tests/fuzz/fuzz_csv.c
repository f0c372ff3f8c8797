/* CSV: tables, tables with gaps, and a column as a series. */
#include "io/csv.h"
#include "io/table_read.h"
#include "results/series_file.h"
#include "tests/fuzz/entry.h"

int fuzz_csv(const uint8_t *data, size_t size) {
    struct lyap_table table;
    struct lyap_error error = {0};
    fuzz_enter();
    fuzz_write("table.csv", data, size);
    enum lyap_status status = lyap_csv_read(&table, "table.csv", &error);
    if (status) {
        fuzz_one_line(status, &error);
        fuzz_demand(!table.values && !table.names, "a table after a failure");
    } else {
        fuzz_demand(table.rows > 0 && table.columns > 0, "an empty table");
        fuzz_finite(table.values, table.rows * table.columns);
    }
    lyap_table_free(&table);
    /* All ways to be told how. */
    for (unsigned way = 0; way < 6; way++) {
        enum lyap_file_need need = LYAP_NEED_NOTHING;
        const struct lyap_table_options options = {
            .header = (enum lyap_header)(way % 3), .words = way >= 3, .need = &need};
        status = lyap_table_read_with(&table, "table.csv", &options, &error);
        if (status) fuzz_one_line(status, &error);
        if (!status) fuzz_finite(table.values, table.rows * table.columns);
        for (size_t r = 0; !status && table.words.count && r < table.rows; r++)
            fuzz_demand(table.values[(r + 1) * table.columns - 1] < (double)table.words.count, "no such class");
        lyap_table_free(&table);
    }
    status = lyap_csv_read_loose(&table, "table.csv", &error);
    if (status) fuzz_one_line(status, &error);
    lyap_table_free(&table);
    const struct lyap_series_choice choice = {.path = "table.csv", .column = "1", .where = "2=1"};
    double *x = NULL;
    size_t n = 0;
    struct lyap_series_found found;
    status = lyap_series_read(&choice, &x, &n, &found, &error);
    if (status) fuzz_one_line(status, &error);
    if (!status) fuzz_finite(x, n);
    free(x);
    return 0;
}
