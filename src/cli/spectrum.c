/* lyapgrad spectrum: K exponents in tangent space, with intervals, regimes and curvature. */
#include <string.h>

#include "cli/kinds.h"
#include "cli/plans.h"

bool cli_spectrum_read(struct lyap_spectrum_plan *plan, struct cli_experiment *experiment,
                       const struct cli_values *values, int *status) {
    memset(experiment, 0, sizeof *experiment);
    *status = EXIT_BAD_USAGE;
    if (!cli_estimate_options_fit(values, CLI_TANGENT)) return false;
    if (!cli_experiment_read(experiment, values, "out/spectrum", status)) return false;
    const struct lyap_optimiser *optimiser = &experiment->plan.optimiser;
    size_t buffers = optimiser->full_state ? lyap_optimiser_buffers(optimiser->kind) : 0;
    size_t most = lyap_network_parameters(&experiment->net) * (1 + buffers);
    uint64_t exponents = most < 9 ? most : 9;
    if (!cli_estimate_read(plan, experiment, values) || !cli_count(values, "exponents", 1, most, &exponents)) {
        *status = EXIT_BAD_USAGE;
        return false;
    }
    plan->exponents = (size_t)exponents;
    return true;
}

int cli_spectrum_carry(const struct cli_command *command, int argc, char **argv, const struct cli_kept *kept) {
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

static int spectrum(const struct cli_command *command, int argc, char **argv) {
    return cli_spectrum_carry(command, argc, argv, NULL);
}

static const struct cli_option own[] = {
    {"exponents", "K", "how many, from the largest: 1 .. the number of parameters (9, or all if fewer)"},
    {NULL, NULL, NULL},
};
static const struct cli_option *const tables[] = {
    own, cli_estimate_options, cli_data_options, cli_optimiser_options, cli_experiment_options, cli_checkpoint_options,
    NULL};
const struct cli_command cli_spectrum = {
    "spectrum", "Lyapunov spectrum in tangent space (float64, 10000 epochs by default)",
    "lyapgrad spectrum --lr 5 --epochs 20000 --transient 2000 --exponents 9 --history 200 --curvature", tables,
    spectrum};
