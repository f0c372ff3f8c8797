/* What one core can do on one instruction set and precision, measured, and the time that a kernel's operations need at
 * least by it. */
#ifndef BENCH_LIMITS_H
#define BENCH_LIMITS_H

#include <stdbool.h>

#include "simd/kernels.h"
#include "count.h"
#include "machine.h"
#include "measure.h"

struct bench_limits {
    double fma, add, relu, gate; /* ns per lane: a multiply-add, and by how much another operation lengthens a loop
                                    of multiply-adds beside which it runs (0: it has its own pipe) */
    double any;                  /* ns per lane of the fastest mix: the limit of issuing anything */
    double words, div, sqrt;
    double exp, log, log1p, tanh, sincospi;     /* ns per lane of SLEEF's functions in a loop */
    double read_l1, read_l2, read_memory;       /* GB/s */
    double update_l1, update_l2, update_memory; /* GB/s, loads and stores counted */
};

/* Measures all of it; false when out of memory. Takes some tenths of a second. */
bool bench_limits_measure(struct bench_limits *limits, const struct lyap_kernels *kernels,
                          const struct bench_machine *machine, struct bench_effort effort);

/* 2 operations a multiply-add: the peak in GFLOP/s. */
double bench_limits_peak(const struct bench_limits *limits);

/* The bound: ns per item, and which limit sets it ("fma", "issue", "sleef", "divider", "words", "L1", "L2", "memory").
 *
 *   issue    every multiply-add and product at the rate of multiply-adds, every other operation with the time by which it
 *            lengthens a loop of them; not less than all operations at the rate of the fastest mix measured
 *   sleef    the issue limit of the rest plus each call at the throughput of a loop that does nothing else
 *   divider  divisions and square roots at the divider's throughput
 *   words    Philox's products at theirs (with the calls, whose integer and floating-point pipes differ, the larger)
 *   L1...    the bytes at the update bandwidth of the cache that holds `working_set` bytes
 *
 * The bound is the largest, since different units can work at the same time. */
double bench_limits_bound(const struct bench_limits *limits, const struct bench_count *count, double working_set,
                          const struct bench_machine *machine, const char **which);

#endif
