/* lyapgrad run: one setting, many starting points. */
#include <string.h>

#include "cli/kinds.h"
#include "cli/plans.h"
#include "base/edit_distance.h"

static bool read_estimator(const struct cli_values *values, enum cli_estimator *estimator) {
    const char *text = cli_text(values, "estimator");
    *estimator = CLI_KANTZ_WOLF;
    for (int i = 0; text && i < CLI_ESTIMATORS; i++)
        if (strcmp(text, cli_estimator_names[i]) == 0) {
            *estimator = (enum cli_estimator)i;
            return true;
        }
    if (!text) return true;
    const char *near = lyap_nearest_word(text, cli_estimator_names, CLI_ESTIMATORS);
    cli_complain("--estimator: unknown estimator '%.60s'; %s%s%sexpected kantz-wolf, tangent, rescaled or all", text,
                 near ? "did you mean '" : "", near ? near : "", near ? "'? " : "");
    return false;
}

bool cli_run_read(struct lyap_spectrum_plan *plan, struct cli_experiment *experiment, enum cli_estimator *estimator,
                  const struct cli_values *values, int *status) {
    memset(experiment, 0, sizeof *experiment);
    *status = EXIT_BAD_USAGE;
    if (!read_estimator(values, estimator) || !cli_estimate_options_fit(values, *estimator)) return false;
    if (!cli_experiment_read(experiment, values, "out/run", status)) return false;
    if (*estimator == CLI_KANTZ_WOLF) return true;
    if (!cli_estimate_read(plan, experiment, values)) {
        *status = EXIT_BAD_USAGE;
        return false;
    }
    plan->method = *estimator == CLI_RESCALED ? LYAP_RESCALED : LYAP_TANGENT;
    if (*estimator != CLI_ALL) return true;
    if (!cli_text(values, "perturbation")) plan->base.setting.perturbation = experiment->plan.setting.perturbation;
    if (!cli_text(values, "epochs")) plan->base.setting.epochs = experiment->plan.setting.epochs;
    return true;
}

int cli_run_carry(const struct cli_command *command, int argc, char **argv, const struct cli_kept *kept) {
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

static int run(const struct cli_command *command, int argc, char **argv) {
    return cli_run_carry(command, argc, argv, NULL);
}

static const struct cli_option own[] = {
    {"estimator", "NAME", "kantz-wolf (as published), tangent, rescaled, or all beside each other (kantz-wolf)"},
    {NULL, NULL, NULL},
};
static const struct cli_option *const tables[] = {
    own, cli_estimate_options, cli_data_options, cli_optimiser_options, cli_experiment_options, cli_checkpoint_options,
    NULL};
const struct cli_command cli_run = {"run", "exponents of many starting points at one setting",
                                    "lyapgrad run --activation sigmoid --starts 1000 --lr 0.01 --out out/sigmoid",
                                    tables, run};
