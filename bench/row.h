/* Results: one row a kernel, instruction set (or peer), precision and shape; as a table, as CSV and as JSON. */
#ifndef BENCH_ROW_H
#define BENCH_ROW_H

#include <stdio.h>

#include "limits.h"
#include "machine.h"

/* What other programs there are to compare with. */
enum bench_baseline {
    BENCH_SCALAR,     /* our scalar path, with FMA */
    BENCH_PLAIN,      /* the textbook loop, one network at a time, -O3 -march=native */
    BENCH_VECTORISED, /* the same with 16 networks in the inner loop, which the compiler vectorises */
    BENCH_OPENBLAS,
    BENCH_NUMPY,
    BENCH_TORCH,
    BENCH_NUMBA,
    BENCH_BASELINES
};

/* "scalar", "plain", "vectorised", "openblas", "numpy", "torch", "numba". */
extern const char *const bench_baseline_names[BENCH_BASELINES];

struct bench_row {
    char kernel[16], isa[16], precision[12], net[32], activation[12], item[16];
    double best, median, spread;   /* ns an item; relative */
    double cycles;                 /* an item; 0 where not counted */
    double gflops, intensity;      /* GFLOP/s; flop a byte */
    double bound;                  /* ns an item, 0 for baselines */
    char limit[12];                /* what sets the bound */
    double ratio[BENCH_BASELINES]; /* time of the baseline over this one's; 0: not run */
    double residual, tolerance;
    char note[64]; /* of a baseline: version, threads, kernel */
};

struct bench_rows {
    struct bench_row *rows; /* owned */
    size_t count, room;
};

/* A new zeroed row at the end; NULL when out of memory. */
struct bench_row *bench_rows_add(struct bench_rows *rows);
void bench_rows_free(struct bench_rows *rows);

/* True if both are the same kernel, net, activation and precision. */
bool bench_row_same_case(const struct bench_row *a, const struct bench_row *b);

/* Fills every row's ratios from the baselines' rows of its case. */
void bench_rows_relate(struct bench_rows *rows);

/* One line for people; NULL writes the head. */
void bench_row_print(FILE *file, const struct bench_row *row);

/* Numbers have a point and no inf or nan; what is not known is empty in CSV and null in JSON, where the rows are an array. */
void bench_rows_csv(FILE *file, const struct bench_rows *rows, const struct bench_machine *machine);
void bench_rows_json(FILE *file, const struct bench_rows *rows);

/* Limits of one instruction set and precision, as lines of the table limits.csv; NULL writes the head. */
void bench_limits_csv(FILE *file, const char *isa, const char *precision, const struct bench_limits *limits);

/* The same as an object with the table's names. */
void bench_limits_json(FILE *file, const char *isa, const char *precision, const struct bench_limits *limits);

#endif
