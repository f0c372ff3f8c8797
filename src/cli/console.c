#include "cli/console.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "io/output_watch.h"

/* The command's unfinished outputs, which the handlers below remove. */
static struct lyap_output_watch watch;

struct lyap_output_watch *cli_output_watch(void) {
    return &watch;
}

static volatile sig_atomic_t caught, deferred, computing;

/* Until the computation first asks whether to go on, the first one ends at once, since nothing asks: a read of a pipe may never return.
 * From then on the first one asks the run to stop, the second one ends at once; but while finished files get their names, which takes
 * moments, it waits for the next. */
static void on_stop(int number) {
    static const char line[] = "lyapgrad: interrupted\n";
    bool first = !caught, at_once = number != SIGXCPU && (!first || !computing); /* the system repeats that one */
    if (at_once && lyap_output_abandon_all(&watch)) {
        if (first && write(STDERR_FILENO, line, sizeof line - 1) < 0) _exit(128 + number);
        _exit(128 + number);
    }
    if (first) caught = number;
}

/* Ends as the signal does without a handler, which the kernel has taken away by now: abort() and faults by themselves, others when they
 * are sent again. */
static void on_end(int number) {
    if (lyap_output_abandon_all(&watch))
        raise(number);
    else
        caught = deferred = number;
}

void cli_end_deferred(void) {
    if (deferred) raise(deferred);
}

static void abandon_all(void) {
    lyap_output_abandon_all(&watch);
}

/* Handlers that are there already stay: a signal that is ignored (nohup), a sanitizer's. */
static void handle(const int *signals, size_t count, void (*handler)(int), int flags) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags}, inherited;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < count; i++)
        if (sigaction(signals[i], NULL, &inherited) == 0 && !(inherited.sa_flags & SA_SIGINFO) &&
            inherited.sa_handler == SIG_DFL)
            sigaction(signals[i], &action, NULL);
}

void cli_catch_signals(void) {
    static const int stopping[] = {SIGINT, SIGTERM, SIGHUP, SIGXCPU};
    static const int ending[] = {SIGQUIT, SIGABRT, SIGSEGV, SIGBUS,  SIGILL,    SIGFPE,
                                 SIGSYS,  SIGALRM, SIGUSR1, SIGUSR2, SIGVTALRM, SIGPROF};
    handle(stopping, sizeof stopping / sizeof *stopping, on_stop, SA_RESTART);
    handle(ending, sizeof ending / sizeof *ending, on_end, (int)SA_RESETHAND);
    /* A closed pipe and a file-size limit show as write errors, with a message. */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    /* A library that ends the process leaves no half-written file. */
    atexit(abandon_all);
}

bool cli_interrupted(void) {
    computing = 1;
    return caught != 0;
}

int cli_signal_status(void) {
    return 128 + (caught ? caught : SIGINT);
}

double cli_seconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}
