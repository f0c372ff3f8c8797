/* Known answers: the estimators on systems whose exponents are known, each with the value's source.
 *
 *   struct lyap_validation row;
 *   for (size_t i = 0; i < lyap_validation_count(); i++)
 *       if (!lyap_validate(i, isa, threads, &row, &error)) printf("%s %s\n", row.system, row.pass ? "PASS" : "FAIL");
 *
 * The systems run through lyap_spectrum_run, the same code as the networks; the last rows give the time-series estimators of
 * lyapgrad/series.h nothing but 10,000 values of Henon's x. */
#ifndef LYAP_VERIFY_VALIDATE_H
#define LYAP_VERIFY_VALIDATE_H

#include <stddef.h>

#include "lyapgrad/isa.h"
#include "lyapgrad/status.h"
#include "verify/validation.h"

/* Number of rows of the table. */
size_t lyap_validation_count(void);

/* Measures row `index` < lyap_validation_count(). threads 0: all. Errors as for lyap_spectrum_run and lyap_series_run. */
enum lyap_status lyap_validate(size_t index, enum lyap_isa isa, int threads, struct lyap_validation *row,
                               struct lyap_error *error);

#endif
