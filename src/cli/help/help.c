/* lyapgrad help: the commands, one command's options with an example, or another topic. */
#include "cli/help/help.h"

#include <string.h>

#include "base/edit_distance.h"
#include "cli/message.h"
#include "lyapgrad/isa.h"

enum { HEAD = 28, INDENT = 31, WIDTH = 100 };

/* The length of a word; the ends of a range "1 .. 24" stay in one line. */
static size_t word_length(const char *c) {
    size_t length = strcspn(c, " ");
    if (strncmp(c + length, " .. ", 4) == 0) length += 4 + strcspn(c + length + 4, " ");
    return length;
}

/* Words in lines of at most WIDTH characters, indented but for the first. */
static void print_wrapped(const char *text) {
    size_t column = INDENT;
    for (const char *c = text; *c; c += strspn(c, " ")) {
        size_t length = word_length(c);
        if (column > INDENT && column + 1 + length > WIDTH) {
            printf("\n%*s", (int)INDENT, "");
            column = INDENT;
        }
        column += (size_t)printf("%s%.*s", column > INDENT ? " " : "", (int)length, c);
        c += length;
    }
    putchar('\n');
}

static void print_item(const char *head, const char *sentence) {
    if (strlen(head) > HEAD)
        printf("  %s\n%*s", head, (int)INDENT, "");
    else
        printf("  %-*s ", (int)HEAD, head);
    print_wrapped(sentence);
}

static void print_option(const struct cli_option *o) {
    char head[80], sentence[CLI_SENTENCE];
    snprintf(head, sizeof head, "--%s%s%s", o->name, o->value ? " " : "", o->value ? o->value : "");
    print_item(head, cli_sentence(o, sentence));
}

static void print_usage(const struct cli_command *command) {
    const char *form = command->operand_form;
    printf("\nUsage: lyapgrad %s%s%s%s\n", command->name, form ? " " : "", form ? form : "",
           command->options->group ? " [OPTION...]" : "");
    if (!form) return;
    putchar('\n');
    print_item(form, command->operand_help);
}

void cli_print_help(const struct cli_command *command) {
    const struct cli_group *group = NULL;
    struct cli_walk walk = {.use = command->options};
    printf("lyapgrad %s - %s\n", command->name, command->summary);
    print_usage(command);
    while (cli_walk_next(&walk)) {
        if (walk.use->group != group && walk.use->group->title)
            printf("\n%s:\n", walk.use->group->title);
        else if (walk.use->group != group)
            putchar('\n');
        group = walk.use->group;
        print_option(&walk.option);
    }
    printf("\nExample:\n  %s\n", command->example);
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
    const struct cli_command *wanted = strcmp(name, "--help") == 0 ? command : find_command(program, name);
    if (!wanted) return EXIT_BAD_USAGE;
    cli_print_help(wanted);
    return 0;
}

static int help(const struct cli_program *program, const struct cli_command *command, int argc, char **argv) {
    if (argc > 1) return cli_complain("unexpected argument '%.60s'; 'lyapgrad help COMMAND' takes one", argv[1]);
    if (argc == 1) return help_on(program, command, argv[0]);
    puts("lyapgrad - Lyapunov exponents of gradient descent on neural-network weights (arXiv 2410.05988)\n");
    for (const struct cli_command *const *c = program->commands; *c; c++)
        printf("  %-12s %s\n", (*c)->name, (*c)->summary);
    puts("\n'lyapgrad COMMAND --help' lists a command's options; 'lyapgrad --version' tells the version.");
    for (int i = 0; i < LYAP_ISA_COUNT; i++) printf("%s%s", i ? "|" : "LYAPGRAD_ISA=", lyap_isa_name((enum lyap_isa)i));
    puts(" forces an instruction set; the results are the same bits on each.\n'lyapgrad help TOPIC' prints more:\n");
    for (const struct cli_topic *t = program->topics; t->name; t++) printf("  %-12s %s\n", t->name, t->summary);
    return 0;
}

static const struct cli_use options[] = {{.group = NULL}};
const struct cli_command cli_help = {
    .name = "help",
    .summary = "this list, or the options of one command",
    .example = "lyapgrad help run",
    .options = options,
    .operand = CLI_COMMAND_OR_TOPIC,
    .operand_form = "[COMMAND|TOPIC]",
    .operand_help = "command whose options are printed, or topic; without one, the list of both",
    .run_among = help,
};
