#include "io/output_set.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum lyap_status lyap_output_set_open(struct lyap_output_set *set, const char *directory,
                                      const struct lyap_file_roles *roles, struct lyap_output_watch *watch,
                                      struct lyap_error *error) {
    memset(set, 0, sizeof *set);
    set->roles = roles;
    set->watch = watch;
    enum lyap_status status = lyap_output_directory(directory, watch, error);
    if (status) return status;
    set->directory = strdup(directory);
    return set->directory ? LYAP_OK : lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for a file name");
}

static void free_member(struct lyap_output_member *member) {
    lyap_output_abandon(&member->output);
    free(member->name);
    free(member);
}

/* A place for one more element of a list; false when out of memory. */
static bool grow(void **list, size_t count, size_t *room, size_t size) {
    if (count < *room) return true;
    size_t more = *room ? 2 * *room : 16;
    void *grown = realloc(*list, more * size);
    if (grown == NULL) return false;
    *list = grown;
    *room = more;
    return true;
}

/* A member with room for it in the set, which does not have it yet; NULL with *error filled. */
static struct lyap_output_member *new_member(struct lyap_output_set *set, const char *name, struct lyap_error *error) {
    struct lyap_output_member *member = calloc(1, sizeof *member);
    void *list = set->member;
    bool room = member && grow(&list, set->count, &set->room, sizeof(void *));
    set->member = list;
    if (room && name) room = (member->name = strdup(name)) != NULL;
    if (room) return member;
    free(member);
    lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for a file name");
    return NULL;
}

static FILE *add(struct lyap_output_set *set, struct lyap_output_member *member, enum lyap_status opened) {
    if (opened) {
        free_member(member);
        return NULL;
    }
    set->member[set->count++] = member;
    return member->output.file;
}

FILE *lyap_output_set_add(struct lyap_output_set *set, const char *name, struct lyap_error *error) {
    struct lyap_output_member *member = new_member(set, name, error);
    return member ? add(set, member, lyap_output_open_in(&member->output, set->directory, name, set->watch, error))
                  : NULL;
}

FILE *lyap_output_set_add_path(struct lyap_output_set *set, const char *path, struct lyap_error *error) {
    struct lyap_output_member *member = new_member(set, NULL, error);
    return member ? add(set, member, lyap_output_open(&member->output, path, set->watch, error)) : NULL;
}

enum lyap_status lyap_output_set_directory(struct lyap_output_set *set, const char *name, struct lyap_error *error) {
    struct stat info;
    void *list = set->made;
    bool room = grow(&list, set->made_count, &set->made_room, sizeof *set->made);
    set->made = list;
    char *path = room ? lyap_path_join(set->directory, name) : NULL;
    if (!path) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for a file name");
    bool there = lstat(path, &info) == 0;
    enum lyap_status status = lyap_output_directory(path, set->watch, error);
    if (!status && !there)
        set->made[set->made_count++] = path;
    else
        free(path);
    return status;
}

/* Length of the directory part of a name with its slash: 0 for none, -1 for a name that is none of a file in the directory or one level
 * below it. */
static int directory_part(const char *name) {
    const char *slash = strchr(name, '/'), *file = slash ? slash + 1 : name;
    if (*file == '\0' || strchr(file, '/') || strcmp(file, ".") == 0 || strcmp(file, "..") == 0) return -1;
    if (!slash) return 0;
    int length = (int)(slash - name) + 1;
    if (length == 1 || strncmp(name, "./", (size_t)length) == 0 || strncmp(name, "../", (size_t)length) == 0) return -1;
    return length;
}

/* True when the set writes that file, under its name or another. LYAP_ERROR_MEMORY when that cannot be told. */
static enum lyap_status has(const struct lyap_output_set *set, const char *name, const char *path, bool *writes,
                            struct lyap_error *error) {
    struct lyap_identity earlier = {0}, own = {0};
    bool told = lyap_identity_find(&earlier, path);
    *writes = false;
    for (size_t i = 0; i < set->count && told && !*writes; i++) {
        const struct lyap_output_member *m = set->member[i];
        if (m->name)
            *writes = strcmp(m->name, name) == 0;
        else if (m->output.target) {
            told = lyap_identity_find(&own, m->output.target);
            *writes = told && lyap_identity_same(&own, &earlier);
            lyap_identity_free(&own);
        }
    }
    lyap_identity_free(&earlier);
    return told ? LYAP_OK : lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for a file name");
}

/* True for a file in the directory itself, and in one below it that the set has files in and that no link leads out of. `path` is
 * DIRECTORY/NAME, changed for a moment. */
static bool is_inside(const struct lyap_output_set *set, const char *name, char *path) {
    const int length = directory_part(name);
    bool inside = length == 0 || (set->owns && set->owns(name));
    for (size_t i = 0; i < set->count && !inside; i++)
        inside = set->member[i]->name && strncmp(set->member[i]->name, name, (size_t)length) == 0;
    if (!inside || length == 0) return inside;
    struct stat info;
    char *slash = path + strlen(set->directory) + (size_t)length;
    *slash = '\0';
    inside = lstat(path, &info) == 0 && S_ISDIR(info.st_mode);
    *slash = '/';
    return inside;
}

enum lyap_status lyap_output_set_earlier(struct lyap_output_set *set, const char *name, struct lyap_error *error) {
    if (directory_part(name) < 0) return LYAP_OK;
    void *list = set->earlier;
    bool room = grow(&list, set->earlier_count, &set->earlier_room, sizeof *set->earlier);
    set->earlier = list;
    char *copy = room ? strdup(name) : NULL;
    if (copy == NULL) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for a file name");
    set->earlier[set->earlier_count++] = copy;
    return LYAP_OK;
}

void lyap_output_set_names(const struct lyap_output_set *set, const char *left_out, FILE *file) {
    for (size_t i = 0; i < set->count; i++) {
        const char *name = set->member[i]->name;
        if (name && strcmp(name, left_out) != 0) fprintf(file, " %s", name);
    }
}

enum lyap_status lyap_output_set_check(const struct lyap_output_set *set, struct lyap_error *error) {
    for (size_t i = 0; i < set->count; i++)
        if (set->member[i]->output.file && ferror(set->member[i]->output.file))
            return lyap_fail(error, LYAP_ERROR_OUTPUT, "%.300s: cannot write; is the disk full?",
                             set->member[i]->output.path);
    return LYAP_OK;
}

/* One change of a name, which can be taken back: `kept` is a second name of what `path` led to before. */
struct change {
    char *path, *kept;
    bool existed, linked, done;
};

/* Gives what is at the path a second name. Not every file system can; then it cannot come back. */
static void keep(struct change *change) {
    struct stat info;
    change->existed = lstat(change->path, &info) == 0;
    for (int k = 0; change->existed && lyap_output_temporary_name(change->kept, change->path, k); k++) {
        change->linked = link(change->path, change->kept) == 0;
        if (change->linked || errno != EEXIST) return;
    }
}

static bool prepare(struct change *change, const char *path) {
    change->path = strdup(path);
    change->kept = change->path ? lyap_output_temporary(path) : NULL;
    return change->kept != NULL;
}

/* The end of all changes: with `good` what was there before goes, else it comes back. */
static void settle(struct change *change, size_t count, bool good) {
    for (size_t i = count; i-- > 0;) {
        struct change *c = &change[i];
        if (good || !c->done) {
            if (c->linked) unlink(c->kept);
        } else if (c->linked) {
            rename(c->kept, c->path);
        } else if (!c->existed) {
            unlink(c->path);
        }
        free(c->path);
        free(c->kept);
    }
    free(change);
}

/* Whether the file of an earlier run is to go. */
static enum lyap_status find_stale(const struct lyap_output_set *set, const char *name, char *path, bool *stale,
                                   struct lyap_error *error) {
    struct stat info;
    bool writes = false, reads = false;
    *stale = is_inside(set, name, path) && lstat(path, &info) == 0 && S_ISREG(info.st_mode);
    if (!*stale) return LYAP_OK;
    enum lyap_status status = has(set, name, path, &writes, error);
    if (!status && set->roles) status = lyap_file_roles_reads(set->roles, path, &reads, error);
    *stale = !writes && !reads;
    return status;
}

static enum lyap_status give_name(struct lyap_output_member *member, struct change *change, struct lyap_error *error) {
    if (!member->output.temporary) return LYAP_OK;
    if (!prepare(change, member->output.target))
        return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for a file name");
    keep(change);
    enum lyap_status status = lyap_output_name(&member->output, error);
    change->done = !status;
    return status;
}

static enum lyap_status remove_earlier(const struct lyap_output_set *set, const char *name, struct change *change,
                                       struct lyap_error *error) {
    char *path = lyap_path_join(set->directory, name);
    if (!path) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for a file name");
    bool stale;
    enum lyap_status status = find_stale(set, name, path, &stale, error);
    if (!status && stale) {
        if (!prepare(change, path)) status = lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for a file name");
        if (!status) keep(change);
        if (!status && unlink(path) != 0)
            status = lyap_fail(error, LYAP_ERROR_OUTPUT, "%.300s: cannot remove the file of an earlier run: %s", path,
                               strerror(errno));
        change->done = !status;
    }
    free(path);
    return status;
}

/* The directory of a file that went, in that of the set, when it is empty now. */
static void remove_empty(const struct lyap_output_set *set, const char *name) {
    int length = directory_part(name);
    char *path = length > 0 ? lyap_path_join(set->directory, name) : NULL;
    if (!path) return;
    if (is_inside(set, name, path)) {
        path[strlen(path) - strlen(name) + (size_t)length - 1] = '\0';
        rmdir(path);
    }
    free(path);
}

/* All files but the last get their names, the earlier ones go, then the last one gets its name. */
static enum lyap_status give_names(struct lyap_output_set *set, struct lyap_error *error) {
    size_t total = set->count + set->earlier_count, last = set->count ? set->count - 1 : 0, n = 0;
    struct change *change = calloc(total ? total : 1, sizeof *change);
    if (!change) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the names of files");
    enum lyap_status status = LYAP_OK;
    lyap_output_begin_change(set->watch);
    for (size_t i = 0; i < last && !status; i++) status = give_name(set->member[i], &change[n++], error);
    for (size_t i = 0; i < set->earlier_count && !status; i++)
        status = remove_earlier(set, set->earlier[i], &change[n++], error);
    if (!status && set->count) status = give_name(set->member[last], &change[n++], error);
    settle(change, n, !status);
    for (size_t i = 0; i < set->count && !status; i++) lyap_output_release(&set->member[i]->output);
    for (size_t i = 0; i < set->earlier_count && !status; i++) remove_empty(set, set->earlier[i]);
    lyap_output_end_change(set->watch);
    return status;
}

enum lyap_status lyap_output_set_commit(struct lyap_output_set *set, struct lyap_error *error) {
    enum lyap_status status = LYAP_OK;
    for (size_t i = 0; i < set->count && !status; i++) status = lyap_output_close(&set->member[i]->output, error);
    if (!status) status = give_names(set, error);
    lyap_output_set_abandon(set);
    return status;
}

void lyap_output_set_abandon(struct lyap_output_set *set) {
    for (size_t i = 0; i < set->count; i++) free_member(set->member[i]);
    for (size_t i = 0; i < set->earlier_count; i++) free(set->earlier[i]);
    for (size_t i = set->made_count; i-- > 0;) {
        rmdir(set->made[i]); /* fails where a file is in it */
        free(set->made[i]);
    }
    free(set->made);
    free(set->member);
    free(set->earlier);
    free(set->directory);
    memset(set, 0, sizeof *set);
}
