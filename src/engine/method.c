#include "engine/method.h"

#include "base/real.h"
#include "math/deterministic.h"

/* The constants are in the order of the list. */
#define PLACE(constant, ...) PLACE_##constant,
#define IN_ORDER(constant, ...) _Static_assert((int)PLACE_##constant == (int)LYAP_##constant, #constant);
enum { LYAP_METHOD_LIST(PLACE) PLACES };
LYAP_METHOD_LIST(IN_ORDER)
_Static_assert((int)PLACES == (int)LYAP_METHOD_COUNT, "as many");

#define TRAITS(constant, name, title, pair) {name, title, pair},
static const struct lyap_method_traits traits[LYAP_METHOD_COUNT] = {LYAP_METHOD_LIST(TRAITS)};

const struct lyap_method_traits *lyap_method_traits(enum lyap_method method) {
    return &traits[method];
}

static void tangent_start(const struct lyap_kernels *kernels, struct lyap_block *block,
                          struct lyap_tangents *tangents) {
    (void)kernels;
    (void)block;
    (void)tangents;
}

static void tangent_step(const struct lyap_kernels *kernels, struct lyap_block *block, struct lyap_tangents *tangents,
                         uint32_t first, uint32_t count) {
    kernels->tangent(block, tangents, first, count);
}

static double tangent_pending(const struct lyap_tangents *tangents, size_t lane, enum lyap_precision precision) {
    (void)tangents;
    (void)lane;
    (void)precision;
    return 0;
}

static void pair_start(const struct lyap_kernels *kernels, struct lyap_block *block, struct lyap_tangents *tangents) {
    kernels->pair_start(block, tangents);
}

static void pair_step(const struct lyap_kernels *kernels, struct lyap_block *block, struct lyap_tangents *tangents,
                      uint32_t first, uint32_t count) {
    kernels->pair(block, tangents, first, count);
}

/* The distance since the last pull. */
static double pair_pending(const struct lyap_tangents *tangents, size_t lane, enum lyap_precision precision) {
    return lyap_log(lyap_real_get(tangents->separation, lane, precision));
}

static const struct lyap_method_steps steps[LYAP_METHOD_COUNT] = {
    [LYAP_TANGENT] = {tangent_start, tangent_step, tangent_pending},
    [LYAP_RESCALED] = {pair_start, pair_step, pair_pending},
};

const struct lyap_method_steps *lyap_method_steps(enum lyap_method method) {
    return &steps[method];
}
