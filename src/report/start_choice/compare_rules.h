/* What the rules for choosing a start give, from the scores and losses of a pool. */
#ifndef LYAP_REPORT_START_CHOICE_COMPARE_RULES_H
#define LYAP_REPORT_START_CHOICE_COMPARE_RULES_H

#include "report/start_choice/rules.h"
#include "lyapgrad/status.h"

/* The candidate first .. first+m-1 with the lowest score, the first of equal ones. */
size_t lyap_start_choice_choose(const double *score, size_t first, size_t m);

/* Judges a pool that has been filled. */
enum lyap_status lyap_start_choice_compare(struct lyap_start_choice_result *result, const struct lyap_start_pool *pool,
                                           uint32_t budget, uint64_t seed, struct lyap_error *error);

#endif
