#include "io/output_watch.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

bool lyap_output_watch_file(struct lyap_output_watch *watch, const char *temporary) {
    for (int i = 0; watch && i < LYAP_WATCHED_FILES; i++)
        if (atomic_load(&watch->file[i]) == NULL) {
            atomic_store(&watch->file[i], temporary);
            return true;
        }
    return !watch;
}

void lyap_output_watch_forget(struct lyap_output_watch *watch, const char *temporary) {
    for (int i = 0; watch && i < LYAP_WATCHED_FILES; i++)
        if (atomic_load(&watch->file[i]) == temporary) atomic_store(&watch->file[i], NULL);
}

bool lyap_output_watch_directory(struct lyap_output_watch *watch, const char *path) {
    for (int i = 0; watch && i < LYAP_WATCHED_DIRECTORIES; i++)
        if (atomic_load(&watch->directory[i]) == NULL) {
            char *copy = strdup(path);
            atomic_store(&watch->directory[i], copy);
            return copy != NULL;
        }
    return true;
}

/* Those with files in them stay. */
static void remove_directories(struct lyap_output_watch *watch) {
    for (int i = LYAP_WATCHED_DIRECTORIES; i-- > 0;) {
        const char *path = atomic_load(&watch->directory[i]);
        if (path != NULL) rmdir(path);
    }
}

void lyap_output_watch_settle(struct lyap_output_watch *watch) {
    if (!watch) return;
    remove_directories(watch);
    for (int i = 0; i < LYAP_WATCHED_DIRECTORIES; i++) free(atomic_exchange(&watch->directory[i], NULL));
}

void lyap_output_writer_begins(struct lyap_output_watch *watch, pid_t process) {
    for (int i = 0; watch && i < LYAP_WATCHED_WRITERS; i++) {
        long none = 0;
        if (atomic_compare_exchange_strong(&watch->writer[i], &none, (long)process)) return;
    }
}

void lyap_output_writer_ended(struct lyap_output_watch *watch, pid_t process) {
    for (int i = 0; watch && i < LYAP_WATCHED_WRITERS; i++) {
        long held = (long)process;
        atomic_compare_exchange_strong(&watch->writer[i], &held, 0);
    }
}

/* Names are given or a writer begins, or all are abandoned. Neither may begin within the other. */
enum { NOTHING, CHANGING, ABANDONING };

bool lyap_output_abandon_all(struct lyap_output_watch *watch) {
    int saved = errno, stage = NOTHING;
    if (!atomic_compare_exchange_strong(&watch->stage, &stage, ABANDONING)) return stage != CHANGING;
    for (int i = 0; i < LYAP_WATCHED_WRITERS; i++) { /* first, or they would make their files again */
        pid_t process = (pid_t)atomic_load(&watch->writer[i]);
        if (process > 0 && kill(process, SIGKILL) == 0) waitpid(process, NULL, 0);
    }
    for (int i = 0; i < LYAP_WATCHED_FILES; i++) {
        const char *temporary = atomic_load(&watch->file[i]);
        if (temporary != NULL) unlink(temporary);
    }
    remove_directories(watch);
    atomic_store(&watch->stage, NOTHING);
    errno = saved;
    return true;
}

void lyap_output_begin_change(struct lyap_output_watch *watch) {
    int stage = NOTHING;
    while (watch && !atomic_compare_exchange_weak(&watch->stage, &stage, CHANGING))
        stage = NOTHING; /* a handler in another thread */
}

void lyap_output_end_change(struct lyap_output_watch *watch) {
    if (watch) atomic_store(&watch->stage, NOTHING);
}
