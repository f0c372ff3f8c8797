/* A pass of one network, split over the threads of its block. Pieces differ in the outputs that they compute, never in a sum. */
#ifndef LYAP_SIMD_ONE_SPLIT_H
#define LYAP_SIMD_ONE_SPLIT_H

#include <stddef.h>

#include "base/team.h"
#include "simd/kernels.h"

/* Piece `piece` of `pieces` equal ones. */
typedef void piece_function(const void *job, int piece, int pieces);

struct split {
    piece_function *function;
    const void *job;
    int pieces;
};

static inline void split_piece(void *context, size_t index, int thread) {
    const struct split *split = context;
    (void)thread;
    split->function(split->job, (int)index, split->pieces);
}

static inline int block_threads(const struct lyap_block *block) {
    return block->team ? lyap_team_threads(block->team) : 1;
}

/* All pieces of a job of about so many multiply-adds. */
static inline void split_over(const struct lyap_block *block, piece_function *function, const void *job, double work) {
    struct split split = {function, job, work >= block->shared_from ? block_threads(block) : 1};
    if (split.pieces == 1)
        function(job, 0, 1);
    else
        lyap_team_each(block->team, split_piece, &split);
}

/* Where piece `piece` of n items begins, at a multiple of `grain`. */
static inline size_t piece_begin(size_t n, int piece, int pieces, size_t grain) {
    const size_t grains = (n + grain - 1) / grain, begin = grains * (size_t)piece / (size_t)pieces * grain;
    return begin < n ? begin : n;
}

#endif
