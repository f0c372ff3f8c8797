/* Training a block: the loop over slices of epochs. */
#ifndef LYAP_ENGINE_TRAIN_H
#define LYAP_ENGINE_TRAIN_H

#include "engine/worker.h"

/* Trains the started block and writes records[count]; with plan.series also distance and loss [count][run.stride].
 * Returns LYAP_OK or LYAP_ERROR_INTERRUPTED. */
enum lyap_status lyap_worker_train(struct lyap_worker *worker, struct lyap_record *records, double *distance,
                                   double *loss, lyap_poll poll, void *context);

#endif
