#define _XOPEN_SOURCE 700 /* realpath, readlink */

#include "io/path.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_LINKS = 40, LONGEST_LINK = 4096 };

char *lyap_path_join(const char *directory, const char *name) {
    size_t size = strlen(directory) + strlen(name) + 2;
    char *path = malloc(size);
    if (path != NULL) snprintf(path, size, "%s/%s", directory, name);
    return path;
}

/* Appends the parts of `rest`, none of which exists, to the absolute path `real`, which is freed: "." is left out, ".." takes the
 * last part away. */
static char *append_parts(char *real, const char *rest) {
    const size_t size = strlen(real) + strlen(rest) + 2;
    char *whole = malloc(size);
    if (whole == NULL) {
        free(real);
        return NULL;
    }
    snprintf(whole, size, "%s", strcmp(real, "/") == 0 ? "" : real);
    free(real);
    for (size_t length; *rest; rest += length) {
        rest += strspn(rest, "/");
        length = strcspn(rest, "/");
        if (length == 0 || (length == 1 && rest[0] == '.')) continue;
        char *end = whole + strlen(whole);
        if (length == 2 && rest[0] == '.' && rest[1] == '.') {
            char *slash = strrchr(whole, '/');
            if (slash != NULL) *slash = '\0';
            continue;
        }
        *end = '/';
        memcpy(end + 1, rest, length);
        end[1 + length] = '\0';
    }
    if (*whole == '\0') snprintf(whole, size, "/");
    return whole;
}

/* Takes the last part of a path away: "a/b/" to "a/b", "a/b" to "a", "a" to "", "/a" to "/". False when nothing is left to take. */
static bool cut_part(char *prefix) {
    size_t length = strlen(prefix), full = length;
    while (length > 1 && prefix[length - 1] == '/') length--;
    if (length == 0 || (length == 1 && prefix[0] == '/')) return false;
    prefix[length] = '\0';
    if (length < full) return true;
    while (length > 0 && prefix[length - 1] != '/') length--;
    while (length > 1 && prefix[length - 1] == '/') length--;
    prefix[length] = '\0';
    return true;
}

/* The path with the link `prefix`, whose end does not exist, replaced by what is written in it; NULL when it is no link, or, with *failed
 * set, when out of memory. */
static char *follow(const char *prefix, const char *rest, bool *failed) {
    char target[LONGEST_LINK];
    ssize_t length = readlink(prefix, target, sizeof target - 1);
    if (length <= 0) return NULL;
    target[length] = '\0';
    const char *slash = strrchr(prefix, '/');
    size_t before = target[0] == '/' || slash == NULL ? 0 : (size_t)(slash - prefix) + 1;
    char *path = malloc(before + (size_t)length + strlen(rest) + 2);
    *failed = path == NULL;
    if (path == NULL) return NULL;
    memcpy(path, prefix, before);
    sprintf(path + before, "%s/%s", target, rest);
    if (*rest == '\0') path[before + (size_t)length] = '\0';
    return path;
}

static char *resolve(const char *path, int links) {
    char *prefix = strdup(path), *real = NULL, *led = NULL;
    bool failed = prefix == NULL;
    while (!failed) {
        real = realpath(*prefix ? prefix : ".", NULL);
        failed = real == NULL && errno == ENOMEM;
        if (real != NULL || failed) break;
        if (links < MOST_LINKS && *prefix) led = follow(prefix, path + strlen(prefix), &failed);
        if (led != NULL || failed || !cut_part(prefix)) break;
    }
    if (led != NULL)
        real = resolve(led, links + 1);
    else if (real != NULL)
        real = append_parts(real, path + strlen(prefix));
    else if (!failed)
        real = strdup(path); /* the working directory is gone */
    free(led);
    free(prefix);
    return real;
}

char *lyap_path_resolve(const char *path) {
    return resolve(path, 0);
}

bool lyap_identity_find(struct lyap_identity *identity, const char *path) {
    struct stat info;
    memset(identity, 0, sizeof *identity);
    identity->resolved = lyap_path_resolve(path);
    if (identity->resolved == NULL) return false;
    if (stat(path, &info) != 0) return true;
    identity->exists = true;
    identity->mode = info.st_mode;
    identity->device = info.st_dev;
    identity->inode = info.st_ino;
    return true;
}

void lyap_identity_free(struct lyap_identity *identity) {
    free(identity->resolved);
    memset(identity, 0, sizeof *identity);
}

bool lyap_identity_same(const struct lyap_identity *a, const struct lyap_identity *b) {
    if (a->exists != b->exists) return false;
    if (a->exists) return a->device == b->device && a->inode == b->inode;
    return strcmp(a->resolved, b->resolved) == 0;
}
