/* The starting points of a block. */
#ifndef LYAP_ENGINE_START_H
#define LYAP_ENGINE_START_H

#include "engine/worker.h"

/* Gives the block's cells first .. first+count-1 (count <= run.block_cells) their starting points.
 * Returns LYAP_OK, LYAP_ERROR_WINDOW (block.pending says which lanes found none) or LYAP_ERROR_INTERRUPTED. */
enum lyap_status lyap_worker_start(struct lyap_worker *worker, uint64_t first, size_t count, lyap_poll poll,
                                   void *context);

#endif
