/* Working through all cells that a directory lacks, in chunks that take about as long as was asked for. */
#include <time.h>

#include "base/team.h"
#include "checkpoint/run.h"
#include "engine/plan.h"

enum { CHUNK_BYTES = 64 * 1024 * 1024 };

/* What the progress and the size of the next chunk depend on. */
struct work {
    struct lyap_checkpoint *checkpoint;
    uint64_t part;
    const struct lyap_experiment *experiment;
    const struct lyap_checkpoint_options *options;
    struct lyap_plan cells;   /* of the experiment: for a part's updates */
    uint64_t cells_at_a_time; /* cells that the threads take at a time, so that none is idle */
    uint64_t done, total;     /* updates: before the chunk at hand, and of all cells of the part */
    bool stop;
};

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void report(struct work *w, uint64_t done) {
    const struct lyap_checkpoint_options *r = w->options;
    if (r->progress && !r->progress(w->done + done, w->total, r->context)) w->stop = true;
}

/* The chunk at hand is finished, whatever the caller says. */
static bool watch(uint64_t done, uint64_t total, void *context) {
    (void)total;
    report(context, done);
    return true;
}

static uint64_t updates(const struct work *w, uint64_t first, uint64_t count) {
    struct lyap_plan some = w->cells;
    some.first_cell = first;
    some.count = count;
    return lyap_plan_updates(&some);
}

/* Updates of the cells that are missing, over all gaps. */
static uint64_t missing_updates(const struct work *w) {
    uint64_t sum = 0, from = lyap_checkpoint_head(w->checkpoint)->first, first, count;
    while (lyap_checkpoint_gap(w->checkpoint, w->part, from, &first, &count)) {
        sum += updates(w, first, count);
        from = first + count;
    }
    return sum;
}

/* The next chunk takes as long as was asked for if its cells take as long as those of this one, in whole turns; from one to the
 * next it grows four-fold at most, since the first one tells little. */
static uint64_t next_size(const struct work *w, uint64_t size, double took) {
    const double cell_bytes = w->experiment->kind->cell_bytes(w->experiment->plan);
    double factor = took > 0 ? w->options->seconds / took : 4, most = CHUNK_BYTES / cell_bytes;
    double wanted = (double)size * (factor < 4 ? factor : 4);
    if (wanted > most) wanted = most;
    uint64_t turns = (uint64_t)(wanted / (double)w->cells_at_a_time);
    return w->cells_at_a_time * (turns ? turns : 1);
}

static enum lyap_status prepare(struct work *w, struct lyap_error *error) {
    const struct lyap_kind *kind = w->experiment->kind;
    const struct lyap_checkpoint_head *head = lyap_checkpoint_head(w->checkpoint);
    const struct lyap_range all = {.first = head->first, .count = head->count};
    enum lyap_status status = kind->check(w->experiment->plan, error);
    if (!status) status = kind->cells_at_a_time(w->experiment->plan, &all, &w->cells_at_a_time, error);
    if (status) return status;
    w->cells = kind->cells(w->experiment->plan);
    w->cells_at_a_time *= (uint64_t)lyap_team_size(w->cells.threads);
    w->total = updates(w, head->first, head->count);
    const uint64_t missing = missing_updates(w);
    w->done = missing < w->total ? w->total - missing : 0;
    return LYAP_OK;
}

static enum lyap_status fail_stopped(const struct lyap_checkpoint *c, struct lyap_error *error) {
    uint64_t diverged, cells = lyap_checkpoint_cells(c, &diverged), all = c->head.count * c->head.parts;
    return lyap_fail(error, LYAP_ERROR_INTERRUPTED, "interrupted; %.200s has %llu of %llu cells", c->directory,
                     (unsigned long long)cells, (unsigned long long)all);
}

enum lyap_status lyap_checkpoint_work(struct lyap_checkpoint *checkpoint, uint64_t part,
                                      const struct lyap_experiment *experiment,
                                      const struct lyap_checkpoint_options *options, struct lyap_error *error) {
    struct work w = {.checkpoint = checkpoint, .part = part, .experiment = experiment, .options = options};
    struct lyap_range range = {.progress = watch, .progress_context = &w};
    if (!lyap_checkpoint_missing(checkpoint, part, &range.first, &range.count)) return LYAP_OK;
    enum lyap_status status = prepare(&w, error);
    for (uint64_t size = w.cells_at_a_time;
         !status && lyap_checkpoint_missing(checkpoint, part, &range.first, &range.count);) {
        report(&w, 0);
        if (w.stop) break;
        if (size < range.count) range.count = size;
        const double start = seconds();
        status = lyap_checkpoint_run_range(checkpoint, part, experiment, &range, error);
        w.done += updates(&w, range.first, range.count);
        if (w.done > w.total) w.done = w.total;
        size = next_size(&w, range.count, seconds() - start);
    }
    return status ? status : w.stop ? fail_stopped(checkpoint, error) : LYAP_OK;
}
