/* Reading and writing arrays of a run's precision, from portable code. */
#ifndef LYAP_BASE_REAL_H
#define LYAP_BASE_REAL_H

#include <stddef.h>

#include "lyapgrad/precision.h"

static inline double lyap_real_get(const void *array, size_t index, enum lyap_precision precision) {
    return precision == LYAP_FLOAT64 ? ((const double *)array)[index] : (double)((const float *)array)[index];
}

static inline void lyap_real_set(void *array, size_t index, double value, enum lyap_precision precision) {
    if (precision == LYAP_FLOAT64)
        ((double *)array)[index] = value;
    else
        ((float *)array)[index] = (float)value;
}

#endif
