/* What one thread needs to carry blocks of 16 cells through initialisation, training and measurement. */
#ifndef LYAP_WORKER_H
#define LYAP_WORKER_H

#include "simd/kernels.h"
#include "lyapgrad/ensemble.h"
#include "engine/step_inputs.h"

/* What cells may have of their own besides their setting. */
struct lyap_lane {
    double lr, perturbation, momentum, weight_decay, layer_rate[LYAP_MAX_LAYERS];
    double *weights; /* [parameters], the start, to be changed in place */
};

/* Lets cells differ from the plan. `set` gets a lane filled from the plan and the start's weights, and changes it; it is
 * called from all threads. The plan's optimiser has layer rates other than 1, a weight decay above 0, where those vary. */
struct lyap_vary {
    bool weights, layer_rate, momentum, weight_decay; /* what varies besides lr and perturbation */
    const uint64_t *start; /* [cells], the starts that the cells draw; NULL: those of the plan */
    void (*set)(const struct lyap_vary *vary, uint64_t cell, struct lyap_lane *lane);
};

/* Shared by all workers of a run, read-only. */
struct lyap_run {
    const struct lyap_plan *plan;
    const struct lyap_vary *vary;           /* NULL: cells are as the plan says */
    const struct lyap_kernels *kernels;     /* of the run's precision */
    const struct lyap_kernels *log_kernels; /* float64, same instruction set */
    struct lyap_shape shape, whole;         /* of a step's batch and of the whole training set */
    struct lyap_shape still; /* the latter for a step that looks at the gradient alone, with mini-batches */
    struct lyap_law laws[2 * LYAP_MAX_LAYERS];
    void *x, *y;           /* the data set in the run's precision, owned */
    void *columns;         /* x by columns, real [inputs][samples], owned; NULL where no gradient gains by it */
    void *test_x, *test_y; /* the held-out data, owned; NULL without */
    double threshold;      /* between the two classes of a single output */
    size_t real_size;      /* sizeof(float) or sizeof(double) */
    uint64_t first, cells; /* the first of the cells to run, and how many */
    uint64_t updates;      /* of these cells, the unit of progress */
    bool spread;           /* one cell a block, its trajectories over the lanes */
    size_t block_cells;    /* 16, or 1 when spread */
    size_t stride;         /* largest number of epochs of any setting */
    uint32_t slice;        /* epochs between looks at the progress function */
    uint32_t draw_slice;   /* attempts at a start between looks */
};

/* Checks the plan and prepares the shared part. Errors as for lyap_ensemble_run. Free with lyap_run_free. */
enum lyap_status lyap_run_prepare(struct lyap_run *run, const struct lyap_plan *plan, struct lyap_error *error);
void lyap_run_free(struct lyap_run *run);

/* Decides whether the run's cells are taken one by one with their trajectories spread over the lanes: where that is less
 * work, or as much and less memory. The results are the same bits. Before the first worker is made. */
void lyap_run_spread(struct lyap_run *run);

struct lyap_worker {
    const struct lyap_run *run;
    struct lyap_block block;
    struct lyap_pace pace;
    void *parent;                         /* real [parameters], of a spread cell before its neighbours are made */
    struct lyap_lane_rule lanes;          /* with run.vary: views of the three below */
    void *layer_rates, *momenta, *decays; /* real [layers][16], [16], [16] */
    double *varied;                       /* [parameters], one lane's start */
    void *probe;                          /* real [parameters][16], scratch of lyap_worker_alive, with mini-batches */
    void *slice_distance, *slice_loss;    /* real [slice][16] */
    double *distance64;                   /* [slice][16] */
    size_t count;                         /* cells of the block in use */
    uint32_t reached;                     /* epochs that the block has behind it */
    struct lyap_log_sums sums;
};

/* About how much memory a worker takes. */
double lyap_worker_bytes(const struct lyap_run *run);

/* Allocates a worker's buffers; LYAP_ERROR_MEMORY. Free with lyap_worker_free (a zeroed worker is allowed). */
enum lyap_status lyap_worker_new(struct lyap_worker *worker, const struct lyap_run *run, struct lyap_error *error);
void lyap_worker_free(struct lyap_worker *worker);

/* Updates that the started block has behind it, or all that it was to make. */
uint64_t lyap_worker_updates(const struct lyap_worker *worker, bool finished);

/* Called between slices; returning false abandons the block. */
typedef bool (*lyap_poll)(void *context);

/* Gives the block's cells first .. first+count-1 (count <= run.block_cells) their starting points.
 * Returns LYAP_OK, LYAP_ERROR_WINDOW (block.pending says which lanes found none) or LYAP_ERROR_INTERRUPTED. */
enum lyap_status lyap_worker_start(struct lyap_worker *worker, uint64_t first, size_t count, lyap_poll poll,
                                   void *context);

/* Trains the started block and writes records[count]; with plan.series also distance and loss [count][run.stride].
 * Returns LYAP_OK or LYAP_ERROR_INTERRUPTED. */
enum lyap_status lyap_worker_train(struct lyap_worker *worker, struct lyap_record *records, double *distance,
                                   double *loss, lyap_poll poll, void *context);

/* Those of the `lanes` whose cell is not dead: the gradient of the loss has an entry that is not zero at the last update (block.alive) or,
 * with mini-batches, over the whole training set at the weights as they are, in one of the first `trajectories`. Passes over
 * the whole set are made for lanes alone that look dead by their last batch. */
uint32_t lyap_worker_alive(struct lyap_worker *worker, uint32_t lanes, size_t trajectories);

/* Evaluates the trained block's parents: out[count]. */
void lyap_worker_evaluate(struct lyap_worker *worker, struct lyap_evaluation *out);

/* Weight `parameter` of `trajectory` of the cell in `lane`; of a spread cell the parent's alone. */
double lyap_worker_weight(const struct lyap_worker *worker, size_t lane, size_t trajectory, size_t parameter);

/* The learning rate of the cell in `lane`, rounded to the run's precision. */
double lyap_worker_lr(const struct lyap_worker *worker, size_t lane);

#endif
