/* Time and memory of whole experiments against their size. */
#ifndef BENCH_SCALING_H
#define BENCH_SCALING_H

#include <stdbool.h>
#include <stdio.h>

#include "lyapgrad/status.h"

enum { BENCH_MOST_POINTS = 16 };

struct bench_curve {
    const char *name; /* "cells", "neighbours", "parameters", "samples", "threads", "tangents" */
    const char *what; /* the settings that stay */
    int count;
    double x[BENCH_MOST_POINTS], seconds[BENCH_MOST_POINTS], megabytes[BENCH_MOST_POINTS];
    double exponent; /* of the time in the upper half of the points: time ~ x^exponent; NAN with fewer than three */
};

enum { BENCH_CURVES = 6 };

/* Exponent b of y ~ x^b by least squares of ln y on ln x over the upper half of the n points, at least three of them; NAN
 * with fewer. */
double bench_exponent(const double *x, const double *y, int n);

/* Measures all curves, printing as it goes; `most_cells` ends the first. Each point runs in its own process, whose peak
 * memory it is. */
enum lyap_status bench_scaling(struct bench_curve curves[BENCH_CURVES], double most_cells, int cpus, bool fast,
                               struct lyap_error *error);

/* curve,x,seconds,megabytes,exponent */
void bench_scaling_csv(FILE *file, const struct bench_curve curves[BENCH_CURVES]);

#endif
