/* lyapgrad help: the commands, one command's options with an example, or another topic. */
#include "cli/help/help.h"
#include "cli/help/item.h"
#include "cli/help/tables.h"

#include <string.h>

#include "base/edit_distance.h"
#include "cli/message.h"
#include "lyapgrad/isa.h"

static void print_option(const struct cli_option *o) {
    char head[80], sentence[CLI_SENTENCE];
    snprintf(head, sizeof head, "--%s%s%s", o->name, o->value ? " " : "", o->value ? o->value : "");
    cli_print_item(head, cli_sentence(o, sentence));
}

static void print_usage(const struct cli_command *command) {
    const char *form = command->operand_form;
    printf("\nUsage: lyapgrad %s%s%s%s\n", command->name, form ? " " : "", form ? form : "",
           command->options->group ? " [OPTION...]" : "");
    if (!form) return;
    putchar('\n');
    cli_print_item(form, command->operand_help);
}

void cli_print_help(const struct cli_command *command) {
    const struct cli_group *group = NULL;
    struct cli_walk walk = {.use = command->options};
    char head[200];
    snprintf(head, sizeof head, "lyapgrad %s - %s", command->name, command->summary);
    cli_print_words(head);
    print_usage(command);
    while (cli_walk_next(&walk)) {
        if (walk.use->group != group && walk.use->group->title)
            printf("\n%s:\n", walk.use->group->title);
        else if (walk.use->group != group)
            putchar('\n');
        group = walk.use->group;
        print_option(&walk.option);
    }
    puts("\nExample:");
    cli_print_command(command->example);
}

/* A word that is nearer to a topic than to a command is answered here, any other by cli_find_command. */
static const struct cli_command *find_command(const struct cli_program *program, const char *name) {
    const char *known[64] = {NULL};
    size_t count = 0;
    for (const struct cli_topic *t = program->topics; t->name; t++) known[count++] = t->name;
    size_t topics = count;
    for (const struct cli_command *const *c = program->commands; *c; c++) {
        if (strcmp((*c)->name, name) == 0) return *c;
        known[count++] = (*c)->name;
    }
    struct cli_table tables[CLI_MOST_TABLES];
    const size_t files = cli_list_tables(program, tables);
    const char *ending = strrchr(name, '.');
    if (ending && strcmp(ending, ".csv") == 0) {
        const char *names[CLI_MOST_TABLES];
        for (size_t t = 0; t < files; t++) names[t] = tables[t].schema->file;
        const char *near = lyap_nearest_word(name, names, files);
        cli_complain("unknown table '%.60s'; %s%s%s'lyapgrad help tables' lists them", name,
                     near ? "did you mean '" : "", near ? near : "", near ? "'? " : "");
        return NULL;
    }
    const char *near = lyap_nearest_word(name, known, count);
    for (size_t t = 0; near && t < topics; t++)
        if (near == known[t]) {
            cli_complain("unknown topic '%.60s'; did you mean '%s'? 'lyapgrad help' lists them", name, near);
            return NULL;
        }
    return cli_find_command(program, name);
}

static int help_on(const struct cli_program *program, const struct cli_command *command, const char *name) {
    for (const struct cli_topic *t = program->topics; t->name; t++)
        if (strcmp(t->name, name) == 0) {
            t->print(program);
            return 0;
        }
    if (cli_print_table(program, name)) return 0;
    const struct cli_command *wanted = strcmp(name, "--help") == 0 ? command : find_command(program, name);
    if (!wanted) return EXIT_BAD_USAGE;
    cli_print_help(wanted);
    return 0;
}

static int help(const struct cli_program *program, const struct cli_command *command, int argc, char **argv) {
    if (argc > 1) return cli_complain("unexpected argument '%.60s'; 'lyapgrad help COMMAND' takes one", argv[1]);
    if (argc == 1) return help_on(program, command, argv[0]);
    puts("lyapgrad - Lyapunov exponents of gradient descent on neural-network weights\n"
         "(arXiv 2410.05988)\n");
    for (const struct cli_command *const *c = program->commands; *c; c++) cli_print_short((*c)->name, (*c)->summary);
    puts("\n'lyapgrad COMMAND --help' lists a command's options; 'lyapgrad --version' tells\nthe version.");
    for (int i = 0; i < LYAP_ISA_COUNT; i++) printf("%s%s", i ? "|" : "LYAPGRAD_ISA=", lyap_isa_name((enum lyap_isa)i));
    puts(" forces an instruction set,\nLYAPGRAD_LAYOUT=block|one sixteen networks side by side or one at a time; the\n"
         "results are the same bits on each. 'lyapgrad help TOPIC' prints more:\n");
    for (const struct cli_topic *t = program->topics; t->name; t++) cli_print_short(t->name, t->summary);
    return 0;
}

static const struct cli_use options[] = {{.group = NULL}};
const struct cli_command cli_help = {
    .name = "help",
    .summary = "this list, or the options of one command",
    .example = "lyapgrad help run",
    .options = options,
    .operand = CLI_COMMAND_OR_TOPIC,
    .operand_form = "[COMMAND|TOPIC|FILE.csv]",
    .operand_help = "command whose options are printed, topic, or name of a table whose columns are; without one, the "
                    "list of commands and topics",
    .run_among = help,
};
