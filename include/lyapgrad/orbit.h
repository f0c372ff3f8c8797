/* Orbits: a network's weights, its outputs or its loss at every step behind a transient. */
#ifndef LYAPGRAD_ORBIT_H
#define LYAPGRAD_ORBIT_H

#include "lyapgrad/spectrum.h"

#ifdef __cplusplus
extern "C" {
#endif

enum lyap_orbit_kind {
    LYAP_ORBIT_WEIGHTS, /* the parent's parameters, in the order of lyapgrad/network.h */
    LYAP_ORBIT_OUTPUTS, /* of all training samples: number sample * units + unit; probabilities with softmax */
    LYAP_ORBIT_LOSS     /* one number */
};

/* What is recorded of an orbit. */
struct lyap_orbit {
    enum lyap_orbit_kind kind;
    size_t points;  /* steps from the end of the transient on; transient + points <= epochs */
    size_t columns; /* numbers of a point */
    const size_t
        *which; /* [columns], not owned: the numbers that are recorded; NULL: all, columns as lyap_orbit_numbers */
};

/* How many numbers of a kind there are: parameters, samples times output units, or 1. */
size_t lyap_orbit_numbers(enum lyap_orbit_kind kind, const struct lyap_network *network,
                          const struct lyap_dataset *data);

/* Runs the cells of a spectrum plan of a network, with its own list of settings, and records the orbit of every cell, to
 * chunk.orbit[count][points][columns]: point k is the state after transient + k updates, NaN from the step on at which a cell diverged. For what
 * no axis sweeps; a diagram is lyap_bifurcation_run. Errors as for lyap_spectrum_run; LYAP_ERROR_ARGUMENT also for points or columns out of range; LYAP_ERROR_MEMORY, before any cell runs, where the points do
 * not fit the machine. Bit-identical on every instruction set, for any number of threads. */
enum lyap_status lyap_orbits_run(const struct lyap_spectrum_plan *plan, const struct lyap_orbit *orbit,
                                 lyap_spectrum_sink sink, void *context, struct lyap_error *error);

#ifdef __cplusplus
}
#endif
#endif
