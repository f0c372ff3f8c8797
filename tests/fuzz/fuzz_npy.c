/* .npy: the reader itself, and the file as a data set. */
#include "io/npy.h"
#include "tests/fuzz/entry.h"
#include "lyapgrad/dataset.h"

int fuzz_npy(const uint8_t *data, size_t size) {
    struct lyap_source source = {0};
    struct lyap_table table = {0};
    struct lyap_dataset set;
    struct lyap_error error = {0};
    fuzz_enter();
    fuzz_write("array.npy", data, size);
    enum lyap_status status = lyap_source_open(&source, "array.npy", &error);
    if (!status) status = lyap_npy_read(&table, &source, &error);
    if (status) fuzz_one_line(status, &error);
    if (!status) fuzz_finite(table.values, table.rows * table.columns);
    lyap_table_free(&table);
    lyap_source_close(&source);
    status = lyap_dataset_read(&set, "array.npy", NULL, 1, &error);
    if (status) fuzz_one_line(status, &error);
    if (!status) fuzz_finite(set.x, set.samples * set.inputs);
    lyap_dataset_free(&set);
    return 0;
}
