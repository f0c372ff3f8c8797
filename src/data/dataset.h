/* What the data-set functions share: allocation, and the random draws that belong to no sample. */
#ifndef LYAP_DATA_DATASET_H
#define LYAP_DATA_DATASET_H

#include "lyapgrad/dataset.h"

/* Draws of stream LYAP_STREAM_DATA that belong to no sample have cells of their own; samples are fewer than 2^31. */
#define LYAP_DATA_CELL_TEACHER (UINT64_C(1) << 40)       /* index = weight */
#define LYAP_DATA_CELL_CENTRES ((UINT64_C(1) << 40) + 1) /* index = class * dimensions + dimension */
#define LYAP_DATA_CELL_CHOOSE ((UINT64_C(1) << 40) + 2)  /* index = sample */
#define LYAP_DATA_CELL_SPLIT ((UINT64_C(1) << 40) + 3)   /* index = sample */

enum { LYAP_MAX_BITS = 20 };

/* Makes room for the arrays, contents undefined; zeroes `data` first. LYAP_ERROR_MEMORY when the machine lacks it. */
enum lyap_status lyap_dataset_allocate(struct lyap_dataset *data, size_t samples, size_t inputs, size_t outputs,
                                       struct lyap_error *error);

/* The first checks of a generator: 1 .. 2^31 samples, and a deviation of 0 .. 1e300. `what` names it in the message. */
enum lyap_status lyap_dataset_check(const char *name, size_t samples, const char *what, double sigma,
                                    struct lyap_error *error);

#endif
