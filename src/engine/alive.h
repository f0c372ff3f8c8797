/* Which cells are dead: by the last update, and with mini-batches by the whole training set. */
#ifndef LYAP_ENGINE_ALIVE_H
#define LYAP_ENGINE_ALIVE_H

#include "engine/worker.h"

/* Those of the `lanes` whose cell is not dead: the gradient of the loss has an entry that is not zero at the last update (block.alive) or,
 * with mini-batches, over the whole training set at the weights as they are, in one of the first `trajectories`. Passes over
 * the whole set are made for lanes alone that look dead by their last batch. */
uint32_t lyap_worker_alive(struct lyap_worker *worker, uint32_t lanes, size_t trajectories);

#endif
