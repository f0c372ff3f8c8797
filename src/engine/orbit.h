/* The points of an orbit after the transient. They are found by a walk of their own, on copies of the block's state, since a
 * measurement that stopped at every step would re-orthonormalise there and round another way. */
#ifndef LYAP_SPECTRUM_ORBIT_H
#define LYAP_SPECTRUM_ORBIT_H

#include "simd/kernels.h"
#include "lyapgrad/bifurcation.h"
#include "engine/step_inputs.h"
#include "engine/worker.h"

struct lyap_spectrum_run;
struct lyap_spectrum_worker;

/* A thread's copies. */
struct lyap_orbit_walk {
    struct lyap_pace pace;
    void *weights, *v;               /* real [dimension][16], the parent and one tangent */
    void *norms, *measure, *outputs; /* real [16], [16], [samples * units][16]; outputs: only where they are recorded */
};

/* Memory that they take. */
double lyap_orbit_walk_bytes(const struct lyap_spectrum_run *run);

enum lyap_status lyap_orbit_walk_new(struct lyap_orbit_walk *walk, const struct lyap_spectrum_run *run,
                                     struct lyap_error *error);
void lyap_orbit_walk_free(struct lyap_orbit_walk *walk);

/* Walks from where the worker's block is, the end of the transient, and writes points[cells][points][columns]: NaN from the
 * step on at which a cell stands still. The block is as before. False if the poll ended it. */
bool lyap_orbit_record(struct lyap_spectrum_worker *worker, double *points, lyap_poll poll, void *context);

#endif
