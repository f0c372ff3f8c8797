/* What becomes of a cell after an epoch: its distance and loss are recorded, and the events that end its measurement. */
#ifndef LYAP_SIMD_KERNELS_EVENTS_H
#define LYAP_SIMD_KERNELS_EVENTS_H

#include <float.h>
#include <math.h>

#include "simd/kernels/spread_state.h"

#if LYAP_REAL_BITS == 32
#define REAL_MAX FLT_MAX
#define SMALLEST_DISTANCE 0x1p-63f /* square root of the smallest normal number */
#else
#define REAL_MAX DBL_MAX
#define SMALLEST_DISTANCE 0x1p-511
#endif

/* True if every neighbour's weights equal the parent's in that lane, so that the distance is zero and not just too small
 * to square. */
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

/* The lanes of an epoch, a bit each: those that moved, and of them those whose numbers are plainly good. */
struct moved {
    unsigned moving, good;
};

/* Records one epoch of the lanes lane..lane+count-1 that moved. */
static void note_epoch(struct lyap_block *block, size_t lane, size_t count, uint32_t epoch, struct moved lanes,
                       const real *loss, const real *distance) {
    for (size_t i = 0; i < count; i++) {
        if (!(lanes.moving >> i & 1)) continue;
        if (!(lanes.good >> i & 1)) {
            note_event(block, lane + i, epoch, loss[lane + i], distance[lane + i]);
            continue;
        }
        block->losses[lane + i] = epoch + 1;
        if (!(block->measured_out >> (lane + i) & 1)) block->length[lane + i] = epoch + 1;
    }
}

/* Records the epochs up to `clean` (excluded), in all of which every lane moved and was good. */
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

#endif
