/* Output files that appear only when complete: written under a temporary name beside the target, renamed on commit. */
#ifndef LYAP_IO_OUTPUT_FILE_H
#define LYAP_IO_OUTPUT_FILE_H

#include <stdbool.h>
#include <stdio.h>

#include "io/output_watch.h"
#include "lyapgrad/status.h"

struct lyap_output {
    FILE *file;      /* write here with fprintf; errors are caught at commit */
    char *path;      /* the name asked for */
    char *target;    /* the file it leads to: links resolved, so that the rename replaces no link */
    char *temporary; /* the name it has until commit; NULL when the target is no regular file (a device, a pipe),
                         which is written directly */
    struct lyap_output_watch *watch; /* who knows of the temporary; may be NULL; not owned */
};

/* Opens `path` for writing; a file that it replaces passes its permissions on, and links are followed, also to a file that does not
 * exist yet. LYAP_ERROR_OUTPUT names the path and the
 * system's reason: also for a directory, a write-protected file, and more than 256 files with one watch. "/dev/stdout" is the
 * caller's standard output. The working directory must not change before the commit.
 *   watch   told of the temporary until it has its name or is abandoned; NULL: nobody is */
enum lyap_status lyap_output_open(struct lyap_output *output, const char *path, struct lyap_output_watch *watch,
                                  struct lyap_error *error);

/* The same for the file `name` in a directory that exists. */
enum lyap_status lyap_output_open_in(struct lyap_output *output, const char *directory, const char *name,
                                     struct lyap_output_watch *watch, struct lyap_error *error);

/* Flushes, closes and renames; on any error (a full disk) removes the temporary and returns LYAP_ERROR_OUTPUT. */
enum lyap_status lyap_output_commit(struct lyap_output *output, struct lyap_error *error);

/* Its parts, for several files at once (output_set.h): flushing and closing, which leaves the temporary; the rename; and freeing what
 * the struct owns, which leaves the files. */
enum lyap_status lyap_output_close(struct lyap_output *output, struct lyap_error *error);
enum lyap_status lyap_output_name(struct lyap_output *output, struct lyap_error *error);
void lyap_output_release(struct lyap_output *output);

/* A name that no file has as a rule: "TARGET.PID.tmp", for attempt > 0 "TARGET.PID.N.tmp". Allocates room for it (the caller's to free,
 * NULL when out of memory) and writes it there; false when there were enough attempts. */
char *lyap_output_temporary(const char *target);
bool lyap_output_temporary_name(char *temporary, const char *target, int attempt);

/* Brings what was written to the disk, for files that must survive a failing machine: before the commit the contents
 * (LYAP_ERROR_OUTPUT), after it the directory's new entry, as far as the system can. */
enum lyap_status lyap_output_sync(struct lyap_output *output, struct lyap_error *error);
void lyap_output_sync_directory(const char *directory);

/* Closes and removes the temporary; safe on a zeroed or committed struct. */
void lyap_output_abandon(struct lyap_output *output);

/* Creates `path` and its missing parents, like mkdir -p, and tells the watch, if any, which it made. LYAP_ERROR_OUTPUT when it cannot, or
 * when it is a file. */
enum lyap_status lyap_output_directory(const char *path, struct lyap_output_watch *watch, struct lyap_error *error);

/* A finite double in 15 or, where these do not read back to the same bits, 17 significant digits; always with a point. */
const char *lyap_format_real(double value, char text[32]);

#endif
