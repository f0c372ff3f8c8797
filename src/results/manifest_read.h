/* The manifest that an earlier run left in a directory. */
#ifndef LYAP_RESULTS_MANIFEST_READ_H
#define LYAP_RESULTS_MANIFEST_READ_H

#include <stdbool.h>
#include <stddef.h>

#include "io/output_set.h"
#include "lyapgrad/status.h"

struct lyap_earlier {
    char *text; /* of manifest.txt; NULL where there is none; owned */
};

/* Reads DIRECTORY/manifest.txt where that is a file. LYAP_ERROR_ARGUMENT for one that is not lyapgrad's or cannot be
 * read: it must not be replaced; LYAP_ERROR_MEMORY. Free in either case. */
enum lyap_status lyap_earlier_read(struct lyap_earlier *earlier, const char *directory, struct lyap_error *error);
void lyap_earlier_free(struct lyap_earlier *earlier);

/* What made the results, as the manifest's key `results` says, or, without that key, its command line: the second word,
 * and "--report" behind "reproduce" where that option is given. Writes it to command[size] ("" where nothing tells). */
void lyap_earlier_command(const struct lyap_earlier *earlier, char *command, size_t size);

/* LYAP_ERROR_ARGUMENT, naming both, when the directory holds the results of something else than `command`. */
enum lyap_status lyap_earlier_check(const struct lyap_earlier *earlier, const char *command, const char *directory,
                                    struct lyap_error *error);

/* Names to the set the files that the manifest lists as `files` and `pictures`. For a key that is missing, as in
 * manifests of versions that had none, it takes the names in `files` or `pictures`, separated by blanks (NULL for
 * none). */
enum lyap_status lyap_earlier_name(const struct lyap_earlier *earlier, const char *files, const char *pictures,
                                   struct lyap_output_set *set, struct lyap_error *error);

/* Whether the manifest lists that file. For a key that is missing any name counts as listed: pictures where `picture`
 * is set, else files. */
bool lyap_earlier_lists(const struct lyap_earlier *earlier, const char *name, bool picture);

/* The value of a key and its length, NULL for a key that is not there. */
const char *lyap_earlier_value(const struct lyap_earlier *earlier, const char *key, size_t *length);

/* Word `number` (from 0) of a value, as a shell takes it apart, without its quotes, cut where it is longer than `size`
 * allows; false when there is none. */
bool lyap_earlier_word(const struct lyap_earlier *earlier, const char *key, size_t number, char *word, size_t size);

#endif
