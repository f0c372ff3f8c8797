/* What one thread needs to carry blocks of 16 cells through tangent space (or as rescaled pairs): the same code for
 * networks and known systems. */
#ifndef LYAP_SPECTRUM_WORKER_H
#define LYAP_SPECTRUM_WORKER_H

#include "engine/lanczos.h"
#include "lyapgrad/interval.h"
#include "lyapgrad/spectrum.h"
#include "engine/regime_log.h"
#include "engine/orbit.h"
#include "engine/worker.h"

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
    uint32_t slice;   /* most steps of one call, a multiple of qr_every */
    size_t points;    /* of history */
    struct lyap_tails tails;
    bool last_alone; /* the curvature is not measured at the first weights */
};

/* lyap_spectrum_run whose cells differ by `vary` (may be NULL). With `last_alone` the plan's curvature leaves out the first weights,
 * where it is then 0: half of its cost. */
enum lyap_status lyap_spectrum_run_varied(const struct lyap_spectrum_plan *plan, const struct lyap_vary *vary,
                                          bool last_alone, lyap_spectrum_sink sink, void *context,
                                          struct lyap_error *error);

/* The same of networks, with an `orbit` of every cell in chunk.orbit; either may be NULL. */
enum lyap_status lyap_spectrum_run_orbits(const struct lyap_spectrum_plan *plan, const struct lyap_vary *vary,
                                          const struct lyap_orbit *orbit, lyap_spectrum_sink sink, void *context,
                                          struct lyap_error *error);

enum lyap_status lyap_spectrum_check(const struct lyap_spectrum_plan *plan, struct lyap_error *error);
size_t lyap_spectrum_dimension(const struct lyap_spectrum_plan *plan);
uint32_t lyap_spectrum_qr_every(const struct lyap_spectrum_plan *plan); /* with the default resolved */

/* Checks the plan and prepares the shared part. Free with lyap_spectrum_release. The plan must outlive it, and the struct
 * must not move. */
enum lyap_status lyap_spectrum_prepare(struct lyap_spectrum_run *run, const struct lyap_spectrum_plan *plan,
                                       struct lyap_error *error);
void lyap_spectrum_release(struct lyap_spectrum_run *run);

/* Where a block's results go; the arrays begin at its first cell. */
struct lyap_spectrum_out {
    struct lyap_spectrum_record *records; /* [count] */
    struct lyap_exponent *lambda;         /* [count][vectors] */
    uint32_t *used;                       /* [count] */
    struct lyap_history *history;         /* [count][points] or NULL */
    double *running;                      /* [count][points][vectors] or NULL */
    struct lyap_evaluation *evaluation;   /* [count] or NULL */
    double *orbit;                        /* [count][points of the orbit][columns] or NULL */
};

struct lyap_spectrum_worker {
    struct lyap_worker worker; /* its block holds the states; for a known system only weights are allocated */
    struct lyap_pace pace;
    const struct lyap_spectrum_run *run;
    struct lyap_tangents tangents;
    struct lyap_log_norms growth; /* sums since step 0 */
    struct lyap_lanczos lanczos;  /* with plan.curvature */
    struct lyap_orbit_walk walk;  /* with run.orbit */
    struct lyap_regime_log log;
    double *norms64;           /* [slice events][vectors][16], for float32 */
    double *begun, *before;    /* [vectors][16], the sums at the end of the transient and of the last window */
    double *batch;             /* [LYAP_MOST_BATCHES][vectors][16], growth of each batch */
    double *exponents;         /* [vectors], those of a finished lane */
    size_t batches, per_batch; /* finished batches, and windows in a batch */
    size_t filled;             /* windows in the batch at hand */
    double initial[LYAP_BLOCK], loss[LYAP_BLOCK];     /* loss at the first step and at the latest */
    double peak[LYAP_BLOCK];                          /* largest sum of the first vector */
    double largest[LYAP_BLOCK], smallest[LYAP_BLOCK]; /* latest curvature */
    int64_t reached[LYAP_BLOCK];                      /* first step whose loss was at or below plan.target; -1 */
    uint32_t finished;                                /* bit per lane */
};

enum lyap_status lyap_spectrum_worker_new(struct lyap_spectrum_worker *worker, const struct lyap_spectrum_run *run,
                                          struct lyap_error *error);
void lyap_spectrum_worker_free(struct lyap_spectrum_worker *worker);

/* Runs the block of cells first .. first+count-1. Statuses as lyap_worker_start and lyap_worker_train. */
enum lyap_status lyap_spectrum_block(struct lyap_spectrum_worker *worker, uint64_t first, size_t count,
                                     const struct lyap_spectrum_out *out, lyap_poll poll, void *context);

/* Whether a derivative of the lane's loss, the gradient's or one along a tangent, is not zero: at the last step, or with mini-batches over
 * the whole training set. */
bool lyap_spectrum_alive(struct lyap_spectrum_worker *worker, size_t lane);

#endif
