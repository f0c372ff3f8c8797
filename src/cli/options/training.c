#include "cli/options/training.h"

#include "cli/options/estimator.h"
#include "cli/options/start.h"

static const struct cli_option options[] = {
    {.name = "lr",
     .also = "learning-rate",
     .value = "RATE",
     .type = CLI_REAL,
     .help = "learning rate",
     .range = CLI_ABOVE(0),
     .standard = "0.001",
     .into = CLI_INTO(struct lyap_plan, setting.lr)},
    {.name = "steps",
     .also = "epochs",
     .value = "N",
     .type = CLI_COUNT,
     .help = "length of the training: updates of the weights; --epochs is the same",
     .least = 1,
     .most = INT32_MAX,
     .unit = "gradient-descent steps",
     .standard = "100",
     .into = CLI_INTO(struct lyap_plan, setting.epochs)},
    {.name = "starts",
     .value = "N",
     .type = CLI_COUNT,
     .help = "number of starting points",
     .least = 1,
     .most = UINT64_C(1) << 48,
     .absent = "1, or all rows of --weights",
     .into = CLI_INTO(struct lyap_plan, starts)},
    {.name = "neighbours",
     .value = "N",
     .type = CLI_COUNT,
     .help = "perturbed neighbours of each start",
     .least = 1,
     .most = 1u << 24,
     .standard = "24",
     .with = &cli_estimators,
     .choices = CLI_FOR_KANTZ_WOLF | CLI_FOR_ALL,
     .into = CLI_INTO(struct lyap_plan, neighbours)},
    {.name = "perturbation",
     .value = "SIGMA",
     .type = CLI_REAL,
     .help = "standard deviation of a neighbour's weights around the start's",
     .range = CLI_ABOVE(0),
     .standard = "1e-4",
     .with = &cli_estimators,
     .choices = CLI_FOR_KANTZ_WOLF | CLI_FOR_PAIRS | CLI_FOR_ALL,
     .into = CLI_INTO(struct lyap_plan, setting.perturbation)},
    {.name = "escape",
     .value = "DISTANCE",
     .type = CLI_REAL,
     .help = "a cell ends where the mean distance of its neighbours exceeds this",
     .range = CLI_ABOVE(0),
     .standard = "1e9",
     .into = CLI_INTO(struct lyap_plan, escape)},
    {.name = "evaluate",
     .type = CLI_SWITCH,
     .help = "loss and accuracy over all training data after the last step; always with held-out data or --batch",
     .with = &cli_estimators,
     .choices = CLI_FOR_ONE,
     .into = CLI_INTO(struct lyap_plan, evaluate)},
    {.name = "series",
     .type = CLI_SWITCH,
     .help = "also write series.csv: distance and loss of every epoch",
     .with = &cli_estimators,
     .choices = CLI_FOR_KANTZ_WOLF,
     .into = CLI_INTO(struct lyap_plan, series)},
    {.name = NULL},
};
const struct cli_group cli_training_options = {"Training", options};

bool cli_plan_read(struct lyap_plan *plan, const struct cli_values *values, const struct cli_common *common) {
    plan->seed = common->seed;
    plan->precision = common->precision;
    plan->threads = common->threads;
    return cli_read(values, &cli_training_options, plan) && cli_read(values, &cli_start_options, plan) &&
           cli_isa(&plan->isa) && cli_layout(&plan->layout);
}
