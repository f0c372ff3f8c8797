/* What one thread needs to carry blocks of cells through tangent space (or as rescaled pairs): the same code for
 * networks and known systems. spectrum_start.h begins a block, spectrum_block.h measures it, spectrum_finish.h makes its records. */
#ifndef LYAP_ENGINE_SPECTRUM_WORKER_H
#define LYAP_ENGINE_SPECTRUM_WORKER_H

#include "engine/lanczos.h"
#include "engine/spectrum_run.h"
#include "engine/worker.h"
#include "lyapgrad/interval.h"

struct lyap_spectrum_worker {
    struct lyap_worker worker; /* its block holds the states; for a known system only weights are allocated */
    struct lyap_step_inputs inputs;
    const struct lyap_spectrum_run *run;
    struct lyap_tangents tangents;
    struct lyap_log_norms growth; /* sums since step 0 */
    struct lyap_lanczos lanczos;  /* with plan.curvature */
    struct lyap_orbit_walk walk;  /* with run.orbit */
    struct lyap_regime_log log;
    double *norms64;           /* [slice events][vectors][width], for float32 */
    double *begun, *before;    /* [vectors][width], the sums at the end of the transient and of the last window */
    double *batch;             /* [LYAP_MOST_BATCHES][vectors][width], growth of each batch */
    double *exponents;         /* [vectors], those of a finished lane */
    size_t batches, per_batch; /* finished batches, and windows in a batch */
    size_t filled;             /* windows in the batch at hand */
    double initial[LYAP_BLOCK], loss[LYAP_BLOCK];     /* loss at the first step and at the latest */
    double peak[LYAP_BLOCK];                          /* largest sum of the first vector */
    double largest[LYAP_BLOCK], smallest[LYAP_BLOCK]; /* latest curvature */
    int64_t reached[LYAP_BLOCK];                      /* first step whose loss was at or below plan.target; -1 */
    uint32_t finished;                                /* bit per lane */
};

/* About how much memory a worker takes. */
double lyap_spectrum_worker_bytes(const struct lyap_spectrum_run *run);

enum lyap_status lyap_spectrum_worker_new(struct lyap_spectrum_worker *worker, const struct lyap_spectrum_run *run,
                                          struct lyap_error *error);
void lyap_spectrum_worker_free(struct lyap_spectrum_worker *worker);

#endif
