/* Output files: a temporary beside the target, renamed when complete. A relative path must mean the same file until the
 * commit, so the working directory must not change in between. */
#define _XOPEN_SOURCE 700 /* realpath */

#include "io/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/path.h"

static enum lyap_status output_fail(const char *path, const char *what, struct lyap_error *error) {
    return lyap_fail(error, LYAP_ERROR_OUTPUT, "%.300s: %s: %s", path, what, strerror(errno));
}

void lyap_output_release(struct lyap_output *output) {
    if (output->temporary != NULL) lyap_output_watch_forget(output->watch, output->temporary);
    free(output->temporary);
    free(output->target);
    free(output->path);
    memset(output, 0, sizeof *output);
}

/* Two limits: room for what the name has behind the target's, and names that crashed processes may have left. */
enum { TEMPORARY_ROOM = 48, MOST_ATTEMPTS = 1000 };

char *lyap_output_temporary(const char *target) {
    return malloc(strlen(target) + TEMPORARY_ROOM);
}

bool lyap_output_temporary_name(char *temporary, const char *target, int attempt) {
    size_t size = strlen(target) + TEMPORARY_ROOM;
    if (attempt == 0)
        snprintf(temporary, size, "%s.%ld.tmp", target, (long)getpid());
    else
        snprintf(temporary, size, "%s.%ld.%d.tmp", target, (long)getpid(), attempt);
    return attempt < MOST_ATTEMPTS;
}

/* Opens a new file; -1 with errno. A handler must know of the file from the moment that it is there: it is noted before. */
static int open_temporary(struct lyap_output *output, mode_t mode) {
    output->temporary = lyap_output_temporary(output->target);
    if (output->temporary == NULL) return -1;
    for (int attempt = 0; lyap_output_temporary_name(output->temporary, output->target, attempt); attempt++) {
        if (!lyap_output_watch_file(output->watch, output->temporary)) {
            errno = EMFILE;
            return -1;
        }
        int descriptor = open(output->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (descriptor >= 0) return descriptor;
        int reason = errno;
        lyap_output_watch_forget(output->watch, output->temporary);
        errno = reason;
        if (reason != EEXIST) return -1;
    }
    return -1;
}

/* Opens a device or pipe. Standard output is duplicated, not reopened: a reopened file would start at its beginning. */
static int open_directly(const char *path) {
    if (strcmp(path, "/dev/stdout") == 0) return fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
    return open(path, O_WRONLY | O_CLOEXEC);
}

static enum lyap_status open_target(struct lyap_output *output, const char *path, struct lyap_error *error) {
    if (*path == '\0') return lyap_fail(error, LYAP_ERROR_OUTPUT, "cannot create a file: its name is empty");
    struct stat info;
    mode_t mode = 0666;
    bool exists = stat(path, &info) == 0;
    if (exists && S_ISDIR(info.st_mode)) {
        errno = EISDIR;
        return output_fail(path, "cannot write", error);
    }
    int descriptor;
    if (strcmp(path, "/dev/stdout") == 0 || (exists && !S_ISREG(info.st_mode))) {
        descriptor = open_directly(path);
    } else {
        /* The rename must replace the file a link leads to, not the link, and must not lift a write protection. */
        if (exists && access(path, W_OK) != 0) return output_fail(path, "cannot write", error);
        bool link = !exists && lstat(path, &info) == 0 && S_ISLNK(info.st_mode);
        output->target = exists ? realpath(path, NULL) : link ? lyap_path_resolve(path) : strdup(path);
        if (output->target == NULL) return output_fail(path, "cannot write", error);
        if (exists) mode = info.st_mode & 0777;
        descriptor = open_temporary(output, mode);
    }
    if (descriptor < 0) return output_fail(path, "cannot create", error);
    output->file = fdopen(descriptor, "w");
    if (output->file == NULL) {
        enum lyap_status status = output_fail(path, "cannot create", error);
        close(descriptor);
        if (output->temporary != NULL) unlink(output->temporary);
        return status;
    }
    return LYAP_OK;
}

enum lyap_status lyap_output_open(struct lyap_output *output, const char *path, struct lyap_output_watch *watch,
                                  struct lyap_error *error) {
    *output = (struct lyap_output){.watch = watch};
    output->path = strdup(path);
    enum lyap_status status;
    if (output->path == NULL) {
        status = output_fail(path, "cannot create", error);
    } else {
        status = open_target(output, path, error);
    }
    if (status != LYAP_OK) lyap_output_release(output);
    return status;
}

enum lyap_status lyap_output_open_in(struct lyap_output *output, const char *directory, const char *name,
                                     struct lyap_output_watch *watch, struct lyap_error *error) {
    memset(output, 0, sizeof *output);
    char *path = lyap_path_join(directory, name);
    if (!path) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for a file name");
    enum lyap_status status = lyap_output_open(output, path, watch, error);
    free(path);
    return status;
}

enum lyap_status lyap_output_close(struct lyap_output *output, struct lyap_error *error) {
    if (output->file == NULL) return lyap_fail(error, LYAP_ERROR_OUTPUT, "commit: no output is open");
    errno = 0;
    bool written = fflush(output->file) == 0 && !ferror(output->file);
    int reason = errno;
    if (fclose(output->file) != 0 && written) {
        written = false;
        reason = errno;
    }
    output->file = NULL;
    if (written) return LYAP_OK;
    errno = reason != 0 ? reason : EIO; /* an earlier write failed: its reason is gone */
    return output_fail(output->path, "cannot write", error);
}

enum lyap_status lyap_output_name(struct lyap_output *output, struct lyap_error *error) {
    if (output->temporary == NULL || rename(output->temporary, output->target) == 0) return LYAP_OK;
    return output_fail(output->path, "cannot rename the finished file to its name", error);
}

enum lyap_status lyap_output_commit(struct lyap_output *output, struct lyap_error *error) {
    enum lyap_status status = lyap_output_close(output, error);
    if (!status) status = lyap_output_name(output, error);
    if (status)
        lyap_output_abandon(output);
    else
        lyap_output_release(output);
    return status;
}

enum lyap_status lyap_output_sync(struct lyap_output *output, struct lyap_error *error) {
    errno = 0;
    bool written = fflush(output->file) == 0 && !ferror(output->file);
    /* EINVAL: a file system or pipe that knows no fsync */
    if (written && (fsync(fileno(output->file)) == 0 || errno == EINVAL)) return LYAP_OK;
    if (errno == 0) errno = EIO;
    return output_fail(output->path, "cannot write", error);
}

void lyap_output_sync_directory(const char *directory) {
    int descriptor = open(directory, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return;
    fsync(descriptor);
    close(descriptor);
}

void lyap_output_abandon(struct lyap_output *output) {
    if (output->file != NULL) fclose(output->file);
    if (output->temporary != NULL) unlink(output->temporary);
    lyap_output_release(output);
}

/* mkdir unless it is there; stat first, because mkdir's errno for an existing parent depends on the system. */
static enum lyap_status make_directory(const char *asked, const char *path, struct lyap_output_watch *watch,
                                       struct lyap_error *error) {
    struct stat info;
    if (stat(path, &info) == 0) {
        if (S_ISDIR(info.st_mode)) return LYAP_OK;
        return lyap_fail(error, LYAP_ERROR_OUTPUT, "%.200s: cannot create the directory: %.200s is a file", asked,
                         path);
    }
    lyap_output_begin_change(watch); /* a handler must not come between the two */
    const bool made = mkdir(path, 0777) == 0;
    const int reason = errno;
    const bool noted = made && lyap_output_watch_directory(watch, path);
    if (made && !noted) rmdir(path);
    lyap_output_end_change(watch);
    if (noted) return LYAP_OK;
    if (made) return lyap_fail(error, LYAP_ERROR_MEMORY, "%.300s: out of memory", asked);
    if (reason == EEXIST && stat(path, &info) == 0 && S_ISDIR(info.st_mode)) return LYAP_OK; /* made meanwhile */
    errno = reason;
    return output_fail(asked, "cannot create the directory", error);
}

enum lyap_status lyap_output_directory(const char *path, struct lyap_output_watch *watch, struct lyap_error *error) {
    if (*path == '\0') {
        return lyap_fail(error, LYAP_ERROR_OUTPUT, "cannot create the directory '': the name is empty");
    }
    char *prefix = strdup(path);
    if (prefix == NULL) return lyap_fail(error, LYAP_ERROR_MEMORY, "%.300s: out of memory", path);
    enum lyap_status status = LYAP_OK;
    for (char *c = prefix + 1; status == LYAP_OK && *c != '\0'; c++) {
        if (*c != '/') continue;
        *c = '\0';
        status = make_directory(path, prefix, watch, error);
        *c = '/';
    }
    if (status == LYAP_OK) status = make_directory(path, path, watch, error);
    free(prefix);
    return status;
}

/* Replaces the locale's decimal point, which may have several bytes, by '.'. */
static void set_point(char *text) {
    char *point = text + strspn(text, "-0123456789");
    size_t length = strcspn(point, "0123456789e");
    if (length == 0) return;
    *point = '.';
    memmove(point + 1, point + length, strlen(point + length) + 1);
}

const char *lyap_format_real(double value, char text[32]) {
    snprintf(text, 32, "%.15g", value);
    if (!isfinite(value)) return text;
    if (strtod(text, NULL) != value) snprintf(text, 32, "%.17g", value);
    set_point(text);
    return text;
}
