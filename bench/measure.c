#include "measure.h"

#include <stdlib.h>

#include "timer.h"

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void bench_summarise(double *values, int n, double *best, double *median, double *spread) {
    qsort(values, (size_t)n, sizeof *values, ascending);
    *best = values[0];
    *median = n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
    *spread = *median > 0 ? (values[(3 * (n - 1) + 2) / 4] - values[(n - 1) / 4]) / *median : 0;
}

/* Warms up and finds how many calls go between looks at the clock, so that looking (some 25 ns) does not count. */
static void warm_up(struct bench_subject *subject, double seconds) {
    double start = bench_seconds(), now;
    double calls = 0;
    do {
        subject->run(subject->context);
        calls++;
        now = bench_seconds();
    } while (now - start < seconds);
    subject->batch = (int)(calls / 16) + 1;
}

/* One repetition; seconds and cycles a call. */
static double repetition(struct bench_subject *subject, double seconds, double *cycles) {
    double calls = 0, start_cycles = bench_cycles(), start = bench_seconds(), now;
    do {
        for (int i = 0; i < subject->batch; i++) subject->run(subject->context);
        calls += subject->batch;
        now = bench_seconds();
    } while (now - start < seconds);
    *cycles = (bench_cycles() - start_cycles) / calls;
    return (now - start) / calls;
}

/* Spreads of all measurements of the run. */
enum { MOST_SPREADS = 4096 };
static double spreads[MOST_SPREADS];
static int spread_count;

void bench_note_spread(double spread) {
    if (spread_count < MOST_SPREADS) spreads[spread_count++] = spread;
}

void bench_measure(struct bench_subject *subjects, int n, struct bench_effort effort) {
    int repetitions = effort.repetitions < BENCH_MOST_REPETITIONS ? effort.repetitions : BENCH_MOST_REPETITIONS;
    double cycles;
    for (int j = 0; j < n; j++) warm_up(&subjects[j], effort.seconds);
    for (int r = 0; r < repetitions; r++)
        for (int j = 0; j < n; j++) {
            struct bench_subject *s = &subjects[j];
            s->times[r] = repetition(s, effort.seconds, &cycles);
            if (r == 0 || s->times[r] < s->best) {
                s->best = s->times[r];
                s->cycles = cycles;
            }
        }
    for (int j = 0; j < n; j++) {
        bench_summarise(subjects[j].times, repetitions, &subjects[j].best, &subjects[j].median, &subjects[j].spread);
        bench_note_spread(subjects[j].spread);
    }
}

int bench_noisy(double limit, int *measured) {
    int noisy = 0;
    for (int i = 0; i < spread_count; i++) noisy += spreads[i] > limit;
    *measured = spread_count;
    return noisy;
}
