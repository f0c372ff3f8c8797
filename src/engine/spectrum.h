/* Runs a spectrum in which each cell may have its own settings and record its orbit; maps and diagrams use it. */
#ifndef LYAP_ENGINE_SPECTRUM_H
#define LYAP_ENGINE_SPECTRUM_H

#include "engine/orbit.h"
#include "engine/run.h"
#include "lyapgrad/spectrum.h"

/* What cells may have besides their plan. */
struct lyap_spectrum_extra {
    const struct lyap_vary *vary;   /* what they differ by; NULL: nothing */
    const struct lyap_orbit *orbit; /* whose points go to chunk.orbit, of networks alone; NULL: none */
    bool last_alone; /* the plan's curvature leaves out the first weights, where it is then 0: half of its cost */
};

/* lyap_spectrum_run with that. */
enum lyap_status lyap_spectrum_run_cells(const struct lyap_spectrum_plan *plan, const struct lyap_spectrum_extra *extra,
                                         lyap_spectrum_sink sink, void *context, struct lyap_error *error);

#endif
