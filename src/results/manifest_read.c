#include "results/manifest_read.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "io/path.h"

enum { LARGEST = 16 * 1024 * 1024 };

static enum lyap_status load(struct lyap_earlier *earlier, const char *path, size_t size, struct lyap_error *error) {
    FILE *file = fopen(path, "rb");
    if (!file)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "--out: cannot read %.300s, which is there: %s", path,
                         strerror(errno));
    earlier->text = calloc(size + 1, 1);
    bool whole = earlier->text && fread(earlier->text, 1, size, file) == size;
    fclose(file);
    if (!earlier->text) return lyap_fail(error, LYAP_ERROR_MEMORY, "%.300s: out of memory", path);
    if (!whole) return lyap_fail(error, LYAP_ERROR_ARGUMENT, "--out: cannot read %.300s, which is there", path);
    return LYAP_OK;
}

enum lyap_status lyap_earlier_read(struct lyap_earlier *earlier, const char *directory, struct lyap_error *error) {
    struct stat info;
    size_t length;
    earlier->text = NULL;
    char *path = lyap_path_join(directory, "manifest.txt");
    if (!path) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for a file name");
    enum lyap_status status = LYAP_OK;
    if (stat(path, &info) == 0 && S_ISREG(info.st_mode)) {
        if (info.st_size <= LARGEST) status = load(earlier, path, (size_t)info.st_size, error);
        if (!status && (!earlier->text || strncmp(earlier->text, "version = ", 10) != 0 ||
                        !lyap_earlier_value(earlier, "command", &length)))
            status = lyap_fail(error, LYAP_ERROR_ARGUMENT,
                               "--out: %.300s is no manifest of lyapgrad and would be replaced; name another directory",
                               path);
    }
    free(path);
    return status;
}

void lyap_earlier_free(struct lyap_earlier *earlier) {
    free(earlier->text);
    earlier->text = NULL;
}

const char *lyap_earlier_value(const struct lyap_earlier *earlier, const char *key, size_t *length) {
    const size_t name = strlen(key);
    for (const char *line = earlier->text; line && *line;) {
        size_t all = strcspn(line, "\n");
        if (all >= name + 2 && strncmp(line, key, name) == 0 && strncmp(line + name, " =", 2) == 0) {
            const char *value = line + name + 2;
            if (*value == ' ') value++;
            *length = (size_t)(line + all - value);
            return value;
        }
        line += all + (line[all] == '\n');
    }
    return NULL;
}

/* Reads the word at `at`, and returns what is behind it. */
static const char *take_word(const char *at, const char *end, char *word, size_t size) {
    size_t used = 0;
    bool quoted = false;
    for (; at < end && (quoted || *at != ' '); at++) {
        if (*at == '\'') {
            quoted = !quoted;
            continue;
        }
        if (*at == '\\' && !quoted && at + 1 < end) at++;
        if (used + 1 < size) word[used++] = *at;
    }
    word[used] = '\0';
    return at;
}

/* Reads the next word of a value that ends at `end`, and moves *at behind it; false when there is none. */
static bool next_word(const char **at, const char *end, char *word, size_t size) {
    while (*at < end && **at == ' ') ++*at;
    if (*at >= end) return false;
    *at = take_word(*at, end, word, size);
    return true;
}

bool lyap_earlier_word(const struct lyap_earlier *earlier, const char *key, size_t number, char *word, size_t size) {
    size_t length;
    const char *at = lyap_earlier_value(earlier, key, &length), *end = at ? at + length : NULL;
    for (size_t i = 0; at && next_word(&at, end, word, size); i++)
        if (i == number) return true;
    return false;
}

void lyap_earlier_command(const struct lyap_earlier *earlier, char *command, size_t size) {
    char word[16];
    size_t length;
    const char *results = lyap_earlier_value(earlier, "results", &length);
    *command = '\0';
    if (results)
        snprintf(command, size, "%.*s", (int)(length < size ? length : size - 1), results);
    else if (!lyap_earlier_word(earlier, "command", 1, command, size))
        *command = '\0';
    else if (strcmp(command, "reproduce") == 0)
        for (size_t i = 2; lyap_earlier_word(earlier, "command", i, word, sizeof word); i++)
            if (strcmp(word, "--report") == 0) snprintf(command, size, "reproduce --report");
}

enum lyap_status lyap_earlier_check(const struct lyap_earlier *earlier, const char *command, const char *directory,
                                    struct lyap_error *error) {
    char held[64];
    if (!earlier->text) return LYAP_OK;
    lyap_earlier_command(earlier, held, sizeof held);
    if (strcmp(held, command) == 0) return LYAP_OK;
    return lyap_fail(
        error, LYAP_ERROR_ARGUMENT,
        "--out: %.200s holds the results of '%s', which those of '%s' would replace; name another directory", directory,
        held, command);
}

static enum lyap_status name_words(const char *words, size_t length, struct lyap_output_set *set,
                                   struct lyap_error *error) {
    char word[256];
    enum lyap_status status = LYAP_OK;
    for (const char *at = words, *end = words + length; !status && next_word(&at, end, word, sizeof word);)
        if (strcmp(word, "manifest.txt") != 0) status = lyap_output_set_earlier(set, word, error);
    return status;
}

enum lyap_status lyap_earlier_name(const struct lyap_earlier *earlier, const char *files, const char *pictures,
                                   struct lyap_output_set *set, struct lyap_error *error) {
    const char *const keys[] = {"files", "pictures"}, *const names[] = {files, pictures};
    enum lyap_status status = LYAP_OK;
    for (int i = 0; i < 2 && earlier->text && !status; i++) {
        size_t length;
        const char *value = lyap_earlier_value(earlier, keys[i], &length);
        if (value)
            status = name_words(value, length, set, error);
        else if (names[i])
            status = name_words(names[i], strlen(names[i]), set, error);
    }
    return status;
}

bool lyap_earlier_lists(const struct lyap_earlier *earlier, const char *name, bool picture) {
    static const char *const keys[] = {"files", "pictures"};
    char word[256];
    if (!earlier->text) return false;
    if (strcmp(name, "manifest.txt") == 0) return true;
    for (int i = 0; i < 2; i++) {
        size_t length;
        const char *at = lyap_earlier_value(earlier, keys[i], &length), *end = at ? at + length : NULL;
        if (!at && picture == (i == 1)) return true;
        while (at && next_word(&at, end, word, sizeof word))
            if (strcmp(word, name) == 0) return true;
    }
    return false;
}
