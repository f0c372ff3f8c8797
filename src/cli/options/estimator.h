/* The asymptotic estimators: their options, and which estimator has a use for which option. */
#ifndef LYAP_CLI_ESTIMATOR_H
#define LYAP_CLI_ESTIMATOR_H

#include "cli/options/values.h"

/* --transient ... --growth; they fill a struct lyap_spectrum_plan. */
extern const struct cli_group cli_estimate_options;

enum cli_estimator { CLI_KANTZ_WOLF, CLI_TANGENT, CLI_RESCALED, CLI_ALL, CLI_ESTIMATORS };
extern const struct cli_words cli_estimators;

/* For the `kinds` of an option. */
enum {
    CLI_FOR_KANTZ_WOLF = 1 << CLI_KANTZ_WOLF,
    CLI_FOR_TANGENT = 1 << CLI_TANGENT,
    CLI_FOR_RESCALED = 1 << CLI_RESCALED,
    CLI_FOR_ALL = 1 << CLI_ALL,
    CLI_FOR_ONE = CLI_FOR_KANTZ_WOLF | CLI_FOR_TANGENT | CLI_FOR_RESCALED
};

#endif
