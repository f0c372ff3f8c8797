/* The entry point: --version, --help, and the choice of the command. */
#include <string.h>

#include "cli/cli.h"
#include "lyapgrad/version.h"

int main(int argc, char **argv) {
    if (argc < 2) {
        cli_complain("a command is missing; 'lyapgrad help' lists them");
        return EXIT_BAD_USAGE;
    }
    int status;
    cli_catch_signals();
    if (strcmp(argv[1], "--version") == 0 && argc > 2) {
        status = cli_complain("unexpected argument '%.60s'; --version takes none", argv[2]);
    } else if (strcmp(argv[1], "--version") == 0) {
        printf("lyapgrad %s (SLEEF %s, %s)\n", lyap_version(), lyap_sleef_version(), lyap_compiler());
        status = 0;
    } else {
        const struct cli_command *command = cli_find_command(strcmp(argv[1], "--help") == 0 ? "help" : argv[1]);
        status = command ? command->run(command, argc - 2, argv + 2) : EXIT_BAD_USAGE;
    }
    cli_end_deferred();
    if (fflush(stdout) != 0 || ferror(stdout)) {
        cli_complain("standard output: cannot write");
        if (status == 0) status = EXIT_BAD_RUN;
    }
    return status;
}
