/* lyapgrad merge: the tables of a run whose cells were computed in shards. */
#include <stdlib.h>
#include <string.h>

#include "cli/kinds.h"

static const char form[] = "a checkpoint's directory";

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
        const struct cli_option *o = cli_option_of(command, words[i]);
        bool equals = strchr(words[i], '=') != NULL;
        if (o && strcmp(o->name, "out") == 0) {
            if (!equals && i + 1 < *count) words[i + 1] = out;
            if (!equals) return;
            for (int j = *count; j > i + 1; j--) words[j] = words[j - 1];
            words[i] = option;
            words[i + 1] = out;
            ++*count;
            return;
        }
        if (o && o->value && !equals) i++;
    }
    words[(*count)++] = option;
    words[(*count)++] = out;
}

static const struct cli_kind *find_kind(const char *name) {
    for (const struct cli_kind *k = cli_kinds; k->command; k++)
        if (strcmp(k->command->name, name) == 0) return k;
    return NULL;
}

/* "run, sweep or map". */
static void list_kinds(char *text, size_t size) {
    *text = '\0';
    for (const struct cli_kind *k = cli_kinds; k->command; k++) {
        const char *before = k == cli_kinds ? "" : k[1].command ? ", " : " or ";
        const size_t used = strlen(text);
        snprintf(text + used, size - used, "%s%s", before, k->command->name);
    }
}

/* Runs the command that made the first shard, with the cells from all of them. */
static int run_again(const struct cli_kept *kept, char *program, const char *out) {
    int words = 0;
    char **word = split_note(lyap_checkpoint_head(kept->held[0]), &words);
    const struct cli_kind *kind = word ? find_kind(word[0]) : NULL;
    if (!kind) {
        char names[200];
        free(word);
        list_kinds(names, sizeof names);
        return cli_complain("%.200s: has no command line of %s to make tables with",
                            lyap_checkpoint_directory(kept->held[0]), names);
    }
    words--;
    char **line = malloc(((size_t)words + 5) * sizeof(char *)), *place = out ? strdup(out) : NULL;
    int status = EXIT_BAD_RUN;
    if (line && (place || !out)) {
        line[0] = program;
        line[1] = word[0];
        memcpy(line + 2, word + 1, (size_t)words * sizeof(char *));
        if (place) set_out(kind->command, line + 2, &words, place);
        status = kind->carry(kind->command, words, line + 2, kept);
    } else {
        cli_complain("out of memory for the command line");
    }
    free(place);
    free(line);
    free(word);
    return status;
}

static int merge(const struct cli_command *command, int argc, char **argv) {
    struct cli_values values;
    struct lyap_error error;
    const char *out = NULL;
    int status, count = 0;
    size_t opened = 0;
    const char **directories = calloc((size_t)argc + 1, sizeof *directories);
    struct lyap_checkpoint **held = calloc((size_t)argc + 1, sizeof(struct lyap_checkpoint *));
    if (!directories || !held) {
        cli_complain("out of memory for the directories");
        status = EXIT_BAD_RUN;
    } else if (cli_parse_files(&values, command, argc, argv, form, directories, &count, &status)) {
        status = cli_path(&values, "out", &out) ? 0 : EXIT_BAD_USAGE;
        for (int i = 0; i < count && !status; i++) {
            if (lyap_checkpoint_open(&held[i], directories[i], NULL, &error))
                status = cli_fail(&error);
            else
                opened++;
        }
        if (!status) {
            const struct cli_kept kept = {held, opened, cli_text(&values, "quiet") != NULL};
            status = lyap_checkpoint_join(held, opened, &error) ? cli_fail(&error) : run_again(&kept, argv[-2], out);
        }
    }
    for (size_t i = 0; i < opened; i++) lyap_checkpoint_close(held[i]);
    free(directories);
    free(held);
    return status;
}

static const struct cli_option options[] = {
    {"out", "DIR",
     "where the tables go (where the shards' command says); data files are read again, from the names there"},
    {"quiet", NULL, "print nothing but errors"},
    {NULL, NULL, NULL},
};
static const struct cli_option *const tables[] = {options, NULL};
const struct cli_command cli_merge = {"merge", "one run's tables from the checkpoints of its shards",
                                      "lyapgrad merge part1 part2 part3 --out out/run", tables, merge};
