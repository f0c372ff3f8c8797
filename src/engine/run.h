/* What all workers of a run share: the plan checked and prepared for the kernels, and what cells may have of their own. */
#ifndef LYAP_ENGINE_RUN_H
#define LYAP_ENGINE_RUN_H

#include "lyapgrad/ensemble.h"
#include "simd/kernels.h"

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
    const struct lyap_kernels *log_kernels; /* float64, same instruction set and width */
    struct lyap_shape shape, whole;         /* of a step's batch and of the whole training set */
    struct lyap_shape still; /* the latter for a step that looks at the gradient alone, with mini-batches */
    struct lyap_law laws[2 * LYAP_MAX_LAYERS];
    void *x, *y;           /* the data set in the run's precision, owned */
    void *columns;         /* x by columns as block.columns has it, owned; NULL where no gradient gains by it */
    void *test_x, *test_y; /* the held-out data, owned; NULL without */
    double threshold;      /* between the two classes of a single output */
    size_t real_size;      /* sizeof(float) or sizeof(double) */
    uint64_t first, cells; /* the first of the cells to run, and how many */
    uint64_t updates;      /* of these cells, the unit of progress */
    bool spread;           /* one cell a block, its trajectories over the lanes */
    size_t block_cells;    /* kernels->width, or 1 when spread */
    int sharing;           /* threads that share a block's steps; 1: each block has a thread of its own */
    size_t stride;         /* largest number of epochs of any setting */
    uint32_t slice;        /* epochs between looks at the progress function */
    uint32_t draw_slice;   /* attempts at a start between looks */
};

/* Checks the plan and prepares the shared part, for an ensemble or for parents that carry `vectors` >= 1 tangents or a companion each.
 * Errors as for lyap_ensemble_run. Free with lyap_run_free. */
enum lyap_status lyap_run_prepare(struct lyap_run *run, const struct lyap_plan *plan, struct lyap_error *error);
enum lyap_status lyap_run_prepare_tangents(struct lyap_run *run, const struct lyap_plan *plan, size_t vectors,
                                           struct lyap_error *error);
void lyap_run_free(struct lyap_run *run);

/* The part of it that a known system needs too: the kernels of blocks of `width` cells, the cells and the threads. LYAP_ERROR_ISA. */
enum lyap_status lyap_run_kernels(struct lyap_run *run, const struct lyap_plan *plan, size_t width,
                                  struct lyap_error *error);

/* Steps of `passes` gradients each over so many samples, of all cells of a block, between two looks at the progress function: at least 1,
 * at most `most`. */
uint32_t lyap_run_slice(const struct lyap_run *run, size_t samples, double passes, uint32_t most);

/* Decides whether the run's cells, of blocks of 16, are taken one by one with their trajectories spread over the lanes: where that is less
 * work, or as much and less memory. The results are the same bits. Before the first worker is made. */
void lyap_run_spread(struct lyap_run *run);

#endif
