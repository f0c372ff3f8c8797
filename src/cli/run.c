/* lyapgrad run: one setting, many starting points. */
#include <string.h>

#include "cli/estimate.h"
#include "cli/task.h"
#include "cli/verify/gather.h"
#include "cli/verify/options.h"
#include "results/exponents_table.h"
#include "lyapgrad/spectrum.h"

struct own {
    struct cli_experiment experiment;
    enum cli_estimator estimator;
    struct lyap_spectrum_plan spectrum; /* of the estimators other than CLI_KANTZ_WOLF; experiment.plan is that one's */
};

static const struct cli_option own_options[] = {
    {.name = "estimator",
     .value = "NAME",
     .type = CLI_WORD,
     .help = "estimator of the exponents; kantz-wolf is the published one, all puts them beside each other",
     .words = &cli_estimators,
     .standard = "kantz-wolf",
     .into = CLI_INTO(struct own, estimator)},
    {.name = NULL},
};
static const struct cli_group own_group = {NULL, own_options};

static bool read_spectrum(struct own *own, const struct cli_values *values) {
    const struct lyap_setting *asked = &own->experiment.plan.setting;
    struct lyap_spectrum_plan *plan = &own->spectrum;
    if (!cli_estimate_read(plan, &own->experiment, values)) return false;
    plan->method = own->estimator == CLI_ALL ? LYAP_TANGENT : (enum lyap_method)(own->estimator - CLI_METHODS);
    if (own->estimator != CLI_ALL) return true;
    if (!cli_text(values, "perturbation")) plan->base.setting.perturbation = asked->perturbation;
    if (!cli_text(values, "epochs")) plan->base.setting.epochs = asked->epochs;
    return true;
}

static bool read_options(void *context, const struct cli_values *values, int *status) {
    struct own *own = context;
    *status = EXIT_BAD_USAGE;
    if (!cli_read(values, &own_group, own) || !cli_choice_fits(values, &cli_estimators, (int)own->estimator) ||
        !cli_experiment_read(&own->experiment, values, status))
        return false;
    if (own->estimator == CLI_KANTZ_WOLF || read_spectrum(own, values)) return true;
    *status = EXIT_BAD_USAGE;
    return false;
}

static int run(void *context) {
    struct own *own = context;
    if (own->estimator == CLI_KANTZ_WOLF) return cli_experiment_run(&own->experiment, NULL);
    return (own->estimator == CLI_ALL ? cli_compare_run : cli_estimate_run)(&own->spectrum, &own->experiment);
}

static void release(void *context) {
    struct own *own = context;
    cli_experiment_free(&own->experiment);
}

static enum lyap_status gather(void *context, struct cli_gather *to, struct lyap_error *error) {
    struct own *own = context;
    if (own->estimator == CLI_KANTZ_WOLF) return cli_gather_ensemble(to, &own->experiment.plan, error);
    return own->estimator == CLI_ALL ? cli_compare_gather(&own->spectrum, to, error)
                                     : cli_gather_spectrum(to, &own->spectrum, error);
}

static void draw_kantz_wolf(struct dice *d) {
    dice_common(d);
    dice_precision(d);
    unsigned starts = dice_starts(d, 40), neighbours = dice_neighbours(d);
    dice_perturbation(d, -8, -1);
    dice_add(d, "steps", "%u", dice_steps(d, 1, 60, 1.0 + neighbours, starts));
    dice_add(d, "series", NULL);
    if (dice_chance(d, 30)) dice_add(d, "evaluate", NULL);
}

static void draw_tangent(struct dice *d) {
    dice_add(d, "estimator", "tangent");
    dice_common(d);
    dice_precision(d);
    unsigned starts = dice_starts(d, 40);
    dice_estimate(d, starts, 3, true);
}

static void draw_rescaled(struct dice *d) {
    dice_add(d, "estimator", "rescaled");
    dice_common(d);
    dice_precision(d);
    unsigned starts = dice_starts(d, 40);
    dice_perturbation(d, -10, -2);
    dice_estimate(d, starts, 2, false);
}

static void draw_all(struct dice *d) {
    dice_add(d, "estimator", "all");
    dice_common(d);
    unsigned starts = dice_starts(d, 20), neighbours = dice_neighbours(d);
    unsigned epochs = dice_steps(d, 2, 60, 2.0 * (1 + neighbours) + 7, starts);
    dice_perturbation(d, -8, -2);
    dice_add(d, "steps", "%u", epochs);
    if (dice_chance(d, 40)) dice_add(d, "transient", "%u", dice_range(d, 0, epochs - 1));
    if (dice_chance(d, 40)) dice_add(d, "qr-every", "%u", dice_range(d, 1, 20));
    if (dice_chance(d, 40)) dice_band(d);
}

static const struct cli_draw draws[] = {
    {26, draw_kantz_wolf}, {15, draw_tangent}, {9, draw_rescaled}, {4, draw_all}, {0, NULL}};
static const struct cli_task task = {.size = sizeof(struct own),
                                     .cells = true,
                                     .read = read_options,
                                     .run = run,
                                     .free = release,
                                     .gather = gather,
                                     .draws = draws};

static const struct cli_change training[] = {
    {.name = "steps", .absent = "100; tangent, rescaled: 10000"},
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
                                         {.group = &cli_data_options},
                                         {.group = &cli_network_options},
                                         {.group = &cli_training_options, .changes = training},
                                         {.group = &cli_common_options, .changes = common},
                                         {.group = &cli_start_options},
                                         {.group = &cli_optimiser_options},
                                         {.group = &cli_estimate_options},
                                         {.group = &cli_experiment_options},
                                         {.group = &cli_checkpoint_options},
                                         {.group = NULL}};
static const struct lyap_schema *const tables[] = {&lyap_cells_schema,
                                                   &lyap_series_schema,
                                                   &lyap_weights_schema,
                                                   &lyap_exponents_schema,
                                                   &lyap_history_schema,
                                                   &cli_estimators_schema,
                                                   NULL};
const struct cli_command cli_run = {
    .name = "run",
    .summary = "exponents of many starting points at one setting",
    .example = "lyapgrad run --activation sigmoid --starts 1000 --lr 0.01 --out out/sigmoid",
    .options = options,
    .files =
        "cells.csv, one row per starting point; series.csv with --series. With the estimators tangent and rescaled the "
        "files of spectrum, with all estimators.csv.",
    .tables = tables,
    .task = &task,
};
