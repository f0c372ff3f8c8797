#include "engine/alive.h"

#include <float.h>
#include <string.h>

/* The lanes of trajectory (of a spread cell: the trajectories of tile) number `which` with a gradient over the whole training set that is
 * not zero: of a step of its own from a copy of the weights. */
static uint32_t whole_gradients(struct lyap_worker *worker, size_t which) {
    const struct lyap_run *run = worker->run;
    const struct lyap_block *block = &worker->block;
    const size_t row = run->kernels->width * run->real_size;
    struct lyap_block probe = {.shape = &run->still,
                               .whole = &run->still,
                               .x = run->x,
                               .y = run->y,
                               .whole_x = run->x,
                               .whole_y = run->y,
                               .trajectories = 1,
                               .weights = worker->probe,
                               .workspace = block->workspace,
                               .team = block->team,
                               .shared_from = block->shared_from,
                               .escape = DBL_MAX};
    for (size_t lane = 0; lane < run->kernels->width; lane++) probe.epochs[lane] = 1;
    memcpy(probe.weights, (const char *)block->weights + which * run->shape.dimension * row,
           run->shape.parameters * row);
    run->kernels->train(&probe, 0, 1, worker->slice_distance, worker->slice_loss);
    return probe.alive;
}

uint32_t lyap_worker_alive(struct lyap_worker *worker, uint32_t lanes, size_t trajectories) {
    const struct lyap_run *run = worker->run;
    const size_t looks = run->spread ? (trajectories + LYAP_BLOCK - 1) / LYAP_BLOCK : trajectories;
    uint32_t alive = worker->block.alive & lanes;
    for (size_t i = 0; run->plan->optimiser.batch > 0 && i < looks && alive != lanes; i++) {
        uint32_t found =
            whole_gradients(worker, i); /* lanes behind a spread cell's last trajectory repeat the parent */
        alive |= (run->spread ? (found ? 1u : 0) : found) & lanes;
    }
    return alive;
}
