#include "report/start_choice/rules.h"

#include <math.h>

const size_t lyap_start_choice_size[LYAP_START_CHOICE_SIZES] = {2, 8};
const uint32_t lyap_start_choice_look[LYAP_START_CHOICE_LOOKS] = {5, 20};
const uint32_t lyap_start_choice_budget[LYAP_START_CHOICE_BUDGETS] = {300, 600, 1200, 2400};

const char *lyap_rule_name(enum lyap_rule rule) {
    static const char *const name[LYAP_RULES] = {"random",
                                                 "lowest hybrid exponent",
                                                 "lowest tangent exponent",
                                                 "lowest loss after k",
                                                 "lowest initial loss",
                                                 "largest squared gradient",
                                                 "lowest sharpness",
                                                 "oracle"};
    return name[rule];
}

bool lyap_rule_looks(enum lyap_rule rule) {
    return rule == LYAP_RULE_HYBRID || rule == LYAP_RULE_TANGENT || rule == LYAP_RULE_LOSS_AFTER;
}

uint32_t lyap_start_choice_steps(enum lyap_rule rule, uint32_t k, size_t m, uint32_t budget) {
    const double cost[LYAP_RULES] = {[LYAP_RULE_HYBRID] = (LYAP_START_CHOICE_NEIGHBOURS + 1.0) * k,
                                     [LYAP_RULE_TANGENT] = 2.0 * k,
                                     [LYAP_RULE_LOSS_AFTER] = k,
                                     [LYAP_RULE_LOSS_INITIAL] = 1.0 / 3,
                                     [LYAP_RULE_GRADIENT] = 1,
                                     [LYAP_RULE_SHARPNESS] = 20};
    const double kept = lyap_rule_looks(rule) ? k : rule == LYAP_RULE_GRADIENT;
    double paid = ceil((double)m * cost[rule] - 1e-9), left = (double)budget - paid;
    return left >= 0 && left + kept >= 1 ? (uint32_t)(left + kept) : 0;
}
