/* The entry point: --version, --help, and the choice of the command. */
#include <string.h>

#include "cli/commands.h"
#include "cli/task.h"
#include "cli/console.h"
#include "cli/help/help.h"
#include "cli/options/values.h"
#include "cli/progress.h"
#include "lyapgrad/version.h"

static int run(int argc, char **argv) {
    const char *name = strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ? "help" : argv[1];
    if (strcmp(name, "--version") == 0) {
        if (argc > 2) return cli_complain("unexpected argument '%.60s'; --version takes none", argv[2]);
        printf("lyapgrad %s (SLEEF %s, %s)\n", lyap_version(), lyap_sleef_version(), lyap_compiler());
        return 0;
    }
    const struct cli_command *command = cli_find_command(&cli_program, name);
    if (!command) return EXIT_BAD_USAGE;
    int status = cli_run_command(&cli_program, command, argc - 2, argv + 2);
    if (status != CLI_HELP_ASKED) return status;
    cli_print_help(command);
    return 0;
}

int main(int argc, char **argv) {
    if (argc < 2) {
        cli_complain("a command is missing; 'lyapgrad help' lists them");
        return EXIT_BAD_USAGE;
    }
    cli_catch_signals();
    int status = run(argc, argv);
    cli_progress_end();
    cli_end_deferred();
    if (fflush(stdout) != 0 || ferror(stdout)) {
        cli_complain("standard output: cannot write");
        if (status == 0) status = EXIT_BAD_RUN;
    }
    return status;
}
