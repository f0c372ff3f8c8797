/* The first difference between the settings of two runs. */
#include <string.h>

#include "lyapgrad/checkpoint.h"

enum lyap_status lyap_checkpoint_compare(const char *directory, const char *there, const char *here,
                                         struct lyap_error *error) {
    if (strcmp(there, here) == 0) return LYAP_OK;
    while (*there && *here && strcspn(there, "\n") == strcspn(here, "\n") &&
           strncmp(there, here, strcspn(there, "\n")) == 0) {
        there += strcspn(there, "\n") + (there[strcspn(there, "\n")] == '\n');
        here += strcspn(here, "\n") + (here[strcspn(here, "\n")] == '\n');
    }
    int old_length = (int)strcspn(there, "\n"), new_length = (int)strcspn(here, "\n");
    int key = (int)strcspn(there, "=\n");
    bool same_key = there[key] == '=' && strncmp(there, here, (size_t)key) == 0 && here[key] == '=';
    bool version = strncmp(there, "version", 7) == 0 || strncmp(there, "sleef", 5) == 0;
    if (same_key)
        return lyap_fail(error, LYAP_ERROR_FILE, "%.150s: the checkpoint is of %s: %.*s is%.*s there and%.*s here",
                         directory, version ? "another version" : "other settings", key > 1 ? key - 1 : 0, there,
                         old_length - key - 1 < 80 ? old_length - key - 1 : 80, there + key + 1,
                         new_length - key - 1 < 80 ? new_length - key - 1 : 80, here + key + 1);
    return lyap_fail(error, LYAP_ERROR_FILE, "%.150s: the checkpoint is of other settings: '%.*s' there, '%.*s' here",
                     directory, old_length < 80 ? old_length : 80, there, new_length < 80 ? new_length : 80, here);
}
