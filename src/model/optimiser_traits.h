/* What tells one optimiser from another: a line of the list each. Whoever must know asks for a trait and names no optimiser;
 * the rule itself, a step and its tangent, is a block of simd/kernels/optimise.h. */
#ifndef LYAP_OPTIMISER_TRAITS_H
#define LYAP_OPTIMISER_TRAITS_H

#include <stdbool.h>
#include <stddef.h>

#include "lyapgrad/optimiser.h"

/* In the order of enum lyap_optimiser_kind:
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

struct lyap_optimiser_traits {
    const char *name;
    bool momentum, squares, corrected, decoupled;
    double decay, weight_decay;
};

/* Of a kind of the enumeration. */
const struct lyap_optimiser_traits *lyap_optimiser_traits(enum lyap_optimiser_kind kind);

/* True where each lane of the kernels can have its own momentum: where nothing else depends on it. */
bool lyap_optimiser_lane_momentum(enum lyap_optimiser_kind kind);

/* The names of the optimisers with a property (NULL: of all), joined by ", " and before the last `last`. Returns `text`. */
const char *lyap_optimiser_names(bool (*has)(enum lyap_optimiser_kind kind), const char *last, char *text, size_t size);

#endif
