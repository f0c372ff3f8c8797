/* One vector of cells through its epochs: parent and neighbours in lock-step, their mean distance, and the events that
 * end a cell's measurement. */
#ifndef LYAP_SIMD_KERNELS_TRAIN_H
#define LYAP_SIMD_KERNELS_TRAIN_H

#include "simd/kernels/events.h"
#include "simd/kernels/step.h"

/* Epochs first .. first+count-1 of a call, and where they go: real [count][BLOCK]. */
struct epochs {
    uint32_t first, count;
    real *distance, *loss;
};

ALWAYS_INLINE void train_group(const struct lyap_shape *shape, struct lyap_block *block, size_t lane,
                               enum instance instance, const struct epochs *call) {
    const uint32_t first = call->first, count = call->count;
    real *distance = call->distance, *loss = call->loss;
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
        set_step_inputs(shape, &group, lr, i);
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
            note_epoch(block, lane, VEC_LANES, epoch, (struct moved){moving, good_bits}, loss + i * BLOCK,
                       distance + i * BLOCK);
        }
        if (careful) note_alive(block, lane, moving, m_bits(result.alive));
        if (!quiet || epoch + 2 >= shortest) moving = moving_lanes(block, lane, epoch + 1, &last_of_any);
    }
    note_clean(block, lane, clean);
}

#endif
