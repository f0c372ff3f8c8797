/* Repeated, interleaved timing of several subjects that do the same work. */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <stdbool.h>

enum { BENCH_MOST_REPETITIONS = 101, BENCH_MOST_SUBJECTS = 8 };

/* One thing to time: run(context) does the work once. The rest is what bench_measure found, in seconds a call. */
struct bench_subject {
    void (*run)(void *context);
    void *context;
    double best, median;
    double spread; /* (third quartile - first quartile) / median */
    double cycles; /* of the best repetition; 0 where they are not counted */
    double times[BENCH_MOST_REPETITIONS];
    int batch; /* calls between looks at the clock */
};

struct bench_effort {
    int repetitions;
    double seconds; /* of one repetition at least: calls are repeated inside until then */
};

/* Times n subjects: each warmed up for one repetition, then all in turn, `repetitions` times, so that a drifting clock
 * meets them alike. */
void bench_measure(struct bench_subject *subjects, int n, struct bench_effort effort);

/* Statistics of values[n], which are sorted in place. */
void bench_summarise(double *values, int n, double *best, double *median, double *spread);

/* Counts a measurement that bench_measure did not make. */
void bench_note_spread(double spread);

/* How many measurements so far, `measured`, had a spread over `limit`. */
int bench_noisy(double limit, int *measured);

#endif
