#include "io/file_roles.h"

#include <stdlib.h>
#include <string.h>

/* The directory that a resolved path lies in. */
static bool find_directory(struct lyap_identity *directory, const char *resolved) {
    char *path = strdup(resolved);
    if (path == NULL) return false;
    char *slash = strrchr(path, '/');
    if (slash != NULL) slash[slash == path] = '\0';
    bool found = lyap_identity_find(directory, path);
    free(path);
    return found;
}

static bool fill(struct lyap_file_use *use, const char *path) {
    use->path = strdup(path);
    if (use->path == NULL || !lyap_identity_find(&use->identity, path)) return false;
    return use->role != LYAP_FILE_WRITTEN || find_directory(&use->directory, use->identity.resolved);
}

void lyap_file_roles_add(struct lyap_file_roles *roles, enum lyap_file_role role, const char *option,
                         const char *path) {
    if (path == NULL || roles->failed) return;
    if (roles->count == roles->room) {
        size_t room = roles->room ? 2 * roles->room : 32;
        struct lyap_file_use *grown = realloc(roles->use, room * sizeof *grown);
        if (grown == NULL) {
            roles->failed = true;
            return;
        }
        roles->use = grown;
        roles->room = room;
    }
    struct lyap_file_use *use = &roles->use[roles->count++];
    memset(use, 0, sizeof *use);
    use->role = role;
    use->option = option;
    if (!fill(use, path)) roles->failed = true;
}

void lyap_file_roles_add_in(struct lyap_file_roles *roles, enum lyap_file_role role, const char *option,
                            const char *directory, const char *name) {
    char *path = lyap_path_join(directory, name);
    if (path == NULL) roles->failed = true;
    lyap_file_roles_add(roles, role, option, path);
    free(path);
}

static const char *what_to_name(const struct lyap_file_use *use) {
    return strcmp(use->option, "--out") == 0 ? "directory" : "file";
}

/* " (PATH)" where an input goes by another name than the output. */
static enum lyap_status fail_input(const struct lyap_file_use *written, const struct lyap_file_use *read,
                                   struct lyap_error *error) {
    bool alike = strcmp(written->path, read->path) == 0;
    return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                     "%s: would overwrite %.140s, the input of %s%s%.140s%s; name another %s", written->option,
                     written->path, read->option, alike ? "" : " (", alike ? "" : read->path, alike ? "" : ")",
                     what_to_name(written));
}

static enum lyap_status check_pair(const struct lyap_file_use *written, const struct lyap_file_use *other,
                                   struct lyap_error *error) {
    switch (other->role) {
    case LYAP_FILE_READ:
        if (!written->identity.exists || !S_ISREG(written->identity.mode) ||
            !lyap_identity_same(&written->identity, &other->identity))
            return LYAP_OK;
        return fail_input(written, other, error);
    case LYAP_FILE_DIRECTORY:
        if (strcmp(written->option, other->option) == 0 || !lyap_identity_same(&written->directory, &other->identity))
            return LYAP_OK;
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "%s: %.200s lies in the directory of %s; name another %s",
                         written->option, written->path, other->option, what_to_name(written));
    case LYAP_FILE_WRITTEN:
        break;
    }
    if (!lyap_identity_same(&written->identity, &other->identity)) return LYAP_OK;
    if (written->identity.exists && S_ISCHR(written->identity.mode)) return LYAP_OK; /* a terminal, /dev/null */
    bool alike = strcmp(written->option, other->option) == 0;
    if (alike && strcmp(written->identity.resolved, other->identity.resolved) != 0) return LYAP_OK;
    if (alike)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "%s: %.160s and %.160s are one file; name another %s",
                         written->option, other->path, written->path, what_to_name(written));
    return lyap_fail(error, LYAP_ERROR_ARGUMENT, "%s: would write %.200s, which %s writes, too; name two files",
                     written->option, written->path, other->option);
}

enum lyap_status lyap_file_roles_check(const struct lyap_file_roles *roles, struct lyap_error *error) {
    if (roles->failed) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the names of files");
    for (size_t i = 0; i < roles->count; i++) {
        const struct lyap_file_use *one = &roles->use[i];
        if (one->role != LYAP_FILE_WRITTEN) continue;
        for (size_t k = 0; k < roles->count; k++) {
            const struct lyap_file_use *other = &roles->use[k];
            if (k == i || (other->role == LYAP_FILE_WRITTEN && k > i)) continue;
            enum lyap_status status = check_pair(one, other, error);
            if (status) return status;
        }
    }
    return LYAP_OK;
}

enum lyap_status lyap_file_roles_reads(const struct lyap_file_roles *roles, const char *path, bool *reads,
                                       struct lyap_error *error) {
    struct lyap_identity identity;
    bool told = lyap_identity_find(&identity, path);
    *reads = false;
    for (size_t i = 0; i < roles->count && told && !*reads; i++)
        *reads = roles->use[i].role == LYAP_FILE_READ && lyap_identity_same(&roles->use[i].identity, &identity);
    lyap_identity_free(&identity);
    if (told && !roles->failed) return LYAP_OK;
    return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the names of files");
}

void lyap_file_roles_free(struct lyap_file_roles *roles) {
    for (size_t i = 0; i < roles->count; i++) {
        free(roles->use[i].path);
        lyap_identity_free(&roles->use[i].identity);
        lyap_identity_free(&roles->use[i].directory);
    }
    free(roles->use);
    memset(roles, 0, sizeof *roles);
}
