/* What a set of kernels offers, for one instruction set and precision. The portable code in src/ sees only this table;
 * the arrays are `real` = float or double according to the table's precision, aligned to LYAP_ALIGNMENT.
 *
 * A block is `width` cells side by side, 16 or 1; every per-cell array in it is [index][width]. Of 16 cells each has a lane, and
 * nothing crosses lanes. Of one the lanes hold what its network's layers put out (one network). Where a comment says [16], a table
 * of width 1 has [1]; a bit or an entry per lane is then lane 0's alone. */
#ifndef LYAP_SIMD_KERNELS_H
#define LYAP_SIMD_KERNELS_H

#if defined(__FAST_MATH__)
#error "compiled with fast math, which breaks the numerical contract: results would differ from machine to machine"
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyapgrad/outcome.h"
#include "lyapgrad/precision.h"
#include "lyapgrad/isa.h"
#include "lyapgrad/network.h"
#include "lyapgrad/optimiser.h"
#include "lyapgrad/outcome.h"
#include "lyapgrad/precision.h"
#include "lyapgrad/system.h"
#include "model/initial_law.h"
#include "simd/isa/list.h"

struct lyap_team; /* base/team.h */

/* LYAP_BLOCK: the most cells of a block. */
enum { LYAP_BLOCK = 16, LYAP_ALIGNMENT = 64 };

/* The optimiser as the kernels apply it. */
struct lyap_rule {
    enum lyap_optimiser_kind kind;
    bool
        plain; /* gradient descent with one learning rate for all layers and no decay: no more than lr and a gradient */
    bool layered; /* layer_rate is not 1 everywhere */
    bool full_state;
    double momentum, decay, epsilon, weight_decay, layer_rate[LYAP_MAX_LAYERS];
};

/* Numbers of the optimiser that differ from lane to lane; real arrays, NULL where the rule's number holds for all lanes. A
 * layer rate takes the place of the rule's (rule.layered must be set), a weight decay likewise (rule.weight_decay > 0). */
struct lyap_lane_rule {
    const void *layer_rate;   /* [layers][16] */
    const void *momentum;     /* [16], of momentum and nesterov */
    const void *weight_decay; /* [16] */
};

/* The network and the batch as the kernels walk through them. */
struct lyap_shape {
    int layers;
    int sizes[LYAP_MAX_LAYERS + 1];
    enum lyap_activation activation[LYAP_MAX_LAYERS];
    enum lyap_loss loss;
    size_t offset[LYAP_MAX_LAYERS];   /* first parameter of each layer */
    size_t unit[LYAP_MAX_LAYERS + 1]; /* units in the layers before, hidden and output layers counted; the last: all */
    size_t parameters;
    size_t dimension; /* of a trajectory's state: the parameters, then the optimiser's buffers */
    size_t measured;  /* of them, how many leading ones the distance and the tangents' lengths are over */
    struct lyap_rule rule;
    size_t samples; /* of a batch */
    size_t chunk;   /* samples taken through forward and backward together, so that activations stay in cache */
    size_t tile;    /* trajectories taken through together: long passes over the activation function */
};

/* One block and its state between calls. */
struct lyap_block {
    const struct lyap_shape *shape;     /* of a step */
    const void *x;                      /* real [samples][inputs] of the call's first step */
    const void *y;                      /* real [samples][outputs] */
    bool batches;                       /* every further step of a call takes the next `samples` rows of x and y */
    const void *rate;                   /* real [count][16], factors of the learning rates in a call's steps; NULL: 1 */
    const struct lyap_lane_rule *lanes; /* NULL: the rule holds for all lanes */
    const double *correction;           /* [count][2], Adam's 1/(1 - b1^t) and 1/(1 - b2^t) in a call's steps */
    const struct lyap_shape *whole;     /* the same network with all samples: of starts, curvature and evaluation */
    const void *whole_x, *whole_y;
    /* whole_x by columns, real [inputs][samples], which gradients of wide layers of a block of sixteen read, or NULL */
    const void *columns;
    struct lyap_team *team; /* of one network: the threads that share a step's work; NULL: the calling thread alone */
    double shared_from;     /* multiply-adds of a pass from which on they do */
    bool (*goes_on)(
        void *
            context); /* of one network, asked between the long passes of `train`: false ends the call, whose results are
                                       then of no use; or NULL */
    void *context;
    size_t trajectories; /* parent and neighbours */
    bool spread;         /* the lanes are the trajectories of one cell (simd/kernels/spread.h), those of lane 0 below */
    void *weights;       /* real [trajectories][dimension][16]; when spread [ceil(trajectories / 16)][dimension][16] */
    void *workspace;     /* lyap_kernels.workspace bytes, private to the threads of the block */

    /* The cells, lane by lane; a block with fewer repeats its last one. */
    uint64_t seed;
    uint32_t start_low[LYAP_BLOCK], start_high[LYAP_BLOCK]; /* bits 0..31 and 32..47 of the start's number */
    double lr[LYAP_BLOCK], perturbation[LYAP_BLOCK];
    uint32_t epochs[LYAP_BLOCK];
    const struct lyap_law *laws; /* [layers][2]: of each layer's weights and biases */
    bool window;
    double window_low, window_high;
    double escape;

    /* State and results. */
    uint32_t pending;            /* bit per lane: no draw has met the loss window yet */
    uint32_t draws[LYAP_BLOCK];  /* draws made until one met it */
    uint32_t frozen;             /* bit per lane: weights no longer change after an escape or overflow */
    uint32_t measured_out;       /* bit per lane: the distance series has ended */
    uint32_t alive;              /* bit per lane: some gradient entry was not zero at the lane's last update */
    uint32_t length[LYAP_BLOCK]; /* valid distances so far */
    uint32_t losses[LYAP_BLOCK]; /* valid losses so far */
    int64_t event_epoch[LYAP_BLOCK];
    enum lyap_outcome outcome[LYAP_BLOCK];
};

/* Running sums of the logarithms of a block's distances. */
struct lyap_log_sums {
    _Alignas(LYAP_ALIGNMENT) double first[LYAP_BLOCK]; /* ln d(0) */
    _Alignas(LYAP_ALIGNMENT) double last[LYAP_BLOCK];  /* ln d(latest) */
    _Alignas(LYAP_ALIGNMENT) double sum[LYAP_BLOCK];   /* sum of ln d(i) - ln d(0) over i = 1 .. latest */
};

/* The products that `matrix` knows, in the terms of simd/kernels/matrix.h. */
enum lyap_matrix {
    LYAP_MATRIX_FORWARD, /* in [samples][inputs], w [inputs + 1][outputs][16] with the biases last, out [samples][outputs] */
    LYAP_MATRIX_BACKWARD, /* in [samples][outputs], w as before, out [samples][inputs] */
    LYAP_MATRIX_GRADIENT, /* in [samples][inputs], w the derivatives [samples][outputs], out [inputs + 1][outputs] */
    LYAP_MATRIX_GRADIENT_BY_COLUMNS, /* the same from a shared in [inputs][samples] */
    LYAP_MATRIX_COUNT
};

/* One of them for all cells of a block. Arrays that are not said to have rows of 16 lie vector by vector, real [16 /
 * lanes][index][lanes]; a shared input is real [samples][inputs]. With `accumulate` the sums go on from what out holds (forward:
 * without the biases). scratch: lyap_kernels.matrix_scratch bytes. */
struct lyap_product {
    enum lyap_matrix what;
    bool shared, accumulate;
    const void *in, *w;
    size_t samples, inputs, outputs;
    void *scratch;
};

/* Uniform or normal draws first .. first+count-1 of 16 cells from a stream (lyapgrad/random.h). */
struct lyap_draws {
    bool normal;
    uint64_t seed;
    uint32_t stream;
    const uint32_t *cell_low, *cell_high; /* [16], bits 0..31 and 32..47 of the cells */
    uint64_t first;
    size_t count;
};

/* The loops that `throughput` knows. FMA_X runs lyap_kernels.beside operations X in the time of lyap_kernels.chains FMAs. */
enum lyap_throughput_loop {
    LYAP_LOOP_FMA,
    LYAP_LOOP_FMA_ADD,
    LYAP_LOOP_FMA_RELU,
    LYAP_LOOP_FMA_GATE,
    LYAP_LOOP_WORDS,  /* 32 x 32 -> 64 bit products and the exclusive or of their halves */
    LYAP_LOOP_READ,   /* in[n] is added up */
    LYAP_LOOP_UPDATE, /* out[n] = out[n] * in[0 .. 16) */
    LYAP_LOOP_DIV,    /* from here on out[n] = f(in[n]) */
    LYAP_LOOP_SQRT,
    LYAP_LOOP_EXP,
    LYAP_LOOP_LOG,
    LYAP_LOOP_LOG1P,
    LYAP_LOOP_TANH,
    LYAP_LOOP_SINCOSPI,
    LYAP_LOOP_SIGMOID,
    LYAP_LOOP_RELU,
    LYAP_LOOP_COUNT
};

/* Tangent vectors along the trajectories of a block's parents (block.weights holds the parents alone or first; for a known system
 * its state [dimension][16], and block.shape is NULL). A block's cells have the same number of epochs. */
struct lyap_tangents {
    enum lyap_system system;
    double constants[LYAP_SYSTEM_MOST];
    size_t dimension;  /* of a vector: the parameters, and an optimiser's state where there is one */
    size_t measured;   /* leading components that lengths and angles are over */
    size_t vectors;    /* K, 1 .. dimension */
    void *v;           /* real [vectors][dimension][16] */
    void *workspace;   /* lyap_kernels.tangent_workspace bytes, private to the threads of the block */
    uint32_t qr_every; /* steps from one re-orthonormalisation to the next */
    /* Where a step takes long, a call may end between two of them: then `unfinished` is set, the steps left over have no event yet,
     * and the next call gets in `since` how many they are. Both are 0 of a call that begins and ends with an interval. */
    uint32_t since;
    bool unfinished;
    void *norms; /* out: real [events][vectors][16], the stretching of each; 1 where there is none to record */
    bool look;   /* at the last step of a call, notice whether all derivatives are zero (block.alive) */
    /* For regimes; x are the parameters, or a system's state. recurrence, real [count][16]: after each step the largest |x -
     * reference|; not written without a reference, real [x][16]. extent, real [16] or NULL, in and out: the larger of itself and
     * the largest |x| after every step of the run whose number, counted from 1, is a multiple of extent_every. */
    const void *reference;
    void *recurrence, *extent;
    uint32_t extent_every;
    void *measure; /* out: real [count][16], before each step the mean loss or the squared length of the state */
    uint32_t steps[LYAP_BLOCK]; /* steps whose stretching is recorded */
    double
        band; /* rescaled pairs: factor by which the distance, block.perturbation at first, may change before a pull */
    void *base;                    /* real [16], distance after the last pull */
    void *separation;              /* real [16], distance now over base */
    uint32_t resolved[LYAP_BLOCK]; /* leading vectors whose stretching was always above the rounding error; the caller
                                      sets it to `vectors` where it starts to measure */
};

/* Products of stretchings not yet taken to their logarithm, and sums of the logarithms. */
struct lyap_log_norms {
    double *product; /* [vectors][16], 1 to begin with */
    double *sum;     /* [vectors][16] */
};

struct lyap_kernels {
    const char *isa; /* its name */
    enum lyap_precision precision;
    size_t width; /* cells of a block: every per-cell array is [index][width] */

    /* Bytes of workspace for a shape, with as many threads as share the block (1 without block.team). */
    size_t (*workspace)(const struct lyap_shape *shape, int threads);

    /* Draws the parents of the lanes in block->pending, attempts first .. first+count-1 at most; a lane leaves `pending`
     * with the first attempt whose loss lies in the window (at once without a window). */
    void (*draw_parents)(struct lyap_block *block, uint32_t first, uint32_t count);

    /* Neighbours = parent + perturbation * N(0, 1). */
    void (*perturb)(struct lyap_block *block);

    /* Instead for a spread block: all trajectories from the parent's parameters, real [parameters]. */
    void (*spread)(struct lyap_block *block, const void *parent);

    /* Runs epochs first .. first+count-1 and writes distance and loss, real [count][16]. `first` = 0 resets the state.
     * Entries of lanes whose series has ended are unspecified finite numbers or NaN: use length[] and losses[]. */
    void (*train)(struct lyap_block *block, uint32_t first, uint32_t count, void *distance, void *loss);

    /* Only in the float64 tables: adds the logarithms of distance[count][16] of epochs first .. to the sums;
     * length[] as in the block. */
    void (*log_sums)(const double *distance, uint32_t first, uint32_t count, const uint32_t length[LYAP_BLOCK],
                     struct lyap_log_sums *sums);

    /* Bytes of tangents->workspace; shape is NULL for a known system, `threads` as in workspace. */
    size_t (*tangent_workspace)(const struct lyap_shape *shape, size_t dimension, size_t vectors, int threads);

    /* Resets the block's state and makes v orthonormal. */
    void (*tangent_start)(struct lyap_block *block, struct lyap_tangents *tangents);

    /* Takes state and tangents through steps first .. first+count-1; re-orthonormalises after every qr_every of them and, unless
     * tangents->unfinished, after the last. A lane whose loss (squared length) is above block.escape or no number does not move
     * from then on. */
    void (*tangent)(struct lyap_block *block, struct lyap_tangents *tangents, uint32_t first, uint32_t count);

    /* Pairs of trajectories: block.weights holds two states, norms has a row a step, qr_every and resolved do not count.
     * pair_start follows tangent_start (vectors = 1) and puts the second at block.perturbation along v. */
    void (*pair_start)(struct lyap_block *block, struct lyap_tangents *tangents);
    void (*pair)(struct lyap_block *block, struct lyap_tangents *tangents, uint32_t first, uint32_t count);

    /* out[dimension][16] = H v of the mean loss at the block's parents, v [dimension][16]. Networks only. */
    void (*hessian)(struct lyap_block *block, struct lyap_tangents *tangents, const void *v, void *out);

    /* Only in the float64 tables: multiplies norms[events][vectors][16] into the products, and takes a product to its
     * logarithm when it leaves [2^-500, 2^500] or, with `flush`, at the end. */
    void (*log_norms)(const double *norms, size_t events, size_t vectors, bool flush, struct lyap_log_norms *sums);

    /* Loss sums and numbers of samples classified correctly at the parents, over x [samples][inputs], y [samples][outputs]
     * (samples * outputs, or samples with softmax, are the loss's terms). One output is right on the target's side of
     * `threshold`, several where the largest one is the largest target. */
    void (*evaluate)(struct lyap_block *block, const void *x, const void *y, size_t samples, double threshold,
                     double loss_sum[LYAP_BLOCK], uint64_t correct[LYAP_BLOCK]);

    /* For tests and benchmarks: the draws, real out[count][16]. */
    void (*draw)(const struct lyap_draws *what, void *out);

    /* For tests and benchmarks: out[i] = operation `op` of a[i], b[i], c[i]; n is a multiple of 16. */
    void (*elementwise)(int op, const void *a, const void *b, const void *c, void *out, size_t n);

    /* The outputs [trajectories][samples * outputs][16] of all trajectories or, with `gradient`, the
     * gradients [trajectories][parameters][16] up to the factor that the update's step takes up (for benchmarks). */
    void (*pass)(struct lyap_block *block, bool gradient, void *out);

    /* For tests and benchmarks: a product of a layer for all cells of a block. */
    void (*matrix)(const struct lyap_product *product, void *out);
    size_t matrix_scratch, lanes;

    /* For benchmarks: dL/dz of every unit, up to the factor that the update's step takes up, from the activations at
     * block.weights; both [trajectories][samples][units][16], the units of layer l from shape.unit[l] on. */
    void (*backward)(const struct lyap_block *block, const void *activations, void *deltas);

    /* For benchmarks: out[16], the neighbours' mean distance from the parent at block.weights. */
    void (*distance)(const struct lyap_block *block, void *out);

    /* For benchmarks: the loop `what` over n reals (a multiple of 128) or, in registers alone, n multiply-adds (of which
     * out[2 * 16] needs out[0 .. 16) = 1); with the operations that the FMA_X loops do beside `chains` multiply-adds. */
    void (*throughput)(enum lyap_throughput_loop what, const void *in, void *out, size_t n);
    int chains, beside;
};

/* The operations that `elementwise` knows, with the number of arguments each takes. */
enum lyap_operation {
    LYAP_OP_ADD,
    LYAP_OP_SUB,
    LYAP_OP_MUL,
    LYAP_OP_DIV,
    LYAP_OP_FMA,
    LYAP_OP_FNMA,
    LYAP_OP_ABS,
    LYAP_OP_SQRT,
    LYAP_OP_RELU,
    LYAP_OP_GATE,
    LYAP_OP_LE,
    LYAP_OP_NE,
    LYAP_OP_EXP,
    LYAP_OP_LOG,
    LYAP_OP_LOG1P,
    LYAP_OP_TANH,
    LYAP_OP_SINPI,
    LYAP_OP_COSPI,
    LYAP_OP_SIGMOID,
    LYAP_OP_EXPM1,
    LYAP_OP_ERFC,
    LYAP_OP_SIN,
    LYAP_OP_COS,
    LYAP_OP_COUNT
};

/* The table for an available instruction set; NULL where this build or CPU lacks it. */
const struct lyap_kernels *lyap_kernels_get(enum lyap_isa isa, enum lyap_precision precision);

/* The same for one network: the table of width 1, with the members that the engine calls but for `spread`; NULL where this build has
 * none. A known system has tables of width 16 alone. */
const struct lyap_kernels *lyap_kernels_one(enum lyap_isa isa, enum lyap_precision precision);

/* lyap_kernels_<name>_f32 and _f64 of every set in this build; portable code that wants the plain ones takes the scalar's. */
#define LYAP_KERNELS_DECLARED(constant, name, has, flags)                                                              \
    extern const struct lyap_kernels lyap_kernels_##name##_f32, lyap_kernels_##name##_f64;                             \
    extern const struct lyap_kernels lyap_kernels_one_##name##_f32, lyap_kernels_one_##name##_f64;
LYAP_BUILT_ISAS(LYAP_KERNELS_DECLARED)

#endif
