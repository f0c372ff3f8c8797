/* A row of the table of known answers. */
#ifndef LYAP_VERIFY_VALIDATION_H
#define LYAP_VERIFY_VALIDATION_H

#include <stdbool.h>
#include <stdint.h>

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

#endif
