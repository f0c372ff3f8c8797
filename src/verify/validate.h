/* Known answers: the estimators on systems whose exponents are known, each with the value's source.
 *
 *   struct lyap_validation row;
 *   for (size_t i = 0; i < lyap_validation_count(); i++)
 *       if (!lyap_validate(i, isa, threads, &row, &error)) printf("%s %s\n", row.system, row.pass ? "PASS" : "FAIL");
 *
 * The systems run through lyap_spectrum_run, the same code as the networks; the last rows give the time-series estimators of
 * lyapgrad/series.h nothing but 10,000 values of Henon's x. */
#ifndef LYAP_VALIDATE_H
#define LYAP_VALIDATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyapgrad/isa.h"
#include "lyapgrad/status.h"

struct lyap_validation {
    const char *system;    /* "henon a=1.4 b=0.3" */
    const char *estimator; /* "tangent", "rescaled", "kantz", "rosenstein", "wolf" */
    const char *quantity;  /* "lambda_1", "sum" */
    const char *source;    /* of the expected value */
    double measured;       /* mean over the starts; nats per step, for lorenz per unit of time */
    double low, high;      /* 95 % interval over the starts, mean +- t s / sqrt(n); of a series the jackknife's */
    double expected;
    double error;     /* measured - expected */
    double tolerance; /* pass: |error| <= tolerance */
    bool pass;
    uint64_t digest; /* of all records behind the row */
};

/* Number of rows of the table. */
size_t lyap_validation_count(void);

/* Measures row `index` < lyap_validation_count(). threads 0: all. Errors as for lyap_spectrum_run and lyap_series_run. */
enum lyap_status lyap_validate(size_t index, enum lyap_isa isa, int threads, struct lyap_validation *row,
                               struct lyap_error *error);

#endif
