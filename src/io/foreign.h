/* Formats that are known by their first bytes and not read. */
#ifndef LYAP_IO_FOREIGN_H
#define LYAP_IO_FOREIGN_H

#include "io/source.h"

/* LYAP_ERROR_FILE, which names the format and says what to do, where the source begins as bzip2, xz, zstd, zip, 7z, HDF5, Parquet, Excel,
 * PNG or UTF-16 text does; nothing is taken from it. */
enum lyap_status lyap_foreign_refuse(struct lyap_source *source, struct lyap_error *error);

#endif
