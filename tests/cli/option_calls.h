/* For tests that go over the options of all commands: calling a command in this process, beside the words that an option needs. */
#ifndef LYAP_TEST_OPTION_CALLS_H
#define LYAP_TEST_OPTION_CALLS_H

#include "cli/commands.h"
#include "cli/task.h"
#include "cli/options/values.h"
#include "tests/command.h"

enum { MOST_LINE = 2000 };

static inline int command_count(void) {
    int count = 0;
    while (cli_program.commands[count]) count++;
    return count;
}

/* What makes each command's work small; a name without a value is an operand. */
static const struct {
    const char *command, *option, *value;
} bases[] = {
    {"run", "steps", "3"},          {"run", "starts", "2"},
    {"sweep", "over", "lr=1:2:2"},  {"sweep", "steps", "3"},
    {"sweep", "starts", "2"},       {"spectrum", "steps", "30"},
    {"spectrum", "starts", "2"},    {"map", "x", "lr:1:2"},
    {"map", "y", "d1:0:1"},         {"map", "resolution", "3x3"},
    {"map", "steps", "10"},         {"bifurcation", "over", "lr:1:2:2"},
    {"bifurcation", "steps", "9"},  {"bifurcation", "points", "4"},
    {"select", "net", "2-2-1"},     {"select", "activation", "tanh"},
    {"select", "budget", "40000"},  {"select", "steps", "16"},
    {"select", "rungs", "2"},       {"select", "searches", "0"},
    {"select", "rates", "3"},       {"select", "rate-starts", "2"},
    {"series", "@/wave.csv", NULL}, {"series", "dimension", "1"},
    {"series", "fit", "0:4"},       {"merge", "@/none", NULL},
};

/* Options that another one must stand beside. */
static const struct {
    const char *command, *option, *beside, *value;
} needs[] = {
    {NULL, "batch-seed", "batch", "2"},      {NULL, "checkpoint-every", "checkpoint", "@/kept"},
    {NULL, "shard", "checkpoint", "@/kept"}, {NULL, "test-labels", "test-data", "@/held.csv"},
    {NULL, "section", "report", NULL},       {NULL, "scale", "report", NULL},
    {NULL, "seeds", "report", NULL},         {NULL, "first", "random", "1"},
    {"verify", "seed", "random", "1"},
};

static inline void write_inputs(void) {
    FILE *file = fopen(scratch("wave.csv"), "w");
    double x = 0.3;
    for (int i = 0; i < 400; i++, x = 4 * x * (1 - x)) fprintf(file, "%.17g\n", x);
    ck_assert_int_eq(fclose(file), 0);
    scratch_file("held.csv", "0,0,0\n", 6);
    setenv("PATH", "/nonexistent", 1); /* no pictures */
}

static inline bool has_option(const struct cli_command *command, const char *name) {
    struct cli_option option;
    return cli_find_option(command->options, name, strlen(name), &option) >= 0;
}

/* The value of a base's option; --lr is not swept where it is the tested one. */
static inline const char *value_of(const char *tested, const char *value) {
    if (strcmp(tested, "lr") != 0) return value;
    return strcmp(value, "lr=1:2:2") == 0   ? "perturbation=1e-4:1e-3:2"
           : strcmp(value, "lr:1:2") == 0   ? "init-scale:1:2"
           : strcmp(value, "lr:1:2:2") == 0 ? "init-scale:1:2:2"
                                            : value;
}

/* Appends " --name value" unless it is the tested option, or is there already. */
static inline void add_word(char line[MOST_LINE], const char *tested, const char *name, const char *value) {
    char word[64];
    snprintf(word, sizeof word, " --%s ", name);
    if (strcmp(name, tested) == 0 || strstr(line, word)) return;
    size_t used = strlen(line);
    snprintf(line + used, MOST_LINE - used, "%s%s ", word, value ? value : "");
}

/* The words beside which the option alone decides; `kind`: the kind that has a use for it, -1 for the first. */
static inline void context_of(const struct cli_command *command, const struct cli_option *o, char line[MOST_LINE]) {
    char text[CLI_WORD_LENGTH];
    line[0] = '\0';
    for (size_t i = 0; i < sizeof bases / sizeof *bases; i++)
        if (strcmp(bases[i].command, command->name) == 0 && bases[i].value)
            add_word(line, o->name, bases[i].option, value_of(o->name, bases[i].value));
        else if (strcmp(bases[i].command, command->name) == 0)
            snprintf(line + strlen(line), MOST_LINE - strlen(line), " %s ", bases[i].option);
    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
        if (strcmp(needs[i].option, o->name) == 0 &&
            (!needs[i].command || strcmp(needs[i].command, command->name) == 0))
            add_word(line, o->name, needs[i].beside, needs[i].value);
    if (o->with && has_option(command, o->with->noun)) {
        int kind = 0;
        while (!(o->choices >> kind & 1)) kind++;
        add_word(line, o->name, o->with->noun, o->with->word(kind, text));
    }
    if (has_option(command, "out")) add_word(line, o->name, "out", "@/out");
    if (has_option(command, "quiet")) add_word(line, o->name, "quiet", NULL);
}

/* Runs the command with the words of the line in this process: its exit status, and what it said on standard error. */
static inline int call(const struct cli_command *command, const char *line, char **said) {
    char *words[MAX_WORDS + 2];
    char program[] = "lyapgrad", name[32];
    snprintf(name, sizeof name, "%s", command->name);
    words[0] = program;
    words[1] = name;
    int count = split_words(words, 2, line) - 2;
    fflush(NULL);
    int out = dup(STDOUT_FILENO), err = dup(STDERR_FILENO);
    int file = open(scratch("said"), O_WRONLY | O_CREAT | O_TRUNC, 0600), null = open("/dev/null", O_WRONLY);
    ck_assert(dup2(file, STDERR_FILENO) >= 0 && dup2(null, STDOUT_FILENO) >= 0);
    int status = cli_run_command(&cli_program, command, count, words + 2);
    fflush(NULL);
    ck_assert(dup2(out, STDOUT_FILENO) >= 0 && dup2(err, STDERR_FILENO) >= 0);
    close(out), close(err), close(file), close(null);
    for (int i = 0; i < count; i++) free(words[i + 2]);
    *said = read_text(scratch("said"));
    return status;
}

#endif
