/* One vector of cells as pairs of trajectories, the second pulled back towards the first when their distance leaves a band
 * around its initial value (G. Benettin, L. Galgani, J.-M. Strelcyn, Phys. Rev. A 14, 2338 (1976)). Growth is counted from
 * the distance that was reached by the last pull, which rounding keeps from being exactly the initial one. */
#ifndef LYAP_SIMD_KERNELS_RESCALED_H
#define LYAP_SIMD_KERNELS_RESCALED_H

#include "simd/kernels/orthogonal.h"
#include "simd/kernels/step.h"
#include "simd/kernels/system.h"
#include "simd/kernels/tangent_group.h"

/* The vector's view of its pairs. */
struct pair {
    struct tangent_group first; /* the first trajectory: lanes, parameters and bookkeeping; its v is not used */
    struct group group;         /* for a network's steps */
    real *second;               /* the companion's state */
    vec base, separation;       /* distance after the last pull; distance now over base */
    vec distance;               /* after the step */
    vec wanted, low, high;      /* initial distance and band */
};

ALWAYS_INLINE vec pair_distance(const struct pair *pair, size_t n) {
    vec squares = v_set1(0);
    for (size_t p = 0; p < n; p++) {
        vec difference = v_sub(v_load(pair->second + p * BLOCK), v_load(pair->first.w + p * BLOCK));
        squares = v_fma(difference, difference, squares);
    }
    return v_sqrt(squares);
}

/* Second = first + (second - first) * factor in the lanes of `where`. */
ALWAYS_INLINE void pull(struct pair *pair, size_t n, vec factor, vmask where) {
    for (size_t p = 0; p < n; p++) {
        vec first = v_load(pair->first.w + p * BLOCK), second = v_load(pair->second + p * BLOCK);
        v_store(pair->second + p * BLOCK, v_select(where, v_fma(v_sub(second, first), factor, first), second));
    }
    pair->base = v_select(where, pair_distance(pair, pair->first.tangents->measured), pair->base);
}

ALWAYS_INLINE void pair_network_step(const struct lyap_shape *shape, struct pair *pair, bool careful) {
    struct epoch_result result = {.loss_sum = v_set1(0), .distance_sum = v_set1(0), .alive = m_none()};
    pair->group.active = m_from_bits(pair->first.moving);
    const struct span parent = {0, 1, true, careful}, companion = {1, 1, false, careful};
    step_layers(shape, &pair->group, &parent, &result);
    step_layers(shape, &pair->group, &companion, &result);
    pair->first.measure = v_div(result.loss_sum, pair->first.terms);
    pair->first.alive = result.alive;
    pair->distance = result.distance_sum;
}

ALWAYS_INLINE void pair_known_step(enum lyap_system system, size_t n, struct pair *pair) {
    struct tangent_group *g = &pair->first;
    vmask active = m_from_bits(g->moving);
    for (int which = 0; which < 2; which++) {
        struct system_points points;
        real *state = which ? pair->second : g->w;
        for (size_t i = 0; i < LYAP_SYSTEM_MOST; i++) {
            points.x[0][i] = i < n ? v_load(state + i * BLOCK) : v_set1(0);
            points.next[i] = v_set1(0);
        }
        if (!which) {
            g->measure = v_mul(points.x[0][0], points.x[0][0]);
            for (size_t i = 1; i < n; i++) g->measure = v_fma(points.x[0][i], points.x[0][i], g->measure);
        }
        system_state(system, g->constants, g->lr, n, &points);
        put(points.next, state, n, true, active);
    }
    pair->distance = pair_distance(pair, n);
    g->alive = m_from_bits((1u << VEC_LANES) - 1u);
}

/* Freezes the lanes whose measure or distance is of no use: the step at `epoch` does not count for them. */
static void note_pair_event(struct pair *pair, uint32_t epoch, unsigned lost, bool pulled) {
    struct lyap_block *block = pair->first.block;
    _Alignas(LYAP_ALIGNMENT) real measure[BLOCK], distance[BLOCK];
    v_store(measure, pair->first.measure);
    v_store(distance, pulled ? pair->base : pair->distance);
    for (size_t i = 0; i < VEC_LANES; i++) {
        if (!(lost >> i & 1)) continue;
        size_t lane = pair->first.lane + i;
        bool finite = fabs((double)measure[i]) <= (double)REAL_MAX;
        bool bounded = finite && (double)measure[i] <= block->escape;
        block->frozen |= 1u << lane;
        block->event_epoch[lane] = epoch;
        block->losses[lane] = epoch + (finite ? 1 : 0);
        pair->first.tangents->steps[lane] = epoch;
        if (!finite || (bounded && !(distance[i] <= (real)LARGEST_LENGTH)))
            block->outcome[lane] = LYAP_OVERFLOW;
        else if (!bounded)
            block->outcome[lane] = LYAP_ESCAPED;
        else
            block->outcome[lane] = distance[i] > 0 ? LYAP_UNDERFLOW : LYAP_ZERO_DISTANCE;
    }
    pair->first.moving &= ~lost;
}

static struct pair pair_of(struct lyap_block *block, struct lyap_tangents *t, size_t lane) {
    struct pair pair = {.first = tangent_group_of(block, t, lane)};
    const struct lyap_shape *shape = block->shape;
    pair.second = pair.first.w + t->dimension * BLOCK;
    _Alignas(LYAP_ALIGNMENT) real wanted[BLOCK];
    for (size_t i = 0; i < VEC_LANES; i++) wanted[i] = (real)block->perturbation[lane + i];
    pair.wanted = v_load(wanted);
    pair.low = v_div(pair.wanted, v_set1((real)t->band));
    pair.high = v_mul(pair.wanted, v_set1((real)t->band));
    pair.base = v_load((const real *)t->base + lane);
    pair.separation = v_load((const real *)t->separation + lane);
    if (shape) pair.group = group_of(shape, block, lane, TILES);
    return pair;
}

/* The companion = the first + perturbation * v, v being a unit vector. */
static void pair_start(struct lyap_block *block, struct lyap_tangents *t, size_t lane) {
    struct pair pair = pair_of(block, t, lane);
    for (size_t p = 0; p < t->dimension; p++)
        v_store(pair.second + p * BLOCK,
                v_fma(pair.wanted, v_load(pair.first.v + p * BLOCK), v_load(pair.first.w + p * BLOCK)));
    v_store((real *)t->base + lane, pair_distance(&pair, t->measured));
    v_store((real *)t->separation + lane, v_set1(1));
}

/* Looks at the step's distance, pulls where it left the band, and writes the growth that a pull closes to `norms`. */
ALWAYS_INLINE void close_step(struct pair *pair, size_t n, uint32_t epoch, real *norms) {
    struct tangent_group *g = &pair->first;
    const vec smallest = v_set1(SMALLEST_LENGTH), largest = v_set1(LARGEST_LENGTH), one = v_set1(1);
    unsigned good = m_bits(
        m_and(v_le(g->measure, g->largest), m_and(v_le(smallest, pair->distance), v_le(pair->distance, largest))));
    if (g->moving & ~good) note_pair_event(pair, epoch, g->moving & ~good, false);
    vmask moving = m_from_bits(g->moving);
    vec now = v_div(pair->distance, pair->base), closed = one;
    unsigned inside = m_bits(m_and(v_le(pair->low, pair->distance), v_le(pair->distance, pair->high)));
    if (g->moving & ~inside) {
        unsigned bits = g->moving & ~inside;
        vmask where = m_from_bits(bits);
        closed = v_select(where, now, one);
        pull(pair, n, v_div(pair->wanted, pair->distance), where);
        now = v_select(where, one, now);
        unsigned lost = bits & ~m_bits(v_le(smallest, pair->base));
        if (lost) note_pair_event(pair, epoch, lost, true);
    }
    pair->separation = v_select(moving, now, pair->separation);
    v_store(norms, closed);
}

/* Steps first .. first+count-1 of a network or, where the block has no shape, of a known system. */
static void pair_group(struct lyap_block *block, struct lyap_tangents *t, size_t lane, uint32_t first, uint32_t count) {
    const struct lyap_shape *shape = block->shape;
    const size_t n = t->dimension, components = shape ? shape->parameters : n;
    const unsigned all = (1u << VEC_LANES) - 1u;
    struct pair pair = pair_of(block, t, lane);
    struct tangent_group *g = &pair.first;
    const vec lr = g->lr;
    real *norms = (real *)t->norms + lane;
    uint32_t i = 0, until = steps_to_extent(t, first);
    for (; i < count && g->moving; i++) {
        uint32_t epoch = first + i;
        bool last = t->look && i + 1 == count;
        if (!shape) {
            pair_known_step(t->system, n, &pair);
        } else {
            set_step_inputs(shape, &pair.group, lr, i);
            pair_network_step(shape, &pair, g->moving != all || last);
        }
        store_measure(g, i);
        if (last) note_alive(block, lane, g->moving, m_bits(g->alive));
        close_step(&pair, n, epoch, norms + (size_t)i * BLOCK);
        if (t->reference) note_recurrence(t, lane, g->w, components, i);
        if (--until == 0) {
            note_extent(t, lane, g->w, components);
            until = t->extent_every;
        }
    }
    for (; i < count; i++) v_store(norms + (size_t)i * BLOCK, v_set1(1));
    for (size_t j = 0; j < VEC_LANES; j++)
        if (g->moving >> j & 1) block->losses[lane + j] = t->steps[lane + j] = first + count;
    v_store((real *)t->base + lane, pair.base);
    v_store((real *)t->separation + lane, pair.separation);
}

#endif
