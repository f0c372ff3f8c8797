#include "cli/options/estimator.h"

#include "engine/regime_log.h"
#include "lyapgrad/spectrum.h"

static const char *const names[CLI_ESTIMATORS] = {"kantz-wolf", "tangent", "rescaled", "all"};

static const char *estimator_name(int i, char text[CLI_WORD_LENGTH]) {
    (void)text;
    return i < CLI_ESTIMATORS ? names[i] : NULL;
}
const struct cli_words cli_estimators = {"estimator", estimator_name, NULL};

static const struct cli_option options[] = {
    {.name = "transient",
     .value = "N",
     .type = CLI_COUNT,
     .help = "part of --epochs before the measurement begins",
     .most = INT32_MAX,
     .unit = "steps",
     .standard = "0",
     .of = &cli_estimators,
     .kinds = CLI_FOR_TANGENT | CLI_FOR_RESCALED | CLI_FOR_ALL,
     .into = CLI_INTO(struct lyap_spectrum_plan, transient)},
    {.name = "until-ci",
     .value = "WIDTH",
     .type = CLI_REAL,
     .help = "end a cell when the 95 % interval of its first exponent is that narrow",
     .range = CLI_ABOVE(0),
     .unit = "nats per step",
     .absent = "never",
     .of = &cli_estimators,
     .kinds = CLI_FOR_TANGENT | CLI_FOR_RESCALED,
     .into = CLI_INTO(struct lyap_spectrum_plan, until_ci)},
    {.name = "history",
     .value = "POINTS",
     .type = CLI_COUNT,
     .help = "write history.csv: the running exponents at that number of times",
     .least = 1,
     .most = LYAP_MOST_POINTS,
     .absent = "no history",
     .of = &cli_estimators,
     .kinds = CLI_FOR_TANGENT | CLI_FOR_RESCALED,
     .into = CLI_INTO(struct lyap_spectrum_plan, history)},
    {.name = "curvature",
     .type = CLI_SWITCH,
     .help = "largest and smallest Hessian eigenvalue at both ends and in the history",
     .of = &cli_estimators,
     .kinds = CLI_FOR_TANGENT | CLI_FOR_RESCALED,
     .into = CLI_INTO(struct lyap_spectrum_plan, curvature)},
    {.name = "qr-every",
     .value = "N",
     .type = CLI_COUNT,
     .help = "time from one re-orthonormalisation to the next",
     .least = 1,
     .most = LYAP_MOST_QR,
     .unit = "steps",
     .absent = "10 with one exponent, else 2",
     .of = &cli_estimators,
     .kinds = CLI_FOR_TANGENT | CLI_FOR_ALL,
     .into = CLI_INTO(struct lyap_spectrum_plan, qr_every)},
    {.name = "band",
     .value = "FACTOR",
     .type = CLI_REAL,
     .help = "rescaled: pull a neighbour back when its distance changed by this factor",
     .range = {1, 1e6, true, false},
     .standard = "10",
     .of = &cli_estimators,
     .kinds = CLI_FOR_RESCALED | CLI_FOR_ALL,
     .into = CLI_INTO(struct lyap_spectrum_plan, band)},
    {.name = "growth",
     .value = "NATS",
     .type = CLI_REAL,
     .help = "growth that makes a regime 'chaotic' (in the last third) or 'transient'; rules: lyapgrad/regime.h",
     .range = CLI_ABOVE(0),
     .unit = "nats",
     .standard = "10",
     .of = &cli_estimators,
     .kinds = CLI_FOR_TANGENT | CLI_FOR_RESCALED,
     .into = CLI_INTO(struct lyap_spectrum_plan, growth)},
    {.name = NULL},
};
const struct cli_group cli_estimate_options = {"Asymptotic estimators", options};
