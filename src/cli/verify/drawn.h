/* A drawn configuration, read by its command and run. */
#ifndef LYAP_CLI_VERIFY_DRAWN_H
#define LYAP_CLI_VERIFY_DRAWN_H

#include "cli/task.h"
#include "cli/verify/gather.h"

/* What the command has read. */
struct cli_verify_plan {
    const struct cli_verify_case *drawn;
    struct cli_values values;
    void *own; /* of the command's task; NULL for a known system */
};

void cli_verify_results_free(struct cli_verify_results *results);

/* Reads the words of a configuration as its command does; prints one line and returns false where they will not do. The
 * plan must not move, and the case must outlive it. Free with cli_verify_plan_free in either case. */
bool cli_verify_plan_read(struct cli_verify_plan *plan, const struct cli_verify_case *drawn);
void cli_verify_plan_free(struct cli_verify_plan *plan);

/* Runs it in one way. A start that no draw finds is a result. False, with the message in the results, for what else ends a run:
 * a setting that is refused, memory, or a signal. Free the results in either case. */
bool cli_verify_run(struct cli_verify_plan *plan, const struct cli_verify_way *way, struct cli_verify_results *results);

#endif
