/* What one thread needs to carry blocks of cells through their trajectories: start.h gives them starting points, train.h trains
 * them, evaluate.h evaluates the parents. */
#ifndef LYAP_ENGINE_WORKER_H
#define LYAP_ENGINE_WORKER_H

#include "engine/run.h"
#include "engine/step_inputs.h"

/* width: run.kernels->width, the cells of a block. */
struct lyap_worker {
    const struct lyap_run *run;
    struct lyap_block block;
    struct lyap_step_inputs inputs;
    void *parent;                         /* real [parameters], of a spread cell before its neighbours are made */
    struct lyap_lane_rule lanes;          /* with run.vary: views of the three below */
    void *layer_rates, *momenta, *decays; /* real [layers][width], [width], [width] */
    double *varied;                       /* [parameters], one lane's start */
    void *probe;                       /* real [parameters][width], scratch of lyap_worker_alive, with mini-batches */
    void *slice_distance, *slice_loss; /* real [slice][width] */
    double *distance64;                /* [slice][width] */
    size_t count;                      /* cells of the block in use */
    uint32_t reached;                  /* epochs that the block has behind it */
    struct lyap_log_sums sums;
};

/* About how much memory a worker takes. */
double lyap_worker_bytes(const struct lyap_run *run);

/* Allocates a worker's buffers; LYAP_ERROR_MEMORY. Free with lyap_worker_free (a zeroed worker is allowed). */
enum lyap_status lyap_worker_new(struct lyap_worker *worker, const struct lyap_run *run, struct lyap_error *error);
void lyap_worker_free(struct lyap_worker *worker);

/* Updates that the started block has behind it, or all that it was to make. */
uint64_t lyap_worker_updates(const struct lyap_worker *worker, bool finished);

/* Weight `parameter` of `trajectory` of the cell in `lane`; of a spread cell the parent's alone. */
double lyap_worker_weight(const struct lyap_worker *worker, size_t lane, size_t trajectory, size_t parameter);

/* The learning rate of the cell in `lane`, rounded to the run's precision. */
double lyap_worker_lr(const struct lyap_worker *worker, size_t lane);

/* Called between slices; returning false abandons the block. */
typedef bool (*lyap_poll)(void *context);

#endif
