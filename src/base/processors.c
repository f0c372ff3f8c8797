/* How many threads a run starts when none are asked for. */
#if defined(__linux__)
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): sched_getaffinity */
#elif defined(__APPLE__)
#define _DARWIN_C_SOURCE /* NOLINT(bugprone-reserved-identifier): _SC_NPROCESSORS_ONLN */
#endif
#include "base/processors.h"
#include "base/cgroup.h"

#include <limits.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include "lyapgrad/version.h"

static int allowed(void) {
#if defined(__linux__)
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0) return CPU_COUNT(&set);
#endif
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 && online <= INT_MAX ? (int)online : 1;
}

/* A part of a processor is no thread's: it would stop all others at the end of each step that they share. */
int lyap_processors(void) {
    const int processors = allowed();
    const double quota = lyap_cgroup().processors;
    return quota >= processors ? processors : quota >= 1 ? (int)quota : 1;
}

int lyap_max_threads(void) {
    const char *text = getenv("OMP_NUM_THREADS");
    char *end;
    long asked = text ? strtol(text, &end, 10) : 0;
    return asked >= 1 && asked <= LYAP_MOST_THREADS && (*end == '\0' || *end == ',') ? (int)asked : lyap_processors();
}
