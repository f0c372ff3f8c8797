#include "cli/verify/drawn.h"

#include <stdlib.h>
#include <string.h>

#include "lyapgrad/digest.h"

void cli_verify_results_free(struct cli_verify_results *results) {
    free(results->values);
    memset(results, 0, sizeof *results);
}

bool cli_verify_plan_read(struct cli_verify_plan *plan, const struct cli_verify_case *drawn) {
    int status;
    const struct cli_command *command = drawn->command;
    memset(plan, 0, sizeof *plan);
    plan->drawn = drawn;
    if (!command) return true;
    if (!cli_parse(&plan->values, command, drawn->argc, (char **)drawn->argv, &status)) return false;
    plan->own = calloc(1, command->task->size);
    if (!plan->own) return cli_complain("out of memory for the configuration"), false;
    return command->task->read(plan->own, &plan->values, &status);
}

void cli_verify_plan_free(struct cli_verify_plan *plan) {
    if (plan->own) plan->drawn->command->task->free(plan->own);
    free(plan->own);
    plan->own = NULL;
}

bool cli_verify_run(struct cli_verify_plan *plan, const struct cli_verify_way *way,
                    struct cli_verify_results *results) {
    const struct cli_verify_case *drawn = plan->drawn;
    struct lyap_error error = {0};
    struct cli_gather to = {.results = results, .drawn = drawn, .way = way};
    memset(results, 0, sizeof *results);
    results->digest = LYAP_DIGEST_START;
    results->status = drawn->command ? drawn->command->task->gather(plan->own, &to, &error)
                                     : cli_gather_spectrum(&to, &drawn->system, &error);
    if (results->status) snprintf(results->message, sizeof results->message, "%.500s", error.message);
    return results->status == LYAP_OK || results->status == LYAP_ERROR_WINDOW;
}
