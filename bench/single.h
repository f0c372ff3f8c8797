/* One network: whole runs through the library's public interfaces, so that they measure whatever layout the library chooses for
 * a shape, a number of starts and of threads, beside the same work on OpenBLAS and in PyTorch. */
#ifndef BENCH_SINGLE_H
#define BENCH_SINGLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyapgrad/dataset.h"
#include "lyapgrad/isa.h"
#include "lyapgrad/network.h"
#include "lyapgrad/precision.h"
#include "lyapgrad/status.h"

enum { BENCH_SINGLE_MOST_STARTS = 256, BENCH_SINGLE_BLOCK = 16, BENCH_SINGLE_MOST_EXPONENTS = 5 };

/* What is run. A task follows neighbours (an ensemble's distances) or tangents (exponents in tangent space). */
struct bench_task {
    const char *name, *item; /* "tangent-step", "parent-step" */
    const char *shape;
    size_t samples; /* generated; 0: XOR */
    enum lyap_activation activation;
    uint32_t neighbours; /* 0: tangents */
    size_t exponents;
    bool peers;   /* timed beside other programs and on several threads */
    bool alone;   /* other programs take one network after the other, as if there were one */
    bool latency; /* bound by the chain of a step's operations */
    bool block;   /* with 16 starts alone, on one thread, bound by the operations */
    bool memory;  /* once, in a process of its own, for its memory; only when asked for by name */
};

extern const struct bench_task bench_tasks[];
extern const size_t bench_task_count;

/* The names of the tasks, each once, NULL at the end. */
extern const char *const bench_task_names[];

/* A task with its data, starting points and directions in one precision. */
struct bench_job {
    const struct bench_task *task;
    struct lyap_network net;
    struct lyap_dataset data;
    enum lyap_precision precision;
    size_t parameters, trajectories; /* of a cell: the parent and its neighbours */
    double lr;
    size_t starts;
    double *weights; /* [starts][parameters], normal, divided by the root of a layer's inputs */
};

/* Makes the data (Philox draws: inputs uniform in [-1, 1), targets in [-1/2, 1/2), or XOR) and the starting points, as many as
 * `starts` and, but for memory, sixteen; `samples` replaces the task's own unless 0. Closed with bench_job_close also after a failure. */
enum lyap_status bench_job_open(struct bench_job *job, const struct bench_task *task, enum lyap_precision precision,
                                size_t samples, uint64_t starts, struct lyap_error *error);
void bench_job_close(struct bench_job *job);

/* Steps between re-orthonormalisations, the default of the library; 1 for neighbours. Runs take multiples of it. */
uint32_t bench_job_unit(const struct bench_job *job);

/* The factor of the gradient of half the sum of squares in an update. */
double bench_job_step(const struct bench_job *job);

/* out[trajectories][parameters]: where the trajectories of the first cell begin. */
enum lyap_status bench_job_initial(const struct bench_job *job, double *out, struct lyap_error *error);

/* out[exponents][parameters]: the directions of the first cell, before they are made orthonormal. */
void bench_job_directions(const struct bench_job *job, double *out);

/* How the library runs a job. */
struct bench_ours {
    const struct bench_job *job;
    enum lyap_isa isa;
    uint64_t starts;
    int threads;
    struct lyap_error error; /* of a run that failed */
};

/* What the first cell gave. */
struct bench_single_result {
    double *distance;                           /* [steps], or NULL: not asked for */
    double *weights;                            /* [parameters], the parent's last; NULL with tangents */
    double growth[BENCH_SINGLE_MOST_EXPONENTS]; /* ln of the lengths taken off each direction */
    double loss;                                /* before the last step */
};

/* Seconds on the clock that suits a number of threads: of CPU for one, which other programs on the machine do not lengthen. */
double bench_single_clock(int threads);

/* Runs the job for so many steps. `result` may be NULL. Seconds (bench_single_clock) of the whole call, with all its preparations,
 * or below 0 when it failed; what a step costs is the difference of two runs. */
double bench_ours_run(struct bench_ours *ours, uint32_t steps, struct bench_single_result *result);

/* Runs the job once for as many steps as go between two re-orthonormalisations in a child process, on one thread and with one start.
 *   seconds      of a step, preparations with it
 *   peak         bytes that the process had at most, the data in double precision with them
 * LYAP_ERROR_MEMORY when it failed. */
enum lyap_status bench_single_memory(const struct bench_task *task, enum lyap_precision precision, size_t samples,
                                     enum lyap_isa isa, double *seconds, double *peak, struct lyap_error *error);

/* Bytes that it takes to follow one network: parameters, their gradient, a row to spare and the directions; the data in double and in
 * the run's precision; activations and deltas of the network and each direction for a chunk of 1,024 samples. */
double bench_single_needed(const struct bench_job *job);

/* Another program, or the same through a library, doing a job on one network. */
struct bench_single_peer {
    const struct bench_job *job;
    const char *program; /* "openblas", "torch", "torch-stacked" */
    int threads;
    double residual, state_residual; /* from the library's result, as bench/single_rows.h has them */
    int forms, agreeing;             /* ways of writing it that were compared, and those that agree */
    char note[96];
    bool (*run)(struct bench_single_peer *peer, uint32_t steps, double *seconds); /* false: it broke */
    void *own;
};

/* The residuals of what a peer found. `found` has the distances and weights, or growth and loss. */
void bench_single_compare(const struct bench_job *job, uint32_t steps, const struct bench_single_result *expected,
                          const struct bench_single_result *found, double *residual, double *state_residual);

/* True where both are within what rounding explains: distances and growth by the precision as in the kernels' tables, the state
 * more closely. */
bool bench_single_agrees(const struct bench_job *job, double residual, double state_residual);
void bench_single_tolerance(const struct bench_job *job, double *residual, double *state_residual);

#endif
