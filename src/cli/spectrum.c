/* lyapgrad spectrum: K exponents in tangent space, with intervals, regimes and curvature. */
#include <string.h>

#include "cli/estimate.h"
#include "cli/task.h"
#include "cli/verify/gather.h"
#include "cli/verify/options.h"
#include "results/exponents_table.h"
#include "lyapgrad/network.h"
#include "lyapgrad/optimiser.h"
#include "lyapgrad/spectrum.h"

struct own {
    struct cli_experiment experiment;
    struct lyap_spectrum_plan plan;
};

static const struct cli_option own_options[] = {
    {.name = "exponents",
     .value = "K",
     .type = CLI_COUNT,
     .help = "number of exponents, from the largest on",
     .least = 1,
     .most = SIZE_MAX,
     .limit = "the number of parameters",
     .absent = "9, or all if fewer",
     .into = CLI_INTO(struct lyap_spectrum_plan, exponents)},
    {.name = NULL},
};
static const struct cli_group own_group = {NULL, own_options};

/* `most` is the dimension of the state. */
static bool read_exponents(struct lyap_spectrum_plan *plan, const struct cli_values *values, size_t most) {
    plan->exponents = most < 9 ? most : 9;
    if (!cli_read(values, &own_group, plan)) return false;
    return plan->exponents <= most || cli_refuse("exponents", cli_text(values, "exponents"),
                                                 "a whole number 1 .. %zu, the number of parameters", most);
}

static bool read_options(void *context, const struct cli_values *values, int *status) {
    struct own *own = context;
    if (!cli_experiment_read(&own->experiment, values, status)) return false;
    const struct lyap_optimiser *optimiser = &own->experiment.plan.optimiser;
    size_t buffers = optimiser->full_state ? lyap_optimiser_buffers(optimiser->kind) : 0;
    size_t most = lyap_network_parameters(&own->experiment.net) * (1 + buffers);
    if (cli_estimate_read(&own->plan, &own->experiment, values) && read_exponents(&own->plan, values, most))
        return true;
    *status = EXIT_BAD_USAGE;
    return false;
}

static int run(void *context) {
    struct own *own = context;
    return cli_estimate_run(&own->plan, &own->experiment);
}

static void release(void *context) {
    struct own *own = context;
    cli_experiment_free(&own->experiment);
}

static enum lyap_status gather(void *context, struct cli_gather *to, struct lyap_error *error) {
    const struct own *own = context;
    return cli_gather_spectrum(to, &own->plan, error);
}

static void draw_spectrum(struct dice *d) {
    dice_common(d);
    dice_precision(d);
    unsigned buffers = d->full_state ? (unsigned)lyap_optimiser_buffers(d->optimiser) : 0;
    unsigned most = d->parameters * (1 + buffers), exponents = dice_range(d, 1, most < 12 ? most : 12);
    unsigned starts = dice_starts(d, 40);
    dice_add(d, "exponents", "%u", exponents);
    dice_estimate(d, starts, 1 + 2.0 * exponents, true);
}

static const struct cli_draw draws[] = {{14, draw_spectrum}, {0, NULL}};
static const struct cli_task task = {.size = sizeof(struct own),
                                     .cells = true,
                                     .read = read_options,
                                     .run = run,
                                     .free = release,
                                     .gather = gather,
                                     .draws = draws};

static const struct cli_change training[] = {
    {.name = "steps", .standard = "10000"},
    {.name = "escape", .value = "LOSS", .help = "a cell ends where its loss exceeds this", .standard = "1e9"},
    {.name = NULL},
};
static const struct cli_change common[] = {
    {.name = "precision", .standard = "float64"}, {.name = "out", .standard = "out/spectrum"}, {.name = NULL}};
static const struct cli_use options[] = {
    {.group = &own_group},
    {.group = &cli_data_options},
    {.group = &cli_network_options},
    {.group = &cli_training_options, .without = "neighbours perturbation series", .changes = training},
    {.group = &cli_common_options, .changes = common},
    {.group = &cli_start_options},
    {.group = &cli_optimiser_options},
    {.group = &cli_estimate_options, .without = "band"},
    {.group = &cli_experiment_options, .only = "summary"},
    {.group = &cli_checkpoint_options},
    {.group = NULL}};
static const struct lyap_schema *const tables[] = {&lyap_exponents_schema, &lyap_history_schema, NULL};
const struct cli_command cli_spectrum = {
    .name = "spectrum",
    .summary = "Lyapunov spectrum in tangent space (float64, 10000 steps by default)",
    .example = "lyapgrad spectrum --lr 5 --steps 20000 --transient 2000 --exponents 9 --history 200 --curvature",
    .options = options,
    .files = "exponents.csv, with --history also history.csv, and the gnuplot scripts exponents.gp and history.gp.",
    .tables = tables,
    .task = &task,
};
