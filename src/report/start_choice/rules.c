#include "report/start_choice/rules.h"

#include <math.h>

const size_t lyap_start_choice_size[LYAP_START_CHOICE_SIZES] = {2, 4, 8, 16, 32};
const uint32_t lyap_start_choice_look[LYAP_START_CHOICE_LOOKS] = {5, 20};

const char *lyap_rule_name(enum lyap_rule rule) {
    static const char *const name[LYAP_RULES] = {"random",
                                                 "lowest hybrid exponent",
                                                 "highest hybrid exponent",
                                                 "lowest tangent exponent",
                                                 "lowest loss after k",
                                                 "lowest initial loss",
                                                 "smallest gradient",
                                                 "oracle"};
    return name[rule];
}

bool lyap_rule_tested(enum lyap_rule rule) {
    return rule == LYAP_RULE_HYBRID_LOW || rule == LYAP_RULE_TANGENT_LOW || rule == LYAP_RULE_LOSS_AFTER;
}

uint32_t lyap_start_choice_steps(enum lyap_rule rule, uint32_t k, size_t m, uint32_t budget) {
    double cost[LYAP_RULES] = {[LYAP_RULE_HYBRID_LOW] = (LYAP_START_CHOICE_NEIGHBOURS + 1.0) * k,
                               [LYAP_RULE_HYBRID_HIGH] = (LYAP_START_CHOICE_NEIGHBOURS + 1.0) * k,
                               [LYAP_RULE_TANGENT_LOW] = 2.0 * k,
                               [LYAP_RULE_LOSS_AFTER] = k,
                               [LYAP_RULE_LOSS_INITIAL] = 1.0 / 3,
                               [LYAP_RULE_GRADIENT_LOW] = 1};
    double kept[LYAP_RULES] = {[LYAP_RULE_HYBRID_LOW] = k,
                               [LYAP_RULE_HYBRID_HIGH] = k,
                               [LYAP_RULE_TANGENT_LOW] = k,
                               [LYAP_RULE_LOSS_AFTER] = k,
                               [LYAP_RULE_GRADIENT_LOW] = 1};
    double paid = ceil((double)m * cost[rule] - 1e-9), left = (double)budget - paid;
    return left >= 0 && left + kept[rule] >= k && left + kept[rule] >= 1 ? (uint32_t)(left + kept[rule]) : 0;
}
