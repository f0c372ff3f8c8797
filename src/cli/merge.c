/* lyapgrad merge: the tables of a run whose cells were computed in shards. */
#include <stdlib.h>
#include <string.h>

#include "cli/checkpoint.h"
#include "lyapgrad/checkpoint.h"

static const char form[] = "a checkpoint's directory";

static int by_first_cell(const void *a, const void *b) {
    const struct lyap_checkpoint_head *x = lyap_checkpoint_head(*(struct lyap_checkpoint *const *)a),
                                      *y = lyap_checkpoint_head(*(struct lyap_checkpoint *const *)b);
    if (x->shard != y->shard) return x->shard < y->shard ? -1 : 1;
    return 0;
}

/* Every part of the directory's cells must be there. */
static bool is_complete(const struct lyap_checkpoint *c) {
    const struct lyap_checkpoint_head *head = lyap_checkpoint_head(c);
    uint64_t first, count;
    for (uint64_t part = 0; part < head->parts; part++)
        if (lyap_checkpoint_missing(c, part, &first, &count)) {
            cli_complain("%.200s: shard %llu/%llu is not complete: cells %llu .. %llu are missing; its command with "
                         "--resume computes them",
                         lyap_checkpoint_directory(c), (unsigned long long)head->shard,
                         (unsigned long long)head->shards, (unsigned long long)first,
                         (unsigned long long)(first + count - 1));
            return false;
        }
    return true;
}

static bool complain_missing(uint64_t shard, uint64_t shards) {
    cli_complain("shard %llu/%llu is missing; give the directories of all %llu", (unsigned long long)shard,
                 (unsigned long long)shards, (unsigned long long)shards);
    return false;
}

/* The directories, sorted by shard, must be all the shards of one split of one run. */
static bool belong_together(struct lyap_checkpoint **held, size_t count) {
    const struct lyap_checkpoint_head *one = lyap_checkpoint_head(held[0]);
    struct lyap_error error;
    for (size_t i = 0; i < count; i++) {
        const struct lyap_checkpoint_head *head = lyap_checkpoint_head(held[i]);
        const char *directory = lyap_checkpoint_directory(held[i]);
        if (lyap_checkpoint_compare(directory, head->settings, one->settings, &error)) {
            cli_complain("%.300s (here: in %.150s)", error.message, lyap_checkpoint_directory(held[0]));
            return false;
        }
        if (head->shards != one->shards || head->cells != one->cells || head->parts != one->parts) {
            cli_complain("%.150s is shard %llu/%llu and %.150s is %llu/%llu: not of one split", directory,
                         (unsigned long long)head->shard, (unsigned long long)head->shards,
                         lyap_checkpoint_directory(held[0]), (unsigned long long)one->shard,
                         (unsigned long long)one->shards);
            return false;
        }
        if (i > 0 && head->shard == lyap_checkpoint_head(held[i - 1])->shard) {
            cli_complain("%.150s and %.150s are both shard %llu/%llu", lyap_checkpoint_directory(held[i - 1]),
                         directory, (unsigned long long)head->shard, (unsigned long long)head->shards);
            return false;
        }
    }
    uint64_t next = 0;
    for (size_t i = 0; i < count; i++) {
        const struct lyap_checkpoint_head *head = lyap_checkpoint_head(held[i]);
        if (head->shard != i + 1) return complain_missing(i + 1, head->shards);
        if (head->first != next) {
            cli_complain("%.200s: shard %llu/%llu begins at cell %llu instead of %llu",
                         lyap_checkpoint_directory(held[i]), (unsigned long long)head->shard,
                         (unsigned long long)head->shards, (unsigned long long)head->first, (unsigned long long)next);
            return false;
        }
        next += head->count;
    }
    if (count < one->shards) return complain_missing(count + 1, one->shards);
    if (next != one->cells) {
        cli_complain("%.200s: its shards end at cell %llu of %llu", lyap_checkpoint_directory(held[0]),
                     (unsigned long long)next, (unsigned long long)one->cells);
        return false;
    }
    for (size_t i = 0; i < count; i++)
        if (!is_complete(held[i])) return false;
    return true;
}

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

/* Runs the command that made the first shard, with the cells from all of them. */
static int run_again(struct lyap_checkpoint **held, size_t count, char *program, const char *out, bool quiet) {
    int words = 0;
    char **word = split_note(lyap_checkpoint_head(held[0]), &words);
    const struct cli_command *command = NULL;
    for (const struct cli_command *const *c = cli_commands; word && *c; c++)
        if (strcmp((*c)->name, word[0]) == 0 &&
            (*c == &cli_run || *c == &cli_sweep || *c == &cli_spectrum || *c == &cli_map || *c == &cli_bifurcation))
            command = *c;
    if (!command) {
        free(word);
        return cli_complain(
            "%.200s: has no command line of run, sweep, spectrum, map or bifurcation to make tables with",
            lyap_checkpoint_directory(held[0]));
    }
    words--;
    char **line = malloc(((size_t)words + 5) * sizeof(char *)), *place = out ? strdup(out) : NULL;
    int status = EXIT_BAD_RUN;
    if (line && (place || !out)) {
        line[0] = program;
        line[1] = word[0];
        memcpy(line + 2, word + 1, (size_t)words * sizeof(char *));
        if (place) set_out(command, line + 2, &words, place);
        cli_checkpoint_merge(held, count, quiet);
        status = command->run(command, words, line + 2);
        cli_checkpoint_merge(NULL, 0, false);
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
            qsort(held, opened, sizeof(struct lyap_checkpoint *), by_first_cell);
            status = belong_together(held, opened)
                         ? run_again(held, opened, argv[-2], out, cli_text(&values, "quiet") != NULL)
                         : EXIT_BAD_USAGE;
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
