/* The kernels of one instruction set and precision, for simd/isa/kernels.c: the instances of the parts in this folder, and the
 * table that the portable code sees. */
#include "simd/kernels/elementwise.h"
#include "simd/kernels/logarithms.h"
#include "simd/kernels/parts.h"
#include "simd/kernels/throughput.h"
#include "simd/kernels/spread.h"
#include "simd/kernels/table.h"
#include "simd/kernels/train.h"

static size_t workspace(const struct lyap_shape *shape, int threads) {
    size_t tile = shape->tile > PAPER_TILE ? shape->tile : PAPER_TILE;
    return (layers_room(shape, tile, threads) + shape->parameters) * sizeof(vec);
}

static void draw_parents(struct lyap_block *block, uint32_t first, uint32_t count) {
    for (size_t lane = 0; lane < BLOCK; lane += VEC_LANES) {
#define CASE(constant, name, form)                                                                                     \
    case LYAP_##constant:                                                                                              \
        draw_parents_group(&paper_##name, block, form, lane, first, count);                                            \
        break;
        switch ((int)paper_instance(block->whole)) {
            PAPER_INSTANCES(CASE)
        default:
            draw_parents_group(block->whole, block, TILES, lane, first, count);
        }
#undef CASE
    }
}

static void spread(struct lyap_block *block, const void *parent) {
    spread_start(block, parent);
}

/* ---- training: one function per instance, so that the compiler allocates registers for each alone ---- */

typedef void train_function(struct lyap_block *block, size_t lane, const struct epochs *call);
#define TRAIN(constant, name, form)                                                                                    \
    NEVER_INLINE void train_##name(struct lyap_block *block, size_t lane, const struct epochs *call) {                 \
        train_group(&paper_##name, block, lane, form, call);                                                           \
    }
PAPER_INSTANCES(TRAIN)
NEVER_INLINE void train_small(struct lyap_block *block, size_t lane, const struct epochs *call) {
    train_group(block->shape, block, lane, LOOPS, call);
}
NEVER_INLINE void train_any(struct lyap_block *block, size_t lane, const struct epochs *call) {
    train_group(block->shape, block, lane, TILES, call);
}

static void train(struct lyap_block *block, uint32_t first, uint32_t count, void *distance, void *loss) {
    static train_function *const instances[LYAP_ACTIVATION_COUNT + 1] = {
#define ENTRY(constant, name, form) [LYAP_##constant] = train_##name,
        PAPER_INSTANCES(ENTRY)
#undef ENTRY
            [LYAP_ACTIVATION_COUNT] = train_any};
    const struct epochs call = {first, count, distance, loss};
    if (first == 0) reset_state(block);
    if (block->spread) {
        train_spread(block, &call);
        return;
    }
    enum lyap_activation known = paper_instance(block->shape);
    train_function *instance = instances[known];
    if (known == LYAP_ACTIVATION_COUNT && is_small(block->shape)) instance = train_small;
    for (size_t lane = 0; lane < BLOCK; lane += VEC_LANES) instance(block, lane, &call);
}

/* ---- tangents ---- */

/* The activations that are no calls have an instance for a single tangent too: without a loop over tangents the compiler ends
 * the life of an activation sooner, and stores and reloads less. */
typedef void follow_function(struct lyap_block *block, struct lyap_tangents *t, size_t lane, uint32_t first,
                             uint32_t count);
#define FOLLOW(constant, name, form)                                                                                   \
    NEVER_INLINE void follow_##name(struct lyap_block *block, struct lyap_tangents *t, size_t lane, uint32_t first,    \
                                    uint32_t count) {                                                                  \
        const struct followed what = {&paper_##name, form, PAPER_PARAMETERS, 0};                                       \
        follow_group(&what, block, t, lane, first, count);                                                             \
    }
PAPER_INSTANCES(FOLLOW)
NEVER_INLINE void follow_one_linear(struct lyap_block *block, struct lyap_tangents *t, size_t lane, uint32_t first,
                                    uint32_t count) {
    const struct followed what = {&paper_linear, FUSED, PAPER_PARAMETERS, 1};
    follow_group(&what, block, t, lane, first, count);
}
NEVER_INLINE void follow_one_relu(struct lyap_block *block, struct lyap_tangents *t, size_t lane, uint32_t first,
                                  uint32_t count) {
    const struct followed what = {&paper_relu, FUSED, PAPER_PARAMETERS, 1};
    follow_group(&what, block, t, lane, first, count);
}
/* Every other network, and the known systems. */
NEVER_INLINE void follow_any(struct lyap_block *block, struct lyap_tangents *t, size_t lane, uint32_t first,
                             uint32_t count) {
    const struct followed what = {block->shape, TILES, t->dimension, 0};
    follow_group(&what, block, t, lane, first, count);
}

static void tangent(struct lyap_block *block, struct lyap_tangents *t, uint32_t first, uint32_t count) {
    static follow_function *const instances[LYAP_ACTIVATION_COUNT + 1] = {
#define ENTRY(constant, name, form) [LYAP_##constant] = follow_##name,
        PAPER_INSTANCES(ENTRY)
#undef ENTRY
            [LYAP_ACTIVATION_COUNT] = follow_any};
    follow_function *instance = follow_any;
    if (block->shape && t->dimension == PAPER_PARAMETERS) instance = instances[instance_of(block->shape, true)];
    if (t->vectors == 1 && instance == follow_linear) instance = follow_one_linear;
    if (t->vectors == 1 && instance == follow_relu) instance = follow_one_relu;
    for (size_t lane = 0; lane < BLOCK; lane += VEC_LANES) instance(block, t, lane, first, count);
}

const struct lyap_kernels LYAP_TABLE = {
    .isa = LYAP_TABLE_ISA,
    .precision = LYAP_REAL_BITS == 32 ? LYAP_FLOAT32 : LYAP_FLOAT64,
    .width = BLOCK,
    .workspace = workspace,
    .draw_parents = draw_parents,
    .perturb = perturb,
    .spread = spread,
    .train = train,
#if LYAP_REAL_BITS == 64
    .log_sums = log_sums,
    .log_norms = log_norms,
#endif
    .tangent_workspace = tangent_workspace,
    .tangent_start = tangent_start,
    .tangent = tangent,
    .pair_start = pair_start_all,
    .pair = pair_all,
    .hessian = hessian,
    .evaluate = evaluate,
    .draw = draw,
    .elementwise = elementwise,
    .pass = pass,
    .matrix = matrix,
    .matrix_scratch = MATRIX_SCRATCH * sizeof(vec),
    .lanes = VEC_LANES,
    .backward = backward_all,
    .distance = distance_all,
    .throughput = throughput,
    .chains = CHAINS,
    .beside = BESIDE,
};
