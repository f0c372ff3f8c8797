#if defined(__linux__)
#define _GNU_SOURCE /* sched_setaffinity */
#endif

#include "timer.h"

#include <stdint.h>
#include <time.h>

#if defined(__linux__)
#include <linux/perf_event.h>
#include <sched.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

static double seconds_of(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double bench_seconds(void) {
    return seconds_of(CLOCK_MONOTONIC);
}

double bench_cpu_seconds(void) {
    return seconds_of(CLOCK_PROCESS_CPUTIME_ID);
}

#if defined(__linux__)

static cpu_set_t before;
static bool pinned;
static int counter = -1;

bool bench_pin(void) {
    int cpu = sched_getcpu();
    if (pinned) return true;
    if (cpu < 0 || cpu >= CPU_SETSIZE || sched_getaffinity(0, sizeof before, &before) != 0) return false;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET((size_t)cpu, &one);
    pinned = sched_setaffinity(0, sizeof one, &one) == 0;
    return pinned;
}

void bench_unpin(void) {
    if (pinned) sched_setaffinity(0, sizeof before, &before);
    pinned = false;
}

bool bench_cycles_open(void) {
    struct perf_event_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.type = PERF_TYPE_HARDWARE;
    attributes.size = sizeof attributes;
    attributes.config = PERF_COUNT_HW_CPU_CYCLES;
    attributes.exclude_kernel = 1;
    attributes.exclude_hv = 1;
    if (counter < 0) counter = (int)syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0UL);
    return counter >= 0;
}

double bench_cycles(void) {
    uint64_t count = 0;
    if (counter < 0 || read(counter, &count, sizeof count) != (ssize_t)sizeof count) return 0;
    return (double)count;
}

#else

bool bench_pin(void) {
    return false;
}
void bench_unpin(void) {}
bool bench_cycles_open(void) {
    return false;
}
double bench_cycles(void) {
    return 0;
}

#endif

double bench_clock_ghz(void) {
    enum { STEPS = 200000, CYCLES_EACH = 3 };
    double best = 0;
    for (int repetition = 0; repetition < 20; repetition++) {
        volatile uint64_t start = 0x9E3779B97F4A7C15u;
        uint64_t x = start;
        double begin = bench_seconds();
        for (int i = 0; i < STEPS; i++) x *= x;
        double took = bench_seconds() - begin;
        start = x;
        double ghz = CYCLES_EACH * (double)STEPS / took * 1e-9;
        if (ghz > best) best = ghz;
    }
    return best;
}
