/* The verdicts on choosing starts, C3d to C3f. */
#ifndef LYAP_REPORT_START_CHOICE_VERDICT_H
#define LYAP_REPORT_START_CHOICE_VERDICT_H

#include "report/frame/report.h"
#include "report/start_choice/start_choice.h"

/* Fixed in advance: the gain that counts, as a share of the oracle's. A score whose correlation with the loss is r gains about r of what the oracle gains (exactly
 * for normal variables), so that this is the size that counts for the correlation. */
#define LYAP_START_CHOICE_COUNTS 0.3
/* What the verdicts rest on where they name one setting: the longest budget, the most candidates, the shorter look. */
enum {
    LYAP_START_CHOICE_LONGEST = LYAP_START_CHOICE_BUDGETS - 1,
    LYAP_START_CHOICE_MOST = LYAP_START_CHOICE_SIZES - 1
};

/* Data sets in which a gain counts, and in which it surely does not: its interval lies below what counts. */
struct lyap_start_choice_count {
    size_t all, seen, failed;
};
void lyap_start_choice_add(struct lyap_start_choice_count *count, const struct lyap_estimate *gain);
/* Holds: seen in all. In part: in at least half. Does not hold: failed in more than half. */
enum lyap_verdict lyap_start_choice_verdict(const struct lyap_start_choice_count *count);

/* The best that a rule has over all k and M at a budget index: the one with the highest gain; NaN where it is never affordable. */
struct lyap_estimate lyap_start_choice_best(const struct lyap_start_choice_result *result, size_t budget,
                                            enum lyap_rule rule);
/* The smallest budget at which some k and M of the rule has a gain that counts; 0: none. */
uint32_t lyap_start_choice_pays(const struct lyap_start_choice_result *result, enum lyap_rule rule);

void lyap_start_choice_judge(struct lyap_report *report, const struct lyap_start_choice *s);

#endif
