/* Numbers and strings of JSON and CSV. */
#ifndef BENCH_JSON_VALUE_H
#define BENCH_JSON_VALUE_H

#include <stdio.h>

/* A number with six digits (the clock gives no more) and a point; `unknown` for inf and nan. */
void bench_number(FILE *file, double value, const char *unknown);

/* A string with its quotes. */
void bench_json_text(FILE *file, const char *text);

#endif
