/* One network in PyTorch: bench/peers/single.py, started once for each number of threads and told over pipes what to do, so that its
 * runs can take turns with the library's. */
#define _XOPEN_SOURCE 600 /* setenv, fdopen, kill */

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/output_file.h"
#include "peers.h"
#include "single_peers.h"

enum { LINE = 256, CHOICE_STEPS = 4, NAMES = 200 };

struct torch_own {
    struct bench_torch_process *process;
    char form[24];
};

/* The child: the settings that threads of OpenMP and OpenBLAS are known by, and the program. */
static void become(const struct bench_torch *torch, int threads, const int to[2], const int from[2]) {
    char text[16];
    snprintf(text, sizeof text, "%d", threads);
    setenv("OMP_NUM_THREADS", text, 1);
    setenv("OPENBLAS_NUM_THREADS", text, 1);
    setenv("MKL_NUM_THREADS", text, 1);
    /* Threads of OpenMP that spin keep OpenBLAS's from the cores: twenty times slower where both have as many as there are. */
    setenv("OMP_WAIT_POLICY", "PASSIVE", 0);
    unsetenv("OPENBLAS_CORETYPE"); /* these make an OpenBLAS take old kernels where someone has set them */
    unsetenv("OPENBLAS_L2_SIZE");
    dup2(to[0], STDIN_FILENO);
    dup2(from[1], STDOUT_FILENO);
    execlp(torch->python, torch->python, torch->script, text, (char *)NULL);
    _exit(127);
}

static bool start(struct bench_torch *torch, struct bench_torch_process *process, int threads) {
    int to[2], from[2];
    fflush(NULL);
    if (pipe(to) != 0) return false;
    if (pipe(from) != 0) {
        close(to[0]);
        close(to[1]);
        return false;
    }
    /* A child started later must not hold these open, or the end of this one's input would never come. */
    for (int i = 0; i < 2; i++) {
        fcntl(to[i], F_SETFD, FD_CLOEXEC);
        fcntl(from[i], F_SETFD, FD_CLOEXEC);
    }
    pid_t child = fork();
    if (child == 0) become(torch, threads, to, from);
    close(to[0]);
    close(from[1]);
    if (child < 0) {
        close(to[1]);
        close(from[0]);
        return false;
    }
    signal(SIGPIPE, SIG_IGN); /* a program that ended is told by what is not read from it */
    *process = (struct bench_torch_process){
        .threads = threads, .id = child, .to = fdopen(to[1], "w"), .from = fdopen(from[0], "r")};
    return process->to && process->from;
}

static void end(struct bench_torch_process *process) {
    if (process->to) fclose(process->to);
    if (process->from) fclose(process->from);
    if (process->id > 0)
        while (waitpid((pid_t)process->id, NULL, 0) < 0) {
        }
    *process = (struct bench_torch_process){0};
}

void bench_torch_end(struct bench_torch *torch) {
    for (int i = 0; i < BENCH_TORCH_MOST; i++) end(&torch->process[i]);
}

/* The process with so many threads, started when it is first asked for; NULL where there is none. */
static struct bench_torch_process *process_of(struct bench_torch *torch, int threads) {
    for (int i = 0; i < BENCH_TORCH_MOST; i++) {
        struct bench_torch_process *process = &torch->process[i];
        if (process->threads == threads) return process;
        if (process->threads) continue;
        if (start(torch, process, threads)) return process;
        end(process);
        return NULL;
    }
    return NULL;
}

static bool answer(struct bench_torch_process *process, char line[LINE]) {
    if (!fgets(line, LINE, process->from)) return false;
    line[strcspn(line, "\r\n")] = 0;
    return strncmp(line, "failed", 6) != 0;
}

bool bench_torch_form(const char *line, char name[24], double *residual, double *state_residual) {
    return sscanf(line, "form %23s %lf %lf", name, residual, state_residual) == 3;
}

/* The forms that it is the fastest of. A process knows one case of each group. */
static const char *group_of(const struct bench_single_peer *peer) {
    return strcmp(peer->program, "torch") == 0 ? "plain" : "stacked";
}

static bool run(struct bench_single_peer *peer, uint32_t steps, double *seconds) {
    struct torch_own *own = peer->own;
    char line[LINE];
    fprintf(own->process->to, "run %s %s %u\n", group_of(peer), own->form, (unsigned)steps);
    return fflush(own->process->to) == 0 && answer(own->process, line) && sscanf(line, "took %lf", seconds) == 1;
}

/* What single.py reads. */
static enum lyap_status write_file(const char *path, const struct bench_job *job, uint32_t steps,
                                   const struct bench_single_result *expected, struct lyap_error *error) {
    struct lyap_output output;
    size_t directions = job->task->neighbours ? 0 : job->task->exponents;
    double *starts = malloc((job->trajectories + directions) * job->parameters * sizeof *starts);
    if (!starts) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory");
    enum lyap_status status = bench_job_initial(job, starts, error);
    if (directions) bench_job_directions(job, starts + job->trajectories * job->parameters);
    if (!status) status = lyap_output_open(&output, path, NULL, error);
    if (!status) {
        const struct {
            const double *values;
            size_t count;
        } parts[] = {{job->data.x, job->data.samples * job->data.inputs},
                     {job->data.y, job->data.samples * job->data.outputs},
                     {starts, (job->trajectories + directions) * job->parameters},
                     {directions ? expected->growth : expected->distance, directions ? directions : steps},
                     {directions ? &expected->loss : expected->weights, directions ? 1 : job->parameters}};
        bool written = true;
        for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
            written = written && fwrite(parts[i].values, sizeof(double), parts[i].count, output.file) == parts[i].count;
        if (written)
            status = lyap_output_commit(&output, error);
        else {
            status = lyap_fail(error, LYAP_ERROR_OUTPUT, "%s: cannot write", path);
            lyap_output_abandon(&output);
        }
    }
    free(starts);
    return status;
}

/* Has the case loaded; lists the forms that agree in `names`, and keeps the residuals of the nearest form in the peer. */
static bool load(struct bench_single_peer *peer, struct bench_torch_process *process, const char *path, uint32_t steps,
                 char names[NAMES]) {
    const struct bench_job *job = peer->job;
    char line[LINE], name[24];
    double residual, state_residual;
    size_t used = 0;
    bool any = false;
    fprintf(process->to, "load %s %s %s %d %d %d %zu %zu %s %.17g %u %u\n", path,
            job->task->neighbours ? "neighbours" : "tangents", group_of(peer), job->net.sizes[0], job->net.sizes[1],
            job->net.sizes[2], job->data.samples, job->task->neighbours ? job->trajectories : job->task->exponents,
            lyap_precision_name(job->precision), bench_job_step(job), (unsigned)bench_job_unit(job), (unsigned)steps);
    *names = 0;
    if (fflush(process->to) != 0) return false;
    while (answer(process, line)) {
        if (strncmp(line, "loaded ", 7) == 0) {
            snprintf(peer->note, sizeof peer->note, "%.60s", line + 7);
            return any;
        }
        if (!bench_torch_form(line, name, &residual, &state_residual)) continue;
        bool agrees = bench_single_agrees(job, residual, state_residual);
        if (agrees && used + strlen(name) + 2 < NAMES)
            used += (size_t)snprintf(names + used, NAMES - used, "%s%s", used ? "," : "", name);
        else if (!agrees)
            fprintf(stderr, "lyapgrad-bench: %s %s %s %s %s: off by %.1e, its state by %.1e: not timed\n",
                    peer->program, name, job->task->name, job->task->shape, lyap_precision_name(job->precision),
                    residual, state_residual);
        if (!any || residual < peer->residual) {
            peer->residual = residual;
            peer->state_residual = state_residual;
        }
        any = true;
        peer->forms++;
        peer->agreeing += agrees;
    }
    snprintf(peer->note, sizeof peer->note, "%.90s", line);
    return false;
}

static enum bench_peer_state missing(struct bench_single_peer *peer, const char *why) {
    if (why) snprintf(peer->note, sizeof peer->note, "%.90s", why);
    return BENCH_PEER_MISSING;
}

enum bench_peer_state bench_single_torch_open(struct bench_single_peer *peer, struct bench_torch *torch,
                                              const struct bench_job *job, bool stacked, int threads, uint32_t steps,
                                              const struct bench_single_result *expected) {
    *peer = (struct bench_single_peer){.job = job, .threads = threads, .run = run};
    peer->program = stacked ? "torch-stacked" : "torch";
    if (stacked && job->task->alone) return missing(peer, "there is one network");
    if (!torch->looked) torch->python = bench_peers_python("torch");
    torch->looked = true;
    if (!torch->python) return missing(peer, "no Python with PyTorch (PYTHON=/path/to/python3 names one)");
    if (access(torch->script, R_OK) != 0) return missing(peer, "bench/peers/single.py is not here");
    if (job->net.layers != 2 || job->net.activation[0] != LYAP_TANH) return missing(peer, "no such step is written");
    struct bench_torch_process *process = process_of(torch, threads);
    if (!process) return missing(peer, "Python did not start");
    char path[700], names[NAMES], line[LINE];
    struct lyap_error error;
    snprintf(path, sizeof path, "%s/single.bin", torch->directory);
    if (strpbrk(path, " \t")) return missing(peer, "a blank in the name of the directory");
    if (write_file(path, job, steps, expected, &error)) return missing(peer, error.message);
    bool loaded = load(peer, process, path, steps, names);
    remove(path);
    if (!loaded) return missing(peer, NULL);
    if (!*names) return BENCH_PEER_DIFFERS;
    struct torch_own *own = calloc(1, sizeof *own);
    if (!own) return missing(peer, "out of memory");
    own->process = process;
    peer->own = own;
    fprintf(process->to, "choose %s %s %d\n", group_of(peer), names, CHOICE_STEPS);
    if (fflush(process->to) != 0 || !answer(process, line) || sscanf(line, "chosen %23s", own->form) != 1) {
        bench_single_torch_close(peer);
        return missing(peer, "it broke while its forms were timed");
    }
    size_t used = strlen(peer->note);
    snprintf(peer->note + used, sizeof peer->note - used, "; %s", own->form);
    return BENCH_PEER_AGREES;
}

void bench_single_torch_close(struct bench_single_peer *peer) {
    free(peer->own);
    peer->own = NULL;
}
