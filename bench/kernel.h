/* The kernels that are verified and timed. A case is a kernel with its shape and precision; a work is a case on one
 * instruction set with its buffers. */
#ifndef BENCH_KERNEL_H
#define BENCH_KERNEL_H

#include <stdbool.h>

#include "engine/aligned.h"
#include "engine/start.h"
#include "engine/worker.h"
#include "count.h"
#include "lyapgrad/dataset.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/isa.h"
#include "lyapgrad/network.h"
#include "lyapgrad/precision.h"
#include "lyapgrad/status.h"

/* The activations that are measured: the published ones, the first of the enumeration. */
enum { BENCH_ACTIVATIONS = LYAP_RELU + 1 };

enum { BENCH_MOST_PARTS = 3 };

/* The network of the kernels for large layers: images of 28 x 28 pixels to ten classes, a large batch. */
#define BENCH_LARGE_SHAPE "784-64-10"
enum { BENCH_LARGE_SAMPLES = 1024 };

struct bench_case {
    const struct bench_kernel *kernel;
    struct lyap_network net; /* unused where kernel->networks is false */
    const struct lyap_dataset *data;
    enum lyap_precision precision;
    uint32_t neighbours, epochs;
    uint64_t starts; /* of the paper's figures */
};

struct bench_work {
    const struct bench_case *the_case;
    struct lyap_plan plan;
    struct lyap_run run;
    struct lyap_worker worker;
    void *initial; /* weights before training */
    size_t weight_bytes;
    void *in, *out; /* what the kernel reads and writes beside the worker's block */
    size_t out_bytes;
    void *more; /* what the kernel's open allocated and its close frees */
    struct lyap_record records[LYAP_BLOCK];
};

struct bench_kernel {
    const char *name, *item; /* "step", "network-step" */
    bool networks;           /* takes a net; otherwise an activation alone, or nothing */
    bool activations;        /* is repeated for each activation */
    bool slow;               /* tenths of seconds a run: few repetitions */
    const char *shape;       /* a net of its own, with that many samples and one neighbour; NULL: those of the table */
    size_t samples;
    double tolerance[2];     /* of the residual, by precision */
    const char *residual_of; /* what the residual compares with */

    /* Prepares what is not common to all; both may be NULL. */
    bool (*open)(struct bench_work *work);
    void (*close)(struct bench_work *work);
    void (*run)(void *work);
    /* The largest difference from the reference after a run. */
    double (*residual)(struct bench_work *work);
    /* Memory whose bits must be those of the scalar path; returns how many parts. */
    int (*result)(struct bench_work *work, const void *part[BENCH_MOST_PARTS], size_t bytes[BENCH_MOST_PARTS]);
    double (*items)(const struct bench_case *the_case); /* that a run handles */
    /* Operations of an item; NULL: not counted, and then there is no bound. */
    struct bench_count (*count)(const struct bench_case *the_case);
    double (*working_set)(const struct bench_case *the_case); /* bytes that a run goes over again and again */
};

extern const struct bench_kernel bench_uniform, bench_normal, bench_activation, bench_forward, bench_backward,
    bench_gradient, bench_distance, bench_start, bench_step, bench_tangent, bench_spectrum, bench_trajectory,
    bench_paper, bench_matrix, bench_matrix_forward, bench_matrix_backward, bench_matrix_gradient, bench_large_step;

/* All kernels, in the order of the table; NULL at the end. */
extern const struct bench_kernel *const bench_kernels[];

/* Opens the case on an instruction set; allocated by the caller at LYAP_ALIGNMENT, closed with bench_work_close also after
 * a failure. */
enum lyap_status bench_work_open(struct bench_work *work, const struct bench_case *the_case, enum lyap_isa isa,
                                 struct lyap_error *error);
void bench_work_close(struct bench_work *work);

/* The bytes of a real and a value of an array in the case's precision. */
size_t bench_real_size(const struct bench_case *the_case);
double bench_real_at(const struct bench_work *work, const void *array, size_t index);

#endif
