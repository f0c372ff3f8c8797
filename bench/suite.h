/* One case after the other: verified on every instruction set, then timed, with its baselines. */
#ifndef BENCH_SUITE_H
#define BENCH_SUITE_H

#include "kernel.h"
#include "limits.h"
#include "measure.h"
#include "options.h"
#include "row.h"
#include "single_rows.h"

struct bench_suite {
    const struct bench_options *options;
    const struct bench_machine *machine;
    struct bench_effort effort;
    struct bench_rows rows;
    struct bench_single_rows single;               /* of --starts */
    struct bench_limits limits[LYAP_ISA_COUNT][2]; /* by precision; measured for what is chosen */
    bool limits_known[LYAP_ISA_COUNT][2];
    FILE *table;    /* where rows are printed as they come; NULL for nowhere */
    int mismatches; /* cases that were not timed */
};

/* Measures the limits of all instruction sets and precisions chosen. */
enum lyap_status bench_suite_limits(struct bench_suite *suite, struct lyap_error *error);

/* Runs all cases chosen, prints their rows and keeps them. What does not match is told on stderr, counted and not timed;
 * the status is for what ends the run. */
enum lyap_status bench_suite_run(struct bench_suite *suite, struct lyap_error *error);

void bench_suite_free(struct bench_suite *suite);

#endif
