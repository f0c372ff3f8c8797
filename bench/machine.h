/* What the run was made on and with: the header of every report. */
#ifndef BENCH_MACHINE_H
#define BENCH_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct bench_machine {
    char cpu[96];
    char system[96];
    double ghz;        /* estimated, see bench/timer.h */
    size_t l1, l2, l3; /* bytes of data cache; usual sizes where the system does not tell */
    bool caches_known;
    int cpus;
    bool pinned, cycles;
    char compiler[48];
    char flags[256];  /* of the library's kernels */
    char native[128]; /* of the plain loop that the compiler vectorises */
    char sleef[16];
    char version[16];
    char commit[24]; /* empty outside a git checkout */
    char date[24];   /* ISO 8601, UTC */
};

/* Fills the struct and pins the thread. */
void bench_machine_find(struct bench_machine *machine);

/* Writes it as lines "# name: value" (prefix "# ") or as a Markdown list (prefix "- "). */
void bench_machine_write(const struct bench_machine *machine, FILE *file, const char *prefix);

#endif
