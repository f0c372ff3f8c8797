/* Results for one network: single.csv, an array of bench.json, a section of report.md. */
#ifndef BENCH_SINGLE_ROWS_H
#define BENCH_SINGLE_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "machine.h"

/* Ratios of times. What is not known is 0. */
struct bench_single_row {
    const char *task, *item; /* "tangent-step", "parent-step" */
    const char *net, *activation, *precision;
    char program[16]; /* the instruction set of ours, or "openblas", "torch", "torch-stacked" */
    size_t samples;
    uint32_t neighbours;
    size_t exponents;
    uint64_t starts;
    int threads;
    double best, median,
        spread; /* ns an item of one start; spread relative. best 0: not timed, for the reason in note */
    double vs_openblas, vs_torch, vs_stacked;   /* a program's time over this one's, on as many threads */
    double vs_one_thread;                       /* time on one thread over this one's */
    double vs_block;                            /* time of a start among sixteen over this one's, one thread each */
    double gradient_steps;                      /* this time over the gradient step's, same net, starts and threads */
    double per_trajectory;                      /* time a trajectory over that with one neighbour */
    double bound;                               /* ns an item */
    char limit[12];                             /* what sets the bound: "latency", "issue" */
    double peak, needed;                        /* bytes; 0: not measured */
    double residual, state_residual, tolerance; /* of a program from ours; of ours from the scalar path's: 0 */
    char goal[80], reached[24];                 /* "vs_torch >= 1.43; gradient_steps <= 2.5", "yes; no" */
    char note[96];
};

struct bench_single_rows {
    struct bench_single_row *rows; /* owned */
    size_t count, room;
};

/* A new zeroed row at the end; NULL when out of memory. */
struct bench_single_row *bench_single_rows_add(struct bench_single_rows *rows);
void bench_single_rows_free(struct bench_single_rows *rows);

/* True if it is of another program. */
bool bench_single_row_other(const struct bench_single_row *row);

/* Fills the ratios of all rows from each other. */
void bench_single_rows_relate(struct bench_single_rows *rows);

/* Fills goals and whether they are reached, for the rows that have some. */
void bench_single_rows_judge(struct bench_single_rows *rows);

/* One line for people; NULL writes the head. */
void bench_single_row_print(FILE *file, const struct bench_single_row *row);

void bench_single_rows_csv(FILE *file, const struct bench_single_rows *rows, const struct bench_machine *machine);
void bench_single_rows_json(FILE *file, const struct bench_single_rows *rows);
void bench_single_rows_report(FILE *file, const struct bench_single_rows *rows);

#endif
