/* The cells of a long run in a directory: its options, the work on what is missing, and the cells from there. */
#include "cli/checkpoint.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/options/numbers.h"
#include "lyapgrad/checkpoint.h"

enum { MOST_SHARDS = 1000000 };

static bool read_shard(const struct cli_option *option, const char *text, void *group) {
    struct cli_checkpoint *c = group;
    uint64_t numbers[2];
    if (cli_counts(text, '/', 2, numbers) != 2 || numbers[0] < 1 || numbers[0] > numbers[1] || numbers[1] > MOST_SHARDS)
        return cli_refuse(option->name, text, "I/N with whole numbers 1 <= I <= N <= %d, as in 2/8", MOST_SHARDS);
    c->shard = numbers[0];
    c->shards = numbers[1];
    return true;
}

static const struct cli_option options[] = {
    {.name = "checkpoint",
     .value = "DIR",
     .type = CLI_DIRECTORY,
     .help = "directory that keeps finished cells, a chunk of cells per file; a run that was killed goes on with "
             "--resume",
     .absent = "nothing is kept",
     .into = CLI_INTO(struct cli_checkpoint, directory),
     .aside = true},
    {.name = "resume",
     .type = CLI_SWITCH,
     .help = "go on with what --checkpoint DIR has, from the beginning if that is nothing",
     .into = CLI_INTO(struct cli_checkpoint, resume),
     .aside = true},
    {.name = "checkpoint-every",
     .value = "SECONDS",
     .type = CLI_REAL,
     .help = "approximate work in a chunk, which a kill loses and Ctrl-C waits for; no less than one block of cells "
             "per thread",
     .range = CLI_FROM_TO(0, 1e6),
     .unit = "seconds",
     .standard = "3",
     .into = CLI_INTO(struct cli_checkpoint, every),
     .aside = true},
    {.name = "shard",
     .value = "I/N",
     .type = CLI_FORM,
     .help = "compute part I of N of the cells into --checkpoint DIR alone; 'lyapgrad merge' makes the tables",
     .absent = "all cells",
     .read = read_shard,
     .aside = true},
    {.name = NULL},
};
const struct cli_group cli_checkpoint_options = {"Long runs", options};

bool cli_checkpoint_read(struct cli_checkpoint *c, const struct cli_values *values, bool quiet) {
    static const char *const others[] = {"resume", "checkpoint-every", "shard"};
    memset(c, 0, sizeof *c);
    c->shard = c->shards = 1;
    c->quiet = quiet;
    if (values->kept) {
        c->merging = true;
        c->held = values->kept->held;
        c->count = values->kept->count;
        c->quiet = values->kept->quiet;
        return true;
    }
    if (!cli_read(values, &cli_checkpoint_options, c)) return false;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (!c->directory && cli_text(values, others[i])) {
            cli_complain("--%s: needs --checkpoint DIR, the directory that keeps the finished cells", others[i]);
            return false;
        }
    return true;
}

void cli_checkpoint_free(struct cli_checkpoint *c) {
    if (c->merging) return;
    for (size_t i = 0; i < c->count; i++) lyap_checkpoint_close(c->held[i]);
    free(c->held);
    c->held = NULL;
    c->count = 0;
}

bool cli_checkpoint_used(const struct cli_checkpoint *c) {
    return c->directory || c->merging;
}

/* The words one after the other, each with its end mark. */
static char *join_words(int words, char *const *word, size_t *size) {
    *size = 0;
    for (int i = 0; i < words; i++) *size += strlen(word[i]) + 1;
    char *joined = malloc(*size + 1), *to = joined;
    for (int i = 0; joined && i < words; i++) {
        size_t length = strlen(word[i]) + 1;
        memcpy(to, word[i], length);
        to += length;
    }
    return joined;
}

static enum lyap_status compare_merged(const struct cli_checkpoint *c, const char *settings, uint64_t cells,
                                       uint64_t parts, struct lyap_error *error) {
    enum lyap_status status = LYAP_OK;
    for (size_t i = 0; i < c->count && !status; i++) {
        const struct lyap_checkpoint_head *head = lyap_checkpoint_head(c->held[i]);
        const char *directory = lyap_checkpoint_directory(c->held[i]);
        status = lyap_checkpoint_compare(directory, head->settings, settings, error);
        if (!status && (head->cells != cells || head->parts != parts))
            status = lyap_fail(error, LYAP_ERROR_FILE, "%.200s: the checkpoint is of other cells", directory);
    }
    return status;
}

/* Why a directory is not the one to go on with: that it is another command's says more than the setting in which they differ. */
static enum lyap_status fail_as_other(const char *directory, const char *command, enum lyap_status status,
                                      struct lyap_error *error) {
    struct lyap_checkpoint *there;
    if (status != LYAP_ERROR_FILE || lyap_checkpoint_open(&there, directory, NULL, NULL)) return status;
    const struct lyap_checkpoint_head *head = lyap_checkpoint_head(there);
    if (head->note_size > 0 && head->note[head->note_size - 1] == '\0' && strcmp(head->note, command) != 0)
        lyap_fail(error, status,
                  "--checkpoint: %.200s has cells of 'lyapgrad %.20s', and this is 'lyapgrad %.20s'; resume with the "
                  "same command, or name another directory",
                  directory, head->note, command);
    lyap_checkpoint_close(there);
    return status;
}

/* A new directory, or the one to go on with. */
static enum lyap_status open_directory(struct cli_checkpoint *c, struct lyap_checkpoint_head *head, int words,
                                       char *const *word, struct lyap_error *error) {
    if (!c->resume && lyap_checkpoint_exists(c->directory))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                         "--checkpoint: %.200s has a checkpoint already; --resume goes on with it, or name another "
                         "directory",
                         c->directory);
    lyap_checkpoint_take_shard(head);
    char *note = join_words(words, word, &head->note_size);
    c->held = calloc(1, sizeof(struct lyap_checkpoint *));
    head->note = note;
    enum lyap_status status =
        note && c->held ? LYAP_OK : lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the checkpoint");
    if (!status) status = lyap_checkpoint_open(&c->held[0], c->directory, head, error);
    c->count = !status;
    if (status && c->resume) fail_as_other(c->directory, word[0], status, error);
    free(note);
    return status;
}

enum lyap_status cli_checkpoint_open(struct cli_checkpoint *c, const struct cli_checkpoint_run *run, int words,
                                     char *const *word, struct lyap_error *error) {
    char *settings;
    enum lyap_status status = lyap_experiment_settings(run->whole, run->more, &settings, error);
    if (status) return status;
    struct lyap_checkpoint_head head = {.settings = settings,
                                        .cells = lyap_experiment_cells(run->whole),
                                        .shard = c->shard,
                                        .shards = c->shards,
                                        .parts = run->parts,
                                        .watch = cli_output_watch()};
    status = c->merging ? compare_merged(c, settings, head.cells, run->parts, error)
                        : open_directory(c, &head, words, word, error);
    free(settings);
    return status;
}

/* What the progress bar of a part depends on. */
struct watched {
    const struct cli_checkpoint *checkpoint;
    bool quiet, begun, told;
};

/* The chunk at hand is finished after a signal. */
static bool show_progress(uint64_t done, uint64_t total, void *context) {
    struct watched *w = context;
    uint64_t diverged, cells = lyap_checkpoint_cells(w->checkpoint->held[0], &diverged);
    if (!w->begun) cli_progress_from(done);
    w->begun = true;
    cli_progress_cells(cells, diverged);
    cli_progress(done, total, &w->quiet);
    if (cli_interrupted() && !w->told) {
        w->told = true;
        if (!w->quiet && isatty(STDERR_FILENO))
            fputs("lyapgrad: finishing the chunk at hand; a second signal ends at once\n", stderr);
    }
    return !cli_interrupted();
}

/* An interruption or a failure that the chunks before it survive: how to go on. */
static enum lyap_status add_comfort(const struct cli_checkpoint *c, enum lyap_status status, struct lyap_error *error) {
    char reason[sizeof error->message];
    memcpy(reason, error->message, sizeof reason);
    if (status == LYAP_ERROR_INTERRUPTED)
        return lyap_fail(error, status, "%.300s: the same command%s goes on", reason,
                         c->resume ? "" : " with --resume");
    if (status != LYAP_ERROR_OUTPUT) return status;
    return lyap_fail(error, status, "%.300s; the chunks before are intact, and --resume goes on%s", reason,
                     c->resume ? " again" : "");
}

enum lyap_status cli_checkpoint_work(struct cli_checkpoint *c, uint64_t part, const struct lyap_experiment *experiment,
                                     struct lyap_error *error) {
    struct watched watched = {.checkpoint = c, .quiet = c->quiet};
    const struct lyap_checkpoint_options how = {.seconds = c->every, .progress = show_progress, .context = &watched};
    if (c->merging) return LYAP_OK;
    enum lyap_status status = lyap_checkpoint_work(c->held[0], part, experiment, &how, error);
    return status ? add_comfort(c, status, error) : LYAP_OK;
}

bool cli_checkpoint_sharded(const struct cli_checkpoint *c) {
    if (c->merging || c->shards == 1) return false;
    const struct lyap_checkpoint_head *head = lyap_checkpoint_head(c->held[0]);
    cli_progress_end();
    if (!c->quiet)
        printf("shard %llu/%llu is complete: %llu of %llu cells in %s\nwith all of them: lyapgrad merge DIR... --out "
               "DIR\n",
               (unsigned long long)c->shard, (unsigned long long)c->shards, (unsigned long long)head->count,
               (unsigned long long)head->cells, c->directory);
    return true;
}

enum lyap_status cli_checkpoint_cells(const struct cli_checkpoint *c, uint64_t part,
                                      const struct lyap_experiment *experiment, struct lyap_error *error) {
    if (!cli_checkpoint_used(c)) return lyap_experiment_run(experiment, error);
    return lyap_checkpoint_replay_all(c->held, c->count, part, experiment, error);
}

void cli_checkpoint_words(const struct cli_command *command, int argc, char **argv, char **kept, int *count) {
    kept[0] = argv[-2];
    kept[1] = argv[-1];
    *count = 2;
    struct cli_option option;
    for (int i = 0; i < argc; i++) {
        bool known = cli_option_of(command->options, argv[i], &option);
        bool valued = known && option.value && !strchr(argv[i], '=') && i + 1 < argc, drop = false;
        for (const struct cli_option *o = options; known && o->name; o++)
            drop = drop || strcmp(o->name, option.name) == 0;
        if (!drop) kept[(*count)++] = argv[i];
        if (valued) i++;
        if (valued && !drop) kept[(*count)++] = argv[i];
    }
}
