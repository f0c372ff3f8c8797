/* NumPy's .npy (numpy.lib.format, versions 1.0, 2.0 and 3.0): "\x93NUMPY", the version, the length of the header, the header (a
 * Python dictionary with 'descr', 'fortran_order' and 'shape'), then the numbers. */
#ifndef LYAP_IO_NPY_H
#define LYAP_IO_NPY_H

#include <stdio.h>

#include "io/source.h"
#include "io/table.h"

/* Reads the source from its beginning: types f2 f4 f8 i1 u1 i2 u2 i4 u4 i8 u8 b1 of either byte order, 1 .. 32 dimensions, in C or
 * Fortran order. Errors as lyap_table_read. */
enum lyap_status lyap_npy_read(struct lyap_table *table, struct lyap_source *source, struct lyap_error *error);

/* True for a name that ends in ".npy". */
bool lyap_npy_named(const char *path);

enum lyap_npy_type { LYAP_NPY_F4, LYAP_NPY_F8 };

/* Writes a header of version 1.0, padded so that the numbers begin at a multiple of 64 bytes, for an array of dimensions
 * sizes[dimensions] (1 .. 32) in C order, little-endian. The numbers follow through lyap_npy_write_values, in any portions,
 * as many as the product of the sizes. Writing errors stay with the stream (ferror). */
void lyap_npy_write_header(FILE *file, enum lyap_npy_type type, const size_t *sizes, int dimensions);

/* Writes `count` numbers; LYAP_NPY_F4 rounds to float32. */
void lyap_npy_write_values(FILE *file, enum lyap_npy_type type, const double *values, size_t count);

#endif
