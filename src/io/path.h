/* Which file a path leads to, also where that file does not exist yet. */
#ifndef LYAP_IO_PATH_H
#define LYAP_IO_PATH_H

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

/* The absolute path of the file that `path` leads to: links are followed, "." and ".." are taken out. What does not exist (a new file,
 * a new directory, the end of a link) keeps its name. The caller frees; NULL when out of memory. */
char *lyap_path_resolve(const char *path);

/* DIRECTORY/NAME; the caller frees; NULL when out of memory. */
char *lyap_path_join(const char *directory, const char *name);

/* What tells one file from another: device and inode where the file exists, the resolved path where it does not. */
struct lyap_identity {
    bool exists;
    mode_t mode; /* of a file that exists: its type and permissions */
    dev_t device;
    ino_t inode;
    char *resolved;
};

/* Fills it; false when out of memory. */
bool lyap_identity_find(struct lyap_identity *identity, const char *path);
void lyap_identity_free(struct lyap_identity *identity);

/* True for one file under two names, hard links included. */
bool lyap_identity_same(const struct lyap_identity *a, const struct lyap_identity *b);

#endif
