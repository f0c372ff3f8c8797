/* How many draws of starting points there were, and how many of them met the loss window. */
#ifndef LYAP_ENGINE_ATTEMPTS_H
#define LYAP_ENGINE_ATTEMPTS_H

#include "engine/worker.h"

struct lyap_attempts {
    uint64_t accepted, draws;
};

/* Adds the first `count` lanes of a block that was started, up to the first that gave up: what comes of those behind it depends on the
 * layout and the threads. */
void lyap_attempts_count(struct lyap_attempts *attempts, const struct lyap_worker *worker, size_t count);

/* The lowest lane of a block without a start (LYAP_ERROR_WINDOW of lyap_worker_start). */
size_t lyap_attempts_lowest(const struct lyap_worker *worker);

/* LYAP_ERROR_WINDOW for this start, which tried all draws; `before` are the attempts of the starts before it. */
enum lyap_status lyap_attempts_fail(const struct lyap_plan *plan, uint64_t start, const struct lyap_attempts *before,
                                    struct lyap_error *error);

#endif
