/* One vector of cells through its steps in tangent space: the state (a network's weights, or a known system's), K tangent
 * vectors beside it, and their re-orthonormalisation. The networks' steps and the known systems' differ in one function;
 * everything after it is the same code. */
#ifndef LYAP_KERNEL_LYAPUNOV_H
#define LYAP_KERNEL_LYAPUNOV_H

#include "simd/kernels/layers_tangent.h"
#include "simd/kernels/orthogonal.h"
#include "simd/kernels/system.h"
#include "simd/kernels/tangent.h"
#include "simd/kernels/train.h"

/* The vector's view of its block and tangents. */
struct ride {
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

/* Vectors of workspace that a ride takes. */
static inline size_t ride_scratch(const struct lyap_shape *shape, size_t vectors) {
    return layers_tangent_room(shape, vectors);
}

static inline struct ride ride_of(struct lyap_block *block, struct lyap_tangents *tangents, size_t lane) {
    const struct lyap_shape *shape = block->shape;
    size_t vectors = tangents->vectors;
    struct ride ride = {.block = block,
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
    ride.lr = v_load(lr);
    ride.largest = v_set1((real)(block->escape < (double)REAL_MAX ? block->escape : (double)REAL_MAX));
    ride.measure = v_set1(0);
    for (int i = 0; i < LYAP_SYSTEM_MOST; i++) ride.constants[i] = (real)tangents->constants[i];
    if (shape) {
        size_t units = shape->unit[shape->layers] * shape->chunk;
        ride.room = ride.spread + vectors;
        ride.gradient = ride.room + 8 * units + MATRIX_SCRATCH;
        ride.carry = ride.gradient + shape->parameters;
        ride.terms = v_set1(loss_terms(shape));
        ride.group = group_of(shape, block, lane, FUSED);
    }
    return ride;
}

/* Freezes the lanes `lost` at this epoch, before its update: their measure has left the allowed numbers. */
static void note_escape(struct ride *ride, uint32_t epoch, unsigned lost) {
    struct lyap_block *block = ride->block;
    _Alignas(LYAP_ALIGNMENT) real measure[BLOCK];
    v_store(measure, ride->measure);
    for (size_t i = 0; i < VEC_LANES; i++) {
        if (!(lost >> i & 1)) continue;
        size_t lane = ride->lane + i;
        bool finite = fabs((double)measure[i]) <= (double)REAL_MAX;
        block->frozen |= 1u << lane;
        block->outcome[lane] = finite ? LYAP_ESCAPED : LYAP_OVERFLOW;
        block->event_epoch[lane] = epoch;
        block->losses[lane] = epoch + (finite ? 1 : 0);
    }
    ride->moving &= ~lost;
}

/* Looks at the measure before the update is made. True if the update must look at the lanes one by one. */
ALWAYS_INLINE bool check_measure(struct ride *ride, uint32_t epoch, bool last) {
    const unsigned all = (1u << VEC_LANES) - 1u;
    unsigned good = m_bits(v_le(ride->measure, ride->largest));
    if (ride->moving & ~good) note_escape(ride, epoch, ride->moving & ~good);
    return ride->moving != all || last;
}

/* The tangents' and then the parent's share of a step, from the parent's forward and backward pass. */
ALWAYS_INLINE void finish_step(const struct lyap_shape *shape, struct ride *ride, const struct tile *tile,
                               const struct tangent_tile *tangent, bool careful) {
    const vmask active = m_from_bits(ride->moving);
    vmask alive = m_none();
    for (size_t k = 0; k < ride->vectors; k++) {
        real *v = ride->v + k * ride->tangents->dimension * BLOCK;
        struct tangent_update t = {.v = v, .steps = ride->steps, .careful = careful, .active = active, .alive = alive};
        tangent_pass(shape, tile, tangent, &t);
        alive = t.alive;
    }
    struct update u = {.step = ride->steps[0],
                       .first_chunk = true,
                       .last_chunk = true,
                       .careful = careful,
                       .active = active,
                       .alive = alive,
                       .squares = v_set1(0)};
    update_at(shape, tile, 0, 0, &u);
    u.step = ride->steps[1];
    update_at(shape, tile, 0, 1, &u);
    if (careful) ride->alive = u.alive;
}

/* The layers' steps under this step's learning rate, in the order of operations of optimise_numbers. */
ALWAYS_INLINE void set_steps(struct ride *ride) {
    const struct lyap_shape *shape = ride->block->shape;
    ride->steps[0] = ride->steps[1] = ride->group.step;
    if (!shape->rule.layered) return;
    struct optimise own = {.rule = &shape->rule,
                           .lanes = ride->block->lanes,
                           .lane = ride->lane,
                           .lr = ride->group.lr,
                           .scale = batch_scale(shape)};
    for (int l = 0; l < 2; l++) ride->steps[l] = optimise_numbers(&own, l).step;
}

/* One gradient-descent step of the parent and its tangents, which share one forward and backward pass. */
ALWAYS_INLINE void network_step(const struct lyap_shape *shape, struct ride *ride, uint32_t epoch, bool last,
                                enum instance instance) {
    vec local[5][REGISTER_UNITS], local_a[REGISTER_UNITS];
    struct tile tile = {.w = ride->w, .count = 1, .a = instance == FUSED ? local_a : ride->room, .d = local[0]};
    struct tangent_tile tangent = {.slope = local[1], .bend = local[2], .ra = local[3], .rd = local[4]};
    layers_chunk(shape, &tile, ride->group.x, ride->group.y, 0);
    vec sum = forward(shape, &tile, true, v_set1(0));
    backward(shape, &tile, 0);
    factors(shape, &tile, &tangent);
    /* Four terms: the product with 1/4 is the quotient, sooner. */
    ride->measure = v_mul(sum, v_set1(1 / loss_terms(shape)));
    if (check_measure(ride, epoch, last))
        finish_step(shape, ride, &tile, &tangent, true);
    else
        finish_step(shape, ride, &tile, &tangent, false);
}

/* The same for every shape and optimiser. */
static void layers_step(const struct lyap_shape *shape, struct ride *ride, uint32_t epoch, bool last) {
    struct layers_tangent tangent;
    struct tile tile = layers_tangent_tile(shape, ride->w, ride->room, &tangent);
    const struct lyap_tangents *t = ride->tangents;
    vec sum = v_set1(0);
    for (size_t from = 0; from < shape->samples; from += shape->chunk) {
        layers_chunk(shape, &tile, ride->group.x, ride->group.y, from);
        layers_columns(&tile, ride->block, from);
        sum = layers_forward(shape, &tile, true, sum);
        layers_backward(shape, &tile, 0);
        layers_factors(shape, &tile);
        for (size_t k = 0; k < t->vectors; k++) {
            tangent.sums = ride->carry + 2 * k * shape->parameters;
            tangent.crossed = tangent.sums + shape->parameters;
            layers_tangent_pass(shape, &tile, &tangent, ride->v + k * t->dimension * BLOCK, from == 0);
        }
        layers_gradient(shape, &tile, 0, ride->gradient, from == 0);
    }
    ride->measure = v_div(sum, ride->terms);
    const bool careful = check_measure(ride, epoch, last); /* may stop lanes, before `active` is taken */
    struct optimise u = {.rule = &shape->rule,
                         .lanes = ride->block->lanes,
                         .lane = ride->lane,
                         .lr = ride->group.lr,
                         .scale = batch_scale(shape),
                         .correction = {ride->group.correction[0], ride->group.correction[1]},
                         .sums = ride->gradient,
                         .careful = careful,
                         .active = m_from_bits(ride->moving),
                         .alive = m_none()};
    for (size_t k = 0; k < t->vectors; k++) {
        tangent.sums = ride->carry + 2 * k * shape->parameters;
        tangent.crossed = tangent.sums + shape->parameters;
        layers_tangent_sums(shape, &tangent);
        optimise_tangent(shape, &u, ride->w, tangent.sums, ride->v + k * t->dimension * BLOCK);
    }
    optimise(shape, &u, ride->w);
    ride->alive = u.alive;
}

/* out = H v of the loss, without the penalty of a weight decay, at the vector's parents; v and out at this lane,
 * [parameters][BLOCK]. */
static void hessian_group(const struct lyap_shape *shape, struct lyap_block *block, struct lyap_tangents *tangents,
                          size_t lane, const real *v, real *out) {
    struct layers_tangent tangent;
    vec *room = tangents->workspace;
    struct tile tile = layers_tangent_tile(shape, (real *)block->weights + lane, room, &tangent);
    tangent.sums = tile.scratch + MATRIX_SCRATCH;
    tangent.crossed = tangent.sums + shape->parameters;
    for (size_t from = 0; from < shape->samples; from += shape->chunk) {
        layers_chunk(shape, &tile, block->whole_x, block->whole_y, from);
        layers_columns(&tile, block, from);
        layers_forward(shape, &tile, false, v_set1(0));
        layers_backward(shape, &tile, 0);
        layers_factors(shape, &tile);
        layers_tangent_pass(shape, &tile, &tangent, v, from == 0);
    }
    layers_tangent_sums(shape, &tangent);
    const vec scale = v_set1(batch_scale(shape));
    for (size_t p = 0; p < shape->parameters; p++) v_store(out + p * BLOCK, v_mul(scale, tangent.sums[p]));
}

/* n components at `from` to `to`, where the lanes are active. */
ALWAYS_INLINE void put(const vec *from, real *to, size_t n, bool careful, vmask active) {
    for (size_t i = 0; i < n; i++) {
        real *at = to + i * BLOCK;
        v_store(at, careful ? v_select(active, from[i], v_load(at)) : from[i]);
    }
}

/* One step of a known system and its tangents. */
ALWAYS_INLINE void known_step(enum lyap_system system, size_t n, struct ride *ride, uint32_t epoch) {
    struct system_points points;
    vec v[LYAP_SYSTEM_MOST], next[LYAP_SYSTEM_MOST];
    for (size_t i = 0; i < LYAP_SYSTEM_MOST; i++) {
        points.x[0][i] = i < n ? v_load(ride->w + i * BLOCK) : v_set1(0);
        points.next[i] = next[i] = v_set1(0);
    }
    ride->measure = v_mul(points.x[0][0], points.x[0][0]);
    for (size_t i = 1; i < n; i++) ride->measure = v_fma(points.x[0][i], points.x[0][i], ride->measure);
    bool careful = check_measure(ride, epoch, false);
    vmask active = m_from_bits(ride->moving);
    system_state(system, ride->constants, ride->lr, n, &points);
    for (size_t k = 0; k < ride->tangents->vectors; k++) {
        real *vk = ride->v + k * n * BLOCK;
        for (size_t i = 0; i < LYAP_SYSTEM_MOST; i++) v[i] = i < n ? v_load(vk + i * BLOCK) : v_set1(0);
        system_tangent(system, ride->constants, ride->lr, n, &points, v, next);
        put(next, vk, n, careful, active);
    }
    put(points.next, ride->w, n, careful, active);
    ride->alive = m_from_bits((1u << VEC_LANES) - 1u);
}

/* Re-orthonormalises and books the stretching up to and with `epoch` as event number `event`. */
ALWAYS_INLINE void stretch(struct ride *ride, size_t n, uint32_t epoch, uint32_t event, uint32_t steps, bool small) {
    struct lyap_tangents *t = ride->tangents;
    real *norms = (real *)t->norms + (size_t)event * t->vectors * BLOCK + ride->lane;
    uint32_t *resolved = t->resolved + ride->lane;
    const unsigned all = (1u << VEC_LANES) - 1u;
    const size_t measured = small ? n : t->measured;
    struct orthogonal_events events = ride->moving == all
                                          ? orthonormalise(ride->v, ride->vectors, n, measured, small, steps, false,
                                                           m_none(), norms, ride->spread, resolved)
                                          : orthonormalise(ride->v, ride->vectors, n, measured, small, steps, true,
                                                           m_from_bits(ride->moving), norms, ride->spread, resolved);
    if (events.infinite) {
        vmask wrong = m_from_bits(events.infinite);
        for (size_t k = 0; k < t->vectors; k++)
            v_store(norms + k * BLOCK, v_select(wrong, v_set1(1), v_load(norms + k * BLOCK)));
        for (size_t i = 0; i < VEC_LANES; i++) {
            if (!(events.infinite >> i & 1)) continue;
            ride->block->frozen |= 1u << (ride->lane + i);
            ride->block->outcome[ride->lane + i] = LYAP_OVERFLOW;
            ride->block->event_epoch[ride->lane + i] = epoch;
            ride->block->losses[ride->lane + i] = epoch + 1;
        }
        ride->moving &= ~events.infinite;
    }
    for (size_t i = 0; i < VEC_LANES; i++)
        if (ride->moving >> i & 1) t->steps[ride->lane + i] = epoch + 1;
}

ALWAYS_INLINE void store_measure(const struct ride *ride, uint32_t i) {
    v_store((real *)ride->tangents->measure + (size_t)i * BLOCK + ride->lane, ride->measure);
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

/* Steps first .. first+count-1. `shape` is NULL for a known system; n is the dimension of state and tangents. `vectors` is
 * their number where it is a constant, otherwise 0. */
ALWAYS_INLINE void ride_group(const struct lyap_shape *shape, enum lyap_system system, size_t n, enum instance instance,
                              size_t vectors, struct lyap_block *block, struct lyap_tangents *tangents, size_t lane,
                              uint32_t first, uint32_t count) {
    struct ride ride = ride_of(block, tangents, lane);
    const vec lr = ride.lr;
    if (vectors) ride.vectors = vectors;
    uint32_t since = 0, event = 0, i = 0, until = steps_to_extent(tangents, first);
    for (; i < count && ride.moving; i++) {
        uint32_t epoch = first + i;
        bool last = tangents->look && i + 1 == count;
        if (shape) {
            set_pace(shape, &ride.group, lr, i);
            if (instance != ANY) set_steps(&ride);
        }
        if (shape && instance == ANY)
            layers_step(shape, &ride, epoch, last);
        else if (shape)
            network_step(shape, &ride, epoch, last, instance);
        else
            known_step(system, n, &ride, epoch);
        store_measure(&ride, i);
        if (--until == 0) {
            note_extent(tangents, lane, ride.w, shape ? shape->parameters : n);
            until = tangents->extent_every;
        }
        if (tangents->reference) note_recurrence(tangents, lane, ride.w, shape ? shape->parameters : n, i);
        if (last) note_alive(block, lane, ride.moving, m_bits(ride.alive));
        if (++since < tangents->qr_every && i + 1 < count) continue;
        stretch(&ride, n, epoch, event++, since, instance != ANY);
        since = 0;
    }
    for (size_t j = 0; j < VEC_LANES; j++)
        if (ride.moving >> j & 1) block->losses[lane + j] = first + count;
    /* All lanes stand still: nothing stretches in the events to come. */
    uint32_t events = count / tangents->qr_every + (count % tangents->qr_every != 0);
    for (; event < events; event++)
        for (size_t k = 0; k < tangents->vectors; k++)
            v_store((real *)tangents->norms + ((size_t)event * tangents->vectors + k) * BLOCK + lane, v_set1(1));
}

#endif
