#include "engine/orbit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/real.h"
#include "engine/aligned.h"
#include "lyapgrad/dataset.h"

size_t lyap_orbit_numbers(enum lyap_orbit_kind kind, const struct lyap_network *network,
                          const struct lyap_dataset *data) {
    if (kind == LYAP_ORBIT_LOSS) return 1;
    if (kind == LYAP_ORBIT_WEIGHTS) return lyap_network_parameters(network);
    return data->samples * (size_t)network->sizes[network->layers];
}

/* Numbers of the outputs; 0 where they are not recorded. */
static size_t outputs(const struct lyap_orbit *orbit, const struct lyap_plan *plan) {
    return orbit->kind == LYAP_ORBIT_OUTPUTS ? lyap_orbit_numbers(LYAP_ORBIT_OUTPUTS, plan->network, plan->data) : 0;
}

double lyap_orbit_walk_bytes(const struct lyap_orbit *orbit, const struct lyap_run *run, size_t dimension) {
    const double lanes = (double)run->kernels->width * (double)run->real_size;
    return (2.0 * (double)dimension + 2 + (double)outputs(orbit, run->plan)) * lanes;
}

enum lyap_status lyap_orbit_walk_new(struct lyap_orbit_walk *walk, const struct lyap_orbit *orbit,
                                     const struct lyap_run *run, size_t dimension, struct lyap_error *error) {
    const size_t lanes = run->kernels->width * run->real_size, numbers = outputs(orbit, run->plan);
    *walk = (struct lyap_orbit_walk){.orbit = orbit, .run = run, .dimension = dimension};
    walk->weights = lyap_aligned(dimension, lanes);
    walk->v = lyap_aligned(dimension, lanes);
    walk->norms = lyap_aligned(1, lanes);
    walk->measure = lyap_aligned(1, lanes);
    bool ok = walk->weights && walk->v && walk->norms && walk->measure;
    if (numbers) ok = (walk->outputs = lyap_aligned(numbers, lanes)) != NULL && ok;
    if (!ok) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the points of an orbit");
    return lyap_step_inputs_new(&walk->inputs, run->plan, run->kernels->width, 1, error);
}

void lyap_orbit_walk_free(struct lyap_orbit_walk *walk) {
    lyap_step_inputs_free(&walk->inputs);
    free(walk->weights);
    free(walk->v);
    free(walk->norms);
    free(walk->measure);
    free(walk->outputs);
    memset(walk, 0, sizeof *walk);
}

/* The outputs are those for the whole training set, whatever batch the step takes. */
static void find_outputs(const struct lyap_orbit_walk *walk, const struct lyap_block *block) {
    struct lyap_block whole = *block;
    whole.shape = block->whole;
    whole.x = block->whole_x;
    whole.y = block->whole_y;
    walk->run->kernels->pass(&whole, false, walk->outputs);
}

/* Point k of every cell, known once its step has been made but kept from before it: `points` begins at it. */
static void write_point(const struct lyap_orbit_walk *walk, size_t cells, const void *values, uint32_t frozen,
                        double *points) {
    const struct lyap_orbit *orbit = walk->orbit;
    const size_t width = walk->run->kernels->width;
    for (size_t lane = 0; lane < cells; lane++) {
        double *point = points + lane * orbit->points * orbit->columns;
        for (size_t c = 0; c < orbit->columns; c++) {
            size_t number = orbit->which ? orbit->which[c] : c;
            point[c] = frozen >> lane & 1 ? (double)NAN
                                          : lyap_real_get(values, number * width + lane, walk->run->plan->precision);
        }
    }
}

/* The copies of the block and of its first tangent that are walked on. */
static void copy_state(struct lyap_orbit_walk *walk, struct lyap_block *block, struct lyap_tangents *tangents) {
    const size_t bytes = walk->dimension * walk->run->kernels->width * walk->run->real_size;
    memcpy(walk->weights, block->weights, bytes);
    memcpy(walk->v, tangents->v, bytes);
    block->weights = walk->weights;
    block->trajectories = 1;
    tangents->v = walk->v;
    tangents->vectors = 1;
    tangents->norms = walk->norms;
    tangents->measure = walk->measure;
    tangents->look = false;
    tangents->reference = NULL;
    tangents->extent = NULL;
}

bool lyap_orbit_record(struct lyap_orbit_walk *walk, const struct lyap_orbit_begin *begin, double *points,
                       lyap_poll poll, void *context) {
    const struct lyap_orbit *orbit = walk->orbit;
    struct lyap_block block = *begin->block;
    struct lyap_tangents tangents = *begin->tangents;
    copy_state(walk, &block, &tangents);
    for (size_t k = 0; k < orbit->points; k++) {
        const uint32_t step = begin->step + (uint32_t)k;
        double *point = points + k * orbit->columns;
        if (orbit->kind == LYAP_ORBIT_WEIGHTS) write_point(walk, begin->cells, block.weights, block.frozen, point);
        if (orbit->kind == LYAP_ORBIT_OUTPUTS) {
            find_outputs(walk, &block);
            write_point(walk, begin->cells, walk->outputs, block.frozen, point);
        }
        lyap_step_inputs_set(&walk->inputs, &block, step, 1);
        walk->run->kernels->tangent(&block, &tangents, step, 1);
        if (orbit->kind == LYAP_ORBIT_LOSS) write_point(walk, begin->cells, walk->measure, block.frozen, point);
        if (poll && !poll(context)) return false;
    }
    return true;
}
