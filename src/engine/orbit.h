/* The points of an orbit after the transient. They are computed by a second pass over the same steps, on copies of the block's state, since a
 * measurement that stopped at every step would re-orthonormalise there and round another way. */
#ifndef LYAP_ENGINE_ORBIT_H
#define LYAP_ENGINE_ORBIT_H

#include "engine/worker.h"
#include "lyapgrad/orbit.h"

/* A thread's copies. */
struct lyap_orbit_walk {
    const struct lyap_orbit *orbit;
    const struct lyap_run *run;
    size_t dimension; /* of the state */
    struct lyap_step_inputs inputs;
    void *weights, *v; /* real [dimension][width], the parent and one tangent */
    void *norms, *measure,
        *outputs; /* real [width], [width], [samples * units][width]; outputs: only where they are recorded */
};

/* Memory that they take. */
double lyap_orbit_walk_bytes(const struct lyap_orbit *orbit, const struct lyap_run *run, size_t dimension);

/* LYAP_ERROR_MEMORY; free with lyap_orbit_walk_free (a zeroed one is allowed). Orbit and run must outlive it. */
enum lyap_status lyap_orbit_walk_new(struct lyap_orbit_walk *walk, const struct lyap_orbit *orbit,
                                     const struct lyap_run *run, size_t dimension, struct lyap_error *error);
void lyap_orbit_walk_free(struct lyap_orbit_walk *walk);

/* Where a walk begins, the end of the transient; nothing of it is changed. */
struct lyap_orbit_begin {
    const struct lyap_block *block;
    const struct lyap_tangents *tangents;
    size_t cells; /* of the block in use */
    uint32_t step;
};

/* Writes points[cells][points][columns]: NaN from the step on at which a cell stands still. False if the poll ended it. */
bool lyap_orbit_record(struct lyap_orbit_walk *walk, const struct lyap_orbit_begin *begin, double *points,
                       lyap_poll poll, void *context);

#endif
