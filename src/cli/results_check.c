/* Whether the files of a command may be written where they are to go: nothing of anybody else is replaced. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/results.h"
#include "results/manifest_read.h"
#include "lyapgrad/status.h"

static bool is_table(const struct lyap_file_use *use) {
    return use->role == LYAP_FILE_WRITTEN && strcmp(use->option, "--out") == 0;
}

/* True when a run of lyapgrad ended here between the renames of its tables and that of its manifest, which is the last: the manifest's
 * temporary is still there. */
static bool was_killed(const char *directory) {
    static const char start[] = "manifest.txt.", end[] = ".tmp";
    bool found = false;
    DIR *open = opendir(directory);
    for (struct dirent *entry; open && !found && (entry = readdir(open)) != NULL;) {
        const char *name = entry->d_name;
        size_t length = strlen(name);
        if (strncmp(name, start, sizeof start - 1) != 0 || length < sizeof start + sizeof end - 1) continue;
        size_t number = strspn(name + sizeof start - 1, "0123456789.");
        found = strcmp(name + sizeof start - 1 + number - 1, end) == 0;
    }
    if (open) closedir(open);
    return found;
}

static bool is_picture(const struct cli_results *r, const char *name) {
    char word[64];
    snprintf(word, sizeof word, " %.60s", name);
    return strstr(r->pictures, word) != NULL;
}

/* A file that an earlier run did not write stays. A device keeps nothing. */
static enum lyap_status check_table(const struct cli_results *r, const struct lyap_file_use *use,
                                    const struct lyap_earlier *earlier, bool killed, struct lyap_error *error) {
    struct stat link, info;
    const char *name = use->path + strlen(r->out) + 1;
    errno = 0;
    if (lstat(use->path, &link) != 0 && errno == ENOTDIR)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                         "--out: %.250s cannot be: a file stands where its directory is to be", use->path);
    if (errno != 0 || (stat(use->path, &info) == 0 && S_ISCHR(info.st_mode))) return LYAP_OK;
    if (lyap_earlier_lists(earlier, name, is_picture(r, name)) || (killed && S_ISREG(link.st_mode))) return LYAP_OK;
    return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                     "--out: %.250s is not a file of an earlier run of lyapgrad; name another directory or move it",
                     use->path);
}

static const char *type_of(mode_t mode) {
    return S_ISDIR(mode) ? "directory" : S_ISFIFO(mode) ? "pipe" : S_ISSOCK(mode) ? "socket" : "block device";
}

/* Pipes of the process itself have their reader: the write does not wait for one. */
static bool is_own_stream(const char *path) {
    return strcmp(path, "/dev/stdout") == 0 || strcmp(path, "/dev/stderr") == 0 || strncmp(path, "/dev/fd/", 8) == 0;
}

static enum lyap_status check_type(const struct lyap_file_use *use, struct lyap_error *error) {
    struct stat info;
    if (stat(use->path, &info) != 0 || S_ISREG(info.st_mode) || S_ISCHR(info.st_mode)) return LYAP_OK;
    if (is_own_stream(use->path) && !S_ISDIR(info.st_mode)) return LYAP_OK;
    return lyap_fail(error, LYAP_ERROR_ARGUMENT, "%s: %.250s is a %s, not a regular file; name another %s", use->option,
                     use->path, type_of(info.st_mode), is_table(use) ? "directory or move it" : "file");
}

/* No output may stand where --out has its directory or a parent of it. */
static enum lyap_status check_beside(const struct lyap_file_use *use, const struct lyap_identity *out,
                                     struct lyap_error *error) {
    size_t length = strlen(use->identity.resolved);
    if (strncmp(out->resolved, use->identity.resolved, length) != 0) return LYAP_OK;
    if (out->resolved[length] != '\0' && out->resolved[length] != '/') return LYAP_OK;
    return lyap_fail(error, LYAP_ERROR_ARGUMENT, "%s: %.250s is a directory of --out, not a file; name another file",
                     use->option, use->path);
}

static enum lyap_status check_directory(const char *out, struct lyap_error *error) {
    struct stat info;
    char *prefix = strdup(out);
    if (!prefix) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for a file name");
    bool good = true;
    for (char *c = prefix + (*prefix == '/'); good; c++) {
        const char end = *c;
        if (end != '/' && end != '\0') continue;
        *c = '\0';
        good = *prefix == '\0' || stat(prefix, &info) != 0 || S_ISDIR(info.st_mode);
        if (!good)
            lyap_fail(error, LYAP_ERROR_ARGUMENT, "--out: %.200s: %.200s is no directory; name another directory", out,
                      prefix);
        *c = end;
        if (end == '\0') break;
    }
    free(prefix);
    return good ? LYAP_OK : LYAP_ERROR_ARGUMENT;
}

static enum lyap_status check_files(const struct cli_results *r, const struct lyap_earlier *earlier,
                                    struct lyap_error *error) {
    struct lyap_identity out;
    enum lyap_status status = LYAP_OK;
    bool killed = was_killed(r->out);
    if (!lyap_identity_find(&out, r->out))
        status = lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for a file name");
    for (size_t i = 0; i < r->roles.count && !status; i++) {
        const struct lyap_file_use *use = &r->roles.use[i];
        if (use->role != LYAP_FILE_WRITTEN) continue;
        status = check_type(use, error);
        if (!status && is_table(use)) status = check_table(r, use, earlier, killed, error);
        if (!status && !is_table(use) && !r->part) status = check_beside(use, &out, error);
    }
    lyap_identity_free(&out);
    return status;
}

enum lyap_status cli_results_look(const struct cli_results *r, struct lyap_earlier *earlier, struct lyap_error *error) {
    earlier->text = NULL;
    enum lyap_status status = lyap_file_roles_check(&r->roles, error);
    if (!status && !r->part) status = check_directory(r->out, error);
    if (!status && !r->part) status = lyap_earlier_read(earlier, r->out, error);
    if (!status && !r->part) status = lyap_earlier_check(earlier, r->command, r->out, error);
    return status ? status : check_files(r, earlier, error);
}

enum lyap_status cli_results_check(const struct cli_results *r, struct lyap_error *error) {
    struct lyap_earlier earlier;
    enum lyap_status status = cli_results_look(r, &earlier, error);
    lyap_earlier_free(&earlier);
    return status;
}
