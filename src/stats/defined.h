/* A statistic that a sample need not have, such as a correlation of constant values: that it is undefined is a result, that there was
 * no memory for it is not. */
#ifndef LYAP_STATS_DEFINED_H
#define LYAP_STATS_DEFINED_H

#include <stdbool.h>

#include "lyapgrad/status.h"

/* Whether a statistic's function gave its value: `got` is its status. LYAP_ERROR_ARGUMENT is undefined, and its reason in
 * `error` is dropped; any other failure becomes *status, where that has none yet, and the reason stays. */
static inline bool lyap_defined(enum lyap_status got, enum lyap_status *status, struct lyap_error *error) {
    if (got == LYAP_ERROR_ARGUMENT && !*status && error) *error = (struct lyap_error){LYAP_OK, ""};
    if (got && got != LYAP_ERROR_ARGUMENT && !*status) *status = got;
    return got == LYAP_OK;
}

#endif
