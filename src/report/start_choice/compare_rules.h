/* What the rules for choosing a start give, from the scores and losses of a pool. */
#ifndef LYAP_REPORT_START_CHOICE_COMPARE_RULES_H
#define LYAP_REPORT_START_CHOICE_COMPARE_RULES_H

#include "lyapgrad/status.h"
#include "report/start_choice/rules.h"

/* Room for `starts`, with all marks. */
enum lyap_status lyap_start_pool_new(struct lyap_start_pool *pool, size_t starts, struct lyap_error *error);
void lyap_start_pool_free(struct lyap_start_pool *pool);
/* The row of a mark in `loss` and `accuracy`. */
size_t lyap_start_pool_row(const struct lyap_start_pool *pool, uint32_t steps);

/* The row after which a training of `steps` is stopped: the mark up to there at which the mean held-out loss of the pool is lowest. The number of steps is
 * the same for all starts, and no rule gains from training less. */
size_t lyap_start_pool_stop(const struct lyap_start_pool *pool, uint32_t steps);

/* Mean of value[n] over the start with the lowest score of m that are drawn from the pool with replacement. `order` has the starts by
 * their scores, count[start] how often each is in the pool, n their sum. */
double lyap_best_of(const uint32_t *order, const uint32_t *count, size_t starts, size_t n, size_t m,
                    const double *value);

/* The starts in the order of their scores, equal ones in their own. LYAP_ERROR_MEMORY. */
enum lyap_status lyap_order_by(const double *score, size_t n, uint32_t *order, struct lyap_error *error);

/* Judges a pool that has been filled. */
enum lyap_status lyap_start_choice_compare(struct lyap_start_choice_result *result, const struct lyap_start_pool *pool,
                                           uint64_t seed, struct lyap_error *error);

#endif
