/* lyapgrad merge: the tables of a run whose cells were computed in shards. */
#include <stdlib.h>
#include <string.h>

#include "cli/checkpoint.h"
#include "cli/task.h"
#include "lyapgrad/checkpoint.h"
#include "lyapgrad/status.h"

/* The words of the note: a list of them, with their text behind it, and their number; NULL when there are none or for lack of
 * memory. There is room for two more. */
static char **split_note(const struct lyap_checkpoint_head *head, int *count) {
    size_t words = 0;
    for (size_t i = 0; i < head->note_size; i++) words += head->note[i] == '\0';
    char **list = malloc((words + 4) * sizeof(char *) + head->note_size);
    if (!list || words == 0 || head->note[head->note_size - 1] != '\0') {
        free(list);
        return NULL;
    }
    char *at = (char *)(list + words + 4);
    memcpy(at, head->note, head->note_size);
    for (size_t i = 0; i < words; i++) {
        list[i] = at;
        at += strlen(at) + 1;
    }
    *count = (int)words;
    return list;
}

/* Puts `out` where the words have their --out, or behind them. */
static void set_out(const struct cli_command *command, char **words, int *count, char *out) {
    static char option[] = "--out";
    for (int i = 0; i < *count; i++) {
        struct cli_option o;
        bool known = cli_option_of(command->options, words[i], &o), equals = strchr(words[i], '=') != NULL;
        if (known && strcmp(o.name, "out") == 0) {
            if (!equals && i + 1 < *count) words[i + 1] = out;
            if (!equals) return;
            for (int j = *count; j > i + 1; j--) words[j] = words[j - 1];
            words[i] = option;
            words[i + 1] = out;
            ++*count;
            return;
        }
        if (known && o.value && !equals) i++;
    }
    words[(*count)++] = option;
    words[(*count)++] = out;
}

static bool has_cells(const struct cli_command *command) {
    return command->task && command->task->cells;
}

/* The command with cells of that name, or NULL. */
static const struct cli_command *find_with_cells(const struct cli_program *program, const char *name) {
    for (const struct cli_command *const *c = program->commands; *c; c++)
        if (has_cells(*c) && strcmp((*c)->name, name) == 0) return *c;
    return NULL;
}

/* "run, sweep or map": the commands whose tables can be made. */
static void list_commands(const struct cli_program *program, char *text, size_t size) {
    const struct cli_command *last = NULL;
    for (const struct cli_command *const *c = program->commands; *c; c++)
        if (has_cells(*c)) last = *c;
    *text = '\0';
    for (const struct cli_command *const *c = program->commands; *c; c++) {
        const size_t used = strlen(text);
        if (has_cells(*c))
            snprintf(text + used, size - used, "%s%s", !used ? "" : *c == last ? " or " : ", ", (*c)->name);
    }
}

/* Runs the command that made the first shard, with the cells from all of them. */
static int run_again(const struct cli_program *program, const struct cli_kept *kept, char *name,
                     const struct cli_common *common) {
    int words = 0;
    char **word = split_note(lyap_checkpoint_head(kept->held[0]), &words);
    const struct cli_command *command = word ? find_with_cells(program, word[0]) : NULL;
    const char *out = common->out;
    if (!command) {
        char names[200];
        free(word);
        list_commands(program, names, sizeof names);
        return cli_complain("%.200s: has no command line of %s to make tables with",
                            lyap_checkpoint_directory(kept->held[0]), names);
    }
    words--;
    char **line = malloc(((size_t)words + 5) * sizeof(char *)), *place = out ? strdup(out) : NULL;
    int status = EXIT_BAD_RUN;
    if (line && (place || !out)) {
        line[0] = name;
        line[1] = word[0];
        memcpy(line + 2, word + 1, (size_t)words * sizeof(char *));
        if (place) set_out(command, line + 2, &words, place);
        status = cli_run_task(command, words, line + 2, kept);
    } else {
        cli_complain("out of memory for the command line");
    }
    free(place);
    free(line);
    free(word);
    return status;
}

/* The name of the command that made it; "" for a note that is none. */
static const char *command_of(const struct lyap_checkpoint *c) {
    const struct lyap_checkpoint_head *head = lyap_checkpoint_head(c);
    return head->note_size > 0 && head->note[head->note_size - 1] == '\0' ? head->note : "";
}

static bool one_command(struct lyap_checkpoint *const *held, size_t count) {
    for (size_t i = 1; i < count; i++) {
        const char *first = command_of(held[0]), *other = command_of(held[i]);
        if (strcmp(first, other) == 0) continue;
        cli_complain("%.150s has cells of 'lyapgrad %.20s', and %.150s of 'lyapgrad %.20s'; merge the shards of one "
                     "command",
                     lyap_checkpoint_directory(held[i]), other, lyap_checkpoint_directory(held[0]), first);
        return false;
    }
    return true;
}

static int merge(const struct cli_program *program, const struct cli_command *command, int argc, char **argv) {
    struct cli_values values;
    struct cli_common common;
    struct lyap_error error;
    int status;
    size_t opened = 0;
    struct cli_operands directories = {calloc((size_t)argc + 1, sizeof(const char *)), argc, 0};
    struct lyap_checkpoint **held = calloc((size_t)argc + 1, sizeof(struct lyap_checkpoint *));
    if (!directories.names || !held) {
        cli_complain("out of memory for the directories");
        status = EXIT_BAD_RUN;
    } else if (cli_parse_operands(&values, command, argc, argv, &directories, &status)) {
        status = cli_common_read(&common, &values) ? 0 : EXIT_BAD_USAGE;
        for (int i = 0; i < directories.count && !status; i++) {
            if (lyap_checkpoint_open(&held[i], directories.names[i], NULL, &error))
                status = cli_fail(&error);
            else
                opened++;
        }
        if (!status && !one_command(held, opened)) status = EXIT_BAD_USAGE;
        if (!status) {
            const struct cli_kept kept = {held, opened, common.quiet};
            status = lyap_checkpoint_join(held, opened, &error) ? cli_fail(&error)
                                                                : run_again(program, &kept, argv[-2], &common);
        }
    }
    for (size_t i = 0; i < opened; i++) lyap_checkpoint_close(held[i]);
    free(directories.names);
    free(held);
    return status;
}

static const struct cli_change changes[] = {
    {.name = "out",
     .help = "directory of the tables; data files are read again, from the names in the shards' command",
     .absent = "where the shards' command says"},
    {.name = NULL},
};
static const struct cli_use options[] = {{.group = &cli_common_options, .only = "out quiet", .changes = changes},
                                         {.group = NULL}};
const struct cli_command cli_merge = {
    .name = "merge",
    .summary = "one run's tables from the checkpoints of its shards",
    .example = "lyapgrad merge part1 part2 part3 --out out/run",
    .options = options,
    .operand = CLI_DIRECTORIES,
    .operand_form = "DIR...",
    .operand_help = "checkpoint directories of all shards of one run",
    .files = "The tables of the command that made the shards.",
    .run_among = merge,
};
