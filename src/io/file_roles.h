/* The files that a command reads and writes, each under the option that names it, and which of them are one file. */
#ifndef LYAP_IO_FILE_ROLES_H
#define LYAP_IO_FILE_ROLES_H

#include <stddef.h>

#include "lyapgrad/status.h"
#include "io/path.h"

enum lyap_file_role {
    LYAP_FILE_READ,
    LYAP_FILE_WRITTEN,
    LYAP_FILE_DIRECTORY /* a directory whose files are written by one option alone; no other output may lie in it */
};

struct lyap_file_use {
    enum lyap_file_role role;
    const char *option;                       /* what messages call it, as in "--data"; not owned */
    char *path;                               /* as given */
    struct lyap_identity identity, directory; /* of the file, and of the directory that it lies in */
};

/* Zeroed, it is empty. A failure (memory) is remembered and returned by the check, so that adding needs no checks. */
struct lyap_file_roles {
    struct lyap_file_use *use; /* [count], owned */
    size_t count, room;
    bool failed;
};

/* Adds a path; NULL adds nothing. `option` must outlive the list. The file system is looked at here. */
void lyap_file_roles_add(struct lyap_file_roles *roles, enum lyap_file_role role, const char *option, const char *path);
/* As the function above, for the file `name` in a directory. */
void lyap_file_roles_add_in(struct lyap_file_roles *roles, enum lyap_file_role role, const char *option,
                            const char *directory, const char *name);

/* LYAP_ERROR_ARGUMENT, naming both options and the file, when an output is also an input (regular files alone: a pipe or terminal keeps
 * nothing) or another output, or lies in a directory of another option; LYAP_ERROR_MEMORY. Hard links are one file, but for two outputs
 * of one option, which replace their names separately. */
enum lyap_status lyap_file_roles_check(const struct lyap_file_roles *roles, struct lyap_error *error);

/* Whether the file at that path is among those read. LYAP_ERROR_MEMORY. */
enum lyap_status lyap_file_roles_reads(const struct lyap_file_roles *roles, const char *path, bool *reads,
                                       struct lyap_error *error);

void lyap_file_roles_free(struct lyap_file_roles *roles);

#endif
