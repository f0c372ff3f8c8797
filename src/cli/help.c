/* lyapgrad help: the commands, one command's options with an example, or another topic. */
#include "cli/help.h"

#include <string.h>

#include "base/edit_distance.h"
#include "simd/isa/list.h"

const struct cli_topic cli_topics[] = {
    {"examples", "a tour of commands that run as printed", cli_print_examples},
    {"man", "the manual page lyapgrad(1), for man -l - or a file", cli_print_man},
    {"bash", "completion for bash: source <(lyapgrad help bash)", cli_print_bash},
    {"zsh", "completion for zsh: a file _lyapgrad in the fpath", cli_print_zsh},
    {NULL, NULL, NULL},
};

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

/* A word that is nearer to a topic than to a command is answered here, any other by cli_find_command. */
static const struct cli_command *find_command(const char *name) {
    const char *known[64];
    size_t count = 0;
    for (const struct cli_topic *t = cli_topics; t->name; t++) known[count++] = t->name;
    size_t topics = count;
    for (const struct cli_command *const *c = cli_commands; *c; c++) {
        if (strcmp((*c)->name, name) == 0) return *c;
        known[count++] = (*c)->name;
    }
    const char *near = lyap_nearest_word(name, known, count);
    for (size_t t = 0; near && t < topics; t++)
        if (near == known[t]) {
            cli_complain("unknown topic '%.60s'; did you mean '%s'? 'lyapgrad help' lists them", name, near);
            return NULL;
        }
    return cli_find_command(name);
}

static int help_on(const struct cli_command *command, const char *name) {
    for (const struct cli_topic *t = cli_topics; t->name; t++)
        if (strcmp(t->name, name) == 0) {
            t->print();
            return 0;
        }
    const struct cli_command *wanted = strcmp(name, "--help") == 0 ? command : find_command(name);
    if (!wanted) return EXIT_BAD_USAGE;
    cli_print_help(wanted);
    return 0;
}

#define FIRST(constant, name, has, flags) #name
#define NEXT(constant, name, has, flags) "|" #name

static int help(const struct cli_command *command, int argc, char **argv) {
    if (argc > 1) return cli_complain("unexpected argument '%.60s'; 'lyapgrad help COMMAND' takes one", argv[1]);
    if (argc == 1) return help_on(command, argv[0]);
    puts("lyapgrad - Lyapunov exponents of gradient descent on neural-network weights (arXiv 2410.05988)\n");
    for (const struct cli_command *const *c = cli_commands; *c; c++) printf("  %-11s %s\n", (*c)->name, (*c)->summary);
    puts("\n'lyapgrad COMMAND --help' lists a command's options; 'lyapgrad --version' tells the version.\n"
         "LYAPGRAD_ISA=" LYAP_ISA_LIST(FIRST, NEXT,
                                       NEXT) " forces an instruction set; the results are the same bits on each.\n"
                                             "'lyapgrad help TOPIC' prints more:\n");
    for (const struct cli_topic *t = cli_topics; t->name; t++) printf("  %-11s %s\n", t->name, t->summary);
    return 0;
}

static const struct cli_option none[] = {{NULL, NULL, NULL}};
static const struct cli_option *const tables[] = {none, NULL};
const struct cli_command cli_help = {"help", "this list, or the options of one command", "lyapgrad help run", tables,
                                     help};
