/* One vector of cells in tangent space: the state (a network's weights, or a known system's), K tangent vectors along its
 * trajectory, and what is recorded of each step. */
#ifndef LYAP_SIMD_KERNELS_TANGENT_GROUP_H
#define LYAP_SIMD_KERNELS_TANGENT_GROUP_H

#include "simd/kernels/events.h"
#include "simd/kernels/group.h"
#include "simd/kernels/layers_tangent.h"

/* The vector's view of its block and tangents. */
struct tangent_group {
    struct lyap_block *block;
    struct lyap_tangents *tangents;
    size_t lane;
    real *w, *v;           /* state and tangents at that lane */
    size_t vectors;        /* as tangents->vectors, or a constant that the compiler knows */
    vec *room;             /* for the passes: kernels/layers_tangent.h, or the activations alone */
    vec *gradient, *carry; /* sums between chunks: [parameters], [vectors][2][parameters] */
    vec *spread;           /* [vectors] */
    vec lr, terms, largest;
    vec steps[2]; /* lr * batch factor of this step, of the layers of a shape that the compiler knows */
    real constants[LYAP_SYSTEM_MOST];
    struct group group; /* data, learning rate and corrections of this step */
    unsigned moving;
    vec measure; /* before the step: the mean loss, or the squared length of a system's state */
    vmask alive; /* of the last careful step alone, else the lanes beside would decide which steps count */
};

/* Vectors of workspace of the passes, the gradient and the sums of `vectors` tangents. */
static inline size_t tangent_scratch(const struct lyap_shape *shape, size_t vectors, int threads) {
    return layers_tangent_scratch(shape, threads) + (1 + 2 * vectors) * shape->parameters;
}

static inline struct tangent_group tangent_group_of(struct lyap_block *block, struct lyap_tangents *tangents,
                                                    size_t lane) {
    const struct lyap_shape *shape = block->shape;
    size_t vectors = tangents->vectors;
    struct tangent_group g = {.block = block,
                              .tangents = tangents,
                              .vectors = vectors,
                              .lane = lane,
                              .w = (real *)block->weights + lane,
                              .v = (real *)tangents->v + lane,
                              .spread = tangents->workspace,
                              .moving = ~block->frozen >> lane & ((1u << VEC_LANES) - 1u),
                              .alive = m_none()};
    _Alignas(LYAP_ALIGNMENT) real lr[BLOCK];
    for (size_t i = 0; i < VEC_LANES; i++) lr[i] = (real)block->lr[lane + i];
    g.lr = v_load(lr);
    g.largest = v_set1((real)(block->escape < (double)REAL_MAX ? block->escape : (double)REAL_MAX));
    g.measure = v_set1(0);
    for (int i = 0; i < LYAP_SYSTEM_MOST; i++) g.constants[i] = (real)tangents->constants[i];
    if (shape) {
        g.room = g.spread + vectors;
        g.gradient = g.room + layers_tangent_scratch(shape, block_threads(block));
        g.carry = g.gradient + shape->parameters;
        g.terms = v_set1(loss_terms(shape));
        g.group = group_of(shape, block, lane, FUSED);
    }
    return g;
}

/* Freezes the lanes `lost` at this epoch, before its update: their measure has left the allowed numbers. */
static void note_escape(struct tangent_group *g, uint32_t epoch, unsigned lost) {
    struct lyap_block *block = g->block;
    _Alignas(LYAP_ALIGNMENT) real measure[BLOCK];
    v_store(measure, g->measure);
    for (size_t i = 0; i < VEC_LANES; i++) {
        if (!(lost >> i & 1)) continue;
        size_t lane = g->lane + i;
        bool finite = fabs((double)measure[i]) <= (double)REAL_MAX;
        block->frozen |= 1u << lane;
        block->outcome[lane] = finite ? LYAP_ESCAPED : LYAP_OVERFLOW;
        block->event_epoch[lane] = epoch;
        block->losses[lane] = epoch + (finite ? 1 : 0);
    }
    g->moving &= ~lost;
}

/* Looks at the measure before the update is made. True if the update must look at the lanes one by one. */
ALWAYS_INLINE bool check_measure(struct tangent_group *g, uint32_t epoch, bool last) {
    const unsigned all = (1u << VEC_LANES) - 1u;
    unsigned good = m_bits(v_le(g->measure, g->largest));
    if (g->moving & ~good) note_escape(g, epoch, g->moving & ~good);
    return g->moving != all || last;
}

/* n components at `from` to `to`, where the lanes are active. */
ALWAYS_INLINE void put(const vec *from, real *to, size_t n, bool careful, vmask active) {
    for (size_t i = 0; i < n; i++) {
        real *at = to + i * BLOCK;
        v_store(at, careful ? v_select(active, from[i], v_load(at)) : from[i]);
    }
}

ALWAYS_INLINE void store_measure(const struct tangent_group *g, uint32_t i) {
    v_store((real *)g->tangents->measure + (size_t)i * BLOCK + g->lane, g->measure);
}

ALWAYS_INLINE vec larger(vec a, vec b) {
    return v_select(v_le(a, b), b, a);
}

/* max |w - reference| over n components after step i of a call. */
static void note_recurrence(const struct lyap_tangents *t, size_t lane, const real *w, size_t n, uint32_t i) {
    const real *reference = (const real *)t->reference + lane;
    vec most = v_set1(0);
    for (size_t p = 0; p < n; p++)
        most = larger(most, v_abs(v_sub(v_load(w + p * BLOCK), v_load(reference + p * BLOCK))));
    v_store((real *)t->recurrence + (size_t)i * BLOCK + lane, most);
}

/* Steps from `first` on to the one after which the extent is looked at next; 0, which no count down reaches, for never. */
static inline uint32_t steps_to_extent(const struct lyap_tangents *t, uint32_t first) {
    return t->extent ? t->extent_every - first % t->extent_every : 0;
}

/* The extent grows to max |w| over n components. */
static void note_extent(const struct lyap_tangents *t, size_t lane, const real *w, size_t n) {
    vec most = v_load((const real *)t->extent + lane);
    for (size_t p = 0; p < n; p++) most = larger(most, v_abs(v_load(w + p * BLOCK)));
    v_store((real *)t->extent + lane, most);
}

#endif
