/* Other ways to do the work of bench_step inside this program: plain loops and OpenBLAS. */
#ifndef BENCH_BASELINE_H
#define BENCH_BASELINE_H

#include "kernel.h"
#include "row.h"

struct bench_other {
    enum bench_baseline which;
    const struct bench_work *work;    /* the scalar path's: initial weights and the distances to match */
    bool large;                       /* the large step's peer, with all weights in its room */
    bool stacked;                     /* first layers side by side, if that is the faster way here */
    const struct lyap_kernels *sleef; /* the best this CPU has, for its functions */
    void *weights, *distance, *room;
};

/* Allocates for the scalar work, which must have run; false when this build has no such baseline or memory is out. */
bool bench_other_open(struct bench_other *other, enum bench_baseline which, const struct bench_work *work);
void bench_other_close(struct bench_other *other);

void bench_other_run(void *other);

/* The largest relative difference of its distances from the scalar path's after a run. */
double bench_other_residual(const struct bench_other *other);

#endif
