/* lyapgrad help: the commands, or one command's options with an example. */
#include <string.h>

#include "cli.h"

void cli_print_help(const struct cli_command *command) {
    printf("lyapgrad %s - %s\n\n", command->name, command->summary);
    for (const struct cli_option *const *table = command->options; *table; table++)
        for (const struct cli_option *o = *table; o->name; o++) {
            char head[80];
            snprintf(head, sizeof head, "--%s%s%s", o->name, o->value ? " " : "", o->value ? o->value : "");
            if (strlen(head) > 28)
                printf("  %s\n  %-28s %s\n", head, "", o->help);
            else
                printf("  %-28s %s\n", head, o->help);
        }
    printf("\nExample:\n  %s\n", command->example);
}

static int help(const struct cli_command *command, int argc, char **argv) {
    if (argc > 1) return cli_complain("unexpected argument '%.60s'; 'lyapgrad help COMMAND' takes one", argv[1]);
    if (argc == 1) {
        const struct cli_command *wanted = strcmp(argv[0], "--help") == 0 ? command : cli_find_command(argv[0]);
        if (!wanted) return EXIT_BAD_USAGE;
        cli_print_help(wanted);
        return 0;
    }
    puts("lyapgrad - Lyapunov exponents of gradient descent on neural-network weights (arXiv 2410.05988)\n");
    for (const struct cli_command *const *c = cli_commands; *c; c++) printf("  %-10s %s\n", (*c)->name, (*c)->summary);
    puts("\n'lyapgrad COMMAND --help' lists a command's options; 'lyapgrad --version' tells the version.\n"
         "LYAPGRAD_ISA=scalar|avx2|avx512|neon forces an instruction set; the results are the same bits on each.");
    return 0;
}

static const struct cli_option none[] = {{NULL, NULL, NULL}};
static const struct cli_option *const tables[] = {none, NULL};
const struct cli_command cli_help = {"help", "this list, or the options of one command", "lyapgrad help run", tables,
                                     help};
