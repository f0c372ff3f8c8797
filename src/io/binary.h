/* Arrays of binary numbers: what the formats .npy and IDX share behind their headers. */
#ifndef LYAP_IO_BINARY_H
#define LYAP_IO_BINARY_H

#include <stdbool.h>
#include <stdint.h>

#include "io/source.h"
#include "io/table.h"

enum { LYAP_MAX_DIMENSIONS = 32 };

/* The type of a number: 'f' IEEE floating point, 'i' signed, 'u' unsigned, 'b' truth value (0 or 1); its bytes (1, 2, 4, 8;
 * floating point from 2). */
struct lyap_element {
    char kind;
    int size;
    bool big_endian;
};

/* What a header said. */
struct lyap_array {
    struct lyap_element element;
    int dimensions; /* 1 .. LYAP_MAX_DIMENSIONS */
    uint64_t sizes[LYAP_MAX_DIMENSIONS];
    uint64_t shape_at; /* offset of the sizes, for messages */
    bool fortran;      /* the first index runs fastest, not the last */
};

/* Reads the numbers of the array, which begin at the source's position and end with the file, into the table. Errors as
 * lyap_table_read: a dimension of 0, sizes whose product overflows, fewer or more bytes than they make, a number that is not
 * finite, a truth value above 1. */
enum lyap_status lyap_binary_read(struct lyap_table *table, struct lyap_source *source, const struct lyap_array *array,
                                  struct lyap_error *error);

#endif
