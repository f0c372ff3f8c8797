/* lyapgrad run: one setting, many starting points. */
#include "cli_experiment.h"

static int run(const struct cli_command *command, int argc, char **argv) {
    struct cli_values values;
    struct cli_experiment experiment;
    int status;
    if (!cli_parse(&values, command, argc, argv, &status)) return status;
    if (cli_experiment_read(&experiment, &values, "out/run", &status)) {
        experiment.argc = argc + 2;
        experiment.argv = argv - 2;
        status = cli_experiment_run(&experiment, NULL);
    }
    cli_experiment_free(&experiment);
    return status;
}

static const struct cli_option *const tables[] = {cli_experiment_options, NULL};
const struct cli_command cli_run = {"run", "exponents of many starting points at one setting",
                                    "lyapgrad run --activation sigmoid --starts 1000 --lr 0.01 --out out/sigmoid",
                                    tables, run};
