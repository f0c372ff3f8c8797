/* Carrying a block through transient and measurement, window by window. */
#ifndef LYAP_ENGINE_SPECTRUM_BLOCK_H
#define LYAP_ENGINE_SPECTRUM_BLOCK_H

#include "engine/spectrum_finish.h"

/* Runs the block of cells first .. first+count-1. Statuses as lyap_worker_start and lyap_worker_train. */
enum lyap_status lyap_spectrum_block(struct lyap_spectrum_worker *worker, uint64_t first, size_t count,
                                     const struct lyap_spectrum_out *out, lyap_poll poll, void *context);

#endif
