#include "io/table_read.h"

#include <string.h>

#include "io/csv.h"
#include "io/idx.h"
#include "io/npy.h"
#include "io/source.h"

enum lyap_status lyap_table_read_with(struct lyap_table *table, const char *path,
                                      const struct lyap_table_options *options, struct lyap_error *error) {
    struct lyap_source source;
    const unsigned char *bytes;
    memset(table, 0, sizeof *table);
    enum lyap_status status = lyap_source_open(&source, path, error);
    if (status) return status;
    size_t count = lyap_source_peek(&source, &bytes);
    if (count > 0 && bytes[0] == 0x93)
        status = lyap_npy_read(table, &source, error);
    else if (count > 0 && bytes[0] == 0)
        status = lyap_idx_read(table, &source, error);
    else
        status = lyap_csv_read_source(table, &source, options, error);
    lyap_source_close(&source);
    if (status) lyap_table_free(table);
    return status;
}

enum lyap_status lyap_table_read(struct lyap_table *table, const char *path, struct lyap_error *error) {
    const struct lyap_table_options options = {0};
    return lyap_table_read_with(table, path, &options, error);
}
