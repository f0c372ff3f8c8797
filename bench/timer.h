/* Time on one core: a monotonic clock, CPU cycles where the system counts them, and a pinned thread where it can be. */
#ifndef BENCH_TIMER_H
#define BENCH_TIMER_H

#include <stdbool.h>

/* Seconds of a monotonic clock. */
double bench_seconds(void);

/* Seconds of CPU that this process has had, all its threads together. For work on one thread they are the seconds that it takes on an
 * idle machine, and others do not count. */
double bench_cpu_seconds(void);

/* Binds the calling thread to the CPU that it is on; false where the system cannot. bench_unpin undoes it, before threads
 * or programs are started that would inherit it. */
bool bench_pin(void);
void bench_unpin(void);

/* Opens the hardware counter of this thread's cycles in user mode (Linux perf events); false where there is none, as in
 * most virtual machines. bench_cycles is 0 then. */
bool bench_cycles_open(void);
double bench_cycles(void);

/* The core's clock in GHz from a chain of dependent 64-bit multiplications, of which each takes 3 cycles on Intel since
 * Nehalem, AMD since Zen and Apple's cores: an estimate. */
double bench_clock_ghz(void);

#endif
