/* Running some cells of an experiment into a chunk file. */
#ifndef LYAP_CHECKPOINT_RUN_H
#define LYAP_CHECKPOINT_RUN_H

#include "checkpoint/directory.h"
#include "engine/kind.h"

/* lyap_checkpoint_run with a progress of the range's own. */
enum lyap_status lyap_checkpoint_run_range(struct lyap_checkpoint *checkpoint, uint64_t part,
                                           const struct lyap_experiment *experiment, const struct lyap_range *range,
                                           struct lyap_error *error);

#endif
