#if defined(__APPLE__)
#define _DARWIN_C_SOURCE /* struct winsize */
#endif

#include "cli/progress.h"

#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "cli/console.h"

/* Short work shows nothing; then the bar is drawn ten times a second. */
static const double patience = 0.5;
enum { INTERVAL = 100 * 1000 * 1000 };

/* All that is drawn; of the work at hand, zero without one. */
struct bar {
    const char *phase;  /* before there are updates; NULL: they are under way */
    double begun;       /* when the bar was asked for */
    double first, last; /* reports of updates: when the first came, and the last one that told of new ones */
    uint64_t from, done, total, cells, diverged;
    bool share; /* the work is counted in shares of the whole, not in steps */
    bool shown;
};

/* Between the command's thread and the one that draws. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct bar bar;
static char line[256]; /* that is on the terminal, without colours */

/* The part that reports are of; a share of 0: the whole. */
static double part_before, part_share;

/* The thread; it ends when `ending` is set and told. */
static pthread_t thread;
static pthread_cond_t wake = PTHREAD_COND_INITIALIZER;
static bool running, ending;

static bool set_and_not_empty(const char *name) {
    const char *text = getenv(name);
    return text && *text;
}

/* A terminal that can return to the beginning of its line. */
static bool has_terminal(void) {
    const char *type = getenv("TERM");
    return isatty(STDERR_FILENO) && !(type && strcmp(type, "dumb") == 0);
}

/* ---- drawing, with the mutex held ---- */

/* Blanks over the line rather than an escape sequence. */
static void clear_bar(void) {
    if (*line) fprintf(stderr, "\r%*s\r", (int)strlen(line), "");
    fflush(stderr);
    *line = '\0';
    memset(&bar, 0, sizeof bar);
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

/* Rate and time left are those of the work since the run began, as of the last report; between two the time runs down. Before the first
 * updates are done the line says what is going on, and since when. */
static void describe(double now, char *text, size_t size) {
    char time[32];
    size_t used = 0;
    if (bar.done > bar.from && bar.last > bar.first) {
        const double rate = (double)(bar.done - bar.from) / (bar.last - bar.first);
        format_time(fmax((double)(bar.total - bar.done) / rate - (now - bar.last), 0), time);
        if (!bar.share) used += (size_t)snprintf(text, size, "  %.3g steps/s,", rate);
        used += (size_t)snprintf(text + used, size - used, "%s %s left", bar.share ? " " : "", time);
    } else {
        format_time(now - bar.begun, time);
        used += (size_t)snprintf(text, size, "  %s, %s", bar.phase ? bar.phase : "no step is done yet", time);
    }
    if (bar.cells)
        snprintf(text + used, size - used, ", %.3g %% diverged", 100 * (double)bar.diverged / (double)bar.cells);
}

/* The bar is short where a long one would leave no room for the longest text behind it, as on a terminal of 80 columns. */
static void draw_bar(double now) {
    enum { LONG = 24, SHORT = 12, SHARE = 2 + 6, TEXT = 57 };
    const double share = bar.total ? (double)bar.done / (double)bar.total : 0;
    char filled[LONG + 1], rest[160], text[sizeof line];
    int full = 0, room = columns() - 1, length = room < LONG + SHARE + TEXT ? SHORT : LONG;
    while (full < length && share * length > full) filled[full++] = '=';
    filled[full] = '\0';
    describe(now, rest, sizeof rest);
    const int shown = room - (length + SHARE); /* what the terminal has room for behind bar and share */
    if (shown < 0) return;
    snprintf(text, sizeof text, "[%-*s] %3.0f %%%.*s", length, filled, 100 * share, shown, rest);
    if (strcmp(text, line) == 0) return;
    const bool coloured = !set_and_not_empty("NO_COLOR");
    const int left = (int)strlen(line) - (int)strlen(text);
    fprintf(stderr, "\r[%s%s%s%s%*s", coloured ? "\033[32m" : "", filled, coloured ? "\033[0m" : "", text + 1 + full,
            left > 0 ? left : 0, "");
    fflush(stderr);
    memcpy(line, text, sizeof line);
}

/* ---- the thread ---- */

static void *draw_now_and_then(void *context) {
    (void)context;
    pthread_mutex_lock(&mutex);
    while (!ending) {
        struct timespec until;
        const double now = cli_seconds();
        if (bar.shown && now - bar.begun >= patience) draw_bar(now);
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += INTERVAL;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        pthread_cond_timedwait(&wake, &mutex, &until);
    }
    pthread_mutex_unlock(&mutex);
    return NULL;
}

/* Signals stay with the command's thread. Without the thread there is no bar. */
static void start_thread(void) {
    sigset_t all, before;
    if (running) return;
    sigfillset(&all);
    ending = false;
    pthread_sigmask(SIG_SETMASK, &all, &before);
    running = pthread_create(&thread, NULL, draw_now_and_then, NULL) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* Begins a bar unless there is one, or none may be; with the mutex held. */
static bool begin(bool quiet, double now) {
    if (bar.shown) return true;
    if (quiet || !has_terminal()) return false;
    bar.shown = true;
    bar.begun = now;
    start_thread();
    return true;
}

/* ---- what the command says ---- */

void cli_progress_phase(bool quiet, const char *phase) {
    pthread_mutex_lock(&mutex);
    if (begin(quiet, cli_seconds())) bar.phase = phase;
    pthread_mutex_unlock(&mutex);
}

void cli_progress_from(uint64_t done) {
    pthread_mutex_lock(&mutex);
    if (part_share == 0) bar.from = done; /* else the first report says it */
    pthread_mutex_unlock(&mutex);
}

void cli_progress_cells(uint64_t cells, uint64_t diverged) {
    pthread_mutex_lock(&mutex);
    bar.cells = cells;
    bar.diverged = diverged;
    pthread_mutex_unlock(&mutex);
}

void cli_progress_part(double before, double share) {
    pthread_mutex_lock(&mutex);
    part_before = before;
    part_share = share;
    pthread_mutex_unlock(&mutex);
}

static bool report(uint64_t done, uint64_t total, bool quiet, bool share) {
    enum { WHOLE = 1 << 30 };
    const bool interrupted = cli_interrupted();
    pthread_mutex_lock(&mutex);
    const double now = cli_seconds();
    if (part_share > 0) {
        const double reached = part_before + part_share * (total ? (double)done / (double)total : 1);
        done = (uint64_t)(fmin(reached, 1) * WHOLE + 0.5);
        total = WHOLE;
        share = true;
    }
    if (interrupted || done == total) {
        clear_bar();
    } else if (begin(quiet, now)) {
        if (bar.first == 0 && part_share > 0) bar.from = done;
        if (bar.first == 0) bar.first = done > bar.from ? bar.begun : now;
        if (done != bar.done || bar.last == 0) bar.last = now;
        bar.done = done;
        bar.total = total;
        bar.share = share;
    }
    pthread_mutex_unlock(&mutex);
    return !interrupted;
}

bool cli_progress(uint64_t done, uint64_t total, void *context) {
    return report(done, total, *(const bool *)context, false);
}

bool cli_progress_share(uint64_t done, uint64_t total, void *context) {
    return report(done, total, *(const bool *)context, true);
}

void cli_progress_end(void) {
    pthread_mutex_lock(&mutex);
    clear_bar();
    part_before = part_share = 0;
    const bool was_running = running;
    ending = true;
    running = false;
    pthread_cond_signal(&wake);
    pthread_mutex_unlock(&mutex);
    if (was_running) pthread_join(thread, NULL);
}
