/* One network, task by task: the library on one and more threads, among sixteen starts, and other programs, verified against each
 * other and then timed in turns. */
#ifndef BENCH_SINGLE_SUITE_H
#define BENCH_SINGLE_SUITE_H

#include "suite.h"

/* Runs the tasks chosen, prints their rows and keeps them in suite->single. What differs is told on stderr, counted, and has a row
 * without a time that says so; the status is for what ends the run. */
enum lyap_status bench_single_run(struct bench_suite *suite, struct lyap_error *error);

#endif
