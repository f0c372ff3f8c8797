#include "figure/gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "io/output_file.h"

extern char **environ; /* POSIX has it, and no header that declares it */

enum { PNG, SVG, PICTURES };
static const char *const endings[PICTURES] = {"png", "svg"};

/* "a" "b" "c" joined, or NULL. */
static char *join(const char *a, const char *b, const char *c) {
    size_t size = strlen(a) + strlen(b) + strlen(c) + 1;
    char *text = malloc(size);
    if (text) snprintf(text, size, "%s%s%s", a, b, c);
    return text;
}

/* The path from the root, so that it means the same in another directory; NULL with errno. */
static char *absolute(const char *path) {
    if (path[0] == '/') return strdup(path);
    for (size_t size = 256;; size *= 2) {
        char *here = malloc(size);
        if (!here) return NULL;
        if (getcwd(here, size)) {
            char *whole = join(here, "/", path);
            free(here);
            return whole;
        }
        free(here);
        if (errno != ERANGE) return NULL;
    }
}

static bool is_program(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode) && access(path, X_OK) == 0;
}

char *lyap_gnuplot_find(void) {
    const char *path = getenv("PATH");
    if (!path || !*path) return NULL;
    char *directories = strdup(path), *found = NULL;
    for (char *next = directories; next && !found;) {
        char *end = strchr(next, ':');
        if (end) *end = '\0';
        char *program = join(*next ? next : ".", "/", "gnuplot"); /* an empty entry is the working directory */
        if (program && is_program(program)) found = absolute(program);
        free(program);
        next = end ? end + 1 : NULL;
    }
    free(directories);
    return found;
}

/* One script at work. */
struct job {
    const char *name;
    pid_t process;                        /* 0: none */
    FILE *log;                            /* what gnuplot says, or NULL */
    struct lyap_output picture[PICTURES]; /* gnuplot writes to their temporaries */
};

/* The environment without GNUTERM, as pointers to it: gnuplot takes that for its first terminal, and where it cannot open it leaves its
 * own start half done, after which a script fails that names its terminals itself. NULL without memory; the caller frees. */
static char **gnuplot_environment(void) {
    static const char unwanted[] = "GNUTERM=";
    size_t count = 0, kept = 0;
    while (environ && environ[count]) count++;
    char **result = malloc((count + 1) * sizeof *result);
    if (!result) return NULL;
    for (size_t i = 0; i < count; i++)
        if (strncmp(environ[i], unwanted, sizeof unwanted - 1) != 0) result[kept++] = environ[i];
    result[kept] = NULL;
    return result;
}

/* In the child: only what is safe after a fork from a process with threads. It comes with the host's signal handlers and with
 * `blocked` held back, so that none is lost on a handler that does not concern it. */
static void become_gnuplot(const struct lyap_drawing *d, char *const *argv, char *const *environment, int log,
                           const sigset_t *blocked) {
    const struct sigaction usual = {.sa_handler = SIG_DFL};
    sigaction(SIGTERM, &usual, NULL);
    sigprocmask(SIG_UNBLOCK, blocked, NULL);
    int null = open("/dev/null", O_RDWR);
    if (null < 0 || chdir(d->directory) != 0 || dup2(null, STDIN_FILENO) < 0 ||
        dup2(log >= 0 ? log : null, STDOUT_FILENO) < 0 || dup2(log >= 0 ? log : null, STDERR_FILENO) < 0)
        _exit(127);
    execve(d->gnuplot, argv, environment);
    _exit(127);
}

static enum lyap_status launch(struct job *job, const struct lyap_drawing *d, char *const *argv,
                               struct lyap_error *error) {
    sigset_t blocked, before;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    char **environment = gnuplot_environment();
    if (!environment) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the environment of gnuplot");
    job->log = tmpfile();
    pthread_sigmask(SIG_BLOCK, &blocked, &before);
    lyap_output_begin_change(d->watch);
    job->process = fork();
    if (job->process == 0) become_gnuplot(d, argv, environment, job->log ? fileno(job->log) : -1, &blocked);
    int reason = errno;
    if (job->process > 0) lyap_output_writer_begins(d->watch, job->process);
    lyap_output_end_change(d->watch);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    free(environment);
    if (job->process > 0) return LYAP_OK;
    job->process = 0;
    return lyap_fail(error, LYAP_ERROR_OUTPUT, "%.300s: cannot start it: %s", d->gnuplot, strerror(reason));
}

static enum lyap_status start(struct job *job, const struct lyap_drawing *d, const char *name,
                              struct lyap_error *error) {
    memset(job, 0, sizeof *job);
    job->name = name;
    enum lyap_status status = LYAP_OK;
    char *script = join(name, ".", "gp"), *stem = join(d->directory, "/", name);
    char *target[PICTURES] = {NULL}, *temporary[PICTURES] = {NULL};
    bool memory = script && stem;
    for (int p = 0; p < PICTURES && memory && !status; p++) {
        target[p] = join(stem, ".", endings[p]);
        if (target[p]) status = lyap_output_open(&job->picture[p], target[p], d->watch, error);
        if (target[p] && !status && job->picture[p].temporary) temporary[p] = absolute(job->picture[p].temporary);
        memory = target[p] && (status || !job->picture[p].temporary || temporary[p]);
        if (memory && !status && !temporary[p])
            status = lyap_fail(error, LYAP_ERROR_OUTPUT, "%.300s: is no regular file; a picture needs one", target[p]);
    }
    if (!memory) status = lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the names of pictures");
    if (!status) {
        /* -d: not the user's own settings; -c: what follows the script are its arguments. */
        char *argv[] = {
            (char[]){"gnuplot"}, (char[]){"-d"}, (char[]){"-c"}, script, temporary[PNG], temporary[SVG], NULL};
        status = launch(job, d, argv, error);
    }
    for (int p = 0; p < PICTURES; p++) {
        free(target[p]);
        free(temporary[p]);
    }
    free(script);
    free(stem);
    return status;
}

/* gnuplot says where an error is in the last line that speaks of a line, behind a copy of the command with a caret; "" for nothing. */
static void read_message(FILE *log, char *message, size_t size) {
    char line[256];
    *message = '\0';
    if (!log) return;
    rewind(log);
    while (fgets(line, sizeof line, log)) {
        size_t length = strcspn(line, "\r\n");
        line[length] = '\0';
        size_t blank = strspn(line, " \t^");
        if (blank < length && (strstr(line, "line ") || *message == '\0')) snprintf(message, size, "%s", line + blank);
    }
}

/* A picture is complete when its end is there: gnuplot does not always notice a full disk. */
static bool is_complete(const char *path, int picture) {
    static const char *const marks[PICTURES] = {"IEND", "</svg>"};
    char tail[33] = {0};
    FILE *file = fopen(path, "rb");
    if (!file) return false;
    size_t read = 0;
    if (fseek(file, 0, SEEK_END) == 0) {
        long size = ftell(file), back = (long)sizeof tail - 1;
        if (size > 0 && fseek(file, size > back ? size - back : 0, SEEK_SET) == 0)
            read = fread(tail, 1, sizeof tail - 1, file);
    }
    fclose(file);
    size_t length = strlen(marks[picture]);
    for (size_t i = 0; i + length <= read; i++)
        if (memcmp(tail + i, marks[picture], length) == 0) return true;
    return false;
}

/* Waits for the job's process, asking every few milliseconds whether to go on. */
static enum lyap_status await(struct job *job, const struct lyap_drawing *d, size_t done, int *how,
                              struct lyap_error *error) {
    const struct timespec pause = {.tv_nsec = 5000000};
    for (;;) {
        pid_t ended = waitpid(job->process, how, WNOHANG);
        if (ended == job->process) break;
        if (ended < 0 && errno != EINTR)
            return lyap_fail(error, LYAP_ERROR_OUTPUT, "gnuplot: cannot wait for it: %s", strerror(errno));
        if (d->progress && !d->progress(done, d->count, d->progress_context))
            return lyap_fail(error, LYAP_ERROR_INTERRUPTED, "interrupted");
        nanosleep(&pause, NULL);
    }
    lyap_output_writer_ended(d->watch, job->process);
    job->process = 0;
    return LYAP_OK;
}

/* What gnuplot said, in brackets, if anything: it says nothing of a full disk. */
static const char *quote_message(FILE *log, char text[300]) {
    char message[256];
    read_message(log, message, sizeof message);
    snprintf(text, 300, *message ? " (%s)" : "%s", message);
    return text;
}

static enum lyap_status fail_unfinished(const struct job *job, const struct lyap_drawing *d, int picture,
                                        struct lyap_error *error) {
    char said[300];
    return lyap_fail(error, LYAP_ERROR_OUTPUT,
                     "gnuplot did not finish %.160s/%.60s.%s%.100s: the tables there are complete, only the picture is "
                     "missing; is the disk full?",
                     d->directory, job->name, endings[picture], quote_message(job->log, said));
}

static enum lyap_status fail_script(const struct job *job, const struct lyap_drawing *d, struct lyap_error *error) {
    char message[256];
    read_message(job->log, message, sizeof message);
    if (*message)
        return lyap_fail(error, LYAP_ERROR_OUTPUT, "gnuplot failed on %.200s/%.60s.gp: %s", d->directory, job->name,
                         message);
    return lyap_fail(error, LYAP_ERROR_OUTPUT,
                     "gnuplot failed on %.200s/%.60s.gp without a message: the tables there are complete, only the "
                     "picture is missing; is the disk full?",
                     d->directory, job->name);
}

/* Waits for the job; its pictures get their names. */
static enum lyap_status finish(struct job *job, const struct lyap_drawing *d, size_t done, struct lyap_error *error) {
    int how = 0;
    enum lyap_status status = await(job, d, done, &how, error);
    if (status) return status;
    if (!WIFEXITED(how) || WEXITSTATUS(how) != 0) return fail_script(job, d, error);
    for (int p = 0; p < PICTURES; p++) {
        if (is_complete(job->picture[p].temporary, p)) {
            enum lyap_status committed = lyap_output_commit(&job->picture[p], status ? NULL : error);
            if (!status) status = committed;
        } else if (!status) { /* the other picture may still be complete */
            status = fail_unfinished(job, d, p, error);
        }
    }
    return status;
}

/* Ends a process: asks it to, and a second later no longer asks. */
static void end_process(pid_t process) {
    const struct timespec pause = {.tv_nsec = 5000000};
    kill(process, SIGTERM);
    for (int i = 0; i < 200; i++) {
        pid_t ended = waitpid(process, NULL, WNOHANG);
        if (ended == process || (ended < 0 && errno != EINTR)) return;
        nanosleep(&pause, NULL);
    }
    kill(process, SIGKILL);
    while (waitpid(process, NULL, 0) < 0 && errno == EINTR) {
    }
}

static void release(struct job *job, struct lyap_output_watch *watch) {
    if (job->process > 0) {
        end_process(job->process);
        lyap_output_writer_ended(watch, job->process);
    }
    if (job->log) fclose(job->log);
    for (int p = 0; p < PICTURES; p++) lyap_output_abandon(&job->picture[p]);
    memset(job, 0, sizeof *job);
}

enum lyap_status lyap_draw(const struct lyap_drawing *d, struct lyap_error *error) {
    struct job *jobs = calloc(d->count ? d->count : 1, sizeof *jobs);
    if (!jobs) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu drawings", d->count);
    enum lyap_status status = LYAP_OK;
    size_t started = 0;
    for (size_t done = 0; done < d->count && !status; done++) {
        for (; started < d->count && started < done + (size_t)d->jobs && !status; started++)
            status = start(&jobs[started], d, d->names[started], error);
        if (!status) status = finish(&jobs[done], d, done, error);
        if (!status) release(&jobs[done], d->watch);
    }
    for (size_t i = 0; i < started; i++) release(&jobs[i], d->watch);
    free(jobs);
    return status;
}
