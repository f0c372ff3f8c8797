/* The fuzz targets without a fuzzer: every file of tests/corpus/<target>, among them what the fuzzers found, and seeded mutations of
 * each. */
#include <errno.h>
#include <fcntl.h>

#include "tests/fuzz/entry.h"
#include "tests/fuzz/mutate.h"

enum { MUTATIONS = 150 };

static const struct {
    const char *name;
    fuzz_target run;
} targets[] = {{"csv", fuzz_csv},
               {"npy", fuzz_npy},
               {"idx", fuzz_idx},
               {"checkpoint", fuzz_checkpoint},
#ifdef LYAP_TEST_WRAP
               {"options", fuzz_options}
#else
               {"options", NULL} /* without the linker's --wrap the commands would do their work */
#endif
};
enum { TARGETS = sizeof targets / sizeof *targets };

static char here[400], corpus[600]; /* the targets work in a directory of their own */

/* Commands print, which is of no interest here. With CORPUS_LOUD set it is seen, with what a sanitizer has to say. */
static void silence(int saved[2]) {
    int null = open("/dev/null", O_WRONLY);
    fflush(stdout);
    for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++) {
        saved[fd - STDOUT_FILENO] = dup(fd);
        if (!getenv("CORPUS_LOUD")) dup2(null, fd);
    }
    close(null);
}

static void speak(const int saved[2]) {
    fflush(stdout);
    for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++) {
        dup2(saved[fd - STDOUT_FILENO], fd);
        close(saved[fd - STDOUT_FILENO]);
    }
}

static void load(struct bytes *b, const char *name) {
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", corpus, name);
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "%s: %s", path, strerror(errno));
    b->size = fread(b->at, 1, MAX_BYTES / 2, file);
    fclose(file);
}

START_TEST(every_input_of_the_corpus_and_its_mutations_keep_the_rules) {
    static struct bytes good, mutant;
    int saved[2];
    if (!targets[_i].run) SKIP("%s: this linker has no --wrap", targets[_i].name);
    snprintf(corpus, sizeof corpus, "%s/tests/corpus/%s", here, targets[_i].name);
    setenv("TMPDIR", scratch_directory, 1);
    DIR *directory = opendir(corpus);
    ck_assert_msg(directory != NULL, "%s: %s", corpus, strerror(errno));
    silence(saved);
    int inputs = 0;
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        if (entry->d_name[0] == '.') continue;
        load(&good, entry->d_name);
        targets[_i].run(good.at, good.size);
        for (uint32_t round = 0; round < MUTATIONS; round++) {
            struct draws d = {{(uint32_t)_i, round}, {0, 0, 0, 0}};
            mutant = good;
            for (uint32_t times = 1 + draw(&d, 3); times > 0; times--) mutate(&mutant, &d);
            targets[_i].run(mutant.at, mutant.size);
        }
        inputs++;
    }
    speak(saved);
    closedir(directory);
    ck_assert_int_gt(inputs, 2);
}
END_TEST

int main(void) {
    if (getcwd(here, sizeof here) == NULL) return EXIT_FAILURE;
    Suite *suite = suite_create("corpus");
    TCase *tests = tcase_create("corpus");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, every_input_of_the_corpus_and_its_mutations_keep_the_rules, 0, TARGETS);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
