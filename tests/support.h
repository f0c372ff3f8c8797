/* What the test programs share: a scratch directory and the runner. */
#ifndef LYAP_TEST_SUPPORT_H
#define LYAP_TEST_SUPPORT_H

#include <ctype.h>
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/check.h"
#include "tests/work.h"

static char scratch_directory[256];

/* Path of `name` in the scratch directory; valid until four more calls. */
static inline const char *scratch(const char *name) {
    static char path[4][512];
    static int next;
    next = (next + 1) % 4;
    snprintf(path[next], sizeof path[next], "%s/%s", scratch_directory, name);
    return path[next];
}

/* Writes `size` bytes to a scratch file and returns its path. */
static inline const char *scratch_file(const char *name, const void *bytes, size_t size) {
    const char *path = scratch(name);
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
    ck_assert_int_eq(fclose(file), 0);
    return path;
}

/* Number of entries in a directory. */
static inline int count_entries(const char *path) {
    DIR *directory = opendir(path);
    ck_assert_ptr_nonnull(directory);
    int count = 0;
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    }
    closedir(directory);
    return count;
}

static inline void remove_tree(const char *path) {
    DIR *directory = opendir(path);
    if (directory != NULL) {
        for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
            if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
            size_t size = strlen(path) + strlen(entry->d_name) + 2;
            char *child = malloc(size);
            if (child == NULL) break;
            snprintf(child, size, "%s/%s", path, entry->d_name);
            if (unlink(child) != 0) remove_tree(child);
            free(child);
        }
        closedir(directory);
    }
    rmdir(path);
}

/* Uniform in [-1, 1): a plain congruential generator (Knuth's MMIX), so that tests need nothing of the library. */
static inline double test_random(uint64_t *state) {
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(*state >> 11) * 0x1p-52 - 1;
}

/* Runs the suite with an empty scratch directory; the exit status of the program. */
/* The first number in a text that is undefined, as printf writes it ("nan", "inf" after anything but a letter, and no word such as
 * "inference"); NULL where there is none. */
static inline const char *find_undefined(const char *text) {
    for (const char *c = text; *c; c++) {
        if (strncmp(c, "nan", 3) != 0 && strncmp(c, "inf", 3) != 0) continue;
        if (!isalpha((unsigned char)c[3]) && (c == text || !isalpha((unsigned char)c[-1]))) return c;
    }
    return NULL;
}

static inline int run_suite(Suite *suite) {
    const char *parent = getenv("TMPDIR");
    if (parent == NULL || strlen(parent) > 200) parent = "/tmp";
    snprintf(scratch_directory, sizeof scratch_directory, "%s/lyapgrad-check-XXXXXX", parent);
    if (mkdtemp(scratch_directory) == NULL) {
        perror(scratch_directory);
        return EXIT_FAILURE;
    }
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    remove_tree(scratch_directory);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
