/* Losses and accuracies of parents over the whole training set and the held-out data. */
#ifndef LYAP_ENGINE_EVALUATE_H
#define LYAP_ENGINE_EVALUATE_H

#include "engine/worker.h"

/* Evaluates the trained block's parents: out[count]. */
void lyap_worker_evaluate(struct lyap_worker *worker, struct lyap_evaluation *out);

#endif
