#include "single_suite.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "io/output_file.h"
#include "single_chain.h"
#include "single_peers.h"
#include "timer.h"

enum {
    MOST_CONTENDERS = 4 * BENCH_MOST_THREADS + 1,
    MOST_REPETITIONS = 9,
    MOST_STEPS = 1 << 16,
    CHECKED = 6,
    MOST_SECONDS = 4
};

/* Whoever does a job: the library in one way, or a peer. */
struct contender {
    struct bench_ours ours;
    struct bench_single_peer peer; /* program NULL: ours */
    void (*close)(struct bench_single_peer *);
    char why[96];       /* it is not timed; "" if it is */
    uint32_t few, many; /* steps of the two runs whose difference counts */
    double few_times[MOST_REPETITIONS], many_times[MOST_REPETITIONS];
};

/* A job and its contenders. */
struct contest {
    struct bench_suite *suite;
    struct bench_job job;
    struct contender *all; /* [MOST_CONTENDERS] */
    int count;
    struct bench_single_result expected;
    uint32_t checked; /* steps that are compared */
    int repetitions;  /* that were made */
};

/* Long enough that the clock and the preparations do not count, in steps that this contender makes in that time. */
static double budget(const struct bench_suite *suite) {
    return suite->effort.seconds * 100;
}

static int repetitions(const struct bench_suite *suite) {
    return suite->effort.repetitions >= 31 ? 7 : suite->effort.repetitions >= 9 ? 3 : 1;
}

static double seconds(struct contender *c, uint32_t steps) {
    double took = -1;
    if (!c->peer.program) return bench_ours_run(&c->ours, steps, NULL);
    return c->peer.run(&c->peer, steps, &took) ? took : -1;
}

/* Chooses how many steps a contender makes. */
static void calibrate(struct contender *c, uint32_t unit, double long_enough) {
    uint32_t steps = unit;
    double took = seconds(c, steps);
    while (took >= 0 && took < long_enough && 2 * steps <= MOST_STEPS) {
        steps *= 2;
        took = seconds(c, steps);
    }
    if (took < 0) snprintf(c->why, sizeof c->why, "it broke: %.60s", c->ours.error.message);
    c->many = steps > 2 * unit ? steps : 2 * unit;
    c->few = c->many / 4 / unit * unit;
    if (c->few < unit) c->few = unit;
}

/* Threads of one program that still look for work would slow the next. */
static void settle(const struct contest *contest) {
    const struct timespec pause = {.tv_nsec = 40000000};
    if (repetitions(contest->suite) == 1) return; /* nobody measures */
    for (int i = 0; i < contest->count; i++) {
        const struct contender *c = &contest->all[i];
        if ((c->peer.program ? c->peer.threads : c->ours.threads) > 1) {
            nanosleep(&pause, NULL);
            return;
        }
    }
}

static void time_all(struct contest *contest) {
    uint32_t unit = bench_job_unit(&contest->job);
    for (int i = 0; i < contest->count; i++) {
        if (*contest->all[i].why) continue;
        settle(contest);
        calibrate(&contest->all[i], unit, budget(contest->suite));
    }
    double begin = bench_seconds(), most = MOST_SECONDS * repetitions(contest->suite);
    int least = repetitions(contest->suite) < 3 ? 1 : 2;
    for (int r = 0; r < repetitions(contest->suite) && (r < least || bench_seconds() - begin < most); r++) {
        contest->repetitions = r + 1;
        for (int i = 0; i < contest->count; i++) {
            struct contender *c = &contest->all[i];
            if (*c->why) continue;
            settle(contest);
            c->few_times[r] = seconds(c, c->few);
            c->many_times[r] = seconds(c, c->many);
            if (c->few_times[r] < 0 || c->many_times[r] < 0) snprintf(c->why, sizeof c->why, "it broke");
        }
    }
}

/* ns an item of one start: each longer run less the best of the shorter ones. */
static void summarise(const struct contest *contest, struct contender *c, struct bench_single_row *row) {
    int n = contest->repetitions;
    const struct bench_task *task = contest->job.task;
    double items = (strcmp(task->item, "network-step") == 0 ? 1.0 + task->neighbours : 1.0) * (double)row->starts;
    double scale = 1e9 / (items * (c->many - c->few)), few, ignored;
    bench_summarise(c->few_times, n, &few, &ignored, &ignored);
    for (int r = 0; r < n; r++) c->many_times[r] = scale * fabs(c->many_times[r] - few);
    bench_summarise(c->many_times, n, &row->best, &row->median, &row->spread);
    if (n > 1)
        bench_note_spread(row->spread);
    else
        row->spread = NAN;
}

/* The bound of a row of ours. */
static void find_bound(const struct contest *contest, const struct bench_ours *ours, struct bench_single_row *row) {
    const struct bench_job *job = &contest->job;
    const struct bench_task *task = job->task;
    struct bench_suite *suite = contest->suite;
    if (task->latency) {
        static struct bench_latency known[LYAP_ISA_COUNT][2];
        struct bench_latency *latency = &known[ours->isa][job->precision];
        if (!(latency->fma > 0)) *latency = bench_latency_measure(lyap_kernels_get(ours->isa, job->precision));
        const struct bench_chain chain = bench_chain_of(&job->net, job->data.samples);
        row->bound = bench_chain_ns(&chain, latency) / (double)ours->starts;
        snprintf(row->limit, sizeof row->limit, "latency");
        snprintf(row->note, sizeof row->note, "ns: fma %.2f, mul %.2f, add %.2f, relu %.2f, gate %.2f, tanh %.1f",
                 latency->fma, latency->mul, latency->add, latency->relu, latency->gate, latency->tanh);
    }
    if (task->block && suite->limits_known[ours->isa][job->precision]) {
        const char *limit = "";
        size_t real = job->precision == LYAP_FLOAT64 ? sizeof(double) : sizeof(float);
        struct bench_count count = bench_count_step(&job->net, job->data.samples, task->neighbours, real);
        row->bound = bench_limits_bound(&suite->limits[ours->isa][job->precision], &count,
                                        (double)(job->trajectories * job->parameters * BENCH_SINGLE_BLOCK * real),
                                        suite->machine, &limit);
        snprintf(row->limit, sizeof row->limit, "%s", limit);
    }
}

static struct bench_single_row *add_row(struct contest *contest, struct contender *c) {
    const struct bench_job *job = &contest->job;
    struct bench_single_row *row = bench_single_rows_add(&contest->suite->single);
    if (!row) return NULL;
    bool ours = !c->peer.program;
    double state_tolerance;
    *row = (struct bench_single_row){.task = job->task->name,
                                     .item = job->task->item,
                                     .net = job->task->shape,
                                     .activation = lyap_activation_name(job->task->activation),
                                     .precision = lyap_precision_name(job->precision),
                                     .samples = job->data.samples,
                                     .neighbours = job->task->neighbours,
                                     .exponents = job->task->exponents,
                                     .starts = ours ? c->ours.starts : 1,
                                     .threads = ours ? c->ours.threads : c->peer.threads,
                                     .residual = ours ? 0 : c->peer.residual,
                                     .state_residual = ours ? 0 : c->peer.state_residual};
    snprintf(row->program, sizeof row->program, "%s", ours ? lyap_isa_name(c->ours.isa) : c->peer.program);
    snprintf(row->note, sizeof row->note, "%s", *c->why ? c->why : c->peer.note);
    bench_single_tolerance(job, &row->tolerance, &state_tolerance);
    if (*c->why || !contest->repetitions) return row;
    summarise(contest, c, row);
    if (ours) find_bound(contest, &c->ours, row);
    return row;
}

static void refuse(struct contest *contest, struct contender *c, const char *why) {
    const struct bench_task *task = contest->job.task;
    snprintf(c->why, sizeof c->why, "%s", why);
    fprintf(stderr, "lyapgrad-bench: %s %s %s, %s: %s: not timed\n", task->name, task->shape,
            lyap_precision_name(contest->job.precision), c->peer.program ? c->peer.program : "lyapgrad", why);
    contest->suite->mismatches++;
}

static bool room_for(struct bench_single_result *result, const struct contest *contest) {
    *result = (struct bench_single_result){.distance = calloc(contest->checked, sizeof(double)),
                                           .weights = calloc(contest->job.parameters, sizeof(double))};
    return result->distance && result->weights;
}

static void free_result(struct bench_single_result *result) {
    free(result->distance);
    free(result->weights);
}

static bool same_bits(const struct contest *contest, const struct bench_single_result *found) {
    const struct bench_single_result *expected = &contest->expected;
    return memcmp(expected->distance, found->distance, contest->checked * sizeof(double)) == 0 &&
           memcmp(expected->weights, found->weights, contest->job.parameters * sizeof(double)) == 0 &&
           memcmp(expected->growth, found->growth, sizeof found->growth) == 0 &&
           memcmp(&expected->loss, &found->loss, sizeof found->loss) == 0;
}

/* Adds a way of ours; its first cell must have the bits of the first way's. */
static enum lyap_status add_ours(struct contest *contest, enum lyap_isa isa, uint64_t starts, int threads,
                                 struct lyap_error *error) {
    struct contender *c = &contest->all[contest->count++];
    c->ours = (struct bench_ours){.job = &contest->job, .isa = isa, .starts = starts, .threads = threads};
    if (contest->count == 1) {
        if (bench_ours_run(&c->ours, contest->checked, &contest->expected) >= 0) return LYAP_OK;
        *error = c->ours.error;
        return error->status;
    }
    struct bench_single_result found;
    if (!room_for(&found, contest)) {
        free_result(&found);
        return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory");
    }
    if (bench_ours_run(&c->ours, contest->checked, &found) < 0)
        refuse(contest, c, c->ours.error.message);
    else if (!same_bits(contest, &found))
        refuse(contest, c, "other bits than with the first number of starts and threads");
    free_result(&found);
    return LYAP_OK;
}

static void add_peer(struct contest *contest, struct bench_torch *torch, bool blas, bool stacked, int threads) {
    static char told[2][128];
    struct contender *c = &contest->all[contest->count];
    enum bench_peer_state state =
        blas ? bench_single_blas_open(&c->peer, &contest->job, threads, contest->checked, &contest->expected)
             : bench_single_torch_open(&c->peer, torch, &contest->job, stacked, threads, contest->checked,
                                       &contest->expected);
    c->close = blas ? bench_single_blas_close : bench_single_torch_close;
    if (state == BENCH_PEER_MISSING) {
        if (!stacked && (!blas || contest->job.task->neighbours) && strcmp(told[blas], c->peer.note) != 0 &&
            contest->suite->table)
            fprintf(contest->suite->table, "# peer missing: %s: %s\n", c->peer.program, c->peer.note);
        snprintf(told[blas], sizeof told[blas], "%s", c->peer.note);
        memset(c, 0, sizeof *c);
        return;
    }
    contest->count++;
    if (state == BENCH_PEER_DIFFERS) {
        char why[96];
        double most, state_most;
        bench_single_tolerance(&contest->job, &most, &state_most);
        snprintf(why, sizeof why, "off ours by %.1e (allowed %.1e), its state by %.1e (%.1e)", c->peer.residual, most,
                 c->peer.state_residual, state_most);
        refuse(contest, c, why);
    }
}

static enum lyap_status gather(struct contest *contest, struct bench_torch *torch, enum lyap_isa isa,
                               const int *threads, struct lyap_error *error) {
    const struct bench_task *task = contest->job.task;
    const struct bench_options *options = contest->suite->options;
    enum lyap_status status = LYAP_OK;
    for (int i = 0; i < BENCH_MOST_THREADS && threads[i] && !status && !task->block; i++) {
        if (i > 0 && !task->peers) break;
        status = add_ours(contest, isa, options->starts, threads[i], error);
        if (status || !task->peers || !options->peers) continue;
        add_peer(contest, torch, true, false, threads[i]);
        add_peer(contest, torch, false, false, threads[i]);
        add_peer(contest, torch, false, true, threads[i]);
    }
    if (!status && (task->block || options->starts != BENCH_SINGLE_BLOCK || threads[0] != 1))
        status = add_ours(contest, isa, BENCH_SINGLE_BLOCK, 1, error);
    return status;
}

static enum lyap_status run_contest(struct contest *contest, struct bench_torch *torch, enum lyap_isa isa,
                                    const int *threads, struct lyap_error *error) {
    struct bench_suite *suite = contest->suite;
    uint32_t unit = bench_job_unit(&contest->job);
    contest->checked = (CHECKED + unit - 1) / unit * unit;
    if (unit > 1 && contest->checked < 2 * unit) contest->checked = 2 * unit;
    contest->all = calloc(MOST_CONTENDERS, sizeof *contest->all);
    if (!contest->all || !room_for(&contest->expected, contest))
        return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory");
    enum lyap_status status = gather(contest, torch, isa, threads, error);
    if (status) return status;
    time_all(contest);
    size_t first = suite->single.count;
    for (int i = 0; i < contest->count; i++)
        if (!add_row(contest, &contest->all[i])) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory");
    bench_single_rows_relate(&suite->single);
    bench_single_rows_judge(&suite->single);
    for (size_t i = first; i < suite->single.count && suite->table; i++)
        bench_single_row_print(suite->table, &suite->single.rows[i]);
    if (suite->table) fflush(suite->table);
    return LYAP_OK;
}

static void close_contest(struct contest *contest) {
    for (int i = 0; i < contest->count && contest->all; i++)
        if (contest->all[i].close) contest->all[i].close(&contest->all[i].peer);
    free(contest->all);
    free_result(&contest->expected);
    bench_job_close(&contest->job);
}

/* The limits that a task's bound needs. */
static enum lyap_status find_limits(struct bench_suite *suite, enum lyap_isa isa, enum lyap_precision precision,
                                    struct lyap_error *error) {
    if (suite->limits_known[isa][precision]) return LYAP_OK;
    if (!bench_limits_measure(&suite->limits[isa][precision], lyap_kernels_get(isa, precision), suite->machine,
                              suite->effort))
        return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the bandwidth measurement");
    suite->limits_known[isa][precision] = true;
    return LYAP_OK;
}

/* The row of a task that is run once, before its data are made here, where the child would have them too. */
static enum lyap_status run_memory(struct contest *contest, const struct bench_task *task,
                                   enum lyap_precision precision, enum lyap_isa isa, struct lyap_error *error) {
    struct bench_suite *suite = contest->suite;
    struct bench_job *job = &contest->job;
    size_t samples = suite->options->samples;
    double took, peak;
    enum lyap_status status = bench_single_memory(task, precision, samples, isa, &took, &peak, error);
    if (!status) status = bench_job_open(job, task, precision, samples, 1, error);
    if (status) return status;
    struct contender once = {.ours = {.job = job, .isa = isa, .starts = 1, .threads = 1}};
    struct bench_single_row *row = add_row(contest, &once);
    if (!row) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory");
    row->best = row->median = 1e9 * took;
    row->spread = NAN;
    row->peak = peak;
    row->needed = bench_single_needed(job);
    snprintf(row->note, sizeof row->note, "%.0f MB, needs %.0f; one run with all preparations", row->peak / 1e6,
             row->needed / 1e6);
    bench_single_rows_judge(&suite->single);
    if (suite->table) bench_single_row_print(suite->table, row);
    return LYAP_OK;
}

static enum lyap_status run_task(struct bench_suite *suite, struct bench_torch *torch, const struct bench_task *task,
                                 enum lyap_isa isa, const int *threads, struct lyap_error *error) {
    enum lyap_status status = LYAP_OK;
    for (int p = 0; p < 2 && !status; p++) {
        enum lyap_precision precision = (enum lyap_precision)p;
        struct contest contest = {.suite = suite};
        if (!bench_chosen(&suite->options->precisions, lyap_precision_name(precision))) continue;
        if (task->block) status = find_limits(suite, isa, precision, error);
        if (task->memory) {
            status = run_memory(&contest, task, precision, isa, error);
        } else {
            if (!status)
                status = bench_job_open(&contest.job, task, precision, suite->options->samples, suite->options->starts,
                                        error);
            if (!status) status = run_contest(&contest, torch, isa, threads, error);
        }
        close_contest(&contest);
    }
    return status;
}

enum lyap_status bench_single_run(struct bench_suite *suite, struct lyap_error *error) {
    const struct bench_options *o = suite->options;
    int usual[BENCH_MOST_THREADS] = {1, suite->machine->cpus > 1 ? 2 : 0};
    const int *threads = o->threads[0] ? o->threads : usual;
    char directory[600];
    struct bench_torch torch = {.directory = directory, .script = "bench/peers/single.py"};
    enum lyap_isa best;
    snprintf(directory, sizeof directory, "%.500s/peers", o->out);
    enum lyap_status status = lyap_isa_select(getenv("LYAPGRAD_ISA"), &best, error);
    if (!status && o->peers) status = lyap_output_directory(directory, NULL, error);
    if (suite->table) bench_single_row_print(suite->table, NULL);
    for (int i = 0; i < LYAP_ISA_COUNT && !status; i++) {
        enum lyap_isa isa = (enum lyap_isa)i;
        if (o->isas.count ? !bench_chosen(&o->isas, lyap_isa_name(isa)) : isa != best) continue;
        for (size_t t = 0; t < bench_task_count && !status; t++)
            if (bench_task_chosen(o, &bench_tasks[t]))
                status = run_task(suite, &torch, &bench_tasks[t], isa, threads, error);
    }
    bench_torch_end(&torch);
    return status;
}
