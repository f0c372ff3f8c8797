/* A whole run as JSON. */
#ifndef BENCH_JSON_H
#define BENCH_JSON_H

#include <stdio.h>

#include "scaling.h"
#include "suite.h"

/* An object: "machine"; "limits", an object a set and precision with the names of limits.csv; "rows" with those of
 * bench.csv; "scaling", an object a curve with its points, empty without curves. */
void bench_json_write(FILE *file, const struct bench_suite *suite, const struct bench_curve *curves);

#endif
