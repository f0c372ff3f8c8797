/* What changes from step to step of a run: learning-rate factors, Adam's bias corrections, the mini-batches. */
#ifndef LYAP_ENGINE_STEP_INPUTS_H
#define LYAP_ENGINE_STEP_INPUTS_H

#include "simd/kernels.h"
#include "lyapgrad/ensemble.h"

struct lyap_step_inputs {
    const struct lyap_plan *plan;
    size_t width;       /* cells of a block */
    void *rate;         /* real [slice][width], or NULL: the learning rate stands still */
    double *correction; /* [slice][2], or NULL: no Adam */
    double power[2];    /* b1^t and b2^t after `powered` steps */
    uint32_t powered;
    size_t *order; /* [samples] of pass `pass`, or NULL: full batch */
    uint64_t pass;
    void *x, *y; /* real [slice * batch][inputs], [outputs]: the rows of a call's steps */
};

/* Buffers for calls of up to `slice` steps of blocks of `width` cells. LYAP_ERROR_MEMORY; free with lyap_step_inputs_free (a zeroed one
 * is allowed). */
enum lyap_status lyap_step_inputs_new(struct lyap_step_inputs *inputs, const struct lyap_plan *plan, size_t width,
                                      uint32_t slice, struct lyap_error *error);
void lyap_step_inputs_free(struct lyap_step_inputs *inputs);

/* Sets the block's rates, corrections and data for steps first .. first+count-1, from its lanes' numbers of epochs. */
void lyap_step_inputs_set(struct lyap_step_inputs *inputs, struct lyap_block *block, uint32_t first, uint32_t count);

/* Most steps of a call whose mini-batches take a bounded amount of memory, at least 1. */
uint32_t lyap_step_inputs_slice(const struct lyap_plan *plan, uint32_t slice);

#endif
