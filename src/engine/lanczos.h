/* Extreme Hessian eigenvalues of a block's parents by Lanczos. */
#ifndef LYAP_ENGINE_LANCZOS_H
#define LYAP_ENGINE_LANCZOS_H

#include "engine/worker.h"

/* Buffers of one thread. */
struct lyap_lanczos {
    const struct lyap_kernels *kernels;
    size_t dimension, steps;
    double *basis;        /* [steps + 1][dimension][width] */
    void *vector, *image; /* real [dimension][width] */
};

/* Hessian-vector products that lyap_curvature makes for so many parameters. */
size_t lyap_lanczos_steps(size_t dimension);

/* Memory that the buffers take for blocks of `width` cells. */
double lyap_lanczos_bytes(size_t dimension, size_t width, size_t real_size);

/* LYAP_ERROR_MEMORY; free with lyap_lanczos_free (a zeroed one is allowed). */
enum lyap_status lyap_lanczos_new(struct lyap_lanczos *lanczos, const struct lyap_kernels *kernels, size_t dimension,
                                  size_t real_size, struct lyap_error *error);
void lyap_lanczos_free(struct lyap_lanczos *lanczos);

/* Largest and smallest eigenvalue of the Hessian of the mean loss at each lane's parent: C. Lanczos, J. Res. Natl. Bur.
 * Stand. 45, 255 (1950), with full re-orthogonalisation, from a random start (stream LYAP_STREAM_PERTURBATION). All P steps
 * up to 48, so exact to rounding for networks of up to 48 parameters; for larger ones the ends of the spectrum converge
 * first. 0 in lanes whose products are not finite. False where poll, which may be NULL, ended it between two products. */
bool lyap_curvature(struct lyap_lanczos *lanczos, struct lyap_block *block, struct lyap_tangents *tangents,
                    double largest[LYAP_BLOCK], double smallest[LYAP_BLOCK], lyap_poll poll, void *context);

#endif
