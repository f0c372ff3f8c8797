#include "engine/orbit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/aligned.h"
#include "base/real.h"
#include "engine/spectrum_worker.h"

static bool records_outputs(const struct lyap_spectrum_run *run) {
    return run->orbit->kind == LYAP_ORBIT_OUTPUTS;
}

static size_t outputs(const struct lyap_spectrum_run *run) {
    return records_outputs(run) ? lyap_orbit_numbers(LYAP_ORBIT_OUTPUTS, run->base.network, run->base.data) : 0;
}

double lyap_orbit_walk_bytes(const struct lyap_spectrum_run *run) {
    return (2.0 * (double)run->dimension + 2 + (double)outputs(run)) * LYAP_BLOCK * (double)run->run.real_size;
}

enum lyap_status lyap_orbit_walk_new(struct lyap_orbit_walk *walk, const struct lyap_spectrum_run *run,
                                     struct lyap_error *error) {
    const struct lyap_plan *base = &run->base;
    const size_t lanes = LYAP_BLOCK * run->run.real_size;
    memset(walk, 0, sizeof *walk);
    walk->weights = lyap_aligned(run->dimension, lanes);
    walk->v = lyap_aligned(run->dimension, lanes);
    walk->norms = lyap_aligned(1, lanes);
    walk->measure = lyap_aligned(1, lanes);
    bool ok = walk->weights && walk->v && walk->norms && walk->measure;
    if (records_outputs(run)) ok = (walk->outputs = lyap_aligned(outputs(run), lanes)) != NULL && ok;
    if (!ok) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the points of an orbit");
    return lyap_pace_new(&walk->pace, base, 1, error);
}

void lyap_orbit_walk_free(struct lyap_orbit_walk *walk) {
    lyap_pace_free(&walk->pace);
    free(walk->weights);
    free(walk->v);
    free(walk->norms);
    free(walk->measure);
    free(walk->outputs);
    memset(walk, 0, sizeof *walk);
}

/* The outputs are those for the whole training set, whatever batch the step takes. */
static void find_outputs(const struct lyap_spectrum_worker *w, const struct lyap_block *block) {
    struct lyap_block whole = *block;
    whole.shape = block->whole;
    whole.x = block->whole_x;
    whole.y = block->whole_y;
    w->run->run.kernels->pass(&whole, false, w->walk.outputs);
}

/* Point k of every cell, known once its step has been made but kept from before it. */
static void write_point(const struct lyap_spectrum_worker *w, size_t k, const void *values, uint32_t frozen,
                        double *points) {
    const struct lyap_orbit *orbit = w->run->orbit;
    for (size_t lane = 0; lane < w->worker.count; lane++) {
        double *point = points + (lane * orbit->points + k) * orbit->columns;
        for (size_t c = 0; c < orbit->columns; c++) {
            size_t number = orbit->which ? orbit->which[c] : c;
            point[c] = frozen >> lane & 1 ? (double)NAN
                                          : lyap_real_get(values, number * LYAP_BLOCK + lane, w->run->base.precision);
        }
    }
}

bool lyap_orbit_record(struct lyap_spectrum_worker *w, double *points, lyap_poll poll, void *context) {
    const struct lyap_spectrum_run *run = w->run;
    const struct lyap_kernels *kernels = run->run.kernels;
    const struct lyap_orbit *orbit = run->orbit;
    const size_t bytes = run->dimension * LYAP_BLOCK * run->run.real_size;
    struct lyap_block block = w->worker.block;
    struct lyap_tangents tangents = w->tangents;
    memcpy(w->walk.weights, block.weights, bytes);
    memcpy(w->walk.v, tangents.v, bytes);
    block.weights = w->walk.weights;
    block.trajectories = 1;
    tangents.v = w->walk.v;
    tangents.vectors = 1;
    tangents.norms = w->walk.norms;
    tangents.measure = w->walk.measure;
    tangents.look = false;
    tangents.reference = NULL;
    tangents.extent = NULL;
    for (size_t k = 0; k < orbit->points; k++) {
        const uint32_t step = run->transient + (uint32_t)k;
        if (orbit->kind == LYAP_ORBIT_WEIGHTS) write_point(w, k, block.weights, block.frozen, points);
        if (orbit->kind == LYAP_ORBIT_OUTPUTS) {
            find_outputs(w, &block);
            write_point(w, k, w->walk.outputs, block.frozen, points);
        }
        lyap_pace_set(&w->walk.pace, &block, step, 1);
        kernels->tangent(&block, &tangents, step, 1);
        if (orbit->kind == LYAP_ORBIT_LOSS) write_point(w, k, w->walk.measure, block.frozen, points);
        if (poll && !poll(context)) return false;
    }
    return true;
}
