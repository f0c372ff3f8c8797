/* The optimiser whose iteration is the dynamical system: the rule that takes a gradient g to the weights w, what varies
 * with time, and the batches.
 *
 *   gd        w -= lr g
 *   momentum  m = mu m + g; w -= lr m                 heavy ball: B. T. Polyak, USSR Comput. Math. Math. Phys. 4, 1 (1964)
 *   nesterov  m = mu m + g; w -= lr (g + mu m)        Y. Nesterov (1983), as I. Sutskever et al., ICML (2013) write it
 *   rmsprop   s = a s + (1-a) g^2; w -= lr g / (sqrt(s) + eps)                          T. Tieleman, G. Hinton (2012)
 *   adam      m = b1 m + (1-b1) g; s = b2 s + (1-b2) g^2;
 *             w -= lr m/(1-b1^t) / (sqrt(s/(1-b2^t)) + eps), t = 1, 2, ...    D. P. Kingma, J. Ba, arXiv 1412.6980
 *   nadam     adam's buffers; w -= lr (b1 m + (1-b1) g)/(1-b1^t) / (sqrt(s/(1-b2^t)) + eps)
 *                                    T. Dozat, ICLR workshop (2016), as S. Ruder, arXiv 1609.04747, section 4.8, writes it
 *   adamw     w *= 1 - lr wd, then adam without the decay in g             I. Loshchilov, F. Hutter, arXiv 1711.05101
 *
 * with g <- g + wd w first where there is a weight decay (all but adamw; all weights and biases, as PyTorch does it). The
 * losses in all outputs are without this penalty. m and s start at zero and belong to the state: with N buffers of P
 * parameters the phase space has P (1 + N) dimensions, [w | m | s] or [w | s]. */
#ifndef LYAPGRAD_OPTIMISER_H
#define LYAPGRAD_OPTIMISER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyapgrad/network.h"
#include "lyapgrad/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What tells one optimiser from another, a line each. Whoever must know asks for a trait and names no optimiser; the rule itself, a step and its
 * tangent, is a block of simd/kernels/optimise.h.
 *   constant, name
 *   momentum    has the buffer m, and the number mu or beta1
 *   squares     has the buffer s, and the numbers decay (a or beta2) and epsilon
 *   corrected   divides the buffers by 1 - b^t
 *   decoupled   its weight decay takes a share of the weights, and is not in the gradient
 *   the default decay and weight decay */
/* clang-format off */
#define LYAP_OPTIMISER_LIST(X)                                            \
    /*              momentum squares corrected decoupled  decay  wd */    \
    X(GD,       gd,       false, false, false, false,     0.999, 0)       \
    X(MOMENTUM, momentum, true,  false, false, false,     0.999, 0)       \
    X(NESTEROV, nesterov, true,  false, false, false,     0.999, 0)       \
    X(RMSPROP,  rmsprop,  false, true,  false, false,     0.99,  0)       \
    X(ADAM,     adam,     true,  true,  true,  false,     0.999, 0)       \
    X(ADAMW,    adamw,    true,  true,  true,  true,      0.999, 0.01)    \
    X(NADAM,    nadam,    true,  true,  true,  false,     0.999, 0)
/* clang-format on */

/* In the order of the list. */
enum lyap_optimiser_kind {
    LYAP_GD,
    LYAP_MOMENTUM,
    LYAP_NESTEROV,
    LYAP_RMSPROP,
    LYAP_ADAM,
    LYAP_ADAMW,
    LYAP_NADAM,
    LYAP_OPTIMISER_COUNT
};

/* Factor of the learning rate at step t = 0, 1, ... of T: constant 1; step factor^floor(t / every); cosine
 * floor + (1 - floor) (1 + cos(pi t / T)) / 2 (I. Loshchilov, F. Hutter, arXiv 1608.03983, one period). A warm-up of W
 * steps multiplies it by min(1, (t + 1) / W). */
enum lyap_schedule_kind { LYAP_CONSTANT, LYAP_STEP_DECAY, LYAP_COSINE, LYAP_SCHEDULE_COUNT };

struct lyap_optimiser {
    enum lyap_optimiser_kind kind;      /* default LYAP_GD */
    double momentum;                    /* mu or b1, in [0, 1); default 0.9 */
    double decay;                       /* a or b2, in [0, 1); default 0.99 for rmsprop, 0.999 for the others */
    double epsilon;                     /* >= 0; default 1e-8 */
    double weight_decay;                /* wd >= 0; default 0, 0.01 for adamw */
    double layer_rate[LYAP_MAX_LAYERS]; /* factor of the learning rate in each weight layer, >= 0; default 1 */
    enum lyap_schedule_kind schedule;   /* default constant */
    uint32_t schedule_every;            /* of LYAP_STEP_DECAY, >= 1 */
    double schedule_factor;             /* of LYAP_STEP_DECAY; of LYAP_COSINE the floor; in [0, 1] */
    uint32_t warm_up;                   /* steps; default 0 */
    uint64_t batch;                     /* samples of a mini-batch; default 0: all samples, full batch. Each pass takes
                                              the samples in a new order, drawn from `seed` and shared by all cells and
                                              trajectories, and leaves out the last samples % batch of it */
    uint64_t seed;                      /* of that order; default 1 */
    bool full_state; /* distance and tangent over weights and buffers; default false: weights alone */
};

/* Fills in the defaults of `kind`. */
void lyap_optimiser_defaults(struct lyap_optimiser *optimiser, enum lyap_optimiser_kind kind);

/* Buffers a parameter has: 0 gd, 1 momentum, nesterov and rmsprop, 2 adam, adamw and nadam. */
size_t lyap_optimiser_buffers(enum lyap_optimiser_kind kind);

/* "gd", "momentum", "nesterov", "rmsprop", "adam", "adamw", "nadam" and back; LYAP_ERROR_ARGUMENT lists the allowed names. */
const char *lyap_optimiser_name(enum lyap_optimiser_kind kind);
enum lyap_status lyap_optimiser_parse(const char *name, enum lyap_optimiser_kind *kind, struct lyap_error *error);

/* LYAP_ERROR_ARGUMENT for the first number out of range; `layers` and `samples` are those of network and data. */
enum lyap_status lyap_optimiser_check(const struct lyap_optimiser *optimiser, int layers, size_t samples,
                                      struct lyap_error *error);

/* Factor of the learning rate at step `step` of `steps`. */
double lyap_optimiser_rate(const struct lyap_optimiser *optimiser, uint64_t step, uint64_t steps);

/* The order of pass number `pass` over `samples` samples: a permutation to order[samples], by Fisher and Yates from the
 * counter-based generator (stream LYAP_STREAM_BATCH). */
void lyap_optimiser_order(const struct lyap_optimiser *optimiser, uint64_t pass, size_t samples, size_t *order);

struct lyap_optimiser_traits {
    const char *name;
    bool momentum, squares, corrected, decoupled;
    double decay, weight_decay;
};

/* The traits of a kind of the enumeration. */
const struct lyap_optimiser_traits *lyap_optimiser_traits(enum lyap_optimiser_kind kind);

/* True where each lane of the kernels can have its own momentum: where nothing else depends on it. */
bool lyap_optimiser_lane_momentum(enum lyap_optimiser_kind kind);

/* The names of the optimisers with a property (NULL: of all), joined by ", " and before the last `last`. Returns `text`. */
const char *lyap_optimiser_names(bool (*has)(enum lyap_optimiser_kind kind), const char *last, char *text, size_t size);

#ifdef __cplusplus
}
#endif
#endif
