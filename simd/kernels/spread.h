/* One cell over all lanes: where cells are few, the lanes hold the trajectories of one of them, trajectory t in lane t % 16
 * of tile t / 16 (the parent in lane 0 of tile 0), and lanes beyond the last trajectory repeat the parent. Every
 * trajectory goes through the operations that it would go through in a block of 16 cells, and their distances are added up
 * in the same order, so the results have the same bits. */
#ifndef LYAP_SIMD_KERNELS_SPREAD_H
#define LYAP_SIMD_KERNELS_SPREAD_H

#include "simd/kernels/init.h"
#include "simd/kernels/train.h"

/* Spreads parent[parameters] over the tiles and perturbs the neighbours: the numbers of perturb_group. All lanes of the
 * block are the same cell. */
static void spread_start(struct lyap_block *block, const real *parent) {
    _Alignas(LYAP_ALIGNMENT) real draws[DRAW_BATCH * VEC_LANES], drawn[VEC_LANES];
    struct source source = source_of(block->seed, LYAP_STREAM_PERTURBATION, block->start_low, block->start_high);
    const vec scale = v_set1((real)block->perturbation[0]);
    const size_t parameters = block->shape->parameters, dimension = block->shape->dimension;
    for (size_t t = 0; t < spread_tiles(block) * BLOCK; t++)
        for (size_t p = 0; p < dimension; p++) *spread_at(block, t, p) = p < parameters ? parent[p] : 0;
    size_t total = (block->trajectories - 1) * parameters, t = 1, p = 0;
    for (size_t first = 0; first < total; first += DRAW_BATCH) {
        size_t left = total - first;
        int n = left < DRAW_BATCH ? (int)left : DRAW_BATCH;
        draw_batch(&source, true, first, (n + 3) / 4 * 4, draws);
        for (int i = 0; i < n; i++) {
            v_store(drawn, v_fma(scale, v_load(draws + i * VEC_LANES), v_set1(parent[p])));
            *spread_at(block, t, p) = drawn[0];
            if (++p < parameters) continue;
            p = 0;
            t++;
        }
    }
}

/* Distance of the trajectories of one vector of a tile from the parent, in the order of optimise(). */
static vec spread_distance(const struct lyap_shape *shape, const real *tile, const real *parent) {
    const size_t parameters = shape->parameters;
    vec squares[3] = {v_set1(0), v_set1(0), v_set1(0)};
    for (size_t part = 0; part * parameters < shape->measured; part++)
        for (size_t p = part * parameters; p < (part + 1) * parameters; p++) {
            vec difference = v_sub(v_load(tile + p * BLOCK), v_set1(parent[p * BLOCK]));
            squares[part] = v_fma(difference, difference, squares[part]);
        }
    return v_sqrt(shape->rule.full_state ? v_add(v_add(squares[0], squares[1]), squares[2]) : squares[0]);
}

/* The neighbours' summed distance. */
static real spread_distances(const struct lyap_block *block) {
    const struct lyap_shape *shape = block->shape;
    _Alignas(LYAP_ALIGNMENT) real d[BLOCK];
    const real *parent = block->weights;
    real sum = 0;
    for (size_t tile = 0; tile < spread_tiles(block); tile++) {
        for (size_t lane = 0; lane < BLOCK; lane += VEC_LANES)
            v_store(d + lane, spread_distance(shape, parent + tile * shape->dimension * BLOCK + lane, parent));
        for (size_t lane = tile ? 0 : 1; lane < BLOCK && tile * BLOCK + lane < block->trajectories; lane++)
            sum = sum + d[lane];
    }
    return sum;
}

/* One update of every trajectory; returns the parent's loss sum, and whether any gradient entry was not zero if `careful`. */
static real spread_step(const struct lyap_shape *shape, struct lyap_block *block, uint32_t i, bool careful,
                        bool *alive) {
    _Alignas(LYAP_ALIGNMENT) real loss[BLOCK];
    *alive = false;
    for (size_t lane = 0; lane < BLOCK; lane += VEC_LANES) {
        struct group group = group_of(shape, block, lane, TILES);
        set_step_inputs(shape, &group, group.lr, i);
        group.active = m_from_bits((1u << VEC_LANES) - 1u);
        for (size_t tile = 0; tile < spread_tiles(block); tile++) {
            struct epoch_result result = {.loss_sum = v_set1(0), .distance_sum = v_set1(0), .alive = m_none()};
            const struct span span = {tile, 1, true, careful};
            step_layers(shape, &group, &span, &result);
            if (careful && m_bits(result.alive)) *alive = true;
            if (tile == 0) v_store(loss + lane, result.loss_sum);
        }
    }
    return loss[0];
}

/* Epochs first .. first+count-1 of the one cell, as train_group; lane 0 of distance and loss is written. */
static void train_spread(struct lyap_block *block, const struct epochs *call) {
    const struct lyap_shape *shape = block->shape;
    const real largest = (real)(block->escape < (double)REAL_MAX ? block->escape : (double)REAL_MAX);
    real *distance = call->distance, *loss = call->loss;
    for (uint32_t i = 0; i < call->count; i++) {
        uint32_t epoch = call->first + i;
        bool alive, last = epoch + 1 == block->epochs[0];
        if (epoch >= block->epochs[0] || block->frozen & 1) return;
        real mean_loss = spread_step(shape, block, i, last, &alive) / loss_terms(shape);
        real mean_distance = spread_distances(block) / (real)(block->trajectories - 1);
        distance[i * BLOCK] = mean_distance;
        loss[i * BLOCK] = mean_loss;
        bool good = mean_distance <= largest && SMALLEST_DISTANCE <= mean_distance &&
                    fabs((double)mean_loss) <= (double)REAL_MAX;
        note_epoch(block, 0, 1, epoch, (struct moved){1, good}, loss + i * BLOCK, distance + i * BLOCK);
        if (last) note_alive(block, 0, 1, alive);
    }
}

#endif
