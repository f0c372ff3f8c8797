/* The command line of lyapgrad-bench. */
#ifndef BENCH_OPTIONS_H
#define BENCH_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyapgrad/status.h"

enum { BENCH_MOST_NAMES = 24, BENCH_MOST_SAMPLES = 1000000, BENCH_PAPER_STARTS = 10000, BENCH_MOST_THREADS = 4 };

/* A choice among names; count 0 means all. */
struct bench_choice {
    int count;
    char names[BENCH_MOST_NAMES][24];
};

struct bench_options {
    struct bench_choice kernels, isas, activations, precisions, nets;
    bool fast, scale, peers, help;
    size_t samples;                  /* 0: as the kernel says */
    uint64_t starts;                 /* of the runs of bench/single.h; 0: the kernels and curves instead of them */
    int threads[BENCH_MOST_THREADS]; /* of those; the first that is 0 ends them; none: 1 and 2 */
    uint64_t paper_starts;           /* of the paper's figures; no option: BENCH_PAPER_STARTS, fewer in tests */
    const char *out;                 /* directory, default out/bench, with starts out/bench-single */
    const char *plots;               /* directory of the gnuplot files, default bench/plots */
    const char *compare;             /* an old table, or NULL */
    int argc;                        /* the command line, for the manifest */
    char **argv;
};

/* Reads the arguments. Unknown options and names, shapes that are none and instruction sets that this CPU lacks are
 * LYAP_ERROR_ARGUMENT with one line that names what is allowed. */
enum lyap_status bench_options_parse(struct bench_options *options, int argc, char **argv, struct lyap_error *error);

/* True if the name is chosen. */
bool bench_chosen(const struct bench_choice *choice, const char *name);

/* True if the task, its net and its activation are. */
struct bench_task;
bool bench_task_chosen(const struct bench_options *options, const struct bench_task *task);

extern const char bench_help[];

#endif
