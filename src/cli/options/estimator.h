/* The asymptotic estimators: their options, and which estimator has a use for which option. */
#ifndef LYAP_CLI_OPTIONS_ESTIMATOR_H
#define LYAP_CLI_OPTIONS_ESTIMATOR_H

#include "cli/options/values.h"
#include "lyapgrad/spectrum.h"

/* --transient ... --growth; they fill a struct lyap_spectrum_plan. */
extern const struct cli_group cli_estimate_options;

/* The published estimator, the methods of a spectrum in their order, all beside each other. */
enum cli_estimator { CLI_KANTZ_WOLF, CLI_METHODS, CLI_ALL = CLI_METHODS + LYAP_METHOD_COUNT, CLI_ESTIMATORS };
extern const struct cli_words cli_estimators;

/* For the `choices` of an option. */
#define CLI_PAIR_BIT(constant, name, title, pair) | ((pair) ? 1 << (CLI_METHODS + LYAP_##constant) : 0)
enum {
    CLI_FOR_KANTZ_WOLF = 1 << CLI_KANTZ_WOLF,
    CLI_FOR_METHODS = (1 << CLI_ALL) - (1 << CLI_METHODS),
    CLI_FOR_PAIRS = 0 LYAP_METHOD_LIST(CLI_PAIR_BIT),
    CLI_FOR_TANGENTS = CLI_FOR_METHODS - CLI_FOR_PAIRS,
    CLI_FOR_ALL = 1 << CLI_ALL,
    CLI_FOR_ONE = CLI_FOR_KANTZ_WOLF | CLI_FOR_METHODS
};

#endif
