/* IDX, the format of the MNIST database (Y. LeCun, C. Cortes, C. Burges, yann.lecun.com/exdb/mnist): two zero bytes, the type,
 * the number of dimensions, each dimension as a big-endian 32-bit number, then the big-endian numbers. */
#ifndef LYAP_IO_IDX_H
#define LYAP_IO_IDX_H

#include "io/source.h"
#include "io/table.h"

/* Reads the source from its beginning; types 08 (unsigned byte), 09 (signed byte), 0B, 0C (integers of 2 and 4 bytes), 0D, 0E
 * (float32, float64), 1 .. 32 dimensions. Errors as lyap_table_read. */
enum lyap_status lyap_idx_read(struct lyap_table *table, struct lyap_source *source, struct lyap_error *error);

#endif
