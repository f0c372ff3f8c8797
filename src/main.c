/* The entry point: --version, --help, and the choice of the command. */
#include <string.h>

#include "cli.h"
#include "words.h"

static const struct cli_command *find_command(const char *name) {
    for (const struct cli_command *const *c = cli_commands; *c; c++)
        if (strcmp((*c)->name, name) == 0) return *c;
    return NULL;
}

static int unknown_command(const char *name) {
    const char *known[16];
    size_t count = 0;
    for (const struct cli_command *const *c = cli_commands; *c; c++) known[count++] = (*c)->name;
    const char *near = lyap_nearest_word(name, known, count);
    if (near)
        cli_complain("unknown command '%.60s'; did you mean '%s'? 'lyapgrad help' lists them", name, near);
    else
        cli_complain("unknown command '%.60s'; 'lyapgrad help' lists them", name);
    return EXIT_BAD_USAGE;
}

int main(int argc, char **argv) {
    if (argc < 2) {
        cli_complain("a command is missing; 'lyapgrad help' lists them");
        return EXIT_BAD_USAGE;
    }
    int status;
    cli_catch_signals();
    if (strcmp(argv[1], "--version") == 0) {
        printf("lyapgrad %s (SLEEF %s, %s)\n", lyap_version(), lyap_sleef_version(), lyap_compiler());
        status = 0;
    } else {
        const struct cli_command *command = find_command(strcmp(argv[1], "--help") == 0 ? "help" : argv[1]);
        status = command ? command->run(command, argc - 2, argv + 2) : unknown_command(argv[1]);
    }
    if (fflush(stdout) != 0 || ferror(stdout)) {
        cli_complain("standard output: cannot write");
        if (status == 0) status = EXIT_BAD_RUN;
    }
    return status;
}
