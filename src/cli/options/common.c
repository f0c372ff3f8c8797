#include "cli/options/common.h"

#include <stdlib.h>
#include <string.h>

#include "cli/options/estimator.h"
#include "lyapgrad/status.h"
#include "lyapgrad/version.h"

static const struct cli_option options[] = {
    {.name = "precision",
     .value = "float32|float64",
     .type = CLI_WORD,
     .help = "floating-point numbers of the computation",
     .words = &cli_precisions,
     .standard = "float32",
     .with = &cli_estimators,
     .choices = CLI_FOR_ONE,
     .into = CLI_INTO(struct cli_common, precision)},
    {.name = "seed",
     .value = "N",
     .type = CLI_COUNT,
     .help = "seed of starting points and perturbations",
     .most = UINT64_MAX,
     .standard = "1",
     .into = CLI_INTO(struct cli_common, seed)},
    {.name = "threads",
     .value = "N",
     .type = CLI_COUNT,
     .help = "number of threads, on which the results do not depend",
     .least = 1,
     .most = LYAP_MOST_THREADS,
     .absent = "OMP_NUM_THREADS, or all processors",
     .into = CLI_INTO(struct cli_common, threads),
     .aside = true},
    {.name = "out",
     .value = "DIR",
     .type = CLI_DIRECTORY,
     .help = "directory of the results, in place of those of an earlier run of this command",
     .absent = "out/ and the command's name",
     .into = CLI_INTO(struct cli_common, out),
     .aside = true},
    {.name = "quiet",
     .type = CLI_SWITCH,
     .help = "print nothing but errors",
     .into = CLI_INTO(struct cli_common, quiet),
     .aside = true},
    {.name = NULL},
};
const struct cli_group cli_common_options = {"Common options", options};

static bool check_environment(void) {
    const char *text = getenv("OMP_NUM_THREADS");
    if (!text || !*text) return true;
    char *end;
    long asked = strtol(text, &end, 10);
    if (asked >= 1 && asked <= LYAP_MOST_THREADS && (*end == '\0' || *end == ',')) return true;
    cli_complain("OMP_NUM_THREADS: '%.40s' is no number of threads; expected 1 .. %d, or --threads N", text,
                 (int)LYAP_MOST_THREADS);
    return false;
}

bool cli_common_read(struct cli_common *c, const struct cli_values *values) {
    static const char threads[] = "threads";
    struct cli_option option;
    memset(c, 0, sizeof *c);
    c->seed = 1;
    if (!cli_read(values, &cli_common_options, c)) return false;
    bool has_threads = cli_find_option(values->command->options, threads, strlen(threads), &option) >= 0;
    return !has_threads || c->threads > 0 || check_environment();
}

bool cli_isa(enum lyap_isa *isa) {
    struct lyap_error error;
    if (!lyap_isa_select(getenv("LYAPGRAD_ISA"), isa, &error)) return true;
    cli_fail(&error);
    return false;
}

bool cli_layout(enum lyap_layout *layout) {
    struct lyap_error error;
    if (!lyap_layout_select(getenv("LYAPGRAD_LAYOUT"), layout, &error)) return true;
    cli_fail(&error);
    return false;
}
