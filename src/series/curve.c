/* The mean over reference points that Kantz and Rosenstein share: pieces of work over the threads, summed in order. */
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "math/deterministic.h"
#include "series/curve.h"
#include "series/line_fit.h"
#include "series/point.h"
#include "series/saturation.h"
#include "base/team.h"

enum { TASKS = LYAP_SERIES_BLOCKS * LYAP_SERIES_PARTS };

typedef int (*point_function)(const struct lyap_series_job *job, size_t i, struct lyap_index_list *list,
                              struct lyap_curve_sum *sums);

struct curve_work {
    const struct lyap_series_job *job;
    point_function point;
    size_t candidates;           /* reference points to try */
    struct lyap_curve_sum *sums; /* [TASKS][steps + 1] */
    uint64_t used[TASKS];        /* reference points with neighbours */
    atomic_bool failed, interrupted;
    atomic_ullong done;
};

/* The index of reference point r, evenly spread over those that can be followed. */
static size_t reference_index(const struct curve_work *work, size_t r) {
    size_t followed = work->job->followed, q = followed / work->candidates, rest = followed % work->candidates;
    return q * r + (size_t)((uint64_t)rest * r / work->candidates);
}

static bool keep_going(struct curve_work *work, bool calling_thread) {
    const struct lyap_series_options *options = work->job->options;
    if (calling_thread && options->progress &&
        !options->progress(atomic_load(&work->done), work->candidates, options->progress_context))
        atomic_store(&work->interrupted, true);
    return !atomic_load(&work->interrupted) && !atomic_load(&work->failed);
}

static void run_task(struct curve_work *work, size_t task, bool calling_thread) {
    enum { POLL = 256 }; /* reference points between two looks at the progress function */
    struct lyap_curve_sum *sums = work->sums + task * (work->job->steps + 1);
    struct lyap_index_list list = {0};
    size_t last = (size_t)((uint64_t)work->candidates * (task + 1) / TASKS);
    for (size_t r = (size_t)((uint64_t)work->candidates * task / TASKS), n = 0; r < last; r++, n++) {
        if (n % POLL == 0 && !keep_going(work, calling_thread)) break;
        int used = work->point(work->job, reference_index(work, r), &list, sums);
        if (used < 0) {
            atomic_store(&work->failed, true);
            break;
        }
        work->used[task] += (uint64_t)used;
        atomic_fetch_add(&work->done, 1);
    }
    free(list.items);
}

static void work_on(void *context, size_t task, int thread) {
    run_task(context, task, thread == 0);
}

static enum lyap_status run_tasks(struct curve_work *work, struct lyap_error *error) {
    struct lyap_team *team;
    int threads = lyap_team_size(work->job->options->threads);
    enum lyap_status status = lyap_team_open(&team, threads < TASKS ? threads : TASKS, error);
    if (status) return status;
    lyap_team_run(team, TASKS, work_on, work);
    lyap_team_close(team);
    return LYAP_OK;
}

/* The parts of each block, added up in place in their order: sums becomes [BLOCKS][steps + 1]. */
static void gather_blocks(struct curve_work *work) {
    size_t length = work->job->steps + 1;
    for (size_t block = 0; block < LYAP_SERIES_BLOCKS; block++) {
        for (size_t s = 0; s < length; s++) {
            struct lyap_curve_sum total = {0};
            for (size_t part = 0; part < LYAP_SERIES_PARTS; part++) {
                const struct lyap_curve_sum *sum = &work->sums[(block * LYAP_SERIES_PARTS + part) * length + s];
                total.sum += sum->sum;
                total.references += sum->references;
                total.pairs += sum->pairs;
            }
            work->sums[block * length + s] = total;
        }
    }
}

enum lyap_status lyap_curve_run(struct lyap_series_job *job, struct lyap_error *error) {
    struct lyap_series_result *result = job->result;
    struct curve_work work = {.job = job, .candidates = job->followed};
    work.point = job->options->method == LYAP_SERIES_KANTZ ? lyap_kantz_point : lyap_rosenstein_point;
    if (job->options->references > 0 && (uint64_t)job->options->references < job->followed)
        work.candidates = (size_t)job->options->references;
    atomic_init(&work.failed, false);
    atomic_init(&work.interrupted, false);
    atomic_init(&work.done, 0);
    work.sums = calloc(TASKS * (job->steps + 1), sizeof *work.sums);
    if (!work.sums)
        return lyap_fail(error, LYAP_ERROR_MEMORY, "series: out of memory for a curve of %zu steps", job->steps);
    enum lyap_status status = run_tasks(&work, error);
    if (!status && atomic_load(&work.failed))
        status = lyap_fail(error, LYAP_ERROR_MEMORY, "series: out of memory for the neighbours of a point");
    if (!status && !keep_going(&work, true)) status = lyap_fail(error, LYAP_ERROR_INTERRUPTED, "interrupted");
    if (!status) {
        gather_blocks(&work);
        result->candidates = work.candidates;
        for (size_t task = 0; task < TASKS; task++) result->references += work.used[task];
        double level;
        bool known = lyap_saturation(job, &level);
        status = lyap_curve_fit(job, work.sums, known ? &level : NULL, error);
    }
    free(work.sums);
    return status;
}
