/* One vector of cells through its epochs: parent and neighbours in lock-step, their mean distance, and the events that
 * end a cell's measurement. */
#ifndef LYAP_KERNEL_TRAIN_H
#define LYAP_KERNEL_TRAIN_H

#include <float.h>
#include <math.h>

#include "simd/kernels/layers.h"
#include "simd/kernels/optimise.h"
#include "simd/kernels/paper.h"

#if LYAP_REAL_BITS == 32
#define REAL_MAX FLT_MAX
#define SMALLEST_DISTANCE 0x1p-63f /* square root of the smallest normal number */
#else
#define REAL_MAX DBL_MAX
#define SMALLEST_DISTANCE 0x1p-511
#endif

/* How a shape is run. The paper's network (kernels/paper.h), FUSED: one trajectory at a time, all in registers, for
 * activations that are no calls. PASSES: a tile of trajectories, activations as long passes over memory, because a call
 * clobbers every vector register; what follows the activations stays in registers. LOOPS: other small networks under plain
 * gradient descent, loops in the workspace, the update with the sums. ANY: every shape and optimiser (kernels/layers.h). */
enum instance { FUSED, PASSES, LOOPS, ANY };

/* Most weights of a layer of a network that runs as LOOPS: from there on the register tiles of the matrix products pay. */
enum { SMALL_LAYER = 128 };

static bool is_small(const struct lyap_shape *shape) {
    bool small = shape->rule.plain && shape->loss != LYAP_SOFTMAX;
    for (int l = 0; l < shape->layers; l++)
        small = small && shape->sizes[l] <= SMALL_LAYER && shape->sizes[l] * shape->sizes[l + 1] <= SMALL_LAYER &&
                !slope_is_stored(shape->activation[l]);
    return small;
}

/* Most units x samples of a shape known to the compiler. */
enum { REGISTER_UNITS = 16 };

/* The vector's view of its block. */
struct group {
    const struct lyap_block *block;
    size_t lane;       /* first lane of the vector */
    real *w;           /* states at that lane */
    const real *x, *y; /* of this step */
    vec *workspace;
    vec *a, *d, *gradient;
    vec lr, step; /* of this step; step = lr * batch factor */
    real correction[2];
    vmask active;
};

/* What one epoch gives. */
struct epoch_result {
    vec loss_sum;
    vec distance_sum;
    vmask alive;
};

/* The samples from..from+chunk-1 of a tile: forward, back, gradient, and with the last of them the update. */
ALWAYS_INLINE void step_chunk(const struct lyap_shape *shape, const struct group *group, struct tile *tile,
                              vec *gradient, size_t from, bool is_parent, bool careful, struct epoch_result *result) {
    layers_chunk(shape, tile, group->x, group->y, from);
    vec sum = forward(shape, tile, is_parent, result->loss_sum);
    if (is_parent) result->loss_sum = sum;
    bool last_chunk = from + tile->samples == shape->samples;
    for (size_t t = 0; t < tile->count; t++) {
        backward(shape, tile, t);
        struct update u = {.parent = is_parent ? NULL : group->w,
                           .step = group->step,
                           .gradient = gradient,
                           .first_chunk = from == 0,
                           .last_chunk = last_chunk,
                           .careful = careful,
                           .active = group->active,
                           .alive = result->alive,
                           .squares = v_set1(0)};
        update(shape, tile, t, &u);
        result->alive = u.alive;
        if (last_chunk && !is_parent) result->distance_sum = v_add(result->distance_sum, v_sqrt(u.squares));
    }
}

/* The same for every shape and optimiser: `count` trajectories from `first` on. */
static void step_layers(const struct lyap_shape *shape, const struct group *group, size_t first, size_t count,
                        bool is_parent, bool careful, struct epoch_result *result) {
    struct tile tile = layers_tile(shape, group->w + first * shape->dimension * BLOCK, group->workspace, shape->tile);
    tile.count = count;
    for (size_t from = 0; from < shape->samples; from += shape->chunk) {
        layers_chunk(shape, &tile, group->x, group->y, from);
        layers_columns(&tile, group->block, from);
        result->loss_sum = layers_forward(shape, &tile, is_parent, result->loss_sum);
        for (size_t t = 0; t < count; t++) {
            layers_backward(shape, &tile, t);
            layers_gradient(shape, &tile, t, group->gradient, from == 0);
            if (from + tile.samples < shape->samples) continue;
            struct optimise u = {.rule = &shape->rule,
                                 .lanes = group->block->lanes,
                                 .lane = group->lane,
                                 .lr = group->lr,
                                 .scale = batch_scale(shape),
                                 .correction = {group->correction[0], group->correction[1]},
                                 .sums = group->gradient,
                                 .parent = is_parent ? NULL : group->w,
                                 .full_state = shape->rule.full_state,
                                 .careful = careful,
                                 .active = group->active,
                                 .alive = result->alive};
            optimise(shape, &u, tile.w + t * shape->dimension * BLOCK);
            result->alive = u.alive;
            if (!is_parent) result->distance_sum = v_add(result->distance_sum, v_sqrt(u.squares));
        }
    }
}

/* The same for the paper's network, and the distances of the networks DISTANCE_DELAY before. */
ALWAYS_INLINE void step_paper(const struct lyap_shape *shape, const struct group *group, size_t first, size_t count,
                              bool is_parent, bool careful, enum instance instance, struct epoch_result *result) {
    const enum lyap_activation f = shape->activation[0];
    const size_t stride = PAPER_PARAMETERS * BLOCK, hidden = PAPER_SAMPLES * PAPER_HIDDEN;
    vec local[PAPER_UNITS], *a = instance == FUSED ? local : group->a, *out = a + count * hidden;
    real *w = group->w + first * stride;
    for (size_t t = 0; t < count; t++) paper_hidden(f, w + t * stride, group->x, a + t * hidden);
    if (f != LYAP_RELU) activate(f, a, count * hidden);
    for (size_t t = 0; t < count; t++) paper_output(f, w + t * stride, a + t * hidden, out + t * PAPER_SAMPLES);
    if (f != LYAP_RELU) activate(f, out, count * PAPER_SAMPLES);
    for (size_t t = 0; t < count; t++) {
        struct update u = {.step = group->step,
                           .first_chunk = true,
                           .last_chunk = true,
                           .careful = careful,
                           .active = group->active,
                           .alive = result->alive};
        struct paper_step step = {.activation = f,
                                  .x = group->x,
                                  .y = group->y,
                                  .before =
                                      first + t > DISTANCE_DELAY ? w + t * stride - DISTANCE_DELAY * stride : NULL,
                                  .parent = group->w,
                                  .with_loss = is_parent,
                                  .loss = result->loss_sum};
        paper_descend(&step, w + t * stride, a + t * hidden, out + t * PAPER_SAMPLES, &u);
        result->loss_sum = step.loss;
        result->alive = u.alive;
        if (step.before) result->distance_sum = v_add(result->distance_sum, v_sqrt(step.squares));
    }
}

/* Steps `count` trajectories from `first` on. The parent (trajectory 0) is stepped alone and gives the loss. */
ALWAYS_INLINE void step_tile(const struct lyap_shape *shape, const struct group *group, size_t first, size_t count,
                             bool is_parent, bool careful, enum instance instance, struct epoch_result *result) {
    if (instance == FUSED || instance == PASSES) {
        step_paper(shape, group, first, count, is_parent, careful, instance, result);
        return;
    }
    if (instance == ANY) {
        step_layers(shape, group, first, count, is_parent, careful, result);
        return;
    }
    struct tile tile = {.w = group->w + first * shape->dimension * BLOCK, .count = count, .a = group->a, .d = group->d};
    for (size_t from = 0; from < shape->samples; from += shape->chunk)
        step_chunk(shape, group, &tile, group->gradient, from, is_parent, careful, result);
}

/* One update of the parent and all neighbours. */
ALWAYS_INLINE struct epoch_result step_all(const struct lyap_shape *shape, const struct group *group, bool careful,
                                           enum instance instance) {
    struct epoch_result result = {.loss_sum = v_set1(0), .distance_sum = v_set1(0), .alive = m_none()};
    const size_t trajectories = group->block->trajectories;
    step_tile(shape, group, 0, 1, true, careful, instance, &result);
    if (instance == FUSED) {
        /* Two loops, so that the long one need not ask whether a distance is due. */
        for (size_t t = 1; t <= DISTANCE_DELAY && t < trajectories; t++)
            step_tile(shape, group, t, 1, false, careful, instance, &result);
        for (size_t t = DISTANCE_DELAY + 1; t < trajectories; t++)
            step_tile(shape, group, t, 1, false, careful, instance, &result);
    } else {
        for (size_t t = 1; t < trajectories; t += shape->tile) {
            size_t left = trajectories - t;
            step_tile(shape, group, t, left < shape->tile ? left : shape->tile, false, careful, instance, &result);
        }
    }
    if (instance == FUSED || instance == PASSES) {
        size_t due = trajectories > DISTANCE_DELAY ? trajectories - DISTANCE_DELAY : 1;
        for (; due < trajectories; due++) {
            const real *w = group->w + due * PAPER_PARAMETERS * BLOCK;
            result.distance_sum = v_add(result.distance_sum, paper_distance(w, group->w));
        }
    }
    return result;
}

/* The data, learning rate and corrections of step i of a call. */
ALWAYS_INLINE void set_pace(const struct lyap_shape *shape, struct group *group, vec lr, uint32_t i) {
    const struct lyap_block *block = group->block;
    if (block->batches) {
        group->x = (const real *)block->x + (size_t)i * shape->samples * (size_t)shape->sizes[0];
        group->y = (const real *)block->y + (size_t)i * shape->samples * (size_t)shape->sizes[shape->layers];
    }
    if (block->rate) {
        group->lr = v_mul(lr, v_load((const real *)block->rate + (size_t)i * BLOCK + group->lane));
        group->step = v_mul(group->lr, v_set1(batch_scale(shape)));
    }
    for (int c = 0; block->correction && c < 2; c++)
        group->correction[c] = (real)block->correction[2 * i + (uint32_t)c];
}

/* The vector's view of the block; the workspace's first part is for the passes, its end for the gradient. */
ALWAYS_INLINE struct group group_of(const struct lyap_shape *shape, const struct lyap_block *block, size_t lane,
                                    enum instance instance) {
    struct group group = {.block = block,
                          .lane = lane,
                          .w = (real *)block->weights + lane,
                          .x = block->x,
                          .y = block->y,
                          .a = block->workspace,
                          .workspace = block->workspace,
                          .correction = {1, 1}};
    if (instance == LOOPS) group.d = group.a + shape->tile * shape->unit[shape->layers] * shape->chunk;
    if (instance == LOOPS || instance == ANY) group.gradient = group.workspace + layers_room(shape, shape->tile);
    _Alignas(LYAP_ALIGNMENT) real lr[BLOCK];
    for (size_t i = 0; i < VEC_LANES; i++) lr[i] = (real)block->lr[lane + i];
    group.lr = v_load(lr);
    group.step = v_mul(group.lr, v_set1(batch_scale(shape)));
    return group;
}

/* True if every neighbour's weights equal the parent's in that lane, so that the distance is zero and not just too small
 * to square. */
static bool spread_is_merged(const struct lyap_block *block);
static bool lane_is_merged(const struct lyap_block *block, size_t lane) {
    if (block->spread) return spread_is_merged(block);
    const real *w = block->weights;
    size_t dimension = block->shape->dimension;
    for (size_t t = 1; t < block->trajectories; t++)
        for (size_t i = 0; i < block->shape->measured; i++)
            if (w[(t * dimension + i) * BLOCK + lane] != w[i * BLOCK + lane]) return false;
    return true;
}

/* Looks at one lane whose epoch was not plainly good, and records what happened. */
static void note_event(struct lyap_block *block, size_t lane, uint32_t epoch, real loss, real distance) {
    uint32_t bit = 1u << lane;
    bool finite = fabs((double)loss) <= (double)REAL_MAX && distance <= REAL_MAX;
    if (fabs((double)loss) <= (double)REAL_MAX) block->losses[lane] = epoch + 1;
    enum lyap_outcome outcome = LYAP_COMPLETE;
    if (!finite)
        outcome = LYAP_OVERFLOW;
    else if ((double)distance > block->escape)
        outcome = LYAP_ESCAPED;
    else if (distance < SMALLEST_DISTANCE)
        outcome = lane_is_merged(block, lane) ? LYAP_ZERO_DISTANCE : LYAP_UNDERFLOW;

    if (outcome == LYAP_OVERFLOW || outcome == LYAP_ESCAPED) block->frozen |= bit;
    if (outcome != LYAP_COMPLETE && !(block->measured_out & bit)) {
        block->measured_out |= bit;
        block->outcome[lane] = outcome;
        block->event_epoch[lane] = epoch;
    } else if (outcome == LYAP_OVERFLOW) {
        /* The distance had vanished before, and now the parent itself blows up: that is how the cell ended. */
        block->outcome[lane] = outcome;
        block->event_epoch[lane] = epoch;
    }
    if (!(block->measured_out & bit)) block->length[lane] = epoch + 1;
}

/* The vector's lanes that still move at this epoch, and whether the epoch is the last of one of them. */
static unsigned moving_lanes(const struct lyap_block *block, size_t lane, uint32_t epoch, bool *last_of_any) {
    unsigned bits = 0;
    *last_of_any = false;
    for (size_t i = 0; i < VEC_LANES; i++) {
        if (epoch < block->epochs[lane + i] && !(block->frozen >> (lane + i) & 1)) bits |= 1u << i;
        if (epoch + 1 == block->epochs[lane + i]) *last_of_any = true;
    }
    return bits;
}

/* Books one epoch of those of `lanes` lanes that moved. */
static void note_epoch(struct lyap_block *block, size_t lane, size_t lanes, uint32_t epoch, unsigned moving,
                       unsigned good, const real *loss, const real *distance) {
    for (size_t i = 0; i < lanes; i++) {
        if (!(moving >> i & 1)) continue;
        if (!(good >> i & 1)) {
            note_event(block, lane + i, epoch, loss[lane + i], distance[lane + i]);
            continue;
        }
        block->losses[lane + i] = epoch + 1;
        if (!(block->measured_out >> (lane + i) & 1)) block->length[lane + i] = epoch + 1;
    }
}

/* Books the epochs up to `clean` (excluded), in all of which every lane moved and was good. */
static void note_clean(struct lyap_block *block, size_t lane, uint32_t clean) {
    for (size_t i = lane; i < lane + VEC_LANES; i++) {
        if (block->losses[i] < clean) block->losses[i] = clean;
        if (block->length[i] < clean && !(block->measured_out >> i & 1)) block->length[i] = clean;
    }
}

static void note_alive(struct lyap_block *block, size_t lane, unsigned moving, unsigned alive) {
    uint32_t mask = (uint32_t)moving << lane;
    block->alive = (block->alive & ~mask) | ((uint32_t)alive << lane & mask);
}

ALWAYS_INLINE void train_group(const struct lyap_shape *shape, struct lyap_block *block, size_t lane,
                               enum instance instance, uint32_t first, uint32_t count, real *distance, real *loss) {
    const unsigned all = (1u << VEC_LANES) - 1u;
    struct group group = group_of(shape, block, lane, instance);
    const vec lr = group.lr, terms = v_set1(loss_terms(shape));
    const vec neighbours = v_set1((real)(block->trajectories - 1));
    const vec largest = v_set1((real)(block->escape < (double)REAL_MAX ? block->escape : (double)REAL_MAX));
    const vec smallest = v_set1(SMALLEST_DISTANCE), finite = v_set1(REAL_MAX);

    uint32_t shortest = block->epochs[lane], clean = 0;
    for (size_t i = 1; i < VEC_LANES; i++)
        if (block->epochs[lane + i] < shortest) shortest = block->epochs[lane + i];

    bool last_of_any;
    unsigned moving = moving_lanes(block, lane, first, &last_of_any);
    for (uint32_t i = 0; i < count && moving; i++) {
        uint32_t epoch = first + i;
        group.active = m_from_bits(moving);
        set_pace(shape, &group, lr, i);
        bool careful = moving != all || last_of_any;
        struct epoch_result result =
            careful ? step_all(shape, &group, true, instance) : step_all(shape, &group, false, instance);
        vec mean_distance = v_div(result.distance_sum, neighbours), mean_loss = v_div(result.loss_sum, terms);
        v_store(distance + i * BLOCK + lane, mean_distance);
        v_store(loss + i * BLOCK + lane, mean_loss);

        vmask good =
            m_and(m_and(v_le(mean_distance, largest), v_le(smallest, mean_distance)), v_le(v_abs(mean_loss), finite));
        unsigned good_bits = m_bits(good);
        bool quiet = good_bits == all && moving == all;
        if (quiet) {
            clean = epoch + 1;
        } else {
            note_clean(block, lane, clean);
            note_epoch(block, lane, VEC_LANES, epoch, moving, good_bits, loss + i * BLOCK, distance + i * BLOCK);
        }
        if (careful) note_alive(block, lane, moving, m_bits(result.alive));
        if (!quiet || epoch + 2 >= shortest) moving = moving_lanes(block, lane, epoch + 1, &last_of_any);
    }
    note_clean(block, lane, clean);
}

#endif
