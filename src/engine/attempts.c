#include "engine/attempts.h"

#include <stdio.h>

void lyap_attempts_count(struct lyap_attempts *attempts, const struct lyap_worker *worker, size_t count) {
    for (size_t lane = 0; lane < count && !(worker->block.pending >> lane & 1); lane++) {
        attempts->accepted++;
        attempts->draws += worker->block.draws[lane];
    }
}

size_t lyap_attempts_lowest(const struct lyap_worker *worker) {
    size_t lane = 0;
    while (!(worker->block.pending >> lane & 1)) lane++;
    return lane;
}

enum lyap_status lyap_attempts_fail(const struct lyap_plan *plan, uint64_t start, const struct lyap_attempts *before,
                                    struct lyap_error *error) {
    char earlier[64] = "";
    if (before->draws > 0)
        snprintf(earlier, sizeof earlier, ", %.3g in %llu for the starts before",
                 (double)before->accepted / (double)before->draws, (unsigned long long)before->draws);
    return lyap_fail(error, LYAP_ERROR_WINDOW,
                     "loss window %g,%g: no draw for start %llu met it (acceptance rate 0 in %lu draws here%s); widen "
                     "the window or change the distribution of the initial weights",
                     plan->window_low, plan->window_high, (unsigned long long)start, (unsigned long)plan->max_draws,
                     earlier);
}
