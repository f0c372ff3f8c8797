/* The starting points and starting directions of a block. */
#ifndef LYAP_ENGINE_SPECTRUM_START_H
#define LYAP_ENGINE_SPECTRUM_START_H

#include "engine/spectrum_worker.h"

/* Gives the block's cells first .. first+count-1 their states and tangents, and sets all sums to zero. Statuses as
 * lyap_worker_start. */
enum lyap_status lyap_spectrum_start(struct lyap_spectrum_worker *worker, uint64_t first, size_t count, lyap_poll poll,
                                     void *context);

#endif
