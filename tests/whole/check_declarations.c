/* What the comments of the public headers and the README name is there: every lyap_ function, type and LYAP_ constant of theirs is declared
 * in a public header. (make check-headers compiles the examples in these comments.) */
#define _DEFAULT_SOURCE /* scandir */
#include <ctype.h>

#include "tests/command.h"

enum { MOST_BYTES = 1 << 20 };
static const char directory[] = "include/lyapgrad";

static bool of_a_name(char c) {
    return isalnum((unsigned char)c) || c == '_';
}

/* Comments, or what is between them, becomes blanks; line breaks stay. */
static void keep(char *text, bool comments) {
    bool inside = false;
    for (char *c = text; *c; c++) {
        bool opens = !inside && c[0] == '/' && c[1] == '*', closes = inside && c[0] == '*' && c[1] == '/';
        if (opens) inside = true;
        if (inside != comments && *c != '\n') *c = ' ';
        if (closes) {
            inside = false;
            *++c = ' ';
        }
    }
}

/* The public headers one behind the other; the caller frees. NULL when started elsewhere. */
static char *read_headers(bool comments) {
    struct dirent **entries;
    int n = scandir(directory, &entries, NULL, alphasort);
    if (n < 0) return NULL;
    char *all = calloc(1, MOST_BYTES);
    ck_assert_ptr_nonnull(all);
    for (int i = 0; i < n; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", directory, entries[i]->d_name);
        if (strstr(path, ".h")) {
            char *text = read_text(path);
            ck_assert_ptr_nonnull(text);
            keep(text, comments);
            ck_assert_uint_lt(strlen(all) + strlen(text) + 1, MOST_BYTES);
            strcat(all, text);
            free(text);
        }
        free(entries[i]);
    }
    free(entries);
    return all;
}

static bool has_word(const char *text, const char *word, size_t length) {
    for (const char *at = text; (at = strstr(at, word)) != NULL; at += length)
        if ((at == text || !of_a_name(at[-1])) && !of_a_name(at[length])) return true;
    return false;
}

/* Every name in `text` is in `declared`, but for those of the build: LYAPGRAD_ISA and the like have another beginning. A name before
 * '_<' or '*' is that of a family. */
static int expect_declared(const char *text, const char *declared, const char *where) {
    int names = 0;
    for (const char *at = text; *at; at++) {
        bool starts = (at == text || (!of_a_name(at[-1]) && at[-1] != '/' && at[-1] != '.')) &&
                      (strncmp(at, "lyap_", 5) == 0 || strncmp(at, "LYAP_", 5) == 0);
        if (!starts) continue;
        char name[80];
        size_t length = 0;
        while (of_a_name(at[length])) length++;
        ck_assert_uint_lt(length, sizeof name);
        memcpy(name, at, length);
        name[length] = '\0';
        at += length - 1;
        if (name[length - 1] == '_' || at[1] == '*') continue;
        names++;
        ck_assert_msg(has_word(declared, name, length), "%s names %s, which no public header declares", where, name);
    }
    return names;
}

START_TEST(every_name_in_the_headers_comments_and_the_readme_is_declared) {
    char *comments = read_headers(true), *declared = read_headers(false), *readme = read_documents();
    if (!comments || !declared || !readme) SKIP("the program was started elsewhere");
    ck_assert_int_gt(expect_declared(comments, declared, "a comment of a public header"), 100);
    expect_declared(readme, declared, "README.md or docs/");
    free(comments);
    free(declared);
    free(readme);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("declarations");
    TCase *tc = tcase_create("declarations");
    tcase_add_test(tc, every_name_in_the_headers_comments_and_the_readme_is_declared);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
