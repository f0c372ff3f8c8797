/* lyapgrad run: one setting, many starting points. */
#include <string.h>

#include "cli/plans.h"
#include "lyapgrad/spectrum.h"

/* --estimator. */
struct choice {
    enum cli_estimator estimator;
};

static const struct cli_option own[] = {
    {.name = "estimator",
     .value = "NAME",
     .type = CLI_WORD,
     .help = "estimator of the exponents; kantz-wolf is the published one, all puts them beside each other",
     .words = &cli_estimators,
     .standard = "kantz-wolf",
     .into = CLI_INTO(struct choice, estimator)},
    {.name = NULL},
};
static const struct cli_group own_group = {NULL, own};

bool cli_run_read(struct lyap_spectrum_plan *plan, struct cli_experiment *experiment, enum cli_estimator *estimator,
                  const struct cli_values *values, int *status) {
    memset(experiment, 0, sizeof *experiment);
    *status = EXIT_BAD_USAGE;
    struct choice choice;
    if (!cli_read(values, &own_group, &choice) || !cli_kind_fits(values, &cli_estimators, (int)choice.estimator))
        return false;
    *estimator = choice.estimator;
    if (!cli_experiment_read(experiment, values, status)) return false;
    if (*estimator == CLI_KANTZ_WOLF) return true;
    if (!cli_estimate_read(plan, experiment, values)) {
        *status = EXIT_BAD_USAGE;
        return false;
    }
    plan->method = *estimator == CLI_ALL ? LYAP_TANGENT : (enum lyap_method)(*estimator - CLI_METHODS);
    if (*estimator != CLI_ALL) return true;
    if (!cli_text(values, "perturbation")) plan->base.setting.perturbation = experiment->plan.setting.perturbation;
    if (!cli_text(values, "epochs")) plan->base.setting.epochs = experiment->plan.setting.epochs;
    return true;
}

static int run(const struct cli_command *command, int argc, char **argv, const struct cli_kept *kept) {
    struct cli_values values;
    struct cli_experiment experiment;
    struct lyap_spectrum_plan plan;
    enum cli_estimator estimator;
    int status;
    if (!cli_parse(&values, command, argc, argv, &status)) return status;
    values.kept = kept;
    if (cli_run_read(&plan, &experiment, &estimator, &values, &status)) {
        if (!cli_experiment_words(&experiment, command, argc, argv))
            status = EXIT_BAD_RUN;
        else if (estimator == CLI_KANTZ_WOLF)
            status = cli_experiment_run(&experiment, NULL);
        else
            status = estimator == CLI_ALL ? cli_compare_run(&plan, &experiment) : cli_estimate_run(&plan, &experiment);
    }
    cli_experiment_free(&experiment);
    return status;
}

static const struct cli_change training[] = {
    {.name = "epochs", .absent = "100; tangent, rescaled: 10000"},
    {.name = "perturbation",
     .help = "standard deviation of a neighbour's weights around the start's; rescaled: a neighbour's distance",
     .absent = "1e-4; rescaled: 1e-8"},
    {.name = "escape",
     .help = "a cell ends where the mean distance of its neighbours exceeds this; tangent, rescaled: its loss",
     .standard = "1e9"},
    {.name = NULL},
};
static const struct cli_change common[] = {
    {.name = "precision", .absent = "float32; tangent, rescaled: float64"},
    {.name = "out", .standard = "out/run"},
    {.name = NULL},
};
static const struct cli_use options[] = {{.group = &own_group},
                                         {.group = &cli_estimate_options},
                                         {.group = &cli_data_options},
                                         {.group = &cli_network_options},
                                         {.group = &cli_optimiser_options},
                                         {.group = &cli_training_options, .changes = training},
                                         {.group = &cli_start_options},
                                         {.group = &cli_experiment_options},
                                         {.group = &cli_common_options, .changes = common},
                                         {.group = &cli_checkpoint_options},
                                         {.group = NULL}};
const struct cli_command cli_run = {
    .name = "run",
    .summary = "exponents of many starting points at one setting",
    .example = "lyapgrad run --activation sigmoid --starts 1000 --lr 0.01 --out out/sigmoid",
    .options = options,
    .files =
        "cells.csv, one row per starting point; series.csv with --series. With the estimators tangent and rescaled the "
        "files of spectrum, with all estimators.csv.",
    .run_cells = run,
};
