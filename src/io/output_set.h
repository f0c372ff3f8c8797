/* The files of one run: all of them get their names, or none does. Each is written under a temporary name; when all are complete, they
 * replace what an earlier run left. The set knows nothing of what is in them. */
#ifndef LYAP_IO_OUTPUT_SET_H
#define LYAP_IO_OUTPUT_SET_H

#include <stdbool.h>

#include "io/file_roles.h"
#include "io/output_file.h"

struct lyap_output_member {
    struct lyap_output output;
    char *name; /* in the directory; NULL for a file elsewhere */
};

struct lyap_output_set {
    char *directory;                    /* owned */
    struct lyap_output_member **member; /* [count], owned */
    size_t count, room;
    char **earlier; /* [earlier_count], names of files that an earlier run left in the directory; owned */
    size_t earlier_count, earlier_room;
    char **made; /* [made_count], directories that the set made in its own; owned */
    size_t made_count, made_room;
    bool (*owns)(const char *name);      /* set by the caller; NULL: none. See lyap_output_set_earlier */
    const struct lyap_file_roles *roles; /* whose inputs no commit removes; NULL for none; not owned */
    struct lyap_output_watch *watch;     /* as for lyap_output_open */
};

/* Makes the directory with its parents where it is missing, and begins an empty set of files in it. LYAP_ERROR_OUTPUT, LYAP_ERROR_MEMORY.
 * Free with lyap_output_set_abandon in either case. `roles` and `watch` (either may be NULL) must outlive the set; the watch is
 * told of the directories that were made, too. */
enum lyap_status lyap_output_set_open(struct lyap_output_set *set, const char *directory,
                                      const struct lyap_file_roles *roles, struct lyap_output_watch *watch,
                                      struct lyap_error *error);

/* Makes the directory `name` in that of the set, unless it is there, for files "NAME/FILE". A set that ends takes the directories away that it
 * made and that are empty. LYAP_ERROR_OUTPUT, LYAP_ERROR_MEMORY. */
enum lyap_status lyap_output_set_directory(struct lyap_output_set *set, const char *name, struct lyap_error *error);

/* Adds a file: `name` in the directory, which may begin with the name of a directory in it that exists ("figures/a.svg"), or any path.
 * Returns the stream to write to, the set's own; NULL with *error filled as by lyap_output_open. The file added last gets its name last,
 * when all others are there. */
FILE *lyap_output_set_add(struct lyap_output_set *set, const char *name, struct lyap_error *error);
FILE *lyap_output_set_add_path(struct lyap_output_set *set, const char *path, struct lyap_error *error);

/* Names a file that an earlier run left in the directory. The commit removes it, unless the set has it, or it is an input, or is no
 * plain file, or lies neither in the directory nor in one beside files of the set ("figures/b.svg" where the set has "figures/a.svg"), nor in one
 * that is the program's own by set->owns, which is given the name. A directory that gets empty goes, too. Any other name is ignored. LYAP_ERROR_MEMORY. */
enum lyap_status lyap_output_set_earlier(struct lyap_output_set *set, const char *name, struct lyap_error *error);

/* Writes " NAME" for each file of the set in the directory but `left_out`, in the order in which they were added. */
void lyap_output_set_names(const struct lyap_output_set *set, const char *left_out, FILE *file);

/* LYAP_ERROR_OUTPUT when a stream has failed, to end a long run at once. */
enum lyap_status lyap_output_set_check(const struct lyap_output_set *set, struct lyap_error *error);

/* Flushes and closes all files; then gives them their names, removing the earlier ones before the last. On any error all files and names
 * are as before: LYAP_ERROR_OUTPUT with the file and the reason, LYAP_ERROR_MEMORY. Frees the set in either case. (A file system
 * without hard links may keep a new file where a later rename fails. A kill in these moments leaves some files new and some old.) */
enum lyap_status lyap_output_set_commit(struct lyap_output_set *set, struct lyap_error *error);

/* Removes the temporaries and frees; safe on a zeroed or committed set. */
void lyap_output_set_abandon(struct lyap_output_set *set);

#endif
