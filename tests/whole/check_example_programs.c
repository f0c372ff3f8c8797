/* The programs in examples/ run, and say what they are for. */
#include <sys/wait.h>

#include "tests/command.h"

static const struct {
    const char *name, *says; /* a part of what it prints */
    int lines;
} programs[] = {
    {"ensemble", "start  9: exponent", 10},
    {"spectrum", "chaotic", 8},
    {"own_data", "largest exponent ", 1},
    {"two_at_once", "learning rate 1   : mean exponent", 2},
};

START_TEST(an_example_runs_and_prints_its_results) {
    const char *directory = getenv("EXAMPLES"), *wrapper = getenv("EXEC_WRAPPER");
    char line[512], said[4096];
    if (!directory) SKIP("EXAMPLES names no directory of the programs");
    snprintf(line, sizeof line, "%s %s/%s", wrapper ? wrapper : "", directory, programs[_i].name);
    FILE *output = popen(line, "r");
    ck_assert_ptr_nonnull(output);
    const size_t length = fread(said, 1, sizeof said - 1, output);
    said[length] = '\0';
    const int status = pclose(output);
    int lines = 0;
    for (const char *c = said; *c; c++) lines += *c == '\n';
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s: status %d", line, status);
    ck_assert_msg(lines == programs[_i].lines && strstr(said, programs[_i].says), "%s: %s", line, said);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("example_programs");
    TCase *tc = tcase_create("example_programs");
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, an_example_runs_and_prints_its_results, 0, sizeof programs / sizeof *programs);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
