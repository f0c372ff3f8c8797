#include "engine/attempts.h"

#include <stdio.h>

void lyap_attempts_count(struct lyap_attempts *attempts, const struct lyap_worker *worker, size_t count) {
    for (size_t lane = 0; lane < count; lane++) {
        if (worker->block.pending >> lane & 1) {
            attempts->draws += worker->run->plan->max_draws;
            return;
        }
        attempts->accepted++;
        attempts->draws += worker->block.draws[lane];
    }
}

size_t lyap_attempts_lowest(const struct lyap_worker *worker) {
    size_t lane = 0;
    while (!(worker->block.pending >> lane & 1)) lane++;
    return lane;
}

enum lyap_status lyap_attempts_fail(const struct lyap_plan *plan, uint64_t start, const struct lyap_attempts *all,
                                    struct lyap_error *error) {
    uint64_t draws = all->draws - plan->max_draws;
    char elsewhere[64] = "";
    if (draws > 0)
        snprintf(elsewhere, sizeof elsewhere, ", %.3g in %llu elsewhere", (double)all->accepted / (double)draws,
                 (unsigned long long)draws);
    return lyap_fail(error, LYAP_ERROR_WINDOW,
                     "loss window %g,%g: no draw for start %llu met it (acceptance rate 0 in %lu draws here%s); widen "
                     "the window or change the distribution of the initial weights",
                     plan->window_low, plan->window_high, (unsigned long long)start, (unsigned long)plan->max_draws,
                     elsewhere);
}
