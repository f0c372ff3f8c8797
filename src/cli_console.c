/* Signals and the progress bar. */
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "output.h"

static volatile sig_atomic_t caught;

static void on_signal(int number) {
    if (caught) {
        lyap_output_abandon_all();
        _exit(128 + number);
    }
    caught = number;
}

/* Returns, and abort() goes on. */
static void on_abort(int number) {
    (void)number;
    lyap_output_abandon_all();
}

void cli_catch_signals(void) {
    static const int stopping[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action = {.sa_handler = on_signal}, inherited;
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART;
    for (size_t i = 0; i < sizeof stopping / sizeof *stopping; i++)
        if (sigaction(stopping[i], NULL, &inherited) == 0 && inherited.sa_handler != SIG_IGN) /* nohup */
            sigaction(stopping[i], &action, NULL);
    /* A closed pipe and a file-size limit show as write errors, with a message. */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    /* OpenMP's runtime exits (GCC's) or aborts (LLVM's) when it gets no thread. */
    atexit(lyap_output_abandon_all);
    action.sa_handler = on_abort;
    sigaction(SIGABRT, &action, NULL);
}

bool cli_interrupted(void) {
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

bool cli_progress(uint64_t done, uint64_t total, void *context) {
    static double last, first;
    static bool shown;
    if (caught || done == total) {
        if (shown) fputs("\r\033[K", stderr);
        shown = false;
        first = 0;
        return !caught;
    }
    if (*(const bool *)context || !isatty(STDERR_FILENO)) return true;
    double now = cli_seconds();
    if (first == 0) first = now;
    if (now - first < 0.5 || now - last < 0.1) return true; /* short runs show nothing */
    last = now;
    shown = true;
    double share = (double)done / (double)total;
    enum { WIDTH = 30 };
    char bar[WIDTH + 1];
    for (int i = 0; i < WIDTH; i++) bar[i] = share * WIDTH > i ? '=' : ' ';
    bar[WIDTH] = '\0';
    fprintf(stderr, "\r\033[K[%s] %3.0f %%", bar, 100 * share);
    if (done > 0)
        fprintf(stderr, "  %.3g a second, %.0f s left", (double)done / (now - first), (now - first) * (1 / share - 1));
    fflush(stderr);
    return true;
}
