/* lyapgrad validate: the estimators against known answers. */
#include "verify/validate.h"
#include "cli/cli.h"
#include "lyapgrad/digest.h"
#include "lyapgrad/isa.h"
#include "lyapgrad/status.h"

static int validate(const struct cli_command *command, int argc, char **argv) {
    struct cli_values values;
    struct lyap_error error = {0};
    struct cli_common common;
    int status;
    enum lyap_isa isa;
    enum lyap_layout layout; /* which known systems have no choice of */
    if (!cli_parse(&values, command, argc, argv, &status)) return status;
    if (!cli_common_read(&common, &values) || !cli_isa(&isa) || !cli_layout(&layout)) return EXIT_BAD_USAGE;
    uint64_t digest = LYAP_DIGEST_START;
    size_t failed = 0, rows = lyap_validation_count();
    printf("%-19s %-10s %-9s %15s %10s %15s %10s %8s      %s\n", "system", "estimator", "quantity", "measured",
           "+- 95 %", "expected", "error", "allowed", "source of the expected value");
    for (size_t i = 0; i < rows; i++) {
        struct lyap_validation row;
        if (cli_interrupted()) return cli_signal_status();
        if (lyap_validate(i, isa, common.threads, &row, &error)) return cli_fail(&error);
        failed += !row.pass;
        digest = lyap_digest_u64(digest, row.digest);
        printf("%-19s %-10s %-9s %15.10f %10.1e %15.10f %10.1e %8.0e %s %s\n", row.system, row.estimator, row.quantity,
               row.measured, (row.high - row.low) / 2, row.expected, row.error, row.tolerance,
               row.pass ? "PASS" : "FAIL", row.source);
        fflush(stdout);
    }
    printf("\n%zu of %zu pass; nats per step, for lorenz per unit of time\ndigest  %016llx  (%s)\n", rows - failed,
           rows, (unsigned long long)digest, lyap_isa_name(isa));
    return failed ? EXIT_BAD_RUN : 0;
}

static const struct cli_use options[] = {{.group = &cli_common_options, .only = "threads"}, {.group = NULL}};
const struct cli_command cli_validate = {
    .name = "validate",
    .summary = "the estimators on systems whose exponents are known",
    .example = "lyapgrad validate",
    .options = options,
    .run = validate,
};
