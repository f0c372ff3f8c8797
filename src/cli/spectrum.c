/* lyapgrad spectrum: K exponents in tangent space, with intervals, regimes and curvature. */
#include <string.h>

#include "cli/plans.h"
#include "lyapgrad/network.h"
#include "lyapgrad/optimiser.h"
#include "lyapgrad/spectrum.h"

static const struct cli_option own[] = {
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
static const struct cli_group own_group = {NULL, own};

/* `most` is the dimension of the state. */
static bool read_exponents(struct lyap_spectrum_plan *plan, const struct cli_values *values, size_t most) {
    plan->exponents = most < 9 ? most : 9;
    if (!cli_read(values, &own_group, plan)) return false;
    return plan->exponents <= most || cli_refuse("exponents", cli_text(values, "exponents"),
                                                 "a whole number 1 .. %zu, the number of parameters", most);
}

bool cli_spectrum_read(struct lyap_spectrum_plan *plan, struct cli_experiment *experiment,
                       const struct cli_values *values, int *status) {
    memset(experiment, 0, sizeof *experiment);
    *status = EXIT_BAD_USAGE;
    if (!cli_experiment_read(experiment, values, status)) return false;
    const struct lyap_optimiser *optimiser = &experiment->plan.optimiser;
    size_t buffers = optimiser->full_state ? lyap_optimiser_buffers(optimiser->kind) : 0;
    size_t most = lyap_network_parameters(&experiment->net) * (1 + buffers);
    if (!cli_estimate_read(plan, experiment, values) || !read_exponents(plan, values, most)) {
        *status = EXIT_BAD_USAGE;
        return false;
    }
    return true;
}

static int spectrum(const struct cli_command *command, int argc, char **argv, const struct cli_kept *kept) {
    struct cli_values values;
    struct cli_experiment experiment;
    struct lyap_spectrum_plan plan;
    int status;
    if (!cli_parse(&values, command, argc, argv, &status)) return status;
    values.kept = kept;
    if (cli_spectrum_read(&plan, &experiment, &values, &status))
        status = cli_experiment_words(&experiment, command, argc, argv) ? cli_estimate_run(&plan, &experiment)
                                                                        : EXIT_BAD_RUN;
    cli_experiment_free(&experiment);
    return status;
}

static const struct cli_change training[] = {
    {.name = "epochs", .standard = "10000"},
    {.name = "escape", .value = "LOSS", .help = "a cell ends where its loss exceeds this", .standard = "1e9"},
    {.name = NULL},
};
static const struct cli_change common[] = {
    {.name = "precision", .standard = "float64"}, {.name = "out", .standard = "out/spectrum"}, {.name = NULL}};
static const struct cli_use options[] = {
    {.group = &own_group},
    {.group = &cli_estimate_options, .without = "band"},
    {.group = &cli_data_options},
    {.group = &cli_network_options},
    {.group = &cli_optimiser_options},
    {.group = &cli_training_options, .without = "neighbours perturbation series", .changes = training},
    {.group = &cli_start_options},
    {.group = &cli_experiment_options, .only = "summary"},
    {.group = &cli_common_options, .changes = common},
    {.group = &cli_checkpoint_options},
    {.group = NULL}};
const struct cli_command cli_spectrum = {
    .name = "spectrum",
    .summary = "Lyapunov spectrum in tangent space (float64, 10000 epochs by default)",
    .example = "lyapgrad spectrum --lr 5 --epochs 20000 --transient 2000 --exponents 9 --history 200 --curvature",
    .options = options,
    .files = "exponents.csv, with --history also history.csv, and the gnuplot scripts exponents.gp and history.gp.",
    .run_cells = spectrum,
};
