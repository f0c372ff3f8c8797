/* What a program's signal handler needs to know of its unfinished outputs, so that a signal that ends the process leaves none: temporary
 * files, directories made for them, processes that write to them. The program owns one, zeroed, where the handler sees it, and gives it
 * to what makes outputs; NULL stands for a program without such a handler, of which nothing is noted.
 *
 * Outputs are opened, committed and abandoned by one thread; the atomics are there for the handler that interrupts it, not for
 * other threads. */
#ifndef LYAP_IO_OUTPUT_WATCH_H
#define LYAP_IO_OUTPUT_WATCH_H

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

enum { LYAP_WATCHED_FILES = 256, LYAP_WATCHED_DIRECTORIES = 64, LYAP_WATCHED_WRITERS = 64 };

struct lyap_output_watch {
    _Atomic(const char *) file[LYAP_WATCHED_FILES]; /* not owned */
    _Atomic(char *)
        directory[LYAP_WATCHED_DIRECTORIES];  /* in the order in which they were made; owned until they are settled */
    atomic_long writer[LYAP_WATCHED_WRITERS]; /* 0: none */
    atomic_int stage;                         /* what happens to all outputs at once */
};

/* Notes a temporary until it is forgotten; false for one more than there is room for. */
bool lyap_output_watch_file(struct lyap_output_watch *watch, const char *temporary);
void lyap_output_watch_forget(struct lyap_output_watch *watch, const char *temporary);

/* Notes a directory that was made (of more than 64 no more), until the settling, which removes those that are still empty: a command
 * that fails leaves no directory behind. False when out of memory. */
bool lyap_output_watch_directory(struct lyap_output_watch *watch, const char *path);
void lyap_output_watch_settle(struct lyap_output_watch *watch);

/* Between these two lyap_output_abandon_all does nothing, so that a signal cannot end the process with half of the names given, or a
 * writer that it does not know. */
void lyap_output_begin_change(struct lyap_output_watch *watch);
void lyap_output_end_change(struct lyap_output_watch *watch);

/* A child process that writes to temporaries, at most 64 at a time: lyap_output_abandon_all ends it. Begin it within a
 * change. Ended is one that was waited for. */
void lyap_output_writer_begins(struct lyap_output_watch *watch, pid_t process);
void lyap_output_writer_ended(struct lyap_output_watch *watch, pid_t process);

/* Removes the temporaries of all open outputs, and the directories noted that are empty; async-signal-safe, for a signal that ends the
 * process. False, and nothing is done, within a change, which takes moments. */
bool lyap_output_abandon_all(struct lyap_output_watch *watch);

#endif
