/* Rows of `lyapgrad validate` for the estimators that see nothing but a recorded series. */
#ifndef LYAP_VERIFY_VALIDATE_SERIES_H
#define LYAP_VERIFY_VALIDATE_SERIES_H

#include <stddef.h>

#include "lyapgrad/status.h"
#include "verify/validation.h"

size_t lyap_validate_series_count(void);

/* Measures row `index` of them. Errors as for lyap_series_run. */
enum lyap_status lyap_validate_series(size_t index, int threads, struct lyap_validation *row, struct lyap_error *error);

#endif
