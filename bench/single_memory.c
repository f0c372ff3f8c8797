/* How much memory one large network takes, in a process of its own. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "single.h"
#include "timer.h"

enum { CHUNK = 1024 };

struct found {
    double seconds, peak;
};

double bench_single_needed(const struct bench_job *job) {
    double real = job->precision == LYAP_FLOAT64 ? sizeof(double) : sizeof(float), units = 0;
    double directions = (double)job->task->exponents, samples = (double)job->data.samples;
    double data = samples * (double)(job->data.inputs + job->data.outputs);
    for (int l = 1; l <= job->net.layers; l++) units += job->net.sizes[l];
    return (directions + 3) * (double)job->parameters * real + data * (real + sizeof(double)) +
           2 * (1 + directions) * units * fmin(samples, CHUNK) * real;
}

/* Peak memory of this process. */
static double peak_bytes(void) {
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) != 0) return NAN;
#if defined(__APPLE__)
    return (double)usage.ru_maxrss; /* bytes there */
#else
    return 1024 * (double)usage.ru_maxrss;
#endif
}

/* The child's work. */
static bool measure(const struct bench_task *task, enum lyap_precision precision, size_t samples, enum lyap_isa isa,
                    struct found *found) {
    struct bench_job job;
    struct bench_ours ours = {.job = &job, .isa = isa, .starts = 1, .threads = 1};
    if (bench_job_open(&job, task, precision, samples, 1, NULL)) return false;
    uint32_t steps = bench_job_unit(&job);
    found->seconds = bench_ours_run(&ours, steps, NULL) / steps;
    found->peak = peak_bytes();
    return found->seconds > 0;
}

enum lyap_status bench_single_memory(const struct bench_task *task, enum lyap_precision precision, size_t samples,
                                     enum lyap_isa isa, double *seconds, double *peak, struct lyap_error *error) {
    struct found found = {0};
    int ends[2], state = 0;
    fflush(NULL);
    if (pipe(ends) != 0) return lyap_fail(error, LYAP_ERROR_MEMORY, "no pipe for %s", task->name);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        bool ok = measure(task, precision, samples, isa, &found);
        _exit(!ok || write(ends[1], &found, sizeof found) != (ssize_t)sizeof found);
    }
    close(ends[1]);
    bool heard = child > 0 && read(ends[0], &found, sizeof found) == (ssize_t)sizeof found;
    close(ends[0]);
    while (child > 0 && waitpid(child, &state, 0) < 0) {
    }
    if (!heard || !WIFEXITED(state) || WEXITSTATUS(state) != 0)
        return lyap_fail(error, LYAP_ERROR_MEMORY, "the run of %s on %s failed", task->name, task->shape);
    *seconds = found.seconds;
    *peak = found.peak;
    return LYAP_OK;
}
