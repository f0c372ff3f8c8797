/* Working through the cells of a long run in chunks that are kept. */
#include "cli/checkpoint.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiments/bifurcation.h"
#include "checkpoint/directory.h"
#include "experiments/map.h"
#include "base/number.h"
#include "engine/plan.h"
#include "engine/worker.h"
#include "lyapgrad/version.h"

const struct cli_option cli_checkpoint_options[] = {
    {"checkpoint", "DIR",
     "keep finished cells there, a chunk of cells a file; a run that was killed goes on with --resume"},
    {"resume", NULL, "go on with what --checkpoint DIR has, from the beginning if that is nothing"},
    {"checkpoint-every", "SECONDS",
     "work in a chunk, about (3): what a kill loses and Ctrl-C waits for; no less than one block of cells a thread, "
     "which is never cut"},
    {"shard", "I/N", "compute part I of N of the cells into --checkpoint DIR alone; 'lyapgrad merge' makes the tables"},
    {NULL, NULL, NULL},
};

enum { CHUNK_BYTES = 64 * 1024 * 1024, MOST_SHARDS = 1000000 };

/* What `merge` hands to the command that it runs. */
static struct {
    struct lyap_checkpoint **held;
    size_t count;
    bool quiet;
} merged;

void cli_checkpoint_merge(struct lyap_checkpoint **held, size_t count, bool quiet) {
    merged.held = held;
    merged.count = count;
    merged.quiet = quiet;
}

static bool read_shard(struct cli_checkpoint *c, const char *text) {
    char first[24];
    const char *slash = strchr(text, '/');
    size_t length = slash ? (size_t)(slash - text) : 0;
    if (slash && length < sizeof first) {
        memcpy(first, text, length);
        first[length] = '\0';
        if (lyap_number_count(first, MOST_SHARDS, &c->shard) && lyap_number_count(slash + 1, MOST_SHARDS, &c->shards) &&
            c->shard >= 1 && c->shard <= c->shards)
            return true;
    }
    cli_complain("--shard: '%.60s' is not allowed; expected I/N with whole numbers 1 <= I <= N <= %d, as in 2/8", text,
                 MOST_SHARDS);
    return false;
}

bool cli_checkpoint_read(struct cli_checkpoint *c, const struct cli_values *values, bool quiet) {
    static const char *const others[] = {"resume", "checkpoint-every", "shard"};
    memset(c, 0, sizeof *c);
    c->shard = c->shards = 1;
    c->every = 3;
    c->quiet = quiet;
    if (merged.held) {
        c->merging = true;
        c->held = merged.held;
        c->count = merged.count;
        c->quiet = merged.quiet;
        return true;
    }
    if (!cli_path(values, "checkpoint", &c->directory)) return false;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (!c->directory && cli_text(values, others[i])) {
            cli_complain("--%s: needs --checkpoint DIR, the directory that keeps the finished cells", others[i]);
            return false;
        }
    c->resume = cli_text(values, "resume") != NULL;
    if (!cli_real(values, "checkpoint-every", &c->every)) return false;
    if (!(c->every >= 0 && c->every <= 1e6)) {
        cli_complain("--checkpoint-every: %g is not allowed; expected seconds, 0 .. 1e6", c->every);
        return false;
    }
    const char *shard = cli_text(values, "shard");
    return !shard || read_shard(c, shard);
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

/* Part `shard` of `shards` of the cells: consecutive, and none longer than another by more than one. */
static void shard_range(const struct cli_checkpoint *c, struct lyap_checkpoint_head *head) {
    uint64_t each = head->cells / c->shards, rest = head->cells % c->shards, before = c->shard - 1;
    head->first = before * each + (before < rest ? before : rest);
    head->count = each + (before < rest);
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

enum lyap_status cli_checkpoint_open(struct cli_checkpoint *c, const char *settings, const struct lyap_plan *plan,
                                     uint64_t parts, int words, char *const *word, struct lyap_error *error) {
    struct lyap_checkpoint_head head = {.settings = settings,
                                        .cells = plan->starts * plan->values,
                                        .shard = c->shard,
                                        .shards = c->shards,
                                        .parts = parts};
    if (c->merging) return compare_merged(c, settings, head.cells, parts, error);
    if (!c->resume && lyap_checkpoint_exists(c->directory))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                         "--checkpoint: %.200s has a checkpoint already; --resume goes on with it, or name another "
                         "directory",
                         c->directory);
    shard_range(c, &head);
    char *note = join_words(words, word, &head.note_size);
    c->held = calloc(1, sizeof(struct lyap_checkpoint *));
    head.note = note;
    enum lyap_status status =
        note && c->held ? LYAP_OK : lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the checkpoint");
    if (!status) status = lyap_checkpoint_open(&c->held[0], c->directory, &head, error);
    c->count = !status;
    free(note);
    return status;
}

/* The work on one part: what the progress bar and the size of the next chunk depend on. */
struct work {
    struct lyap_checkpoint *checkpoint;
    uint64_t done, total; /* updates: before the chunk at hand, and of all cells of the part */
    bool quiet, told;
};

/* A signal does not end the chunk at hand. */
static bool show_progress(uint64_t done, uint64_t total, void *context) {
    struct work *w = context;
    uint64_t diverged, cells = lyap_checkpoint_cells(w->checkpoint, &diverged);
    (void)total;
    cli_progress_cells(cells, diverged);
    cli_progress(w->done + done, w->total, &w->quiet);
    if (cli_interrupted() && !w->told) {
        w->told = true;
        if (!w->quiet && isatty(STDERR_FILENO))
            fputs("lyapgrad: finishing the chunk at hand; a second signal ends at once\n", stderr);
    }
    return true;
}

/* Cells that the threads take at a time, so that none is idle. */
static enum lyap_status find_granule(const struct lyap_plan *plan, bool spectrum, uint64_t *granule,
                                     struct lyap_error *error) {
    uint64_t block = LYAP_BLOCK;
    if (!spectrum) {
        struct lyap_run run;
        enum lyap_status status = lyap_run_prepare(&run, plan, error);
        if (status) return status;
        lyap_run_spread(&run);
        block = run.block_cells;
        lyap_run_free(&run);
    }
    *granule = block * (uint64_t)(plan->threads ? plan->threads : lyap_max_threads());
    return LYAP_OK;
}

/* The next chunk takes `every` seconds if its cells take as long as those of this one, in whole granules; from one to the
 * next it grows four-fold at most, since the first one tells little. */
static uint64_t next_size(uint64_t size, double took, double every, uint64_t granule, double cell_bytes) {
    double factor = took > 0 ? every / took : 4, most = CHUNK_BYTES / cell_bytes;
    double wanted = (double)size * (factor < 4 ? factor : 4);
    if (wanted > most) wanted = most;
    uint64_t granules = (uint64_t)(wanted / (double)granule);
    return granule * (granules ? granules : 1);
}

static enum lyap_status fail_interrupted(const struct cli_checkpoint *c, struct lyap_error *error) {
    const struct lyap_checkpoint_head *head = lyap_checkpoint_head(c->held[0]);
    uint64_t diverged, all = head->count * head->parts;
    return lyap_fail(error, LYAP_ERROR_INTERRUPTED,
                     "interrupted; %.200s has %llu of %llu cells: the same command%s goes on", c->directory,
                     (unsigned long long)lyap_checkpoint_cells(c->held[0], &diverged), (unsigned long long)all,
                     c->resume ? "" : " with --resume");
}

/* A failure that the chunks before it survive. */
static enum lyap_status add_comfort(const struct cli_checkpoint *c, struct lyap_error *error) {
    if (error->status != LYAP_ERROR_OUTPUT) return error->status;
    char reason[sizeof error->message];
    memcpy(reason, error->message, sizeof reason);
    return lyap_fail(error, LYAP_ERROR_OUTPUT, "%.300s; the chunks before are intact, and --resume goes on%s", reason,
                     c->resume ? " again" : "");
}

/* Updates of the cells that are missing of a part, over all gaps. */
static uint64_t missing_updates(const struct lyap_checkpoint *checkpoint, uint64_t part, struct lyap_plan plan) {
    uint64_t updates = 0, from = lyap_checkpoint_head(checkpoint)->first;
    while (lyap_checkpoint_gap(checkpoint, part, from, &plan.first_cell, &plan.count)) {
        updates += lyap_plan_updates(&plan);
        from = plan.first_cell + plan.count;
    }
    return updates;
}

/* What a part's cells are: one of the last three, or NULL for an ensemble's. */
struct cells {
    const struct lyap_plan *base;
    const struct lyap_spectrum_plan *spectrum;
    const struct lyap_map_plan *map;
    const struct lyap_bifurcation_plan *bifurcation;
};

/* `plan`: the base with the progress of this work. */
static enum lyap_status run_cells(struct lyap_checkpoint *checkpoint, uint64_t part, const struct cells *cells,
                                  const struct lyap_plan *plan, uint64_t first, uint64_t count,
                                  struct lyap_error *error) {
    if (cells->map) {
        struct lyap_map_plan range = *cells->map;
        range.spectrum.base.progress = plan->progress;
        range.spectrum.base.progress_context = plan->progress_context;
        return lyap_checkpoint_run_map(checkpoint, part, &range, first, count, error);
    }
    if (cells->bifurcation) {
        struct lyap_bifurcation_plan range = *cells->bifurcation;
        range.spectrum.base.progress = plan->progress;
        range.spectrum.base.progress_context = plan->progress_context;
        return lyap_checkpoint_run_bifurcation(checkpoint, part, &range, first, count, error);
    }
    if (cells->spectrum) {
        struct lyap_spectrum_plan range = *cells->spectrum;
        range.base = *plan;
        return lyap_checkpoint_run_spectrum(checkpoint, part, &range, first, count, error);
    }
    return lyap_checkpoint_run(checkpoint, part, plan, first, count, error);
}

static enum lyap_status work(struct cli_checkpoint *c, uint64_t part, const struct cells *what, double cell_bytes,
                             struct lyap_error *error) {
    struct work w = {.checkpoint = c->held[0], .quiet = c->quiet};
    struct lyap_plan plan = *what->base;
    uint64_t granule, first, count;
    const struct lyap_checkpoint_head *head = lyap_checkpoint_head(w.checkpoint);
    if (!lyap_checkpoint_missing(w.checkpoint, part, &first, &count)) return LYAP_OK;
    plan.first_cell = head->first;
    plan.count = head->count;
    enum lyap_status status = find_granule(&plan, what->spectrum || what->map || what->bifurcation, &granule, error);
    if (status) return status;
    w.total = lyap_plan_updates(&plan);
    uint64_t missing = missing_updates(w.checkpoint, part, plan);
    w.done = missing < w.total ? w.total - missing : 0;
    cli_progress_from(w.done);
    plan.progress = show_progress;
    plan.progress_context = &w;
    uint64_t size = granule;
    while (!status && lyap_checkpoint_missing(w.checkpoint, part, &first, &count)) {
        if (cli_interrupted()) return fail_interrupted(c, error);
        uint64_t cells = size < count ? size : count;
        double start = cli_seconds();
        status = run_cells(w.checkpoint, part, what, &plan, first, cells, error);
        plan.first_cell = first;
        plan.count = cells;
        w.done += lyap_plan_updates(&plan);
        if (w.done > w.total) w.done = w.total;
        size = next_size(cells, cli_seconds() - start, c->every, granule, cell_bytes);
    }
    if (status) return add_comfort(c, error);
    return cli_interrupted() ? fail_interrupted(c, error) : LYAP_OK;
}

enum lyap_status cli_checkpoint_work(struct cli_checkpoint *c, uint64_t part, const struct lyap_plan *plan,
                                     struct lyap_error *error) {
    if (c->merging) return LYAP_OK;
    double bytes = sizeof(struct lyap_record) + sizeof(struct lyap_evaluation);
    if (plan->series) bytes += 2 * sizeof(double) * (double)lyap_plan_stride(plan);
    if (plan->last_weights) bytes += sizeof(double) * (double)lyap_network_parameters(plan->network);
    return work(c, part, &(struct cells){.base = plan}, bytes, error);
}

enum lyap_status cli_checkpoint_work_spectrum(struct cli_checkpoint *c, uint64_t part,
                                              const struct lyap_spectrum_plan *plan, struct lyap_error *error) {
    if (c->merging) return LYAP_OK;
    double exponents = (double)plan->exponents;
    double bytes = sizeof(struct lyap_spectrum_record) + exponents * sizeof(struct lyap_exponent) +
                   (double)plan->history * (sizeof(struct lyap_history) + exponents * sizeof(double));
    return work(c, part, &(struct cells){.base = &plan->base, .spectrum = plan}, bytes, error);
}

enum lyap_status cli_checkpoint_work_map(struct cli_checkpoint *c, uint64_t part, const struct lyap_map_plan *plan,
                                         struct lyap_error *error) {
    if (c->merging) return LYAP_OK;
    const struct lyap_plan base = lyap_map_cells(plan).base;
    return work(c, part, &(struct cells){.base = &base, .map = plan},
                sizeof(struct lyap_spectrum_record) + sizeof(struct lyap_exponent), error);
}

enum lyap_status cli_checkpoint_work_bifurcation(struct cli_checkpoint *c, uint64_t part,
                                                 const struct lyap_bifurcation_plan *plan, struct lyap_error *error) {
    if (c->merging) return LYAP_OK;
    const struct lyap_plan base = lyap_bifurcation_cells(plan).base;
    double numbers = (double)lyap_orbit_points(plan) * (double)lyap_bifurcation_columns(plan);
    return work(c, part, &(struct cells){.base = &base, .bifurcation = plan},
                sizeof(struct lyap_spectrum_record) + sizeof(struct lyap_exponent) + numbers * sizeof(double), error);
}

bool cli_checkpoint_sharded(const struct cli_checkpoint *c) {
    if (c->merging || c->shards == 1) return false;
    const struct lyap_checkpoint_head *head = lyap_checkpoint_head(c->held[0]);
    if (!c->quiet)
        printf("shard %llu/%llu is complete: %llu of %llu cells in %s\nwith all of them: lyapgrad merge DIR... --out "
               "DIR\n",
               (unsigned long long)c->shard, (unsigned long long)c->shards, (unsigned long long)head->count,
               (unsigned long long)head->cells, c->directory);
    return true;
}

enum lyap_status cli_checkpoint_cells(const struct cli_checkpoint *c, uint64_t part, const struct lyap_plan *plan,
                                      lyap_sink sink, void *context, struct lyap_error *error) {
    if (!cli_checkpoint_used(c)) return lyap_ensemble_run(plan, sink, context, error);
    enum lyap_status status = LYAP_OK;
    for (size_t i = 0; i < c->count && !status; i++)
        status = lyap_checkpoint_replay(c->held[i], part, plan, sink, context, error);
    return status;
}

enum lyap_status cli_checkpoint_spectra(const struct cli_checkpoint *c, uint64_t part,
                                        const struct lyap_spectrum_plan *plan, lyap_spectrum_sink sink, void *context,
                                        struct lyap_error *error) {
    if (!cli_checkpoint_used(c)) return lyap_spectrum_run(plan, sink, context, error);
    enum lyap_status status = LYAP_OK;
    for (size_t i = 0; i < c->count && !status; i++)
        status = lyap_checkpoint_replay_spectrum(c->held[i], part, plan, sink, context, error);
    return status;
}

enum lyap_status cli_checkpoint_map(const struct cli_checkpoint *c, uint64_t part, const struct lyap_map_plan *plan,
                                    lyap_map_sink sink, void *context, struct lyap_error *error) {
    if (!cli_checkpoint_used(c)) return lyap_map_run(plan, sink, context, error);
    enum lyap_status status = LYAP_OK;
    for (size_t i = 0; i < c->count && !status; i++)
        status = lyap_checkpoint_replay_map(c->held[i], part, plan, sink, context, error);
    return status;
}

enum lyap_status cli_checkpoint_bifurcation(const struct cli_checkpoint *c, uint64_t part,
                                            const struct lyap_bifurcation_plan *plan, lyap_bifurcation_sink sink,
                                            void *context, struct lyap_error *error) {
    if (!cli_checkpoint_used(c)) return lyap_bifurcation_run(plan, sink, context, error);
    enum lyap_status status = LYAP_OK;
    for (size_t i = 0; i < c->count && !status; i++)
        status = lyap_checkpoint_replay_bifurcation(c->held[i], part, plan, sink, context, error);
    return status;
}

void cli_checkpoint_words(const struct cli_command *command, int argc, char **argv, char **kept, int *count) {
    kept[0] = argv[-2];
    kept[1] = argv[-1];
    *count = 2;
    for (int i = 0; i < argc; i++) {
        const struct cli_option *option = cli_option_of(command, argv[i]);
        bool drop = false, valued = option && option->value && !strchr(argv[i], '=') && i + 1 < argc;
        for (const struct cli_option *o = cli_checkpoint_options; option && o->name; o++) drop = drop || o == option;
        if (!drop) kept[(*count)++] = argv[i];
        if (valued) i++;
        if (valued && !drop) kept[(*count)++] = argv[i];
    }
}
