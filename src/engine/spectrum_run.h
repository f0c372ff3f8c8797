/* What all workers of a spectrum share: the plan checked, the windows of its measurement, and what to record. */
#ifndef LYAP_ENGINE_SPECTRUM_RUN_H
#define LYAP_ENGINE_SPECTRUM_RUN_H

#include "engine/orbit.h"
#include "engine/regime_log.h"
#include "engine/run.h"
#include "lyapgrad/spectrum.h"

/* Shared by all workers, read-only. */
struct lyap_spectrum_run {
    const struct lyap_spectrum_plan *plan;
    const struct lyap_orbit *orbit; /* NULL: none */
    struct lyap_plan base;          /* the plan's, with one neighbour: the companion, or scratch */
    struct lyap_run run;            /* of `base`; for a known system only kernels, sizes and cells */
    bool known;
    size_t dimension, vectors;
    uint32_t epochs, transient;
    uint32_t
        window; /* steps between looks: a multiple of qr_every, at most LYAP_MOST_POINTS of them in the measurement */
    uint32_t windows; /* of the measurement, the last may be shorter */
    uint32_t slice;   /* most steps of one call, a multiple of qr_every unless fewer take long */
    size_t points;    /* of history */
    struct lyap_tails tails;
    bool last_alone; /* the curvature is not measured at the first weights */
};

/* Checks the plan and prepares the shared part. Free with lyap_spectrum_release. The plan must outlive it, and the struct
 * must not move. */
enum lyap_status lyap_spectrum_prepare(struct lyap_spectrum_run *run, const struct lyap_spectrum_plan *plan,
                                       struct lyap_error *error);
void lyap_spectrum_release(struct lyap_spectrum_run *run);

#endif
