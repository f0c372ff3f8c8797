#include "cli/task.h"

#include <stdlib.h>

#include "cli/checkpoint.h"

static int run_read(const struct cli_task *task, void *own, const struct cli_values *values) {
    int status;
    return task->read(own, values, &status) ? task->run(own) : status;
}

int cli_run_task(const struct cli_command *command, int argc, char **argv, const struct cli_kept *kept) {
    const struct cli_task *task = command->task;
    struct cli_values values;
    int status;
    if (!cli_parse(&values, command, argc, argv, &status)) return status;
    void *own = calloc(1, task->size);
    values.kept = kept;
    values.argv = malloc(((size_t)argc + 2) * sizeof *values.argv);
    if (own && values.argv) {
        cli_checkpoint_words(command, argc, argv, values.argv, &values.argc);
        status = run_read(task, own, &values);
    } else {
        cli_complain("out of memory for the command's options");
        status = EXIT_BAD_RUN;
    }
    if (own) task->free(own);
    free(own);
    free(values.argv);
    return status;
}

int cli_run_command(const struct cli_program *program, const struct cli_command *command, int argc, char **argv) {
    if (command->task) return cli_run_task(command, argc, argv, NULL);
    if (command->run_among) return command->run_among(program, command, argc, argv);
    return command->run(command, argc, argv);
}
