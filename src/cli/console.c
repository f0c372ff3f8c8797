#if defined(__APPLE__)
#define _DARWIN_C_SOURCE /* struct winsize */
#endif

#include "cli/console.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
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

/* The bar on the terminal: when it began and was last drawn, and how long its line was. */
static struct {
    double first, last;
    uint64_t from, cells, diverged;
    bool share; /* the work is counted in shares of the whole, not in steps */
    int width;
} bar;

void cli_progress_from(uint64_t done) {
    bar.from = done;
}

void cli_progress_cells(uint64_t cells, uint64_t diverged) {
    bar.cells = cells;
    bar.diverged = diverged;
}

/* Blanks over the line rather than an escape sequence. */
static void clear_bar(void) {
    if (bar.width) fprintf(stderr, "\r%*s\r", bar.width, "");
    fflush(stderr);
    memset(&bar, 0, sizeof bar);
}

static bool set_and_not_empty(const char *name) {
    const char *text = getenv(name);
    return text && *text;
}

/* A terminal that can return to the beginning of its line. */
static bool has_terminal(void) {
    const char *kind = getenv("TERM");
    return isatty(STDERR_FILENO) && !(kind && strcmp(kind, "dumb") == 0);
}

static void format_time(double seconds, char text[32]) {
    if (seconds < 100)
        snprintf(text, 32, "%.0f s", seconds);
    else if (seconds < 6000)
        snprintf(text, 32, "%.0f min", seconds / 60);
    else if (seconds < 100 * 3600.0)
        snprintf(text, 32, "%.0f h %02.0f min", floor(seconds / 3600), floor(fmod(seconds, 3600) / 60));
    else
        snprintf(text, 32, "%.0f days", seconds / 86400);
}

static int columns(void) {
#ifdef TIOCGWINSZ
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
#endif
    return 80;
}

/* Rate and time left are those of the work since the run began. The bar is short where a long one would leave no room for
 * the longest text behind it, as on a terminal of 80 columns. */
static void draw_bar(uint64_t done, uint64_t total, double elapsed) {
    enum { LONG = 24, SHORT = 12, SHARE = 2 + 6, TEXT = 57 };
    double share = (double)done / (double)total;
    char filled[LONG + 1], rest[128] = "", left[32];
    int full = 0, room = columns() - 1, length = room < LONG + SHARE + TEXT ? SHORT : LONG;
    while (full < length && share * length > full) filled[full++] = '=';
    filled[full] = '\0';
    if (done > bar.from) {
        double rate = (double)(done - bar.from) / elapsed;
        format_time((double)(total - done) / rate, left);
        if (bar.share)
            snprintf(rest, sizeof rest, "  %s left", left);
        else
            snprintf(rest, sizeof rest, "  %.3g steps/s, %s left", rate, left);
    }
    size_t used = strlen(rest);
    if (bar.cells)
        snprintf(rest + used, sizeof rest - used, ", %.3g %% diverged", 100 * (double)bar.diverged / (double)bar.cells);
    int shown = room - (length + SHARE); /* what the terminal has room for behind bar and share */
    if (shown < 0) return;
    if ((int)strlen(rest) < shown) shown = (int)strlen(rest);
    int width = length + SHARE + shown;
    bool coloured = !set_and_not_empty("NO_COLOR");
    fprintf(stderr, "\r[%s%s%s%*s] %3.0f %%%.*s%*s", coloured ? "\033[32m" : "", filled, coloured ? "\033[0m" : "",
            length - full, "", 100 * share, shown, rest, bar.width > width ? bar.width - width : 0, "");
    fflush(stderr);
    bar.width = width;
}

bool cli_progress(uint64_t done, uint64_t total, void *context) {
    computing = 1;
    if (caught || done == total) {
        clear_bar();
        return !caught;
    }
    if (*(const bool *)context || !has_terminal()) return true;
    double now = cli_seconds();
    if (bar.first == 0) bar.first = now;
    if (now - bar.first < 0.5 || now - bar.last < 0.1) return true; /* short runs show nothing */
    bar.last = now;
    draw_bar(done, total, now - bar.first);
    return true;
}

bool cli_progress_share(uint64_t done, uint64_t total, void *context) {
    bar.share = true;
    return cli_progress(done, total, context);
}
